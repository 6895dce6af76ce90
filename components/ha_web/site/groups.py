"""The groups of settings: the meaning and default of each key inside `servers:`, `sessions:` and the like.

A default that a component has, too, is the component's own. One file because it is one table: what a stack file says.
"""

from dataclasses import dataclass
from typing import cast

from ha_web.backup.rules import (
    CONTINUOUS_DAYS,
    COOLING_OFF_DAYS,
    DEFAULT_CONTINUOUS_DAYS,
    DEFAULT_DAILY_DAYS,
    DEFAULT_HOURLY_DAYS,
    DEFAULT_MONTHLY_DAYS,
    BackupLockArgs,
    BackupRuleArgs,
    usual_database_rules,
    usual_rules,
)
from ha_web.cloudflare.rules import CloudflareMode, CloudflarePlan, CloudflareSteering, Monitor
from ha_web.database import rules as database
from ha_web.fleet.application import DEFAULT_DRAIN_SECONDS, DEFAULT_LOG_RETENTION_DAYS
from ha_web.fleet.auto_scaling import DEFAULT_CPU_TARGET, DEFAULT_REQUESTS_PER_TARGET
from ha_web.fleet.fleet import DEFAULT_BOOT_SECONDS
from ha_web.fleet.image import DEFAULT_RELEASE
from ha_web.fleet.launch_template import DEFAULT_DISK_SIZE, SMALLEST_DISK
from ha_web.game_day import game_day
from ha_web.image.server_image import DEFAULT_KEEP, FEWEST_KEPT, MOST_KEPT
from ha_web.load_balancer import health_check
from ha_web.load_balancer.web_acl import DEFAULT_RATE_LIMIT, LOWEST_RATE_LIMIT
from ha_web.release.order import Order
from ha_web.release.preferences import DEFAULT_BAKE_SECONDS, DEFAULT_CANARY_SECONDS
from ha_web.sessions import elasticache_rules, limits, memorydb_rules
from ha_web.site.reader import setting

LONGEST_SESSION = 400 * 86400
"""Seconds that an idle session may live: browsers forget a cookie after 400 days.
https://developer.chrome.com/blog/cookie-max-age-expires"""


@dataclass(frozen=True)
class Region:
    """One region of the site."""

    region: str = setting("the AWS Region, such as eu-west-1")
    cidr: str = setting("the VPC's IPv4 network, /16 to /22, such as 10.0.0.0/16; networks of regions may not overlap")
    zone_ids: list[str] | None = setting(
        "the Availability Zones to use, by id, such as euw1-az1; by default AWS's first, but for those that it no "
        "longer extends; name those in use once there is data in them",
        None,
    )
    image: str | None = setting("this region's AMI id or SSM parameter; by default servers.image", None)


@dataclass(frozen=True)
class Standby(Region):
    """The region that takes over."""

    servers: int | None = setting(
        "servers that always run there; by default one a zone in a warm standby, the primary's minimum in "
        "active-active, none in a pilot light",
        None,
        minimum=1,
    )
    balancer_capacity: int | None = setting(
        "LCUs that its load balancer has at any time, 100 or more, so that a failover doesn't find it scaled for no "
        "traffic; billed by the hour, used or not; by default none",
        None,
        minimum=100,
    )
    reserved_servers: int | None = setting(
        "servers for which EC2 capacity is reserved there, those that run included, so that a failover launches them "
        "whoever else wants some; paid for as if they ran; rounded up to the same number in each zone; by default none",
        None,
        minimum=1,
    )
    deletion_protection: bool | None = setting(
        "deletionProtection of this region alone; false before a strategy that removes its cluster", None
    )


@dataclass(frozen=True)
class HealthCheck:
    """The load balancer's health checks of a server."""

    path: str | None = setting("path of the request, which must not need the session store; /healthz by default", None)
    matcher: str | None = setting("status codes that pass, such as 200 or 200-299; 200 by default", None)
    interval: int = setting("seconds between checks, 5 to 300", health_check.DEFAULT_INTERVAL)
    timeout: int = setting("seconds to wait for an answer; below the interval", health_check.DEFAULT_TIMEOUT)
    healthy_threshold: int = setting(
        "passed checks in a row until a server gets traffic, 2 to 10", health_check.DEFAULT_THRESHOLD
    )
    unhealthy_threshold: int = setting(
        "failed checks in a row until a server gets none, 2 to 10", health_check.DEFAULT_THRESHOLD
    )


