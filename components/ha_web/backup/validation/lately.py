"""Looks whether each kind of resource has passed a restore test lately: what is not tested fails nowhere.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRestoreJobs.html
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any


class NotTested(Exception):
    """A kind of resource has passed no restore test lately, or failed its latest."""


def problems(
    selections: Iterable[dict[str, Any]], jobs: Iterable[dict[str, Any]], days: int, now: datetime
) -> list[str]:
    """Return a line for each kind without a passed test in so many days, and for each resource that failed its latest.

    Args:
        selections: the plan's, each of a kind; a younger one had no time for a test yet.
        jobs: restore jobs of the plan, of these days.
    """
    since = now - timedelta(days=days)
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for job in sorted(jobs, key=lambda each: each["CreationDate"]):
        latest[job["ResourceType"], job.get("SourceResourceArn", "")] = job
    failed = [
        f"{kind} {source}: the latest restore test is {_state(job)}"
        for (kind, source), job in sorted(latest.items())
        if not _passed(job) and not _runs(job)
    ]
    passed = {kind for (kind, _), job in latest.items() if _passed(job)} | {line.split(" ")[0] for line in failed}
    wanted = {each["ProtectedResourceType"] for each in selections if each["CreationTime"] < since}
    return failed + [f"{kind}: no restore test passed within {days} days" for kind in sorted(wanted - passed)]


def _passed(job: dict[str, Any]) -> bool:
    return job.get("ValidationStatus") == "SUCCESSFUL"


def _runs(job: dict[str, Any]) -> bool:
    waits = job["Status"] == "COMPLETED" and job.get("ValidationStatus") in (None, "VALIDATING")
    return job["Status"] in ("PENDING", "RUNNING") or waits


def _state(job: dict[str, Any]) -> str:
    return str(job.get("ValidationStatus") or job["Status"])


def look_back(event: dict[str, Any], backup: Any, now: datetime | None = None) -> dict[str, Any]:
    """Judge the tests of a plan. Raises NotTested.

    Args:
        event: `planName`, `planArn` and `days`.
        backup: client of AWS Backup.
    """
    now, days = now or datetime.now(UTC), int(event["days"])
    selections = list(
        _pages(
            backup.list_restore_testing_selections,
            "RestoreTestingSelections",
            RestoreTestingPlanName=event["planName"],
        )
    )
    jobs = list(
        _pages(
            backup.list_restore_jobs,
            "RestoreJobs",
            ByRestoreTestingPlanArn=event["planArn"],
            ByCreatedAfter=now - timedelta(days=days),
        )
    )
    found = problems(selections, jobs, days, now)
    if found:
        raise NotTested("; ".join(found))
    return {"plan": event["planName"], "jobs": len(jobs), "days": days}


def _pages(call: Any, key: str, **asked: Any) -> Iterator[dict[str, Any]]:
    token: dict[str, str] = {}
    while True:
        answer = call(**asked, **token)
        yield from answer.get(key, [])
        if not answer.get("NextToken"):
            return
        token = {"NextToken": answer["NextToken"]}
