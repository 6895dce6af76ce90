"""The facts that recovery depends on: plain numbers, taken from the settings of a site."""

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ha_web.backup.rules import DEFAULT_CONTINUOUS_DAYS, DEFAULT_DAILY_DAYS, DEFAULT_MONTHLY_DAYS
from ha_web.cloudflare.rules import Monitor
from ha_web.database import rules as database_rules
from ha_web.dns.health_checks import ALIAS_TTL_SECONDS, HTTP_SECONDS
from ha_web.load_balancer import health_check
from ha_web.recovery.strategy import (
    Strategy,
    default_load,
    has_cluster,
    needs_promotion,
    standby_maximum,
    standby_minimum,
)
from ha_web.sessions import elasticache_rules, limits


class Edge(StrEnum):
    """The service that sends users to a region."""

    ROUTE53 = "route53"
    """Amazon Route 53, by failover or latency records."""
    CLOUDFLARE = "cloudflare"
    """Cloudflare: it proxies the traffic, or has the parent zone."""


class Failover(StrEnum):
    """Trigger of a failover to the other region."""

    AUTOMATIC = "automatic"
    """By FailoverAutomation, a function in the standby region."""
    MANUAL = "manual"
    """By a person, with a command."""
    REGION_SWITCH = "region-switch"
    """By a Region switch plan of Amazon Application Recovery Controller, which a person starts: it has no trigger."""


class Failback(StrEnum):
    """Trigger of sending users back to the primary once it is healthy."""

    MANUAL = "manual"
    """By a person, with a command."""
    AUTOMATIC = "automatic"
    """By DNS, as soon as the primary is healthy; only where nothing has to be promoted."""


@dataclass(frozen=True)
class Sizes:
    """Sizes and types that decide what a site costs, and how long a restore takes."""

    instance_type: str = "t4g.small"
    disk_size: int = 20
    """GiB of a server's disk."""
    node_type: str = elasticache_rules.DEFAULT_NODE_TYPE
    database_class: str = database_rules.DEFAULT_INSTANCE_CLASS
    regions: tuple[str, str] = ("eu-west-1", "eu-central-1")
    """The primary and the second AWS Region, whose prices apply."""
    nat_gateways: int = 3
    """Number in each region."""
    endpoints: int = 0
    """Number of interface endpoints in each region; each is in every zone."""
    waf: bool = False
    dashboard: bool = False
    storage_gib: int = 100
    """GiB of files in the file system."""
    database_gib: int = 100
    """GiB of data in the database."""
    daily_days: int = DEFAULT_DAILY_DAYS
    """Days that daily backups are kept."""
    monthly_days: int = DEFAULT_MONTHLY_DAYS
    """Days that monthly backups are kept."""
    point_in_time_days: int = DEFAULT_CONTINUOUS_DAYS
    """Days of the database's point-in-time recovery, within which its snapshots are free of charge."""