@dataclass(frozen=True)
class Application:
    """The application that the servers run."""

    package: str | None = setting("folder or archive with the application and its ha-web.yaml", None)
    container: str | None = setting(
        "container image in place of a package: registry/repository@sha256:…, or a tag in ECR, which is looked up once "
        "and pinned; ECR must replicate it to the standby region",
        None,
    )
    image: str | None = setting(
        "AMI id or SSM parameter of an image that has the application, as the systemd unit ha-web-app.service", None
    )
    start_script: str | None = setting(
        "script that installs and starts it, with a `#!` line; runs once, as root, at a server's first boot",
        None,
        late=True,
    )
    port: int | None = setting("port that it listens on; by default the package's, or 8080", None)
    environment: dict[str, str] = setting(
        "environment variables of the application, besides those that the cluster sets", dict, late=True
    )
    secrets: dict[str, str] = setting(
        "ARNs of secrets or SSM parameters, by the name of the variable that has the value; servers may read these and "
        "no others, in their own region: a secret needs a replica in the standby's",
        dict,
        late=True,
    )
    policies: list[str] = setting(
        "ARNs of IAM policies for the servers' role, whose credentials the application may then fetch", list, late=True
    )
    egress: list[str] = setting(
        "ways out besides HTTPS: host:port (opens the port everywhere), network:port, or ids of security groups", list
    )
    drain_seconds: int = setting(
        "seconds that requests under way have when a server stops, 0 to 3600; a connection may be silent as long, at "
        "least 60",
        DEFAULT_DRAIN_SECONDS,
        minimum=0,
    )
    log_days: int = setting("days that CloudWatch Logs keeps the servers' logs", DEFAULT_LOG_RETENTION_DAYS)


@dataclass(frozen=True)
class Servers:
    """The fleet of each region."""

    instance_type: str = setting("EC2 instance type", "t4g.small")
    further_instance_types: list[str] = setting(
        "instance types for servers where that one is not to be had, the preferred first, of its architecture and of "
        "like size",
        list,
    )
    image: str | None = setting(
        "AMI id, or an SSM parameter that holds one, looked up once and pinned; by default Amazon Linux 2023 for the "
        "instance type's architecture",
        None,
    )
    image_release: str = setting(
        "any text; a new one looks the SSM parameter up again and replaces the servers", DEFAULT_RELEASE
    )
    build: bool = setting(
        "build an image with the application in it, by EC2 Image Builder, from `image`: tried, encrypted, in both "
        "regions before a server starts from it; by `up`, when package or base change, in 20 to 40 minutes. A server "
        "then boots without asking anything outside its region",
        False,
    )
    build_subnet: str | None = setting(
        "id of a subnet with a way to the internet in the primary's region, for the instances that build and try; by "
        "default one of the account's default VPC",
        None,
    )
    build_vpc: str | None = setting("id of that subnet's VPC", None)
    keep_images: int = setting(
        f"images that are kept for the way back, this one included, {FEWEST_KEPT} to {MOST_KEPT}; older ones are "
        "deleted unless a server was started from one in the last 30 days",
        DEFAULT_KEEP,
    )
    minimum: int = setting("servers that always run; enough to lose a zone", 3)
    maximum: int = setting("most servers that scaling starts", 9)
    requests_per_target: int = setting(
        "requests per minute and server that scaling aims at", DEFAULT_REQUESTS_PER_TARGET, minimum=1
    )
    cpu_target: int = setting("average CPU utilization in per cent that scaling aims at", DEFAULT_CPU_TARGET, minimum=1)
    disk_size: int = setting("GiB of the encrypted root disk", DEFAULT_DISK_SIZE, minimum=SMALLEST_DISK)
    boot_seconds: int = setting(
        "seconds from a server's launch until it serves, with a margin", DEFAULT_BOOT_SECONDS, minimum=30
    )
    load: int | None = setting(
        "servers that carry the full load; by default those that a lost zone leaves of the minimum, and in a failover, "
        "which waits for them, as large a part of what the primary ran",
        None,
        minimum=1,
    )


@dataclass(frozen=True)
class Release:
    """How a new version of the servers is brought out."""

    order: str = setting(
        "which region is released first: standby-first (after the primary if it runs no servers), at-once, or one "
        "alone: only-standby, only-primary; the other one then keeps its version",
        Order.STANDBY_FIRST.value,
        one_of=Order,
    )
    bake_seconds: int = setting(
        "seconds that alarms are watched after the last server of a region was replaced, before the next region",
        DEFAULT_BAKE_SECONDS,
    )
    canary_percent: int | None = setting(
        "per cent of a region's servers, and so of its traffic, that get the new version first; by default all in one "
        "go",
        None,
    )
    canary_seconds: int = setting("seconds that these serve beside the others", DEFAULT_CANARY_SECONDS)
    versions: dict[str, int] = setting(
        "version of the launch template to go back to, by region: {primary: 3, standby: 4}; later changes are not "
        "released until it is taken away",
        dict,
    )


