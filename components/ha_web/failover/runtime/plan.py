"""The plan: the steps that are left until the standby serves. No calls here."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from .config import STORES, Config


class View(StrEnum):
    """How the primary looks from somewhere."""

    HEALTHY = "healthy"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """No answer that says anything; never taken for a failure."""


class Role(StrEnum):
    """What a store in the standby region is."""

    SECONDARY = "secondary"
    """Follows the primary region's and takes no writes."""
    PROMOTING = "promoting"
    """On the way to primary."""
    PRIMARY = "primary"
    """Takes writes, and the other region's follows it."""
    ALONE = "alone"
    """Takes writes and has no partner."""
    UNKNOWN = "unknown"
    """Could not be read."""

    @property
    def writes(self) -> bool:
        """Whether it takes writes."""
        return self in (Role.PRIMARY, Role.ALONE)


class Kind(StrEnum):
    """Kinds of steps, in the order in which they are made."""

    CAPACITY = "capacity"
    SESSIONS = "sessions"
    DATABASE = "database"
    STORAGE = "storage"
    PREPARED = "prepared"
    """Wait for all but the session store. Only without a switch."""
    WAIT = "wait"
    SWITCH = "switch"
    NOTIFY = "notify"


@dataclass(frozen=True)
class Group:
    """The standby's Auto Scaling group, in servers."""

    minimum: int
    desired: int
    maximum: int
    in_service: int


@dataclass(frozen=True)
class State:
    """The state of the standby region."""

    switched: bool
    """Whether the switch sends users to the standby."""
    group: Group | None = None
    roles: dict[str, Role] = field(default_factory=dict)
    """By store: sessions, database, storage; those that are configured."""
    errors: tuple[str, ...] = ()
    """What couldn't be read, and why."""
    servers: int | None = None
    """Servers that the primary ran when it was last healthy; None if that was never noted."""
    untold: bool = False
    """Whether users have been sent, and whoever sent them ended before people were told."""

    @property
    def begun(self) -> bool:
        """Whether a promotion has begun and users have not been sent yet: a failover that stopped half-way.

        A store without a partner doesn't count: it may have been taken out of a pair on purpose.
        """
        moved = {self.roles.get("sessions"), self.roles.get("database")} & {Role.PRIMARY, Role.PROMOTING}
        return bool(moved) and not self.switched


@dataclass(frozen=True)
class Step:
    """One thing to do."""

    kind: Kind
    text: str
    """What it does, for a person."""


def plan(state: State, config: Config) -> list[Step]:
    """Return the steps that are left, in order; once users have been sent at most the notice.

    Capacity comes first because it takes longest and costs no data; promotions are all begun before the first is waited
    for, so that the wait is the longest of them and not their sum; users are sent last.

    Without a switch (behind Cloudflare) users come as soon as the session store takes writes, because Cloudflare's
    monitor checks that. So the session store is promoted last, when all else is ready.
    """
    if config.switch is None:
        return _plan_without_switch(state, config)
    if state.switched:
        return _notice(config) if state.untold else []
    steps = [*_capacity(state, config), *_promotions(state, config)]
    if not ready(state, config):
        steps.append(Step(Kind.WAIT, "wait until what users need takes writes and servers run"))
    steps.append(Step(Kind.SWITCH, f"put the switch into {config.switch['bucket']}: users go to {config.region}"))
    return steps + _notice(config)


def _plan_without_switch(state: State, config: Config) -> list[Step]:
    sessions = [step for step in _promotions(state, config) if step.kind is Kind.SESSIONS]
    steps = [*_capacity(state, config), *(s for s in _promotions(state, config) if s.kind is not Kind.SESSIONS)]
    if sessions and not ready(state, config, besides="sessions"):
        steps.append(Step(Kind.PREPARED, "wait until all but the session store takes writes and servers run"))
    steps += sessions
    if not ready(state, config):
        steps.append(Step(Kind.WAIT, "wait until the session store takes writes: Cloudflare sends users then"))
    return steps + _notice(config) if steps else []


def _notice(config: Config) -> list[Step]:
    return [Step(Kind.NOTIFY, "notify people")] if config.topic_arn else []


def wanted(group: Group, minimum: int) -> tuple[int, int]:
    """Return the group's minimum and desired size for a failover: never less than now, never above its maximum."""
    least = min(max(group.minimum, minimum), group.maximum)
    return least, max(group.desired, least)


def servers_for(state: State, config: Config) -> int:
    """Return the servers that the standby gets: as many as the primary ran, and not less than the declared minimum.

    It is the group's minimum size, too, or scaling would take the servers away before users arrive.
    """
    assert config.capacity is not None
    return max(int(config.capacity["minimum"]), state.servers or 0)


def needed_for(state: State, config: Config, waited: float = 0) -> int:
    """Return the servers that must run before users are sent, after so many seconds of waiting.

    While there is patience, as large a part of what the primary ran as `needed` is of the minimum: at a peak more. Then
    `needed` alone, for EC2 may not have the capacity, and a crowded site is better than none.
    """
    assert config.capacity is not None
    needed = int(config.capacity["needed"])
    if waited < config.capacity.get("patience", 0):
        needed = math.ceil(needed * servers_for(state, config) / config.capacity["minimum"])
    return needed if state.group is None else min(needed, state.group.maximum)


def ready(state: State, config: Config, besides: str | None = None, waited: float = 0) -> bool:
    """Return whether users can be sent: required stores take writes and enough servers run.

    besides: a store that isn't looked at. waited: see `needed_for`.
    """
    passed_over = (*config.optional, besides)
    if any(not role.writes for store, role in state.roles.items() if store not in passed_over):
        return False
    if config.capacity is None:
        return True
    return state.group is not None and state.group.in_service >= needed_for(state, config, waited)


def _capacity(state: State, config: Config) -> list[Step]:
    if config.capacity is None:
        return []
    name, minimum = config.capacity["group"], servers_for(state, config)
    if state.group is not None and wanted(state.group, minimum) == (state.group.minimum, state.group.desired):
        return []
    return [Step(Kind.CAPACITY, f"raise {name} to {minimum} servers")]


_TEXTS = {
    "sessions": "make the session store {id} the primary of {global_id}",
    "database": "make the database {arn} the primary of {global_id}, even if the last writes are lost",
    "storage": "end the replication from {source_id} to the file system {id}, so that it takes writes",
}


def _promotions(state: State, config: Config) -> list[Step]:
    parts = {store: getattr(config, store) for store in STORES}
    return [
        Step(Kind(store), _TEXTS[store].format(**part))
        for store, part in parts.items()
        if part is not None and state.roles.get(store, Role.UNKNOWN) in (Role.SECONDARY, Role.UNKNOWN)
    ]
