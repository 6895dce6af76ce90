"""What is to be done so that the standby serves: from what is to the steps that are left. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from .config import STORES, Config


class View(StrEnum):
    """How the primary looks from somewhere."""

    HEALTHY = "healthy"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """Nothing was learnt; never taken for a failure."""


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
    """What stands in the standby region."""

    switched: bool
    """Whether the switch sends users to the standby."""
    group: Group | None = None
    roles: dict[str, Role] = field(default_factory=dict)
    """By store: sessions, database, storage; those that are configured."""
    errors: tuple[str, ...] = ()
    """What couldn't be read, and why."""

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
    """The steps that are left, in order; none once users have been sent.

    Capacity comes first because it takes longest and costs no data; promotions are all begun before the first is waited
    for, so that the wait is the longest of them and not their sum; users are sent last.
    """
    if state.switched:
        return []
    steps = [*_capacity(state, config), *_promotions(state, config)]
    if not ready(state, config):
        steps.append(Step(Kind.WAIT, "wait until what users need takes writes and servers run"))
    steps.append(Step(Kind.SWITCH, f"put the switch into {config.switch['bucket']}: users go to {config.region}"))
    if config.topic_arn:
        steps.append(Step(Kind.NOTIFY, "tell people"))
    return steps


def wanted(group: Group, minimum: int) -> tuple[int, int]:
    """The group's minimum and desired number for a failover: never less than now, never above its maximum."""
    least = min(max(group.minimum, minimum), group.maximum)
    return least, max(group.desired, least)


def ready(state: State, config: Config) -> bool:
    """Whether users can be sent: required stores take writes and enough servers run."""
    if any(not role.writes for store, role in state.roles.items() if store not in config.optional):
        return False
    return config.capacity is None or (
        state.group is not None and state.group.in_service >= min(config.capacity["needed"], state.group.maximum)
    )


def _capacity(state: State, config: Config) -> list[Step]:
    if config.capacity is None:
        return []
    name, minimum = config.capacity["group"], config.capacity["minimum"]
    if state.group is not None and wanted(state.group, minimum) == (state.group.minimum, state.group.desired):
        return []
    return [Step(Kind.CAPACITY, f"raise {name} to {minimum} servers")]


_TEXTS = {
    "sessions": "make the session store {id} the primary of {global_id}",
    "database": "make the database {arn} the primary of {global_id}, even if the last writes are lost",
    "storage": "let the file system {id} go from {source_id}, so that it takes writes",
}


def _promotions(state: State, config: Config) -> list[Step]:
    parts = {store: getattr(config, store) for store in STORES}
    return [
        Step(Kind(store), _TEXTS[store].format(**part))
        for store, part in parts.items()
        if part is not None and state.roles.get(store, Role.UNKNOWN) in (Role.SECONDARY, Role.UNKNOWN)
    ]