@dataclass(frozen=True)
class Sessions:
    """The session store of each region."""

    node_type: str | None = setting(
        f"node type; by default {elasticache_rules.DEFAULT_NODE_TYPE} (a standby needs a large one or more), or with "
        f"durable {memorydb_rules.DEFAULT_NODE_TYPE} ({memorydb_rules.DEFAULT_MULTI_REGION_NODE_TYPE} with a standby)",
        None,
    )
    nodes: int = setting(
        f"nodes, in different zones; {limits.FEWEST_NODES} to {limits.MOST_NODES}", limits.DEFAULT_NODES
    )
    snapshot_retention_days: int = setting(
        f"days that daily snapshots are kept; 1 to {limits.MOST_RETENTION_DAYS}",
        limits.DEFAULT_RETENTION_DAYS,
        minimum=1,
    )
    ttl: int = setting(f"seconds until an idle session expires; 60 to {LONGEST_SESSION}", 3600, minimum=60)
    durable: bool = setting("MemoryDB instead of ElastiCache: an acknowledged write survives the loss of a zone", False)


@dataclass(frozen=True)
class Database:
    """An Aurora PostgreSQL cluster in each region that has a cluster."""

    instance_class: str = setting(
        "Aurora instance class; a global database needs r5 or later", database.DEFAULT_INSTANCE_CLASS
    )
    instances: int = setting(
        f"a writer and its readers, in different zones; {database.FEWEST_INSTANCES} to {database.MOST_INSTANCES}",
        database.FEWEST_INSTANCES,
    )
    name: str = setting("name of the database", database.DEFAULT_DATABASE_NAME)
    restored: dict[str, str] = setting(
        "databases that are made beside it from a backup, by a name of your own: a time in UTC to restore to, like "
        "2026-11-29T10:15:00Z (of the database before it in this list), or a cluster snapshot's ARN",
        dict,
    )
    serving: str | None = setting(
        "the one of `restored` that the servers use; by default the first database, which is not restored", None
    )
    keep_first: bool = setting(
        "keep the first database while a restored one serves; false removes it, with a final snapshot", True
    )
    backup_retention_days: int = setting(
        f"days of point-in-time recovery; 1 to {database.MOST_RETENTION_DAYS}", database.DEFAULT_RETENTION_DAYS
    )


@dataclass(frozen=True)
class Storage:
    """An EFS file system in each region that has a cluster, mounted by the servers."""

    path: str = setting("directory that the servers mount it at", "/srv/ha-web")
    show_restored: bool = setting(
        "a second access point, through which servers can mount what AWS Backup has restored beside the files", False
    )


@dataclass(frozen=True)
class Waf:
    """A web ACL in front of an Application Load Balancer. It also blocks bodies above 8 KB."""

    rate_limit: int = setting(
        "requests in 5 minutes from one address before it is blocked", DEFAULT_RATE_LIMIT, minimum=LOWEST_RATE_LIMIT
    )


@dataclass(frozen=True)
class Autoshift:
    """AWS keeps users out of a zone that it finds impaired, and practises about once a week, for half an hour."""

    windows: list[str] = setting(
        "when AWS may begin to practise, in UTC and each within a day, such as Mon:09:00-Mon:17:00; by default at any "
        "time",
        list,
    )


@dataclass(frozen=True)
class OriginCertificate:
    """The client certificate that Cloudflare presents to the load balancers."""

    authority: str = setting("the certificate authority (PEM) that the load balancers accept")
    certificate: str = setting("the certificate (PEM)", late=True)
    private_key: str = setting("its private key (PEM), a secret of the stack file", late=True)