@dataclass(frozen=True)
class Facts:
    """The facts of a site, in seconds and counts. Defaults that a component has, too, are the component's."""

    strategy: Strategy | None = None
    """Strategy for the second region; None without one."""
    zones: int = 3
    edge: Edge = Edge.ROUTE53
    accelerator: bool = False
    """True with AWS Global Accelerator in front. It is not built in; a remedy may name it."""
    failover: Failover = Failover.AUTOMATIC
    failback: Failback = Failback.MANUAL

    check_interval: int = health_check.DEFAULT_INTERVAL
    """Seconds between the load balancer's checks of a server."""
    check_timeout: int = health_check.DEFAULT_TIMEOUT
    check_failures: int = health_check.DEFAULT_THRESHOLD
    """Failed checks until a server gets no traffic (`healthCheck.unhealthyThreshold`)."""
    check_passes: int = health_check.DEFAULT_THRESHOLD
    """Passed checks until a server gets traffic (`healthCheck.healthyThreshold`)."""

    minimum: int = 3
    maximum: int = 9
    standby_minimum: int = 0
    standby_maximum: int = 0
    boot_seconds: int = 180
    """Seconds from a server's launch until it serves."""
    baked: bool = False
    """True if the servers' image has the application in it, so that a boot asks nothing outside its region."""
    load: int | None = None
    """Number of servers that carry the whole load. Default: the part of those that run that the loss of a zone leaves.
    """
    reserved: int = 0
    """Servers of the second region for which EC2 capacity is reserved, those that run there included."""
    balancer_units: int = 0
    """Capacity units that are reserved for the second region's load balancer."""

    dns_interval: int = 10
    """Seconds from an answer (or time-out) until one of Route 53's health checkers sends its next request."""
    dns_failures: int = 2
    dns_timeout: int = HTTP_SECONDS
    """Seconds until a Route 53 health checker gives up: with HTTP and HTTPS 4 for the connection and 2 for the answer,
    with TCP 10."""
    alias_ttl: int = ALIAS_TTL_SECONDS
    client_keep_alive: int = 0
    """Seconds for which a client may keep a connection to its load balancer (`clientKeepAlive`)."""
    switch_interval: int = 10
    """Seconds between Route 53's checks of the switch's object."""
    switch_failures: int = 1
    """Checks of the object in a row until the records follow it."""
    beacon_ttl: int = 10
    """TTL of the beacon, the record by which the automation learns the result of Route 53's health checks."""
    probe_timeout: int = 4
    """Seconds until the automation gives up its own request to the primary, whatever number of addresses it has."""
    look_interval: int = 10
    """Seconds between the starts of the automation's checks; its runs overlap, so that none is missing between two."""
    after_seconds: int = 30
    """Seconds of failure that the automation waits for before it acts (`failoverAfter`)."""
    wait_interval: int = 5
    """Seconds between the automation's queries whether all is promoted."""
    acts_by_itself: bool | None = None
    """True if the automation is deployed. Default: with Route 53, except in active-active if nothing
    must be promoted."""
    storage_optional: bool = False
    """True if users are moved before the file system takes writes (the automation's `optional`)."""
    monitor_interval: int = Monitor.interval
    """Seconds between Cloudflare's checks of a region."""
    monitor_retries: int = Monitor.retries
    """Immediate retries after a time-out."""
    monitor_timeout: int = Monitor.timeout
    monitor_failures: int = Monitor.failures
    """Failed checks in a row until a region gets no traffic."""
    monitor_passes: int = Monitor.successes
    """Passed checks in a row until a region gets traffic."""

    durable: bool = False
    """True with sessions in MemoryDB, false with ElastiCache."""
    session_nodes: int = limits.DEFAULT_NODES
    database: bool = False
    database_instances: int = database_rules.FEWEST_INSTANCES
    storage: bool = False

    database_copy_interval: int = 86_400
    """Seconds between two backups of the database that are copied to the second region: each copy is a full one."""
    backup_interval: int = 3_600
    """Seconds between two backup jobs of the most frequent rule."""
    backup_start_window: int = 3_600
    """Seconds within which such a job starts (`start_window_minutes`)."""
    backup_continuous: bool = False
    """True with a continuous rule (point-in-time recovery), which applies to the database."""
    backup_copied: bool = True
    """True if the most frequent rule's backups are copied to the second region."""

    sizes: Sizes = field(default_factory=Sizes)

    @property
    def needed(self) -> int:
        """Return the number of servers that carry the whole load while the fleet is at its minimum."""
        return default_load(self.minimum, self.zones) if self.load is None else self.load

    @property
    def failover_needed(self) -> int:
        """Return the number of servers that a failover waits for at most: the load's, or as large a part of the largest
        fleet as `needed` is of the smallest. In active-active none beyond that: each region carries the load."""
        if self.load is not None or self.strategy is Strategy.ACTIVE_ACTIVE:
            return self.needed
        largest = math.ceil(self.needed * self.maximum / self.minimum)
        return min(largest, self.standby_maximum or largest)

    @property
    def has_cluster(self) -> bool:
        """Return whether there is a cluster in the second region."""
        return has_cluster(self.strategy)

    @property
    def needs_promotion(self) -> bool:
        """Return whether something must be made writable in the second region."""
        return needs_promotion(self.strategy, durable=self.durable, database=self.database, storage=self.storage)

    @property
    def acts(self) -> Failover:
        """Return how a failover is really started: without a deployed automation, by a person."""
        stands = self.acts_by_itself
        if stands is None:
            health_is_enough = self.strategy is Strategy.ACTIVE_ACTIVE and not self.needs_promotion
            stands = self.edge is Edge.ROUTE53 and not health_is_enough
        return self.failover if stands else Failover.MANUAL

    @property
    def diverts_last(self) -> bool:
        """Return whether users are moved only after the other region is ready, because something must be promoted there
        or no server runs. In active-active both regions serve, and the records follow the health checks."""
        if self.strategy is Strategy.ACTIVE_ACTIVE:
            return False
        return self.needs_promotion or self.standby_minimum == 0

    def with_strategy(self, strategy: Strategy | None, servers: int | None = None) -> "Facts":
        """Return the same site with another strategy and what it needs: active-active has durable sessions.

        Args:
            servers: number of servers in the second region of a warm standby; None for the default.
        """
        return replace(
            self,
            strategy=strategy,
            standby_minimum=standby_minimum(strategy, self.minimum, self.zones, servers),
            standby_maximum=standby_maximum(strategy, self.maximum),
            reserved=self.reserved if has_cluster(strategy) else 0,
            balancer_units=self.balancer_units if has_cluster(strategy) else 0,
            durable=self.durable or strategy is Strategy.ACTIVE_ACTIVE,
        )
