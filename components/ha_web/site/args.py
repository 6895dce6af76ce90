"""Arguments of a Site, written by `make tables` from the settings' classes in `ha_web.site.model`.

One file because it is one table: what a Site takes.
"""

from typing import NotRequired, TypedDict

import pulumi

from ha_web.cloudflare.rules import CloudflareMode, CloudflarePlan, CloudflareSteering
from ha_web.load_balancer.protocols import BalancerType, Protocol, TlsToServers
from ha_web.network.routes import Nat
from ha_web.recovery.facts import Edge, Failback, Failover
from ha_web.recovery.strategy import Strategy
from ha_web.release.order import Order


class SiteRegionArgs(TypedDict):
    """One region of the site."""

    region: str
    """The AWS Region, such as eu-west-1."""
    cidr: str
    """The VPC's IPv4 network, /16 to /22, such as 10.0.0.0/16; networks of regions may not overlap."""
    zone_ids: NotRequired[list[str]]
    """The Availability Zones to use, by id, such as euw1-az1; by default AWS's first, but for those that it no longer
    extends; name those in use once there is data in them."""
    image: NotRequired[str]
    """This region's AMI id or SSM parameter; by default servers.image."""


class SiteStandbyArgs(TypedDict):
    """The region that takes over."""

    region: str
    """The AWS Region, such as eu-west-1."""
    cidr: str
    """The VPC's IPv4 network, /16 to /22, such as 10.0.0.0/16; networks of regions may not overlap."""
    zone_ids: NotRequired[list[str]]
    """The Availability Zones to use, by id, such as euw1-az1; by default AWS's first, but for those that it no longer
    extends; name those in use once there is data in them."""
    image: NotRequired[str]
    """This region's AMI id or SSM parameter; by default servers.image."""
    servers: NotRequired[int]
    """Servers that always run there; by default one a zone in a warm standby, the primary's minimum in active-active,
    none in a pilot light."""
    balancer_capacity: NotRequired[int]
    """LCUs that its load balancer has at any time, 100 or more, so that a failover doesn't find it scaled for no
    traffic; billed by the hour, used or not; by default none."""
    reserved_servers: NotRequired[int]
    """Servers for which EC2 capacity is reserved there, those that run included, so that a failover launches them
    whoever else wants some; paid for as if they ran; rounded up to the same number in each zone; by default none."""
    deletion_protection: NotRequired[bool]
    """deletion_protection of this region alone; false before a strategy that removes its cluster."""


class SiteOriginCertificateArgs(TypedDict):
    """The client certificate that Cloudflare presents to the load balancers."""

    authority: str
    """The certificate authority (PEM) that the load balancers accept."""
    certificate: pulumi.Input[str]
    """The certificate (PEM)."""
    private_key: pulumi.Input[str]
    """Its private key (PEM), a secret of the stack file."""


class SiteCloudflareArgs(TypedDict):
    """The Cloudflare zone in front of the load balancers."""

    account_id: str
    """Id of the Cloudflare account."""
    zone_id: str
    """Id of the Cloudflare zone that the name is in."""
    mode: NotRequired[CloudflareMode]
    """Proxy (all traffic goes through Cloudflare) or delegate (Cloudflare only delegates the name to Route 53). Default
    proxy."""
    parent_zone: NotRequired[str]
    """With delegate: the Cloudflare zone that the hosted zone is a subdomain of."""
    plan: NotRequired[CloudflarePlan]
    """The subscription: add-on, traffic-steering or enterprise; load balancing is a paid add-on. Default add-on."""
    steering: NotRequired[CloudflareSteering]
    """Failover, random, latency or geo; by default failover, or random in active-active."""
    interval: NotRequired[int]
    """Seconds between health checks; at least 15, or 10 with enterprise. Default 15."""
    retries: NotRequired[int]
    """Further tries, at once, after a time-out; 0 to 5. Default 2."""
    timeout: NotRequired[int]
    """Seconds to wait for an answer; 1 to 10. Default 4."""
    path: NotRequired[str]
    """Path of the request, which must fail where the session store takes no writes. Default /readyz."""
    origin_certificate: NotRequired[SiteOriginCertificateArgs]
    """A client certificate of your own: {authority, certificate, private_key}; by default Cloudflare's, which the zones
    of all its customers present."""
    manage_zone: NotRequired[bool]
    """Set the zone's TLS settings and HSTS, which hold for every name in it. Default true."""
    lock_origins: NotRequired[bool]
    """Let only Cloudflare reach the load balancers; false for the `up` before the name moves to Cloudflare. Default
    true."""


