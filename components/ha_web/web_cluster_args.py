"""Arguments of a cluster's blocks: those of the components, without the ones that the cluster sets itself.

The descriptions are repeated in short, because Pulumi's schema takes them from the class that has the field; a test
compares the fields with the components'.
"""

from typing import NotRequired, TypedDict

import pulumi

from ha_web.database.args import RestoredFromArgs, SecondaryDatabaseArgs
from ha_web.fleet.application import FleetApplicationArgs
from ha_web.fleet.server_role import FileSystemAccessArgs
from ha_web.load_balancer.client_certificates import ClientCertificatesArgs
from ha_web.load_balancer.health_check import HealthCheckArgs
from ha_web.load_balancer.protocols import BalancerType, Protocol
from ha_web.load_balancer.web_acl import WafArgs
from ha_web.network.routes import Nat
from ha_web.release.preferences import ReleaseSettingsArgs
from ha_web.sessions.elasticache import SecondarySessionsArgs
from ha_web.sessions.memorydb import DurableSecondaryArgs
from ha_web.storage.shared_storage import StorageReplicaArgs


class WebSessionsArgs(TypedDict):
    """Arguments of the cluster's session store on ElastiCache; see SessionStore."""

    node_type: NotRequired[pulumi.Input[str]]
    """ElastiCache node type. Default `cache.m7g.large`."""
    nodes: NotRequired[int]
    """Number of nodes: a primary and its replicas, 2 to 6. Default 2."""
    snapshot_retention_days: NotRequired[int]
    """Days that the daily snapshots are kept, 1 to 35. Default 7."""
    snapshot_window: NotRequired[str]
    """Time of the daily snapshot, `hh:mm-hh:mm` in UTC. Default 03:00-04:00."""
    maintenance_window: NotRequired[str]
    """Time in which AWS may patch, `ddd:hh:mm-ddd:hh:mm` in UTC. Default sun:04:30-sun:05:30."""
    final_snapshot_name: NotRequired[pulumi.Input[str]]
    """Name of a snapshot that is taken when the store is destroyed or replaced. Default: none."""
    notification_topic_arn: NotRequired[pulumi.Input[str]]
    """ARN of an SNS topic that gets ElastiCache's events: not an encrypted one. Default: none."""
    key_arn: NotRequired[pulumi.Input[str]]
    """ARN of a KMS key of this region. Default: a key of its own."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Other regions that get a replica of the secret, with the ARN of a KMS key there. Default: none."""
    in_global_datastore: NotRequired[bool]
    """True for the primary of a GlobalSessionStore. Default false."""
    secondary_of: NotRequired[SecondarySessionsArgs]
    """The global datastore that it joins as a secondary. Default: a store of its own."""


class WebDurableSessionsArgs(TypedDict):
    """Arguments of the cluster's session store on MemoryDB; see DurableSessionStore."""

    node_type: NotRequired[pulumi.Input[str]]
    """MemoryDB node type. Default db.r7g.large; in a multi-Region cluster db.r7g.xlarge."""
    nodes: NotRequired[int]
    """Number of nodes: a primary and its replicas, 2 to 6. Default 2."""
    snapshot_retention_days: NotRequired[int]
    """Days that the daily snapshots are kept, 1 to 35. Default 7."""
    snapshot_window: NotRequired[str]
    """Time of the daily snapshot, `hh:mm-hh:mm` in UTC. Default 03:00-04:00."""
    maintenance_window: NotRequired[str]
    """Time in which AWS may patch, `ddd:hh:mm-ddd:hh:mm` in UTC. Default sun:04:30-sun:05:30."""
    final_snapshot_name: NotRequired[pulumi.Input[str]]
    """Name of a snapshot that is taken when the store is destroyed or replaced. Default: none."""
    notification_topic_arn: NotRequired[pulumi.Input[str]]
    """ARN of an SNS topic that gets MemoryDB's events. Default: none."""
    key_arn: NotRequired[pulumi.Input[str]]
    """ARN of a KMS key of this region. Default: a key of its own."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Other regions that get a replica of the secret, with the ARN of a KMS key there. Default: none."""
    deletion_protection: NotRequired[bool]
    """True to have the engine refuse, at preview, to delete or replace it. Default false."""
    secondary_of: NotRequired[DurableSecondaryArgs]
    """For the store of a second region: the primary's user and password, which it shares."""
    multi_region_cluster_name: NotRequired[pulumi.Input[str]]
    """Name of the multi-Region cluster that it joins, an output of MultiRegionSessions. Taken at creation only."""


