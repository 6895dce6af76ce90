"""What the file says, and what it says is missing."""

from dataclasses import replace
from typing import Any

import pytest

from ops.evidence.contents import digest
from tests.ops.backup.test_verdict import HOME, NOW, VAULTS
from tests.ops.evidence.told import FACTS, JOB, MEASURED, TRIAL, told
from tests.ops.report.told import ENTRY, STACK, drill, result


def test_nothing_is_missing_when_all_is_measured_tested_and_backed_up() -> None:
    assert told()["gaps"] == []


@pytest.mark.parametrize(
    ("changed", "gap"),
    [
        ({"stack": replace(STACK, objectives={})}, "no objective is declared, so there is nothing to keep"),
        ({"jobs": ()}, "EFS: no restore test passed within 30 days"),
        ({"entries": (ENTRY,)}, "Aurora: no restore test passed within 30 days"),
        ({"entries": ({**TRIAL, "began": NOW - 31 * 86_400},)}, "Aurora: no restore test passed within 30 days"),
        ({"unread": ("the journal could not be read",)}, "the journal could not be read"),
        ({"facts": replace(FACTS, points=FACTS.points[1:])}, "Aurora site-db has no recovery point in eu-west-1"),
        (
            {"facts": replace(FACTS, vaults={HOME: replace(VAULTS[HOME], lock="none")})},
            "eu-west-1: the vault vault-eu-west-1 has no lock",
        ),
        (
            {"stack": STACK},
            "region, all users are served again: 5m is promised, and no drill that was given has measured it",
        ),
    ],
)
def test_what_is_promised_and_not_shown_is_said(changed: dict[str, Any], gap: str) -> None:
    assert gap in told(**changed)["gaps"]


def test_what_was_measured_and_is_too_long_is_said() -> None:
    gap = "zone, all users are served again: 2m is promised, and 3m20s was measured"
    assert told(drill(result("zone", 200.0, "missed")))["gaps"] == [gap]


def test_a_later_test_that_failed_counts_more_than_an_earlier_that_passed() -> None:
    later = {**JOB, "ValidationStatus": "FAILED", "CreationDate": JOB["CompletionDate"]}
    [gap] = told(jobs=(JOB, later))["gaps"]
    assert gap.startswith("EFS fs-1: its latest restore test, of ")
    assert gap.endswith(", failed")
    before = {**later, "CreationDate": JOB["CreationDate"].replace(year=2026)}
    assert told(jobs=(JOB, before))["gaps"] == []


def test_exercises_are_failovers_and_drills_and_no_other_work() -> None:
    work = {**ENTRY, "operation": "backup start", "began": NOW - 10}
    assert [row["what"] for row in told(entries=(TRIAL, ENTRY, work))["exercises"]] == ["failover", "drill: zone"]


def test_the_digest_is_of_all_that_is_said() -> None:
    once = told()
    assert once["digest"] == digest(once) == told()["digest"]
    assert digest({**once, "site": "other"}) != once["digest"]
    assert MEASURED.site == once["site"]
