"""What recovery depends on: plain numbers, filled from the very settings of the components."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from ha_web.dns.health_checks import ALIAS_TTL_SECONDS
from ha_web.recovery.strategy import (
    Strategy,
    default_load,
    has_cluster,
    needs_promotion,
    standby_maximum,
    standby_minimum,
)


class Edge(StrEnum):
    """Who sends users to a region."""

    ROUTE53 = "route53"
    CLOUDFLARE = "cloudflare"


class Failover(StrEnum):
    """Who carries out a failover to the other region."""

    AUTOMATIC = "automatic"
    """FailoverAutomation, a function in the standby region."""
    MANUAL = "manual"
    """A person, by command."""
    REGION_SWITCH = "region-switch"
    """AWS, by a plan of Application Recovery Controller, which an alarm starts."""


class Failback(StrEnum):
    """Who sends users back to the primary once it is healthy."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


@dataclass(frozen=True)
class Sizes:
    """What costs money by its size."""

    instance_type: str = "t4g.small"
    disk_size: int = 20
    """GiB of a server's disk."""
    node_type: str = "cache.t4g.small"
    database_class: str = "db.r7g.large"
    regions: tuple[str, str] = ("eu-west-1", "eu-central-1")
    """The primary and the second, by whose prices is counted."""
    nat_gateways: int = 3
    """In a region."""
    waf: bool = False
    storage_gib: int = 100
    """GiB in the file system."""
    database_gib: int = 100
    """GiB in the database."""


@dataclass(frozen=True)
class Facts:
    """A site as recovery sees it. Seconds and counts; the defaults are those of the components and settings."""

    strategy: Strategy | None = None
    """What stands in the second region; None: there is none."""
    zones: int = 3
    edge: Edge = Edge.ROUTE53
    accelerator: bool = False
    """Global Accelerator in front. It is not built in; the sum is made so that it can be named where it would do."""
    failover: Failover = Failover.AUTOMATIC
    failback: Failback = Failback.MANUAL

    check_interval: int = 5
    """Seconds between the balancer's checks of a server."""
    check_timeout: int = 2
    check_failures: int = 2
    """Failed checks until a server gets no traffic (`healthCheck.unhealthyThreshold`)."""
    check_passes: int = 2
    """Passed checks until a server gets traffic (`healthCheck.healthyThreshold`)."""

    minimum: int = 3
    maximum: int = 9
    standby_minimum: int = 0
    standby_maximum: int = 0
    boot_seconds: int = 180
    """From a server's launch until it serves."""
    load: int | None = None
    """Servers that carry all of the load. Default: what a lost zone leaves of the minimum."""

    dns_interval: int = 10
    """Seconds between two requests of one of Route 53's checkers."""
    dns_failures: int = 2
    dns_timeout: int = 4
    """Seconds until a Route 53 checker gives a connection up: 4 by HTTP and HTTPS, 10 by TCP."""
    alias_ttl: int = ALIAS_TTL_SECONDS
    switch_interval: int = 10
    """Seconds between checks of the switch's object."""
    switch_failures: int = 1
    """Checks of it in a row until the records follow it."""
    beacon_ttl: int = 10
    """TTL of the record by which the automation learns what Route 53 sees."""
    probe_timeout: int = 4
    """Seconds until the automation gives up its own request to the primary."""
    look_interval: int = 10
    """Seconds that the automation waits between two looks, each of which may take the probe's time-out."""
    after_seconds: int = 30
    """Seconds of failure that the automation waits for before it acts (`failoverAfter`)."""
    wait_interval: int = 5
    """Seconds between the automation's questions whether all is promoted."""
    acts_by_itself: bool | None = None
    """Whether the automation, or Region switch, stands. Default: with Route 53, unless in active-active nothing has to
    be promoted."""
    storage_optional: bool = False
    """Whether users are sent on before the file system takes writes (the automation's `optional`)."""
    monitor_interval: int = 15
    """Seconds between Cloudflare's checks of a region."""
    monitor_retries: int = 2
    """Further tries, at once, after a time-out."""
    monitor_timeout: int = 4
    monitor_failures: int = 1
    """Failed checks in a row until a region gets no traffic."""
    monitor_passes: int = 1
    """Passed checks in a row until a region gets traffic."""

    durable: bool = False
    """Sessions in MemoryDB and not in ElastiCache."""
    session_nodes: int = 2
    database: bool = False
    database_instances: int = 2
    storage: bool = False

    backup_interval: int = 3_600
    """Seconds between the starts of the most frequent rule's jobs."""
    backup_start_window: int = 3_600
    """Seconds within which such a job starts (`start_window_minutes`)."""
    backup_continuous: bool = False
    """Whether a rule is continuous (point in time), which counts for the database."""
    backup_copied: bool = True
    """Whether the most frequent rule's backups are copied to the second region."""

    sizes: Sizes = field(default_factory=Sizes)

    @property
    def needed(self) -> int:
        """Servers that carry all of the load."""
        return default_load(self.minimum, self.zones) if self.load is None else self.load

    @property
    def has_cluster(self) -> bool:
        """Whether a cluster stands in the second region."""
        return has_cluster(self.strategy)

    @property
    def needs_promotion(self) -> bool:
        """Whether something must be made writable in the second region."""
        return needs_promotion(self.strategy, durable=self.durable, database=self.database, storage=self.storage)

    @property
    def acts(self) -> Failover:
        """Who carries a failover out, as things stand: without automation a person does."""
        stands = self.acts_by_itself
        if stands is None:
            health_is_enough = self.strategy is Strategy.ACTIVE_ACTIVE and not self.needs_promotion
            stands = self.edge is Edge.ROUTE53 and not health_is_enough
        return self.failover if stands else Failover.MANUAL

    @property
    def diverts_last(self) -> bool:
        """Whether users are sent on only after the other region is ready: something is promoted there, or no server
        runs. In active-active both regions serve, and the records follow health."""
        if self.strategy is Strategy.ACTIVE_ACTIVE:
            return False
        return self.needs_promotion or self.standby_minimum == 0

    def with_snapshots_only(self) -> "Facts":
        """The same, without continuous backups: those are not copied."""
        return replace(self, backup_continuous=False)

    def with_strategy(self, strategy: Strategy | None, servers: int | None = None) -> "Facts":
        """The same site with another strategy, as an owner would set it: active-active with durable sessions.

        servers: what the owner asks for in the second region of a warm standby.
        """
        return replace(
            self,
            strategy=strategy,
            standby_minimum=standby_minimum(strategy, self.minimum, self.zones, servers),
            standby_maximum=standby_maximum(strategy, self.maximum),
            durable=self.durable or strategy is Strategy.ACTIVE_ACTIVE,
        )
