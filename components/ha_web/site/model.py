"""All settings of a site, typed, and what follows from them."""

from dataclasses import dataclass
from functools import cached_property

from ha_web.cloudflare.rules import CloudflareMode
from ha_web.core.limits import FEWEST_ZONES
from ha_web.core.tags import BACKUP_TAG, MOST_TAGS
from ha_web.failover.automation import DEFAULT_AFTER_SECONDS, MOST_AFTER_SECONDS
from ha_web.failover.capacity_reservations import reserved_by_zone
from ha_web.load_balancer.load_balancer import CLIENT_KEEP_ALIVE_SECONDS
from ha_web.load_balancer.protocols import BalancerType, Protocol, TlsToServers, transport_of
from ha_web.network.endpoints import NEEDED
from ha_web.network.network import DEFAULT_ZONES
from ha_web.network.routes import Nat
from ha_web.network.zones import MOST_ZONES
from ha_web.recovery.facts import Edge, Failback, Failover
from ha_web.recovery.objectives import RecoveryObjectives
from ha_web.recovery.strategy import Strategy, has_cluster, needs_promotion, standby_minimum
from ha_web.sessions import elasticache_rules, memorydb_rules
from ha_web.site.groups import (
    Application,
    Autoshift,
    Backup,
    Cloudflare,
    Database,
    GameDay,
    HealthCheck,
    Region,
    Release,
    Servers,
    Sessions,
    Standby,
    Storage,
    Waf,
)
from ha_web.site.reader import setting


