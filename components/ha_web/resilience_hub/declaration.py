"""Objectives in the words of Resilience Hub: a policy in minutes, and a sentence for each failure. No SDK here.

What a program declares and what `ha-web hub` declares comes from here, so that neither finds the other's wrong.
https://docs.aws.amazon.com/resilience-hub/latest/userguide/next-gen-what-is.html
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ha_web.recovery.durations import format_duration, parse_duration

Objectives = Mapping[str, Mapping[str, str]]
"""Durations by failure (`zone`) and kind (`recovery`, `data_loss`), as a stack declares them."""

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
"""Characters of a policy's and a service's name.
https://docs.aws.amazon.com/resilience-hub/v2/APIReference/API_CreatePolicy.html"""

STACK_TAG = "ha-web:stack"
"""The tag by which the hub finds a site's resources; its value is the stack's name."""

MARK = "ha-web"
"""What our assertions begin with, before the failure's name: others are left alone."""

NOTHING = "no objective of a zone, a region or data, and Resilience Hub knows no other"
"""Why a declaration without a policy is none."""


@dataclass(frozen=True)
class Declaration:
    """What the hub is told."""

    name: str
    """Of the policy and of the service."""
    regions: tuple[str, ...]
    policy: Mapping[str, Mapping[str, str | int]]
    """`multiAz`, `multiRegion`, `dataRecovery`, as far as something is declared."""
    assertions: Mapping[str, str]
    """Sentences by failure."""


def declaration(site: str, regions: Sequence[str], strategy: str | None, objectives: Objectives) -> Declaration:
    """Return what the hub is told of a site.

    Args:
        site: the name that users type.
        regions: AWS Regions that the site is in, the primary first.
        strategy: what runs in the standby's; None or empty without one.
    """
    policy: dict[str, Mapping[str, str | int]] = {}
    if found := _targets(objectives, "zone"):
        policy["multiAz"] = {**found, "disasterRecoveryApproach": ZONES}
    if (found := _targets(objectives, "region")) and strategy in APPROACHES:
        policy["multiRegion"] = {**found, "disasterRecoveryApproach": APPROACHES[strategy]}
    if (between := minutes(seconds(objectives, "corruption", "data_loss"))) is not None:
        policy["dataRecovery"] = {"timeBetweenBackupsInMinutes": between}
    sentences = {failure: text for failure in objectives if (text := _sentence(objectives, failure))}
    return Declaration(name_of(site), tuple(regions), policy, sentences)


def seconds(objectives: Objectives, failure: str, kind: str) -> float | None:
    """Return an objective in seconds; None if nothing is declared. A stack file may spell it `dataLoss`."""
    given = objectives.get(failure, {})
    text = given.get(kind) or given.get({"data_loss": "dataLoss"}.get(kind, kind))
    return parse_duration(text) if text else None


def minutes(value: float | None) -> int | None:
    """Return whole minutes, rounded up: the hub knows no seconds, and must not be told less than is meant."""
    return None if value is None else math.ceil(value / 60)


def name_of(site: str) -> str:
    """Return a site's name as the hub takes it, in small letters, as DNS answers it."""
    return re.sub(r"[^a-z0-9]+", "-", site.lower()).strip("-")[:LONGEST_NAME]


def failure_of(sentence: str) -> str | None:
    """Return the failure that an assertion of ours is on; None for another's."""
    found = re.match(rf"{MARK} ([a-z]+): ", sentence)
    return found[1] if found else None


def _targets(objectives: Objectives, failure: str) -> dict[str, int]:
    given = {
        "rtoInMinutes": minutes(seconds(objectives, failure, "recovery")),
        "rpoInMinutes": minutes(seconds(objectives, failure, "data_loss")),
    }
    return {key: value for key, value in given.items() if value is not None}


LOST = {
    "server": "a server is lost",
    "zone": "an Availability Zone is lost",
    "region": "the primary Region is lost",
    "corruption": "data was deleted or damaged",
}


def _sentence(objectives: Objectives, failure: str) -> str:
    recovery, lost = seconds(objectives, failure, "recovery"), seconds(objectives, failure, "data_loss")
    parts = [f"all users are served again within {format_duration(recovery)}"] if recovery is not None else []
    if lost is not None:
        parts.append(f"no more than the changes of {format_duration(lost)} are lost" if lost else "nothing is lost")
    if not parts:
        return ""
    return f"{MARK} {failure}: when {LOST.get(failure, failure)}, {', and '.join(parts)}."
