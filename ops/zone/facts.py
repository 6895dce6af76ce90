"""What is known of a region before a zone is left or entered again, as data. No SDK here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ops.status.facts import Quota

BY_HAND, PRACTICE, AUTOSHIFT = "ZONAL_SHIFT", "PRACTICE_RUN", "ZONAL_AUTOSHIFT"
"""ARC's types of shifts, with one that AWS began: https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_ZonalShiftInResource.html"""

MARK = "ha-web zone away"
"""How the comment of a shift begins that this command started."""

WHAT = {
    PRACTICE: "a practice run of AWS",
    AUTOSHIFT: "AWS itself (zonal autoshift)",
    "FIS_EXPERIMENT": "an experiment of AWS FIS",
}


@dataclass(frozen=True)
class Shift:
    """A resource is kept out of a zone."""

    zone: str
    """Id."""
    kind: str = BY_HAND
    identifier: str = ""
    """Empty for AWS's own, which nobody can cancel."""
    until: float | None = None
    """Seconds since 1970; None for AWS's own, which ends when the zone is well."""
    comment: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether this command started it."""
        return self.kind == BY_HAND and self.comment.startswith(MARK)

    @property
    def who(self) -> str:
        """Who started it, for a person."""
        if self.kind == BY_HAND:
            return f'"{self.comment}"' if self.is_ours else f'somebody else ("{self.comment}")'
        return WHAT.get(self.kind, self.kind)


@dataclass(frozen=True)
class Resource:
    """A load balancer or an Auto Scaling group, as ARC knows it."""

    name: str
    arn: str
    managed: bool = True
    """Whether it can be shifted: its zonal shift is on."""
    shifts: tuple[Shift, ...] = ()
    autoshift: bool = False
    """Whether AWS may shift it by itself, and practises."""

    @property
    def by_hand(self) -> Shift | None:
        """The shift that somebody started; AWS lets a resource have one."""
        return next((shift for shift in self.shifts if shift.kind == BY_HAND), None)


@dataclass(frozen=True)
class Facts:
    """A region's balancer, its servers and its shifts."""

    region: str
    balancer: Resource
    group: Resource
    serving: Mapping[str, int]
    """Servers that serve, by id of the zone; each zone of the group is in it."""
    members: Mapping[str, int]
    """Servers that serve or start, by id of the zone."""
    desired: int
    maximum: int
    needed: int
    """Servers that carry the load."""
    crosses: bool = True
    """Whether the balancer sends to servers of other zones."""
    ends_connections: bool = False
    """Whether it is a Network Load Balancer that ends connections to unhealthy servers."""
    quota: Quota | None = None
    """vCPUs; None where that can't be told."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of the zones by id."""
