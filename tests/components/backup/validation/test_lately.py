"""Whether each kind of resource has passed a restore test lately."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from botocore.session import get_session
from botocore.stub import ANY, Stubber
from ha_web.backup.validation.handler import handle
from ha_web.backup.validation.lately import NotTested, look_back, problems

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)  # a Monday
SUNDAY = datetime(2026, 11, 29, 6, 20, tzinfo=UTC)
EVENT = {"planName": "prod_tests", "planArn": "arn:plan", "days": 8}


def selection(kind: str = "Aurora", age: int = 30) -> dict[str, Any]:
    return {"ProtectedResourceType": kind, "CreationTime": NOW - timedelta(days=age)}


def job(
    kind: str = "Aurora",
    validation: str | None = "SUCCESSFUL",
    status: str = "COMPLETED",
    source: str = "arn:db",
    at: datetime = SUNDAY,
) -> dict[str, Any]:
    found = {"ResourceType": kind, "Status": status, "SourceResourceArn": source, "CreationDate": at}
    return found if validation is None else {**found, "ValidationStatus": validation}


NO_TEST = ["Aurora: no restore test passed within 8 days"]


@pytest.mark.parametrize(
    ("selections", "jobs", "found"),
    [
        pytest.param([selection()], [job()], [], id="passed"),
        pytest.param([selection()], [], NO_TEST, id="did-not-run"),
        pytest.param([selection(age=3)], [], [], id="had-no-time-yet"),
        pytest.param(
            [selection()],
            [job(validation="FAILED")],
            ["Aurora arn:db: the latest restore test is FAILED"],
            id="did-not-pass",
        ),
        pytest.param(
            [selection()],
            [job(validation="TIMED_OUT")],
            ["Aurora arn:db: the latest restore test is TIMED_OUT"],
            id="nobody-validated-it",
        ),
        pytest.param(
            [selection()],
            [job(validation=None, status="FAILED")],
            ["Aurora arn:db: the latest restore test is FAILED"],
            id="was-not-restored",
        ),
        pytest.param(
            [selection()],
            [job(validation="FAILED", at=SUNDAY - timedelta(hours=2)), job()],
            [],
            id="passed-after-a-failure",
        ),
        pytest.param(
            [selection()],
            [job(), job(validation="FAILED", source="arn:db-2")],
            ["Aurora arn:db-2: the latest restore test is FAILED"],
            id="one-of-two-failed",
        ),
        pytest.param([selection()], [job(validation=None, status="RUNNING")], NO_TEST, id="still-runs-a-day-later"),
        pytest.param([selection(), selection("EFS")], [job("EFS")], NO_TEST, id="one-kind-is-left-out"),
    ],
)
def test_a_kind_counts_as_tested_when_its_latest_test_passed(
    selections: list[dict[str, Any]], jobs: list[dict[str, Any]], found: list[str]
) -> None:
    assert problems(selections, jobs, 8, NOW) == found


def client() -> Any:
    session = get_session()
    return session.create_client("backup", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


def answers(backup: Any, jobs: list[dict[str, Any]]) -> Stubber:
    stub = Stubber(backup)
    of_plan = {"RestoreTestingPlanName": "prod_tests"}
    known = {"IamRoleArn": "arn:role", "RestoreTestingSelectionName": "Aurora", "ValidationWindowHours": 2, **of_plan}
    stub.add_response("list_restore_testing_selections", {"RestoreTestingSelections": [known | selection()]}, of_plan)
    asked = {"ByRestoreTestingPlanArn": "arn:plan", "ByCreatedAfter": ANY}
    stub.add_response("list_restore_jobs", {"RestoreJobs": jobs[:1], "NextToken": "more"}, asked)
    stub.add_response("list_restore_jobs", {"RestoreJobs": jobs[1:]}, {**asked, "NextToken": "more"})
    return stub


def test_the_jobs_of_the_plan_are_asked_for_page_by_page() -> None:
    backup = client()
    with answers(backup, [job("EFS", source="arn:fs"), job()]):
        assert look_back(EVENT, backup, NOW) == {"plan": "prod_tests", "jobs": 2, "days": 8}


def test_a_test_that_did_not_run_is_an_error_for_the_alarm() -> None:
    backup = client()
    with answers(backup, []), pytest.raises(NotTested, match="Aurora: no restore test passed within 8 days"):
        handle(cast(dict[str, Any], EVENT), None, lambda _service: backup)