@dataclass(frozen=True)
class Cloudflare:
    """The Cloudflare zone in front of the load balancers."""

    account_id: str = setting("id of the Cloudflare account")
    zone_id: str = setting("id of the Cloudflare zone that the name is in")
    mode: str = setting(
        "proxy (all traffic goes through Cloudflare) or delegate (Cloudflare only delegates the name to Route 53)",
        CloudflareMode.PROXY.value,
        one_of=CloudflareMode,
    )
    parent_zone: str | None = setting("with delegate: the Cloudflare zone that the hosted zone is a subdomain of", None)
    plan: str = setting(
        "the subscription: add-on, traffic-steering or enterprise; load balancing is a paid add-on",
        CloudflarePlan.ADD_ON.value,
        one_of=CloudflarePlan,
    )
    steering: str | None = setting(
        "failover, random, latency or geo; by default failover, or random in active-active",
        None,
        one_of=CloudflareSteering,
    )
    interval: int = setting(
        "seconds between health checks; at least 15, or 10 with enterprise", Monitor.interval, minimum=5
    )
    retries: int = setting("further tries, at once, after a time-out; 0 to 5", Monitor.retries, minimum=0)
    timeout: int = setting("seconds to wait for an answer; 1 to 10", Monitor.timeout, minimum=1)
    path: str = setting("path of the request, which must fail where the session store takes no writes", Monitor.path)
    origin_certificate: OriginCertificate | None = setting(
        "a client certificate of your own: {authority, certificate, privateKey}; by default Cloudflare's, which the "
        "zones of all its customers present",
        None,
    )
    manage_zone: bool = setting("set the zone's TLS settings and HSTS, which hold for every name in it", True)
    lock_origins: bool = setting(
        "let only Cloudflare reach the load balancers; false for the `up` before the name moves to Cloudflare", True
    )


@dataclass(frozen=True)
class GameDay:
    """What experiments break in the primary, and for how long."""

    zone: str | None = setting("id of the Availability Zone that is lost, such as euw1-az1; by default the first", None)
    minutes: int = setting(
        f"minutes that what can be undone lasts; 1 to {game_day.MOST_MINUTES}", game_day.DEFAULT_MINUTES, minimum=1
    )


@dataclass(frozen=True)
class Backup:
    """Retention of backups, in the primary and, as copies, in the standby region."""

    continuous_days: int = setting(
        f"days of point-in-time recovery; 0 (off) to {CONTINUOUS_DAYS}", DEFAULT_CONTINUOUS_DAYS, minimum=0
    )
    hourly_days: int = setting("days that hourly backups are kept", DEFAULT_HOURLY_DAYS, minimum=1)
    daily_days: int = setting("days that daily backups are kept", DEFAULT_DAILY_DAYS, minimum=1)
    monthly_days: int = setting("days that monthly backups are kept", DEFAULT_MONTHLY_DAYS, minimum=1)
    lock_after_days: int | None = setting(
        "days until the vaults' lock is final: then nobody, not even AWS, can shorten retention (compliance mode); "
        f"{COOLING_OFF_DAYS} or more; by default administrators still can (governance mode)",
        None,
        minimum=COOLING_OFF_DAYS,
    )
    lock_minimum_days: int | None = setting(
        "shortest retention in days that a locked vault takes; final with the lock", None
    )
    lock_maximum_days: int | None = setting(
        "longest retention in days that a locked vault takes; final with the lock", None
    )
    air_gapped: bool = setting("also copy daily and monthly backups into a logically air-gapped vault", False)
    restore_testing: bool = setting("restore a backup of each kind weekly, check it and delete it", True)
    audit: bool = setting(
        "controls and daily reports of AWS Backup Audit Manager; only where AWS Config already records backup plans, "
        "vaults, recovery points and what is backed up, in each region: otherwise the `up` fails",
        False,
    )
    break_glass_roles: list[str] = setting(
        "ARNs of IAM roles that may delete the vaults' keys even under deletionProtection", list
    )

    @property
    def rules(self) -> list[BackupRuleArgs]:
        """Rules of the backup plan for all but databases."""
        return usual_rules(*self._kept, air_gapped=self.air_gapped)

    def database_rules(self, copied_to: list[str] | None = None) -> list[BackupRuleArgs]:
        """Return the rules of the databases' backup plan, whose copies go to these regions; None for both."""
        return usual_database_rules(*self._kept, air_gapped=self.air_gapped, copied_to=copied_to)

    @property
    def _kept(self) -> tuple[int, int, int, int]:
        return self.hourly_days, self.daily_days, self.monthly_days, self.continuous_days

    @property
    def lock(self) -> BackupLockArgs:
        """Retention that the vaults accept, and whether that can be changed."""
        limits = {
            "changeable_for_days": self.lock_after_days,
            "min_retention_days": self.lock_minimum_days,
            "max_retention_days": self.lock_maximum_days,
        }
        return cast(BackupLockArgs, {key: value for key, value in limits.items() if value is not None})
