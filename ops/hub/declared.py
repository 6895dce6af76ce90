"""The objectives in the words of Resilience Hub: a policy in minutes, and a sentence for each failure. No calls here.

https://docs.aws.amazon.com/resilience-hub/latest/userguide/what-is.html
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ha_web.recovery.durations import format_duration, parse_duration

from ops.core.stack import Stack

APPROACHES = {
    "backup-restore": "BACKUP_AND_RESTORE",
    "pilot-light": "PILOT_LIGHT",
    "warm-standby": "WARM_STANDBY",
    "active-active": "ACTIVE_ACTIVE",
}
"""The hub's names of the strategies."""

ZONES = "ACTIVE_ACTIVE"
"""Servers of all zones serve, always."""

LONGEST_NAME = 60
MARK = "ha-web"
"""What our assertions begin with, before the failure's name: others are left alone."""


@dataclass(frozen=True)
class Declared:
    """What the hub is told."""

    name: str
    """Of the policy and of the service."""
    regions: tuple[str, ...]
    policy: Mapping[str, Mapping[str, Any]]
    """`multiAz`, `multiRegion`, `dataRecovery`, as far as something is declared."""
    assertions: Mapping[str, str]
    """Sentences by failure."""


def seconds(stack: Stack, failure: str, kind: str) -> float | None:
    """Return an objective in seconds; None if nothing is declared. A stack file may spell it `dataLoss`."""
    given = stack.objectives.get(failure, {})
    text = given.get(kind) or given.get({"data_loss": "dataLoss"}.get(kind, kind))
    return parse_duration(text) if text else None


def minutes(value: float | None) -> int | None:
    """Return whole minutes, rounded up: the hub knows no seconds, and must not be told less than is meant."""
    return None if value is None else math.ceil(value / 60)


def name_of(site: str) -> str:
    """Return a site's name as the hub takes it."""
    return re.sub(r"[^A-Za-z0-9]+", "-", site).strip("-")[:LONGEST_NAME]


def declared(stack: Stack) -> Declared:
    """Return what the stack's outputs declare."""
    policy: dict[str, dict[str, Any]] = {}
    if found := _targets(stack, "zone"):
        policy["multiAz"] = {**found, "disasterRecoveryApproach": ZONES}
    if (found := _targets(stack, "region")) and stack.strategy in APPROACHES:
        policy["multiRegion"] = {**found, "disasterRecoveryApproach": APPROACHES[stack.strategy]}
    if (between := minutes(seconds(stack, "corruption", "data_loss"))) is not None:
        policy["dataRecovery"] = {"timeBetweenBackupsInMinutes": between}
    sentences = {failure: text for failure in stack.objectives if (text := _sentence(stack, failure))}
    return Declared(name_of(stack.site), stack.regions, policy, sentences)


def _targets(stack: Stack, failure: str) -> dict[str, int]:
    given = {
        "rtoInMinutes": minutes(seconds(stack, failure, "recovery")),
        "rpoInMinutes": minutes(seconds(stack, failure, "data_loss")),
    }
    return {key: value for key, value in given.items() if value is not None}


LOST = {
    "server": "a server is lost",
    "zone": "an Availability Zone is lost",
    "region": "the primary Region is lost",
    "corruption": "data was deleted or damaged",
}


def _sentence(stack: Stack, failure: str) -> str:
    recovery, lost = seconds(stack, failure, "recovery"), seconds(stack, failure, "data_loss")
    parts = [f"all users are served again within {format_duration(recovery)}"] if recovery is not None else []
    if lost is not None:
        parts.append(f"no more than the changes of {format_duration(lost)} are lost" if lost else "nothing is lost")
    if not parts:
        return ""
    return f"{MARK} {failure}: when {LOST.get(failure, failure)}, {', and '.join(parts)}."


def failure_of(sentence: str) -> str | None:
    """Return the failure that an assertion of ours is on; None for another's."""
    found = re.match(rf"{MARK} ([a-z]+): ", sentence)
    return found[1] if found else None
