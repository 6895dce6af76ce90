"""The groups of settings: what a key inside `servers:`, `sessions:` and the like means, and its default."""

from dataclasses import dataclass
from typing import cast

from ha_web.backup.rules import BackupLockArgs, BackupRuleArgs, usual_rules
from ha_web.cloudflare.rules import CloudflareMode, CloudflarePlan, CloudflareSteering

from program.settings.reader import setting


@dataclass(frozen=True)
class Region:
    """One region of the site."""

    region: str = setting("the AWS region, such as eu-west-1")
    cidr: str = setting("the VPC's IPv4 network, /16 to /22, such as 10.0.0.0/16; no region may overlap another")
    zone_ids: list[str] | None = setting("the zones to use, by id, such as euw1-az1; without it AWS's first", None)
    image: str | None = setting("this region's AMI id or SSM parameter; without it servers.image", None)


@dataclass(frozen=True)
class Standby(Region):
    """The region that takes over."""

    servers: int | None = setting(
        "servers that always run there; without it by strategy: one a zone in a warm standby, the primary's minimum in "
        "active-active, none in a pilot light",
        None,
        minimum=1,
    )
    deletion_protection: bool | None = setting(
        "its own deletionProtection; false before a strategy that takes its cluster away", None
    )


@dataclass(frozen=True)
class HealthCheck:
    """How a balancer decides that a server is healthy."""

    path: str | None = setting("what is asked for, shallow: it must not ask the session store; /healthz", None)
    matcher: str | None = setting("codes that pass, such as 200 or 200-299; 200", None)
    interval: int = setting("seconds between checks, 5 to 300", 5)
    timeout: int = setting("seconds to wait for an answer; below the interval", 2)
    healthy_threshold: int = setting("checks passed until a server gets traffic, 2 to 10", 2)
    unhealthy_threshold: int = setting("checks failed until a server gets none, 2 to 10", 2)


@dataclass(frozen=True)
class Servers:
    """The fleet of each region."""

    instance_type: str = setting("EC2 instance type", "t4g.small")
    image: str | None = setting(
        "AMI id, or the SSM parameter that names one, resolved once and pinned; Amazon Linux 2023 for the type", None
    )
    image_release: str = setting("change it to resolve the image parameter anew and roll the fleet", "1")
    minimum: int = setting("servers that always run; enough to lose a zone", 3)
    maximum: int = setting("servers at the most", 9)
    requests_per_target: int = setting("requests a minute and server that scaling aims at", 1000, minimum=1)
    cpu_target: int = setting("average CPU per cent that scaling aims at", 50, minimum=1)
    disk_size: int = setting("GiB of the encrypted root disk", 20, minimum=8)
    boot_seconds: int = setting("seconds from a server's launch until it serves, with room", 180, minimum=30)
    load: int | None = setting(
        "servers that carry all of the load; what a lost zone leaves of the minimum", None, minimum=1
    )


@dataclass(frozen=True)
class Sessions:
    """The session store of each region."""

    node_type: str | None = setting(
        "ElastiCache node type, at least a large one with a standby (cache.m7g.large); durable: MemoryDB's "
        "(db.r7g.large; db.r7g.xlarge with a standby)",
        None,
    )
    nodes: int = setting("nodes, in different zones; 2 to 6", 2)
    snapshot_retention_days: int = setting("days that daily snapshots are kept", 7, minimum=1)
    ttl: int = setting("seconds that an idle session lives", 3600, minimum=60)
    durable: bool = setting("MemoryDB in place of ElastiCache: a session that was answered for survives a zone", False)


@dataclass(frozen=True)
class Database:
    """An Aurora PostgreSQL cluster in each region that has a cluster."""

    instance_class: str = setting("Aurora instance class; a global database needs r5 or later", "db.r7g.large")
    instances: int = setting("a writer and its readers, in different zones; 2 to 15", 2)
    name: str = setting("name of the database", "app")
    backup_retention_days: int = setting("days back to which a point in time can be restored; 1 to 35", 14)


@dataclass(frozen=True)
class Storage:
    """An EFS file system in each region that has a cluster, mounted by the servers."""

    path: str = setting("where the servers mount it", "/srv/ha-web")


@dataclass(frozen=True)
class Waf:
    """A web ACL in front of an application balancer."""

    rate_limit: int = setting("requests in 5 minutes from one address before it is blocked", 2000, minimum=10)


@dataclass(frozen=True)
class Cloudflare:
    """The Cloudflare zone in front of the balancers."""

    account_id: str = setting("Cloudflare's id of the account")
    zone_id: str = setting("Cloudflare's id of the zone that the name is in")
    mode: str = setting(
        "proxy (all traffic goes through Cloudflare) or delegate (it only hands the name to Route 53)",
        "proxy",
        one_of=CloudflareMode,
    )
    parent_zone: str | None = setting("with delegate: Cloudflare's zone that the hosted zone is below", None)
    plan: str = setting(
        "what was bought: add-on, traffic-steering or enterprise; load balancing is a paid add-on",
        "add-on",
        one_of=CloudflarePlan,
    )
    steering: str | None = setting(
        "failover, random, latency or geo; failover, and random in active-active", None, one_of=CloudflareSteering
    )
    interval: int = setting("seconds between health checks; 15, or 10 with enterprise, at the least", 15, minimum=5)
    retries: int = setting("more tries at once after a time-out; 0 to 5", 2, minimum=0)
    timeout: int = setting("seconds to wait for an answer; 1 to 10", 4, minimum=1)
    path: str = setting("what is asked for, deep: only a region whose session store takes writes is healthy", "/readyz")
    manage_zone: bool = setting("set the zone's TLS settings and HSTS, which hold for every name in it", True)
    lock_origins: bool = setting(
        "let only Cloudflare reach the balancers; false for the `up` before the name moves to Cloudflare", True
    )


@dataclass(frozen=True)
class Backup:
    """How long backups are kept, in the primary and, as copies, in the standby region."""

    continuous_days: int = setting("days back to which a point in time can be restored; 0 (off) to 35", 14, minimum=0)
    hourly_days: int = setting("days that hourly backups are kept", 7, minimum=1)
    daily_days: int = setting("days that daily backups are kept", 35, minimum=1)
    monthly_days: int = setting("days that monthly backups are kept", 365, minimum=1)
    lock_after_days: int | None = setting(
        "days of grace until nobody, not even AWS, can shorten what a vault keeps (compliance mode), 3 or more; "
        "without it administrators still can (governance mode)",
        None,
        minimum=3,
    )
    lock_minimum_days: int | None = setting("fewest days that a locked vault keeps a backup; final with the lock", None)
    lock_maximum_days: int | None = setting("most days that a locked vault keeps a backup; final with the lock", None)
    air_gapped: bool = setting("also copy daily backups into a logically air-gapped vault", False)
    restore_testing: bool = setting("restore a backup of each kind weekly, check it and throw it away", True)
    audit: bool = setting("AWS Backup Audit Manager's controls and daily reports; AWS Config must record", False)

    @property
    def rules(self) -> list[BackupRuleArgs]:
        """The rules of the plan."""
        kept = (self.hourly_days, self.daily_days, self.monthly_days, self.continuous_days)
        return usual_rules(*kept, air_gapped=self.air_gapped)

    @property
    def lock(self) -> BackupLockArgs:
        """What the vaults refuse."""
        limits = {
            "changeable_for_days": self.lock_after_days,
            "min_retention_days": self.lock_minimum_days,
            "max_retention_days": self.lock_maximum_days,
        }
        return cast(BackupLockArgs, {key: value for key, value in limits.items() if value is not None})
