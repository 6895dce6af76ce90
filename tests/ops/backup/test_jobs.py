"""Waiting for jobs of AWS Backup."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.backup.jobs import PATIENCE, Waiting, took
from ops.core.errors import OpsError
from tests.components.standby import Time


def waited(*answers: dict[str, Any]) -> tuple[Any, list[str]]:
    shown: list[str] = []
    left = [*answers]
    waiting = Waiting(shown.append, Time().clock)
    return waiting.until_ended("backup of site-db", lambda: left.pop(0) if len(left) > 1 else left[0]), shown


def test_it_shows_percent_until_the_job_is_done() -> None:
    done, shown = waited({"State": "CREATED"}, {"State": "RUNNING", "PercentDone": "40.2%"}, {"State": "COMPLETED"})
    assert done == {"State": "COMPLETED"}
    assert shown == ["backup of site-db: created", "backup of site-db: running, 40 %"]


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ({"State": "FAILED", "StatusMessage": "no key"}, "backup of site-db: failed: no key"),
        ({"Status": "ABORTED"}, "backup of site-db: aborted: AWS Backup gives no reason"),
        ({"State": "RUNNING"}, f"backup of site-db: running after {PATIENCE} s; the same command goes on waiting"),
    ],
)
def test_a_job_that_does_not_get_there_is_one_line(job: dict[str, Any], said: str) -> None:
    with pytest.raises(OpsError, match=said):
        waited(job)


def test_the_time_is_that_of_awss_clock() -> None:
    now = datetime(2026, 11, 30, tzinfo=UTC)
    assert took({"CreationDate": now, "CompletionDate": now + timedelta(seconds=90)}) == 90
    assert took({"CreationDate": now}) == 0


def test_something_that_is_never_so_ends_too() -> None:
    with pytest.raises(OpsError, match="it is not so yet that it is deleted"):
        Waiting(lambda _: None, Time().clock).until("it is deleted", lambda: False)
