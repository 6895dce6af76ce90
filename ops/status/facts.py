"""What is known of a stack at one moment, as data. What couldn't be read is None, with its reason. No SDK here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PRIMARY, STANDBY = "primary", "standby"
REPLICA, WRITER, ALONE = "secondary", "primary", "alone"
"""Roles of stored data: it follows the other region's, is followed, or neither."""

DATA = {"sessions": "the session store", "database": "the database", "files": "the file system"}
"""Fields of a region that are stored data, with their names."""


@dataclass(frozen=True)
class Fleet:
    """A region's servers."""

    minimum: int
    desired: int
    maximum: int
    serving: Mapping[str, int]
    """Servers that the balancer finds healthy, by zone; each zone of the group is in it."""
    version: str = ""
    """Version of the launch template that the group serves."""
    versions: Mapping[str, int] = field(default_factory=dict)
    """Servers by the version that they run."""

    @property
    def healthy(self) -> int:
        """Servers that serve."""
        return sum(self.serving.values())

    @property
    def left(self) -> int:
        """Servers that would be left if the zone with the most went."""
        return self.healthy - max(self.serving.values(), default=0)

    @property
    def fullest(self) -> str:
        """The zone whose loss takes the most."""
        return max(sorted(self.serving), key=lambda zone: self.serving[zone], default="")


@dataclass(frozen=True)
class Data:
    """A region's session store, database or file system."""

    kind: str
    """AWS's name of the service."""
    status: str
    """As AWS says it; `available` is well."""
    role: str
    zones: Mapping[str, int] = field(default_factory=dict)
    """Nodes or instances by zone; empty where AWS keeps it in several zones itself."""
    fails_over: bool = True
    """Whether another zone takes over by itself."""
    lag: float | None = None
    """Seconds behind the other region's; None where it isn't behind anything, or nothing was measured."""

    @property
    def zonal(self) -> bool:
        """Whether it is lost with a zone."""
        return bool(self.zones) and (len(self.zones) < 2 or not self.fails_over)


@dataclass(frozen=True)
class Automation:
    """The failover function, in the standby's region."""

    state: str
    """As Lambda says it: `Active`."""
    schedule: str
    """`ENABLED`, `DISABLED`, or empty without one."""
    acts: bool
    """Whether the schedule lets it fail over; False where a person starts it."""
    errors: int
    """Failed runs in the last quarter of an hour."""
    needed: int | None = None
    """Servers that carry the load, as it is configured."""

    @property
    def works(self) -> bool:
        """Whether it does what it is there for."""
        return self.state == "Active" and self.schedule == "ENABLED" and not self.errors


@dataclass(frozen=True)
class Certificate:
    """A certificate that a load balancer shows."""

    name: str
    status: str
    days: float


@dataclass(frozen=True)
class Backup:
    """What is protected, and its newest recovery point in a region's vault."""

    resource: str
    kind: str
    age: float | None
    """Seconds; None if there is none."""


@dataclass(frozen=True)
class Topic:
    """Who hears of alarms."""

    name: str
    confirmed: int
    pending: int


@dataclass(frozen=True)
class Quota:
    """vCPUs of On-Demand Instances."""

    allowed: float
    used: float | None
    """None where CloudWatch has no figure of it."""
    each: int
    """Of one server."""


HEALTHY_SHARE = 0.18
"""More of Route 53's checkers than this share must reach an endpoint for it to be healthy.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html"""


@dataclass(frozen=True)
class Checkers:
    """How many of Route 53's checkers reach a region's load balancer."""

    reach: int
    all: int

    @property
    def healthy(self) -> bool:
        """Whether Route 53 takes it for healthy."""
        return self.reach > HEALTHY_SHARE * self.all


@dataclass(frozen=True)
class Region:
    """What was read in a region."""

    role: str
    region: str
    silent: str = ""
    """Why nothing could be asked; empty if something answered."""
    fleet: Fleet | None = None
    sessions: Data | None = None
    database: Data | None = None
    files: Data | None = None
    certificates: tuple[Certificate, ...] = ()
    backups: tuple[Backup, ...] = ()
    topics: tuple[Topic, ...] = ()
    alarms: tuple[str, ...] = ()
    """Names of the alarms that are on."""
    quota: Quota | None = None
    checkers: Checkers | None = None
    """None where none has reported."""
    away: Mapping[str, str] = field(default_factory=dict)
    """Zones that a zonal shift keeps users out of, with until when."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """What couldn't be read here, with the reason."""


@dataclass(frozen=True)
class Answer:
    """What the site answers to a user, from here."""

    served: bool | None
    """None where that can't be told."""
    text: str


@dataclass(frozen=True)
class Facts:
    """What is known of a stack."""

    site: str
    strategy: str
    """Empty with one region."""
    regions: Mapping[str, Region]
    """By role. The second region of a strategy without a cluster there is not in it."""
    has_switch: bool = False
    switched: bool | None = None
    """Whether the switch sends users to the standby; None where it can't be read, or there is none."""
    dns: tuple[str, ...] | None = None
    """Roles whose load balancers DNS answers with now; None where it can't be told."""
    answer: Answer = Answer(None, "not asked")
    maintenance: str = ""
    """Since when the balancers answer with a page, and by whom; empty if they don't."""
    has_automation: bool = False
    automation: Automation | None = None
    needed: int | None = None
    """Servers that carry the load; None where nobody has said."""
    lag_objective: float | None = None
    """Seconds of changes that the loss of a region may cost."""
    age_objectives: Mapping[str, float] = field(default_factory=dict)
    """Seconds that a recovery point may be old, by the role of the vault's region."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """What of the whole site couldn't be read, with the reason."""

    @property
    def serving(self) -> tuple[str, ...]:
        """Roles that users are sent to."""
        if self.strategy == "active-active":
            return tuple(self.dns) if self.dns else tuple(self.regions)
        if self.switched:
            return (STANDBY,)
        if self.switched is None and self.dns:
            return tuple(self.dns)
        return (PRIMARY,)