class SiteHealthCheckArgs(TypedDict):
    """The load balancer's health checks of a server."""

    path: NotRequired[str]
    """Path of the request, which must not need the session store; /healthz by default."""
    matcher: NotRequired[str]
    """Status codes that pass, such as 200 or 200-299; 200 by default."""
    interval: NotRequired[int]
    """Seconds between checks, 5 to 300. Default 5."""
    timeout: NotRequired[int]
    """Seconds to wait for an answer; below the interval. Default 2."""
    healthy_threshold: NotRequired[int]
    """Passed checks in a row until a server gets traffic, 2 to 10. Default 2."""
    unhealthy_threshold: NotRequired[int]
    """Failed checks in a row until a server gets none, 2 to 10. Default 2."""


class SiteApplicationArgs(TypedDict):
    """The application that the servers run."""

    package: NotRequired[str]
    """Folder or archive with the application and its ha-web.yaml."""
    container: NotRequired[str]
    """Container image in place of a package: registry/repository@sha256:…, or a tag in ECR, which is looked up once and
    pinned; ECR must replicate it to the standby region."""
    image: NotRequired[str]
    """AMI id or SSM parameter of an image that has the application, as the systemd unit ha-web-app.service."""
    start_script: NotRequired[pulumi.Input[str]]
    """Script that installs and starts it, with a `#!` line; runs once, as root, at a server's first boot."""
    port: NotRequired[int]
    """Port that it listens on; by default the package's, or 8080."""
    environment: NotRequired[dict[str, pulumi.Input[str]]]
    """Environment variables of the application, besides those that the cluster sets."""
    secrets: NotRequired[dict[str, pulumi.Input[str]]]
    """ARNs of secrets or SSM parameters, by the name of the variable that has the value; servers may read these and no
    others, in their own region: a secret needs a replica in the standby's."""
    policies: NotRequired[list[pulumi.Input[str]]]
    """ARNs of IAM policies for the servers' role, whose credentials the application may then fetch."""
    egress: NotRequired[list[str]]
    """Ways out besides HTTPS: host:port (opens the port everywhere), network:port, or ids of security groups."""
    drain_seconds: NotRequired[int]
    """Seconds that requests under way have when a server stops, 0 to 3600; a connection may be silent as long, at least
    60. Default 30."""
    log_days: NotRequired[int]
    """Days that CloudWatch Logs keeps the servers' logs. Default 30."""


class SiteServersArgs(TypedDict):
    """The fleet of each region."""

    instance_type: NotRequired[str]
    """EC2 instance type. Default t4g.small."""
    further_instance_types: NotRequired[list[str]]
    """Instance types for servers where that one is not to be had, the preferred first, of its architecture and of like
    size."""
    image: NotRequired[str]
    """AMI id, or an SSM parameter that holds one, looked up once and pinned; by default Amazon Linux 2023 for the
    instance type's architecture."""
    image_release: NotRequired[str]
    """Any text; a new one looks the SSM parameter up again and replaces the servers. Default 1."""
    build: NotRequired[bool]
    """Build an image with the application in it, by EC2 Image Builder, from `image`: tried, encrypted, in both regions
    before a server starts from it; by `up`, when package or base change, in 20 to 40 minutes. A server then boots
    without asking anything outside its region. Default false."""
    build_subnet: NotRequired[str]
    """Id of a subnet with a way to the internet in the primary's region, for the instances that build and try; by
    default one of the account's default VPC."""
    build_vpc: NotRequired[str]
    """Id of that subnet's VPC."""
    keep_images: NotRequired[int]
    """Images that are kept for the way back, this one included, 2 to 100; older ones are deleted unless a server was
    started from one in the last 30 days. Default 5."""
    minimum: NotRequired[int]
    """Servers that always run; enough to lose a zone. Default 3."""
    maximum: NotRequired[int]
    """Most servers that scaling starts. Default 9."""
    requests_per_target: NotRequired[int]
    """Requests per minute and server that scaling aims at. Default 1000."""
    cpu_target: NotRequired[int]
    """Average CPU utilization in per cent that scaling aims at. Default 50."""
    disk_size: NotRequired[int]
    """GiB of the encrypted root disk. Default 20."""
    boot_seconds: NotRequired[int]
    """Seconds from a server's launch until it serves, with a margin. Default 180."""
    load: NotRequired[int]
    """Servers that carry the full load; by default those that a lost zone leaves of the minimum, and in a failover,
    which waits for them, as large a part of what the primary ran."""


