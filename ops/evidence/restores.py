"""Restores that were tried, from AWS Backup's jobs and from the journal. No calls here."""

from collections.abc import Iterable, Mapping
from typing import Any

from ops.backup.facts import short
from ops.report.contents import stamp
from ops.restore.measured import read

PASSED = "SUCCESSFUL"


def of_jobs(jobs: Iterable[Mapping[str, Any]], role: str) -> list[dict[str, Any]]:
    """Return a row for each restore job of the stack.

    Args:
        role: ARN of the stack's restore role.
    """
    return [_of_job(job) for job in jobs if job.get("IamRoleArn") == role]


def _of_job(job: Mapping[str, Any]) -> dict[str, Any]:
    began, ended = job["CreationDate"], job.get("CompletionDate")
    plan = job.get("CreatedBy", {}).get("RestoreTestingPlanArn", "")
    verdict = job.get("ValidationStatus", "")
    said = [str(job["Status"]).lower(), f"validation {verdict.lower()}" if verdict else ""]
    said += [str(job.get("ValidationStatusMessage") or job.get("StatusMessage") or "")]
    return {
        "at": began.timestamp(),
        "when": stamp(began.timestamp()),
        "kind": str(job.get("ResourceType", "")),
        "resource": short(str(job.get("SourceResourceArn") or job["RecoveryPointArn"])),
        "by": f"AWS Backup, {short(plan)}" if plan else "AWS Backup, on demand",
        "outcome": ": ".join(filter(None, said)),
        "took": (ended - began).total_seconds() if ended else None,
        "passed": verdict == PASSED if verdict else None,
    }


def of_journal(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a row for each restore that an operator tried and checked; what both regions' journals have is one."""
    found = {}
    for entry in entries:
        if entry["operation"] != "restore test":
            continue
        for step in entry["steps"]:
            if step["kind"] != "check":
                continue
            words, outcome = step["text"].split(), str(step["outcome"])
            found[float(entry["began"]), step["text"]] = {
                "at": float(entry["began"]),
                "when": stamp(float(entry["began"])),
                "kind": words[1],
                "resource": words[2],
                "by": str(entry["who"]),
                "outcome": outcome,
                "took": read(outcome),
                "passed": read(outcome) is not None,
            }
    return [found[key] for key in sorted(found)]
