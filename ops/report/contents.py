"""What the page says, as plain data."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from ha_web.recovery.durations import format_duration, parse_duration

from ops.core.stack import Stack
from ops.status.facts import Facts
from ops.status.lines import first_line, region_rows, site_rows
from ops.status.verdict import Verdict

KINDS = {"recovery": "all users are served again", "data_loss": "age of what is lost"}

SPELLED = {"data_loss": "dataLoss"}
"""As a stack file may have it, too."""


def contents(
    stack: Stack,
    facts: Facts,
    verdict: Verdict,
    entries: Iterable[Mapping[str, Any]],
    drills: Iterable[Mapping[str, Any]],
    now: float,
) -> dict[str, Any]:
    """Return what the page says.

    Args:
        entries: the journal of operations.
        drills: the documents that drills have left.
        now: seconds since 1970.
    """
    drills = list(drills)
    return {
        "site": stack.site,
        "strategy": stack.strategy or "one region",
        "made": stamp(now),
        "state": verdict.state,
        "answer": first_line(verdict),
        "remarks": [*verdict.down, *verdict.warnings],
        "whole": [[*row] for row in site_rows(facts)],
        "regions": [
            {
                "role": region.role,
                "region": region.region,
                "serves": region.role in facts.serving,
                "silent": region.silent,
                "rows": [[*row] for row in region_rows(facts, region)],
            }
            for region in facts.regions.values()
        ],
        "objectives": objectives(stack, drills),
        "backups": backups(facts),
        "timeline": timeline(entries, drills),
    }


def stamp(seconds: float) -> str:
    """Return a moment for a person."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def objectives(stack: Stack, drills: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a row for each failure and kind: declared, computed from the settings, and the worst that was measured.

    A failure is measured by the scenario of its name: others break less than it, or more.
    """
    measured = list(_measured(drills))
    rows = []
    for failure, case in stack.recovery.items():
        for kind, name in KINDS.items():
            text = _declared(stack, failure, kind)
            declared = parse_duration(text) if text else None
            found = [row for scenario, row in measured if scenario == failure and name in str(row["what"]).lower()]
            worst = max(found, key=lambda row: float(row["measured"]), default=None)
            rows.append(
                {
                    "failure": failure,
                    "what": name,
                    "declared": declared,
                    "computed": case.get(kind, {}).get("seconds"),
                    "measured": worst["measured"] if worst else None,
                    "kept": None if not worst or declared is None else float(worst["measured"]) <= declared,
                }
            )
    return rows


def _declared(stack: Stack, failure: str, kind: str) -> str:
    given = stack.objectives.get(failure, {})
    return given.get(kind) or given.get(SPELLED.get(kind, ""), "")


def _measured(drills: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Yield what drills measured: nothing of what is void, or of one in which mistakes were made on purpose."""
    for drill in drills:
        if drill["verdict"] == "void" or drill.get("mistakes"):
            continue
        for result in drill["results"]:
            if result["verdict"] in ("met", "missed", "shown"):
                yield from ((result["name"], row) for row in result["rows"] if row.get("measured") is not None)


def backups(facts: Facts) -> list[dict[str, Any]]:
    """Return a row for each protected resource and vault."""
    return [
        {
            "resource": backup.resource,
            "kind": backup.kind,
            "region": region.region,
            "age": backup.age,
            "objective": (objective := facts.age_objectives.get(region.role)),
            "kept": backup.age is not None and (objective is None or backup.age <= objective),
        }
        for region in facts.regions.values()
        for backup in region.backups
    ]


def timeline(entries: Iterable[Mapping[str, Any]], drills: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return operations and drills, the newest first; what both regions' journals have is one."""
    found = {
        (float(entry["began"]), str(entry["operation"])): {
            "at": float(entry["began"]),
            "what": str(entry["operation"]),
            "who": str(entry["who"]),
            "outcome": str(entry["outcome"]),
            "took": entry["ended"] - entry["began"] if entry.get("ended") else None,
        }
        for entry in entries
    }
    for drill in drills:
        names = ", ".join(result["name"] for result in drill["results"])
        found[float(drill["at"]), "drill"] = {
            "at": float(drill["at"]),
            "what": f"drill: {names}",
            "who": "",
            "outcome": str(drill["verdict"]),
            "took": drill.get("took"),
        }
    return [{**found[key], "when": stamp(key[0])} for key in sorted(found, reverse=True)]


def shown(seconds: float) -> str:
    """Return a duration for a person."""
    return format_duration(round(seconds, 1) if seconds < 120 else round(seconds))