class SiteReleaseArgs(TypedDict):
    """How a new version of the servers is brought out."""

    order: NotRequired[Order]
    """Which region is released first: standby-first (after the primary if it runs no servers), at-once, or one alone:
    only-standby, only-primary; the other one then keeps its version. Default standby-first."""
    bake_seconds: NotRequired[int]
    """Seconds that alarms are watched after the last server of a region was replaced, before the next region. Default
    300."""
    canary_percent: NotRequired[int]
    """Per cent of a region's servers, and so of its traffic, that get the new version first; by default all in one
    go."""
    canary_seconds: NotRequired[int]
    """Seconds that these serve beside the others. Default 600."""
    versions: NotRequired[dict[str, int]]
    """Version of the launch template to go back to, by region: {primary: 3, standby: 4}; later changes are not released
    until it is taken away."""


class SiteSessionsArgs(TypedDict):
    """The session store of each region."""

    node_type: NotRequired[str]
    """Node type; by default cache.m7g.large (a standby needs a large one or more), or with durable db.r7g.large
    (db.r7g.xlarge with a standby)."""
    nodes: NotRequired[int]
    """Nodes, in different zones; 2 to 6. Default 2."""
    snapshot_retention_days: NotRequired[int]
    """Days that daily snapshots are kept; 1 to 35. Default 7."""
    ttl: NotRequired[int]
    """Seconds until an idle session expires; 60 to 34560000. Default 3600."""
    durable: NotRequired[bool]
    """MemoryDB instead of ElastiCache: an acknowledged write survives the loss of a zone. Default false."""


class SiteDatabaseArgs(TypedDict):
    """An Aurora PostgreSQL cluster in each region that has a cluster."""

    instance_class: NotRequired[str]
    """Aurora instance class; a global database needs r5 or later. Default db.r7g.large."""
    instances: NotRequired[int]
    """A writer and its readers, in different zones; 2 to 16. Default 2."""
    name: NotRequired[str]
    """Name of the database. Default app."""
    restored: NotRequired[dict[str, str]]
    """Databases that are made beside it from a backup, by a name of your own: a time in UTC to restore to, like
    2026-11-29T10:15:00Z (of the database before it in this list), or a cluster snapshot's ARN."""
    serving: NotRequired[str]
    """The one of `restored` that the servers use; by default the first database, which is not restored."""
    keep_first: NotRequired[bool]
    """Keep the first database while a restored one serves; false removes it, with a final snapshot. Default true."""
    backup_retention_days: NotRequired[int]
    """Days of point-in-time recovery; 1 to 35. Default 14."""


class SiteStorageArgs(TypedDict):
    """An EFS file system in each region that has a cluster, mounted by the servers."""

    path: NotRequired[str]
    """Directory that the servers mount it at. Default /srv/ha-web."""
    show_restored: NotRequired[bool]
    """A second access point, through which servers can mount what AWS Backup has restored beside the files. Default
    false."""


class SiteWafArgs(TypedDict):
    """A web ACL in front of an Application Load Balancer. It also blocks bodies above 8 KB."""

    rate_limit: NotRequired[int]
    """Requests in 5 minutes from one address before it is blocked. Default 2000."""