@dataclass(frozen=True)
class Settings:
    """All settings of a site."""

    domain: str = setting("the name that users type, such as www.example.com")
    zone: str = setting("the Route 53 hosted zone that the name is in, such as example.com")
    primary: Region = setting("the region that serves: {region, cidr}")
    standby: Standby | None = setting(
        "the region that takes over when the primary fails: {region, cidr}; by default none", None
    )
    hosted_zone_id: str | None = setting(
        "id of the hosted zone, for one that the same program makes; by default looked up by its name", None, late=True
    )
    strategy: str | None = setting(
        "what runs in the standby region: backup-restore, pilot-light, warm-standby (the default) or active-active",
        None,
        one_of=Strategy,
    )
    objectives: dict[str, dict[str, str]] = setting(
        "the downtime and data loss that you accept, by failure (server, zone, region, corruption): "
        "{recovery: 60s, data_loss: 1m}; settings that can't meet them are refused at preview",
        dict,
    )
    failover: str = setting(
        "how a failover is started: automatic (by a function in the standby region), manual (by an operator) or "
        "region-switch (by AWS)",
        Failover.MANUAL.value,
        one_of=Failover,
    )
    failover_after: int = setting(
        f"seconds of failure until the automation starts a failover; 10 to {MOST_AFTER_SECONDS}",
        DEFAULT_AFTER_SECONDS,
        minimum=10,
    )
    failback: str = setting(
        "how users return to the primary: manual (by an operator), or automatic where nothing has to be promoted",
        Failback.MANUAL.value,
        one_of=Failback,
    )
    failover_roles: list[str] = setting(
        "ARNs of the IAM roles that alone may move the switch by hand, the one that destroys the stack among them; by "
        "default all that may write to its bucket",
        list,
    )
    edge: str = setting("what sends users to a region: route53 or cloudflare", Edge.ROUTE53.value, one_of=Edge)
    cloudflare: Cloudflare | None = setting("settings of edge cloudflare: {accountId, zoneId, …}", None)
    zones: int = setting(f"Availability Zones in each region; {FEWEST_ZONES} to {MOST_ZONES}", DEFAULT_ZONES)
    nat: str = setting(
        "NAT gateways for the servers: per-zone, regional or one; none for servers that fetch nothing at their boot",
        Nat.PER_ZONE.value,
        one_of=Nat,
    )
    endpoints: list[str] | None = setting(
        "AWS services that servers reach inside the VPC, by interface endpoints in each zone, such as secretsmanager; "
        "by default none, or with nat none what a built image needs",
        None,
    )
    protocol: str = setting(
        "protocol that users speak: http, https, websocket, tcp or tls; http2, grpc and udp are for applications that "
        "speak them (`protocols` in ha-web.yaml)",
        Protocol.HTTPS.value,
        one_of=Protocol,
    )
    load_balancer: str | None = setting(
        "application or network; by default the one that carries the protocol", None, one_of=BalancerType
    )
    port: int | None = setting(
        "the port that users connect to; by default 80 or 443, as the protocol says; required for tcp and udp", None
    )
    tls_to_servers: str = setting(
        "TLS between load balancer and servers: none, offered (servers take it, the load balancer doesn't use it yet: "
        "first, on a site that has users) or used",
        TlsToServers.NONE.value,
        one_of=TlsToServers,
    )
    health_check: HealthCheck = setting("the load balancer's health checks: {path, interval, timeout, …}", HealthCheck)
    certificates: dict[str, str] = setting(
        "ACM certificate ARN by region; by default certificates are requested", dict, late=True
    )
    application: Application | None = setting(
        "what the servers run: {package, environment, secrets, …}, see docs/your-application.md; the program's default "
        "is the package in `app/`",
        None,
    )
    servers: Servers = setting("the fleet: {instanceType, image, minimum, maximum, …}", Servers)
    release: Release = setting("how a new version of the servers is brought out: {order, bakeSeconds, …}", Release)
    sessions: Sessions = setting("the session store: {nodeType, nodes, …}", Sessions)
    database: Database | None = setting(
        "a PostgreSQL database: {instanceClass, instances, …}; {} for one with the defaults", None
    )
    storage: Storage | None = setting("a shared file system: {path}; {} for one with the defaults", None)
    sticky_sessions: int | None = setting(
        "seconds that a user stays on one server; by default off, since servers share the sessions", None, minimum=1
    )
    client_keep_alive: int | None = setting(
        "seconds after which a client must connect anew to an application load balancer, however busy its connection "
        "is; 60 to 604800: for so long a user may stay in a region that users have left; by default 60, as long as DNS "
        "answers are kept (AWS's is 3600)",
        None,
        minimum=CLIENT_KEEP_ALIVE_SECONDS,
    )
    waf: Waf | None = setting(
        "a web ACL with AWS's managed rules, which refuse bodies above 8 KB, and a rate limit: {rateLimit}", None
    )
    zonal_autoshift: Autoshift | None = setting(
        "AWS may keep users out of a zone that it finds impaired: {windows}; {} for the defaults; by default none, for "
        "it practises about weekly, and the other zones must carry the load then",
        None,
    )
    backup: Backup = setting("retention of backups: {hourlyDays, dailyDays, monthlyDays}", Backup)
    measured: dict[str, float] = setting(
        "times that drills have measured, in seconds, by the name of the assumption in docs/recovery.md that each "
        "replaces; by default those of `measured.json`",
        dict,
    )
    notify: list[str] = setting("e-mail addresses that alarms go to", list)
    game_day: GameDay | None = setting(
        "experiments of AWS Fault Injection Service that break the primary, if started (`ha-web gameday`): {zone, "
        "minutes}; {} for the defaults; by default none",
        None,
    )
    dashboard: bool = setting("a CloudWatch dashboard of the site, linked by the text of each alarm; $3 a month", True)
    resilience_hub: bool = setting(
        "declare the objectives at AWS Resilience Hub, too, which judges them when it is asked to (`ha-web hub`); AWS "
        "charges for that: https://aws.amazon.com/resilience-hub/pricing/",
        False,
    )
    deletion_protection: bool = setting(
        "refuse deletion of load balancers, databases, durable sessions and logs; false only to destroy the stack", True
    )
    permissions_boundary: str | None = setting(
        "ARN of an IAM policy that every role gets as its permissions boundary; by default none", None
    )
    role_path: str | None = setting(
        "path of every role and instance profile, such as /site/; a new one replaces them; by default /", None
    )
    tags: dict[str, str] = setting(f"tags of all resources, at most {MOST_TAGS}; not Name and {BACKUP_TAG}", dict)

    @cached_property
    def wanted(self) -> tuple[RecoveryObjectives, list[str]]:
        """The objectives, and a line for each that can't be read."""
        return RecoveryObjectives.parse(self.objectives)

    @property
    def roles(self) -> dict[str, Region]:
        """The regions by role: primary, and standby when there is one."""
        return {"primary": self.primary, **({"standby": self.standby} if self.standby else {})}

    @property
    def recovery(self) -> Strategy | None:
        """The strategy; None without a standby."""
        return Strategy(self.strategy or Strategy.WARM_STANDBY) if self.standby else None

    @property
    def cluster_roles(self) -> dict[str, Region]:
        """The regions with a cluster, by role."""
        return {role: place for role, place in self.roles.items() if role == "primary" or has_cluster(self.recovery)}

    @property
    def promotes(self) -> bool:
        """True if something in the standby must be made writable before users are sent there."""
        given = {"database": self.database is not None, "storage": self.storage is not None}
        return needs_promotion(self.recovery, durable=self.sessions.durable, **given)

    @property
    def behind_cloudflare(self) -> bool:
        """True if all traffic goes through Cloudflare, which chooses the region."""
        return self.cloudflare is not None and self.cloudflare.mode == CloudflareMode.PROXY

    @property
    def locks_origins(self) -> bool:
        """True if only Cloudflare may reach the load balancers."""
        return self.behind_cloudflare and self.cloudflare is not None and self.cloudflare.lock_origins

    @property
    def has_switch(self) -> bool:
        """True if a switch sends users to the standby, which the automation moves after the promotions.

        With nothing to promote and servers that run, health alone is enough in active-active, whose records don't
        follow the switch, and where users may come back by themselves: a switch is a latch.
        """
        comes_back = self.recovery is Strategy.ACTIVE_ACTIVE or self.failback == Failback.AUTOMATIC
        health_is_enough = comes_back and not self.promotes and self.minimum("standby") > 0
        return has_cluster(self.recovery) and not self.behind_cloudflare and not health_is_enough

    @property
    def diverts_last(self) -> bool:
        """True if users are sent to the standby only when it is ready: with stores promoted and servers started."""
        waits = self.promotes or self.minimum("standby") == 0
        return self.has_switch and waits and self.recovery is not Strategy.ACTIVE_ACTIVE

    @property
    def database_copies(self) -> list[str] | None:
        """The regions that backups of databases are copied to; None for all that have a vault.

        With a global database one direction is enough: each copy is a full one, and the data is in both regions.
        """
        follows = self.database is not None and "standby" in self.cluster_roles
        return [self.standby.region] if follows and self.standby else None

    def restores_of(self, role: str) -> bool:
        """Return whether restores are tested in a region: its cluster has data that AWS Backup restores."""
        return self.backup.restore_testing and role in self.cluster_roles and bool(self.database or self.storage)

    def minimum(self, role: str) -> int:
        """Return the number of servers that always run in a region; none in a pilot light."""
        if role == "primary":
            return self.servers.minimum
        return standby_minimum(
            self.recovery, self.servers.minimum, self.zones_of(role), self.standby.servers if self.standby else None
        )

    @property
    def interface_endpoints(self) -> list[str]:
        """The services that servers reach by interface endpoints: those named, or without NAT those needed."""
        if self.endpoints is not None:
            return self.endpoints
        return list(NEEDED) if self.nat == Nat.NONE else []

    @property
    def reserved(self) -> int:
        """The number of servers for which EC2 capacity is reserved in the standby, the same in each zone."""
        if self.standby is None or self.standby.reserved_servers is None:
            return 0
        zones = self.zones_of("standby")
        return reserved_by_zone(self.standby.reserved_servers, zones) * zones

    @property
    def node_type(self) -> str:
        """The session store's node type."""
        durable = memorydb_rules.DEFAULT_MULTI_REGION_NODE_TYPE if self.standby else memorydb_rules.DEFAULT_NODE_TYPE
        usual = durable if self.sessions.durable else elasticache_rules.DEFAULT_NODE_TYPE
        return self.sessions.node_type or usual

    def zones_of(self, role: str) -> int:
        """Return the number of zones that a region's cluster is in."""
        pinned = self.roles[role].zone_ids
        return len(pinned) if pinned else self.zones

    def protected(self, role: str) -> bool:
        """Return whether a region's load balancers, databases and logs refuse deletion."""
        own = self.standby.deletion_protection if role == "standby" and self.standby else None
        return self.deletion_protection if own is None else own

    @property
    def requests_certificates(self) -> bool:
        """True if the protocol is carried over TLS and the settings give no certificates."""
        return transport_of(Protocol(self.protocol), certificate=True).tls and not self.certificates
