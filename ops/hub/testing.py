"""What the hub's own tests measured of a site: from the first broken thing to the recovery. No calls here.

A test of a recovery begins to count with its actions, and ends to count when all of its success alarms are OK again.
https://docs.aws.amazon.com/resilience-hub/latest/userguide/next-gen-resilience-testing-multi-region-recovery.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

BROKEN, RECOVERED = "action_started", "rto_recovery_detected"
"""Types of events: https://docs.aws.amazon.com/resilience-hub/v2/APIReference/API_TestRunEvent.html"""

OF_A_ZONE, OF_A_REGION, OF_A_RECOVERY = "az", "region", "recovery"
"""Words in a template's name: `aws-az-recovery`."""


@dataclass(frozen=True)
class Run:
    """The newest run of a test."""

    test: str
    """Name of its template."""
    failure: str
    """The failure that it is of; empty for a test of no recovery."""
    status: str
    at: str
    seconds: float | None
    """Until all of its alarms were well again; None where the timeline doesn't say."""


def newest(runs: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the newest run of each test."""
    found: dict[str, Mapping[str, Any]] = {}
    for run in sorted(runs, key=lambda each: each["startedAt"]):
        found[run["testTemplateArn"]] = run
    return [found[template] for template in sorted(found)]


def told(run: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> Run:
    """Return a run with what its timeline says."""
    name = str(run["testTemplateArn"]).rpartition("/")[2].partition(":")[0]
    return Run(name, failure_of(name), run["status"], str(run["startedAt"]), seconds(events))


def failure_of(template: str) -> str:
    """Return the failure whose recovery a template tests."""
    words = template.lower().split("-")
    if OF_A_RECOVERY not in words:
        return ""
    return "region" if OF_A_REGION in words else "zone" if OF_A_ZONE in words else ""


def seconds(events: Iterable[Mapping[str, Any]]) -> float | None:
    """Return the seconds from the first broken thing to the last recovery: an alarm may have gone off twice."""
    times: dict[str, list[Any]] = {BROKEN: [], RECOVERED: []}
    for event in events:
        if event["eventType"] in times:
            times[event["eventType"]].append(event["timestamp"])
    if not all(times.values()):
        return None
    took: float = (max(times[RECOVERED]) - min(times[BROKEN])).total_seconds()
    return took if took >= 0 else None