class SiteAutoshiftArgs(TypedDict):
    """AWS keeps users out of a zone that it finds impaired, and practises about once a week, for half an hour."""

    windows: NotRequired[list[str]]
    """When AWS may begin to practise, in UTC and each within a day, such as Mon:09:00-Mon:17:00; by default at any
    time."""


class SiteBackupArgs(TypedDict):
    """Retention of backups, in the primary and, as copies, in the standby region."""

    continuous_days: NotRequired[int]
    """Days of point-in-time recovery; 0 (off) to 35. Default 14."""
    hourly_days: NotRequired[int]
    """Days that hourly backups are kept. Default 7."""
    daily_days: NotRequired[int]
    """Days that daily backups are kept. Default 35."""
    monthly_days: NotRequired[int]
    """Days that monthly backups are kept. Default 365."""
    lock_after_days: NotRequired[int]
    """Days until the vaults' lock is final: then nobody, not even AWS, can shorten retention (compliance mode); 3 or
    more; by default administrators still can (governance mode)."""
    lock_minimum_days: NotRequired[int]
    """Shortest retention in days that a locked vault takes; final with the lock."""
    lock_maximum_days: NotRequired[int]
    """Longest retention in days that a locked vault takes; final with the lock."""
    air_gapped: NotRequired[bool]
    """Also copy daily and monthly backups into a logically air-gapped vault. Default false."""
    restore_testing: NotRequired[bool]
    """Restore a backup of each kind weekly, check it and delete it. Default true."""
    audit: NotRequired[bool]
    """Controls and daily reports of AWS Backup Audit Manager; only where AWS Config already records backup plans,
    vaults, recovery points and what is backed up, in each region: otherwise the `up` fails. Default false."""
    break_glass_roles: NotRequired[list[str]]
    """ARNs of IAM roles that may delete the vaults' keys even under deletion_protection."""


class SiteGameDayArgs(TypedDict):
    """What experiments break in the primary, and for how long."""

    zone: NotRequired[str]
    """Id of the Availability Zone that is lost, such as euw1-az1; by default the first."""
    minutes: NotRequired[int]
    """Minutes that what can be undone lasts; 1 to 720. Default 10."""


