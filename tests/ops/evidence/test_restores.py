"""Restores that were tried, as AWS Backup and the journal tell them."""

import pytest

from ops.evidence.restores import of_jobs, of_journal
from tests.ops.evidence.told import JOB, PLAN, ROLE, TRIAL


def test_a_job_says_who_began_it_and_what_its_validation_found() -> None:
    [row] = of_jobs([JOB, {**JOB, "IamRoleArn": "another stack's"}], ROLE)
    assert (row["kind"], row["resource"], row["took"], row["passed"]) == ("EFS", "fs-1", 300, True)
    assert row["by"] == f"AWS Backup, {PLAN.rpartition(':')[2]}"
    assert row["outcome"] == "completed: validation successful: available"


@pytest.mark.parametrize(
    ("validation", "passed"),
    [("FAILED", False), ("TIMED_OUT", False), ("", None)],
)
def test_only_a_successful_validation_counts(validation: str, passed: bool | None) -> None:
    [row] = of_jobs([{**JOB, "ValidationStatus": validation}], ROLE)
    assert row["passed"] is passed


def test_the_journal_has_what_was_checked_once_and_what_it_took() -> None:
    [row] = of_journal([TRIAL, TRIAL, {**TRIAL, "operation": "failover"}])
    assert (row["kind"], row["resource"], row["by"], row["took"], row["passed"]) == (
        *("Aurora", "site-db", "ann@laptop"),
        *(1260, True),
    )
    failed = {**TRIAL, "steps": [{**TRIAL["steps"][1], "outcome": "failed: it is not usable: gone"}]}
    assert [row["passed"] for row in of_journal([failed])] == [False]
