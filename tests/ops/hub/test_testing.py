"""Runs of the hub's own tests: which is the newest, what it is of, how long the recovery took."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.hub.testing import BROKEN, RECOVERED, failure_of, newest, seconds, told

BEGAN = datetime(2026, 11, 30, 5, tzinfo=UTC)
ZONE = "arn:aws:resiliencehub:eu-west-1:aws:test-template/aws-az-recovery:rtaz001"


def run(template: str = ZONE, minutes: int = 0, status: str = "PASSED") -> dict[str, Any]:
    at = BEGAN + timedelta(minutes=minutes)
    return {"testRunId": f"r-{minutes}", "testTemplateArn": template, "status": status, "startedAt": at}


def timeline(*events: tuple[str, float]) -> list[dict[str, Any]]:
    return [
        {"eventId": str(at), "eventType": kind, "message": kind, "timestamp": BEGAN + timedelta(seconds=at)}
        for kind, at in events
    ]


def test_of_each_test_the_newest_run_counts() -> None:
    other = ZONE.replace("az-recovery:rtaz001", "multi-region-isolation:rtmr001")
    found = newest([run(minutes=5), run(minutes=60, status="FAILED"), run(other), run(minutes=20)])
    assert [(each["testTemplateArn"], each["testRunId"]) for each in found] == [(ZONE, "r-60"), (other, "r-0")]


@pytest.mark.parametrize(
    ("template", "failure"),
    [
        ("aws-az-recovery", "zone"),
        ("aws-multi-region-recovery", "region"),
        ("aws-multi-region-isolation", ""),
        ("aws-dependency-validation", ""),
    ],
)
def test_a_test_of_a_recovery_is_of_a_failure(template: str, failure: str) -> None:
    assert failure_of(template) == failure


@pytest.mark.parametrize(
    ("events", "took"),
    [
        ([("test_started", 0), (BROKEN, 30), (BROKEN, 45), (RECOVERED, 113)], 83.0),
        ([(BROKEN, 30), (RECOVERED, 60), (RECOVERED, 230)], 200.0),
        ([(BROKEN, 30), ("rto_exceeded", 150)], None),
        ([(RECOVERED, 10)], None),
        ([], None),
    ],
)
def test_a_recovery_counts_from_the_first_broken_thing_to_the_last_recovery(
    events: list[tuple[str, float]], took: float | None
) -> None:
    assert seconds(timeline(*events)) == took


def test_a_run_is_told_with_its_time() -> None:
    found = told(run(), timeline((BROKEN, 30), (RECOVERED, 113)))
    assert (found.test, found.failure, found.status, found.seconds) == ("aws-az-recovery", "zone", "PASSED", 83.0)
    assert found.at == "2026-11-30 05:00:00+00:00"
