"""Two judges of one declaration: the settings' arithmetic, and Resilience Hub. No calls here."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ha_web.resilience_hub.declaration import minutes

from ops.core.stack import Stack
from ops.hub.declared import seconds
from ops.hub.testing import Run

ASPECTS = (
    ("multiAzRto", "multiAzRtoRpo", "zone", "recovery"),
    ("multiAzRpo", "multiAzRtoRpo", "zone", "data_loss"),
    ("multiRegionRto", "multiRegionRtoRpo", "region", "recovery"),
    ("multiRegionRpo", "multiRegionRtoRpo", "region", "data_loss"),
    ("dataRecoveryTimeBetweenBackups", "dataRecoveryTimeBetweenBackups", "corruption", "data_loss"),
)
"""The hub's effective value, its judgement (of both at once), and our failure and kind."""

YES, NO, UNKNOWN = "achievable", "not achievable", "not judged"
JUDGED = {"ACHIEVABLE": YES, "NOT_ACHIEVABLE": NO}


@dataclass(frozen=True)
class Row:
    """An objective, and what both judges say."""

    failure: str
    kind: str
    declared: float | None
    """Seconds."""
    computed: float | None
    """Seconds of the worst case; None if it never ends, or loses all."""
    ours: str
    hub_minutes: int | None
    """What the hub holds the site to."""
    hub: str
    difference: str
    """Empty where they agree."""


def rows(stack: Stack, service: Mapping[str, Any]) -> list[Row]:
    """Return a row for each objective that is declared here or there."""
    found = []
    values, judged = service.get("effectivePolicyValues") or {}, service.get("achievability") or {}
    for aspect, judgement, failure, kind in ASPECTS:
        wanted = seconds(stack, failure, kind)
        there = (values.get(aspect) or {}).get("value")
        if wanted is None and there is None:
            continue
        case = stack.recovery.get(failure, {}).get(kind, {})
        computed = case.get("seconds")
        ours = UNKNOWN if wanted is None else YES if computed is not None and computed <= wanted else NO
        hub = JUDGED.get(judged.get(judgement, ""), UNKNOWN)
        found.append(Row(failure, kind, wanted, computed, ours, there, hub, _difference(wanted, there, ours, hub)))
    return found


def _difference(wanted: float | None, there: int | None, ours: str, hub: str) -> str:
    if there is None:
        return "not declared at the hub: `ha-web hub declare`"
    if wanted is None:
        return "declared at the hub alone"
    if minutes(wanted) != there:
        return f"the hub holds it to {there} minutes: `ha-web hub declare`"
    if UNKNOWN not in (ours, hub) and ours != hub:
        return "the judges disagree"
    return ""


def document(
    stack: Stack, service: Mapping[str, Any], assessment: Mapping[str, Any], runs: Iterable[Run] = ()
) -> dict[str, Any]:
    """Return all that is known, as plain data."""
    return {
        "site": stack.site,
        "service": service.get("serviceArn", ""),
        "assessed": str(assessment.get("endedAt") or ""),
        "assessment": assessment.get("assessmentStatus") or service.get("assessmentStatus") or "NOT_STARTED",
        "open_findings": service.get("openFindingsCount", 0),
        "objectives": [asdict(row) for row in rows(stack, service)],
        "tests": [_tested(stack, run) for run in runs],
    }


def _tested(stack: Stack, run: Run) -> dict[str, Any]:
    """Return a run of the hub's beside the objective of what it tests."""
    wanted = seconds(stack, run.failure, "recovery")
    missed = wanted is not None and run.seconds is not None and run.seconds > wanted
    return {**asdict(run), "declared": wanted, "difference": "it took longer than is declared" if missed else ""}


def lines(found: Mapping[str, Any]) -> list[str]:
    """Return it for a person."""
    when = f" at {found['assessed']}" if found["assessed"] else ""
    told = [f"{found['site']}: assessment {found['assessment']}{when}, {found['open_findings']} open findings"]
    for row in found["objectives"]:
        declared = "nothing" if row["declared"] is None else f"{row['declared']:g} s"
        computed = "never" if row["computed"] is None else f"{row['computed']:g} s"
        told.append(
            f"{row['failure']} {row['kind']}: declared {declared}, computed {computed} ({row['ours']}); "
            f"Resilience Hub: {row['hub']}"
        )
        if row["difference"]:
            told.append(f"  difference: {row['difference']}")
    for run in found["tests"]:
        took = f"; recovered after {run['seconds']:g} s, by its alarms" if run["seconds"] is not None else ""
        told.append(f"test {run['test']}: {run['status']} at {run['at']}{took}")
        if run["difference"]:
            told.append(f"  difference: {run['difference']}, {run['declared']:g} s")
    return told
