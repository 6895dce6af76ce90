"""What the file says, as plain data, and what is missing in it. No calls here."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ha_web.recovery.durations import format_duration

from ops.backup.facts import Facts
from ops.backup.verdict import locked, problems, rows
from ops.core.stack import Stack
from ops.report.contents import objectives, stamp, timeline

EXERCISES = ("failover", "failback", "switchover", "zone", "gameday", "drill")
"""Operations that show that the site survives something; the others are work."""

DAY = 86_400


def contents(
    stack: Stack,
    facts: Facts,
    asked: Mapping[str, str],
    tested: Sequence[Mapping[str, Any]],
    entries: Sequence[Mapping[str, Any]],
    drills: Sequence[Mapping[str, Any]],
    unread: Iterable[str],
    days: int,
) -> dict[str, Any]:
    """Return what the file says.

    Args:
        asked: who asked, by `by` and `account`.
        tested: restores that were tried.
        entries: the journal of operations.
        drills: the documents that drills have left.
        unread: what couldn't be read, a line each.
        days: within which each type must have passed a restore test.
    """
    since = facts.now - days * DAY
    recent = [row for row in sorted(tested, key=lambda row: -float(row["at"])) if row["at"] >= since]
    promised = objectives(stack, drills)
    told: dict[str, Any] = {
        "site": stack.site,
        "made": stamp(facts.now),
        "asked": {**asked},
        "strategy": stack.strategy or "one region",
        "regions": {role: cluster.region for role, cluster in stack.clusters.items()},
        "days": days,
        "objectives": promised,
        "coverage": [vars(row) for row in rows(facts)],
        "vaults": [
            {"region": each.region, "name": each.name, "points": each.points, "lock": locked(each)}
            for each in facts.vaults.values()
        ],
        "tests": recent,
        "exercises": [row for row in timeline(entries, drills) if row["what"].split(":")[0].split()[0] in EXERCISES],
    }
    told["gaps"] = [*unread, *problems(facts), *_unmeasured(promised), *_untested(facts, recent, days)]
    return {**told, "digest": digest(told)}


def digest(told: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the data, as JSON with sorted keys and without blanks."""
    own = {key: value for key, value in told.items() if key != "digest"}
    return hashlib.sha256(canonical(own).encode()).hexdigest()


def canonical(told: Mapping[str, Any]) -> str:
    """Return the text that the digest is of."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def _unmeasured(promised: Iterable[Mapping[str, Any]]) -> list[str]:
    promised = list(promised)
    nothing = all(row["declared"] is None for row in promised)
    found = ["no objective is declared, so there is nothing to keep"] if nothing else []
    for row in promised:
        if row["declared"] is None:
            continue
        what = f"{row['failure']}, {row['what']}: {format_duration(row['declared'])} is promised"
        if row["measured"] is None:
            found.append(f"{what}, and no drill that was given has measured it")
        elif not row["kept"]:
            found.append(f"{what}, and {format_duration(row['measured'])} was measured")
    return found


def _untested(facts: Facts, tested: Iterable[Mapping[str, Any]], days: int) -> list[str]:
    kinds = sorted({each.kind for each in facts.protected if not each.note})
    passed = {row["kind"] for row in tested if row["passed"]}
    found = [f"{kind}: no restore test passed within {days} days" for kind in kinds if kind not in passed]
    latest: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in tested:  # the newest first
        if row["passed"] is not None:
            latest.setdefault((row["kind"], row["resource"]), row)
    return found + [
        f"{kind} {name}: its latest restore test, of {row['when']}, failed"
        for (kind, name), row in latest.items()
        if row["passed"] is False
    ]