class SiteArgs(TypedDict):
    """Arguments of a Site."""

    domain: str
    """The name that users type, such as www.example.com."""
    zone: str
    """The Route 53 hosted zone that the name is in, such as example.com."""
    primary: SiteRegionArgs
    """The region that serves: {region, cidr}."""
    standby: NotRequired[SiteStandbyArgs]
    """The region that takes over when the primary fails: {region, cidr}; by default none."""
    hosted_zone_id: NotRequired[pulumi.Input[str]]
    """Id of the hosted zone, for one that the same program makes; by default looked up by its name."""
    strategy: NotRequired[Strategy]
    """What runs in the standby region: backup-restore, pilot-light, warm-standby (the default) or active-active."""
    objectives: NotRequired[dict[str, dict[str, str]]]
    """The downtime and data loss that you accept, by failure (server, zone, region, corruption): {recovery: 60s,
    data_loss: 1m}; settings that can't meet them are refused at preview."""
    failover: NotRequired[Failover]
    """How a failover is started: automatic (by a function in the standby region), manual (by an operator) or
    region-switch (by AWS). Default manual."""
    failover_after: NotRequired[int]
    """Seconds of failure until the automation starts a failover; 10 to 300. Default 30."""
    failback: NotRequired[Failback]
    """How users return to the primary: manual (by an operator), or automatic where nothing has to be promoted. Default
    manual."""
    failover_roles: NotRequired[list[str]]
    """ARNs of the IAM roles that alone may move the switch by hand, the one that destroys the stack among them; by
    default all that may write to its bucket."""
    edge: NotRequired[Edge]
    """What sends users to a region: route53 or cloudflare. Default route53."""
    cloudflare: NotRequired[SiteCloudflareArgs]
    """Settings of edge cloudflare: {account_id, zone_id, …}."""
    zones: NotRequired[int]
    """Availability Zones in each region; 2 to 6. Default 3."""
    nat: NotRequired[Nat]
    """NAT gateways for the servers: per-zone, regional or one; none for servers that fetch nothing at their boot.
    Default per-zone."""
    endpoints: NotRequired[list[str]]
    """AWS services that servers reach inside the VPC, by interface endpoints in each zone, such as secretsmanager; by
    default none, or with nat none what a built image needs."""
    protocol: NotRequired[Protocol]
    """Protocol that users speak: http, https, websocket, tcp or tls; http2, grpc and udp are for applications that
    speak them (`protocols` in ha-web.yaml). Default https."""
    load_balancer: NotRequired[BalancerType]
    """Application or network; by default the one that carries the protocol."""
    port: NotRequired[int]
    """The port that users connect to; by default 80 or 443, as the protocol says; required for tcp and udp."""
    tls_to_servers: NotRequired[TlsToServers]
    """TLS between load balancer and servers: none, offered (servers take it, the load balancer doesn't use it yet:
    first, on a site that has users) or used. Default none."""
    health_check: NotRequired[SiteHealthCheckArgs]
    """The load balancer's health checks: {path, interval, timeout, …}."""
    certificates: NotRequired[dict[str, pulumi.Input[str]]]
    """ACM certificate ARN by region; by default certificates are requested."""
    application: NotRequired[SiteApplicationArgs]
    """What the servers run: {package, environment, secrets, …}, see docs/your-application.md; the program's default is
    the package in `app/`."""
    servers: NotRequired[SiteServersArgs]
    """The fleet: {instance_type, image, minimum, maximum, …}."""
    release: NotRequired[SiteReleaseArgs]
    """How a new version of the servers is brought out: {order, bake_seconds, …}."""
    sessions: NotRequired[SiteSessionsArgs]
    """The session store: {node_type, nodes, …}."""
    database: NotRequired[SiteDatabaseArgs]
    """A PostgreSQL database: {instance_class, instances, …}; {} for one with the defaults."""
    storage: NotRequired[SiteStorageArgs]
    """A shared file system: {path}; {} for one with the defaults."""
    sticky_sessions: NotRequired[int]
    """Seconds that a user stays on one server; by default off, since servers share the sessions."""
    client_keep_alive: NotRequired[int]
    """Seconds after which a client must connect anew to an application load balancer, however busy its connection is;
    60 to 604800: for so long a user may stay in a region that users have left; by default 60, as long as DNS answers
    are kept (AWS's is 3600)."""
    waf: NotRequired[SiteWafArgs]
    """A web ACL with AWS's managed rules, which refuse bodies above 8 KB, and a rate limit: {rate_limit}."""
    zonal_autoshift: NotRequired[SiteAutoshiftArgs]
    """AWS may keep users out of a zone that it finds impaired: {windows}; {} for the defaults; by default none, for it
    practises about weekly, and the other zones must carry the load then."""
    backup: NotRequired[SiteBackupArgs]
    """Retention of backups: {hourly_days, daily_days, monthly_days}."""
    measured: NotRequired[dict[str, float]]
    """Times that drills have measured, in seconds, by the name of the assumption in docs/recovery.md that each
    replaces; by default those of `measured.json`."""
    notify: NotRequired[list[str]]
    """E-mail addresses that alarms go to."""
    game_day: NotRequired[SiteGameDayArgs]
    """Experiments of AWS Fault Injection Service that break the primary, if started (`ha-web gameday`): {zone,
    minutes}; {} for the defaults; by default none."""
    dashboard: NotRequired[bool]
    """A CloudWatch dashboard of the site, linked by the text of each alarm; $3 a month. Default true."""
    resilience_hub: NotRequired[bool]
    """Declare the objectives at AWS Resilience Hub, too, which judges them when it is asked to (`ha-web hub`); AWS
    charges for that: https://aws.amazon.com/resilience-hub/pricing/. Default false."""
    deletion_protection: NotRequired[bool]
    """Refuse deletion of load balancers, databases, durable sessions and logs; false only to destroy the stack. Default
    true."""
    permissions_boundary: NotRequired[str]
    """ARN of an IAM policy that every role gets as its permissions boundary; by default none."""
    role_path: NotRequired[str]
    """Path of every role and instance profile, such as /site/; a new one replaces them; by default /."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources, at most 40; not Name and ha-web:backup."""