class WebDatabaseArgs(TypedDict):
    """Arguments of the cluster's database; see Database."""

    instance_class: NotRequired[str]
    """Aurora's instance class. Default db.r7g.large."""
    instances: NotRequired[int]
    """Number of instances: a writer and readers, 2 to 16. Default 2."""
    database_name: NotRequired[str]
    """Name of the database that is created with the cluster. Default "app"."""
    engine_version: NotRequired[str]
    """Version of Aurora PostgreSQL at creation. Default 17.7. Ignored afterwards."""
    key_arn: NotRequired[pulumi.Input[str]]
    """ARN of a KMS key of this region. Default: a key of its own."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Other regions that get a replica of the secret, with the ARN of a KMS key there. Default: none."""
    backup_retention_days: NotRequired[int]
    """Days of point-in-time recovery, 1 to 35. Default 14."""
    deletion_protection: NotRequired[bool]
    """True to let AWS refuse its deletion. Default true."""
    secondary_of: NotRequired[SecondaryDatabaseArgs]
    """The global database of another region that it joins as a secondary. Default: a database of its own."""
    restored_from: NotRequired[RestoredFromArgs]
    """Backup that it begins with. Default: none."""
    write_forwarding: NotRequired[bool]
    """True to let a secondary forward writes to the primary. Default false."""


class WebStorageArgs(TypedDict):
    """Arguments of the file system that the cluster's servers mount; see SharedStorage."""

    key_arn: pulumi.Input[str]
    """ARN of the KMS key of this region that encrypts the files."""
    shows_restored: NotRequired[bool]
    """True to let servers mount what AWS Backup has restored beside the files. Default false."""
    receives_replica: NotRequired[bool]
    """True to let it take the replica of another file system. Default false."""
    replicate_to: NotRequired[StorageReplicaArgs]
    """File system of another region that all files are replicated to. Default: none."""


class WebNetworkArgs(TypedDict):
    """Arguments of the cluster's network; see Network."""

    cidr: str
    """IPv4 range of the VPC, /16 to /22."""
    zones: NotRequired[int]
    """Number of zones, 2 to 6. Default 3."""
    zone_ids: NotRequired[list[str]]
    """Ids of the zones to use, like `euw1-az1`. Default: chosen by `zones`."""
    nat: NotRequired[Nat]
    """NAT gateways that servers reach the internet through. Default `per-zone`. With `none`, servers reach S3 and the
    services of `endpoints` alone: their image must have everything in it (ServerImage)."""
    endpoints: NotRequired[list[str]]
    """AWS services that servers reach inside the VPC by interface endpoints, like `secretsmanager`. Default: none."""
    flow_log_retention_days: NotRequired[int]
    """Days that CloudWatch Logs keeps the flow logs. Default 30."""


class WebLoadBalancerArgs(TypedDict):
    """Arguments of the cluster's load balancer; see LoadBalancer."""

    protocol: NotRequired[Protocol]
    """Protocol between clients and the load balancer. Default `https`."""
    type: NotRequired[BalancerType]
    """`application` or `network`. Default: the type that the protocol needs."""
    certificate_arn: NotRequired[pulumi.Input[str]]
    """ARN of an ACM certificate of this region. Required by https, http2, grpc and tls."""
    port: NotRequired[int]
    """Port that clients connect to. Default 443 with TLS, 80 for HTTP; TCP and UDP have none."""
    target_port: NotRequired[int]
    """Port that the application listens on. Default 8080."""
    tls_to_servers: NotRequired[bool]
    """True to speak TLS to the servers, on their application's `tls_port`. Default false. On a site that has users,
    first deploy `tls_port`, then this."""
    health_check: NotRequired[HealthCheckArgs]
    """Health checks of the servers. Default: every 5 s; a server that fails is out after 10 s."""
    allowed_cidrs: NotRequired[list[str]]
    """CIDR ranges of the clients that may connect. Default: all, by IPv4 and IPv6."""
    client_certificates: NotRequired[ClientCertificatesArgs]
    """Certificates that clients must present (mutual TLS), for a proxy in front. Default: none."""
    deregistration_delay: NotRequired[int]
    """Seconds that a server which is taken out has to finish its requests. Default: the application's
    `drain_seconds`, 30."""
    idle_timeout: NotRequired[int]
    """Seconds that a connection may be silent, 1 to 4000. Default 60; with an application that drains for longer, as
    long."""
    client_keep_alive: NotRequired[int]
    """Seconds after which a client must connect anew, 60 to 604800. Default 60: it finds out where DNS sends it."""
    sticky_session_seconds: NotRequired[int]
    """Seconds that a client stays with one server. Default: no stickiness, because sessions are shared."""
    waf: NotRequired[WafArgs]
    """Web ACL of AWS WAF in front of the load balancer. Default: none."""
    reserved_capacity_units: NotRequired[int]
    """LCUs that the load balancer has at any time, 100 or more. Default: none, it scales with its traffic."""
    deletion_protection: NotRequired[bool]
    """True to let AWS refuse the deletion of the load balancer and its logs. Default true; set it to false, and run
    `pulumi up`, before `pulumi destroy`."""
    dual_stack: NotRequired[bool]
    """True to let clients connect by IPv6, too. Default true (false for UDP)."""


