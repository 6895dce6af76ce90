"""All settings of a stack, read and typed."""

from dataclasses import dataclass

from ha_web.cloudflare.rules import CloudflareMode
from ha_web.load_balancer.protocols import BalancerType, Protocol, transport_of
from ha_web.network.routes import Nat
from ha_web.recovery.facts import Edge, Failback, Failover
from ha_web.recovery.strategy import Strategy, has_cluster, needs_promotion, standby_minimum

from program.settings.groups import (
    Backup,
    Cloudflare,
    Database,
    HealthCheck,
    Region,
    Servers,
    Sessions,
    Standby,
    Storage,
    Waf,
)
from program.settings.reader import setting


@dataclass(frozen=True)
class Settings:
    """All settings of a stack."""

    domain: str = setting("the name that users type, such as www.example.com")
    zone: str = setting("the Route 53 hosted zone that the name is in, such as example.com")
    primary: Region = setting("the region that serves: {region, cidr}")
    standby: Standby | None = setting("the region that takes over: {region, cidr}; without it there is none", None)
    strategy: str | None = setting(
        "what stands in the standby region: backup-restore, pilot-light, warm-standby or active-active; warm-standby",
        None,
        one_of=Strategy,
    )
    objectives: dict[str, dict[str, str]] = setting(
        "what can be borne, by failure (server, zone, region, corruption): {recovery: 60s, data_loss: 1m}; a preview "
        "in which the settings can't meet it is refused",
        dict,
    )
    failover: str = setting(
        "who fails over to the standby: automatic, manual or region-switch", "manual", one_of=Failover
    )
    failover_after: int = setting(
        "seconds that the primary must have failed before the automation acts", 30, minimum=10
    )
    failback: str = setting(
        "who sends users back: manual, or automatic where nothing has to be promoted", "manual", one_of=Failback
    )
    edge: str = setting("who sends users to a region: route53 or cloudflare", "route53", one_of=Edge)
    cloudflare: Cloudflare | None = setting("with edge cloudflare: {accountId, zoneId, …}", None)
    zones: int = setting("availability zones in each region; 2 to 6", 3)
    nat: str = setting("the servers' way out: per-zone, regional, one or none", "per-zone", one_of=Nat)
    protocol: str = setting("http, https, http2, grpc, websocket, tcp, tls or udp", "https", one_of=Protocol)
    load_balancer: str | None = setting(
        "application or network; without it the one that carries the protocol", None, one_of=BalancerType
    )
    port: int | None = setting("the port that users connect to; by protocol 80 or 443, required for tcp and udp", None)
    health_check: HealthCheck = setting("health checks: {path, interval, timeout, …}", HealthCheck)
    certificates: dict[str, str] = setting("ACM certificate ARN by region; without it they are requested", dict)
    servers: Servers = setting("the fleet: {instanceType, image, minimum, maximum, …}", Servers)
    sessions: Sessions = setting("the session store: {nodeType, nodes, …}", Sessions)
    database: Database | None = setting(
        "a PostgreSQL database: {instanceClass, instances, …}; {} for one as it is", None
    )
    storage: Storage | None = setting("a shared file system: {path}; {} for one as it is", None)
    sticky_sessions: int | None = setting("seconds that a user stays on one server; off: sessions are shared", None)
    waf: Waf | None = setting("a web ACL with AWS's managed rules and a rate limit: {rateLimit}", None)
    backup: Backup = setting("retention of backups: {hourlyDays, dailyDays, monthlyDays}", Backup)
    notify: list[str] = setting("e-mail addresses that alarms go to", list)
    deletion_protection: bool = setting("refuse deletion of balancers and logs; false only to leave", True)
    tags: dict[str, str] = setting("tags on everything", dict)

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
        """Whether something in the standby must be made writable before users are sent there."""
        given = {"database": self.database is not None, "storage": self.storage is not None}
        return needs_promotion(self.recovery, durable=self.sessions.durable, **given)

    @property
    def behind_cloudflare(self) -> bool:
        """Whether all traffic goes through Cloudflare, which chooses the region."""
        return self.cloudflare is not None and self.cloudflare.mode == CloudflareMode.PROXY

    @property
    def locks_origins(self) -> bool:
        """Whether only Cloudflare may reach the balancers."""
        return self.behind_cloudflare and self.cloudflare is not None and self.cloudflare.lock_origins

    @property
    def has_switch(self) -> bool:
        """Whether a switch sends users to the standby, and the automation moves it after it has promoted what it must.

        With nothing to promote and servers that run, health alone is enough in active-active, whose records don't
        follow the switch, and where users may come back by themselves: a switch is a latch.
        """
        comes_back = self.recovery is Strategy.ACTIVE_ACTIVE or self.failback == Failback.AUTOMATIC
        health_is_enough = comes_back and not self.promotes and self.minimum("standby") > 0
        return has_cluster(self.recovery) and not self.behind_cloudflare and not health_is_enough

    @property
    def diverts_last(self) -> bool:
        """Whether users are sent to the standby only when it is ready: with stores promoted and servers started."""
        waits = self.promotes or self.minimum("standby") == 0
        return self.has_switch and waits and self.recovery is not Strategy.ACTIVE_ACTIVE

    def restores_of(self, role: str) -> bool:
        """Whether restores are tried in a region: there is a cluster with something that AWS Backup restores."""
        return self.backup.restore_testing and role in self.cluster_roles and bool(self.database or self.storage)

    def minimum(self, role: str) -> int:
        """Servers that always run in a region; none in a pilot light."""
        if role == "primary":
            return self.servers.minimum
        return standby_minimum(
            self.recovery, self.servers.minimum, self.zones_of(role), self.standby.servers if self.standby else None
        )

    @property
    def node_type(self) -> str:
        """The session store's node type."""
        durable = "db.r7g.xlarge" if self.standby else "db.r7g.large"
        return self.sessions.node_type or (durable if self.sessions.durable else "cache.m7g.large")

    def zones_of(self, role: str) -> int:
        """How many zones a region's cluster is in."""
        pinned = self.roles[role].zone_ids
        return len(pinned) if pinned else self.zones

    def protected(self, role: str) -> bool:
        """Whether a region's balancers, logs and databases refuse deletion."""
        own = self.standby.deletion_protection if role == "standby" and self.standby else None
        return self.deletion_protection if own is None else own

    @property
    def requests_certificates(self) -> bool:
        """Whether the protocol is carried over TLS and the settings give no certificates."""
        return transport_of(Protocol(self.protocol), certificate=True).tls and not self.certificates