class WebFleetArgs(TypedDict):
    """Arguments of the cluster's servers; see Fleet."""

    instance_type: str
    """EC2 instance type, like `t4g.small` or `m7g.large`."""
    further_instance_types: NotRequired[list[str]]
    """Instance types where that one is not to be had, the preferred first, of its architecture. Default: none."""
    application: NotRequired[FleetApplicationArgs]
    """Application as a release that servers fetch, install and start. Default: none; `start_script` is needed."""
    start_script: NotRequired[pulumi.Input[str]]
    """Script that installs and starts the application, with a `#!` line, in place of `application`."""
    environment: NotRequired[dict[str, pulumi.Input[str]]]
    """Environment variables of the application, besides those that the cluster sets (see WebCluster)."""
    image: NotRequired[str]
    """Id of an image, or path of the SSM parameter that holds one. Default: Amazon Linux 2023."""
    image_id: NotRequired[pulumi.Input[str]]
    """Id of an image that is an output of another resource, such as an ImageCopy; in place of `image`."""
    image_release: NotRequired[str]
    """Any string; a new one looks the SSM parameter up again and replaces the servers. Default `1`."""
    security_group_ids: NotRequired[list[pulumi.Input[str]]]
    """Ids of further security groups for the servers. Default: only the client groups of the cluster's own blocks."""
    secret_arns: NotRequired[list[pulumi.Input[str]]]
    """ARNs of further secrets that servers may read. Default: only those of the cluster's own blocks."""
    key_arns: NotRequired[list[pulumi.Input[str]]]
    """ARNs of the KMS keys of these secrets. Default: only those of the cluster's own blocks."""
    file_systems: NotRequired[list[FileSystemAccessArgs]]
    """Further file systems that servers may mount. Default: only the cluster's storage, if there is one."""
    minimum: NotRequired[int]
    """Smallest number of servers. Default: one a zone."""
    maximum: NotRequired[int]
    """Largest number of servers. Default: four times the minimum."""
    idle: NotRequired[bool]
    """True to run no server until a failover raises the group's minimum: the fleet of a pilot light. Default false."""
    requests_per_target: NotRequired[int]
    """Requests a minute and server that scaling aims at. Default 1,000. Behind a network load balancer, which counts no
    requests, the fleet scales by CPU alone."""
    cpu_target: NotRequired[int]
    """Average CPU utilization that scaling aims at, in percent. Default 50."""
    boot_seconds: NotRequired[int]
    """Seconds from the launch of a server until it serves, with some to spare. Default 180."""
    disk_size: NotRequired[int]
    """Size of the root disk in GiB. Default 20."""
    root_device: NotRequired[str]
    """Device name of the image's root disk. Default `/dev/xvda`."""
    release: NotRequired[ReleaseSettingsArgs]
    """How a new version of the servers is brought out, see Release. Default: all in one go, judged by health checks."""
    release_apart: NotRequired[bool]
    """True where a Release made apart brings new versions out. Default false: the fleet has a Release of its own."""


class WebClusterArgs(TypedDict):
    """A whole cluster in one AWS Region, block by block."""

    network: WebNetworkArgs
    """VPC, zones and NAT."""
    load_balancer: NotRequired[WebLoadBalancerArgs]
    """Load balancer that clients connect to. Default: HTTPS, which needs a certificate."""
    fleet: WebFleetArgs
    """Servers, and the application that runs on them."""
    sessions: NotRequired[WebSessionsArgs]
    """Session store on ElastiCache. Default: one with the defaults, unless `durable_sessions` is given."""
    durable_sessions: NotRequired[WebDurableSessionsArgs]
    """Session store on MemoryDB, in place of `sessions`. Default: none."""
    database: NotRequired[WebDatabaseArgs]
    """Aurora PostgreSQL database for the servers. Default: none."""
    restored_databases: NotRequired[dict[str, WebDatabaseArgs]]
    """Databases beside it, by name, that begin with a backup (`restored_from`): after damage to the data. Default:
    none."""
    serving_database: NotRequired[str]
    """Name of the restored database that the servers use. Default: `database`."""
    storage: NotRequired[WebStorageArgs]
    """EFS file system that the servers mount. Default: none."""
    region: NotRequired[str]
    """AWS Region of all resources. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources, besides their Name."""
