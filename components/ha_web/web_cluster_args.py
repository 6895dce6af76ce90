"""Arguments of a cluster's blocks: theirs, without what the cluster knows by itself.

The descriptions are repeated, in short, because a schema takes them from the very class; a test compares the fields.
"""

from typing import NotRequired, TypedDict

import pulumi

from ha_web.database.args import SecondaryDatabaseArgs
from ha_web.fleet.server_role import FileSystemAccessArgs
from ha_web.load_balancer.client_certificates import ClientCertificatesArgs
from ha_web.load_balancer.health_check import HealthCheckArgs
from ha_web.load_balancer.protocols import BalancerType, Protocol
from ha_web.load_balancer.web_acl import WafArgs
from ha_web.network.routes import Nat
from ha_web.sessions.elasticache import SecondarySessionsArgs
from ha_web.sessions.memorydb import DurableSecondaryArgs
from ha_web.storage.shared_storage import StorageReplicaArgs


class WebSessionsArgs(TypedDict):
    """The cluster's session store; see SessionStore."""

    node_type: NotRequired[pulumi.Input[str]]
    """ElastiCache node type. Default `cache.m7g.large`."""
    nodes: NotRequired[int]
    """How many: a primary and its replicas, 2 to 6. Default 2."""
    snapshot_retention_days: NotRequired[int]
    """Days that the daily snapshots are kept, 1 to 35. Default 7."""
    snapshot_window: NotRequired[str]
    """When the daily snapshot is taken, `hh:mm-hh:mm` in UTC. Default 03:00-04:00."""
    maintenance_window: NotRequired[str]
    """When AWS may patch, `ddd:hh:mm-ddd:hh:mm` in UTC. Default sun:04:30-sun:05:30."""
    final_snapshot_name: NotRequired[pulumi.Input[str]]
    """Name of a snapshot that is taken when the store is destroyed or replaced. Default: none."""
    notification_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that hears of ElastiCache's events. Default: none."""
    key_arn: NotRequired[pulumi.Input[str]]
    """KMS key of this region. Default: a key of its own."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Other regions that get a replica of the secret, and the key there. Default: none."""
    in_global_datastore: NotRequired[bool]
    """Whether it is the primary of a GlobalSessionStore. Default false."""
    secondary_of: NotRequired[SecondarySessionsArgs]
    """Makes it a secondary of a global datastore. Default: a store of its own."""


class WebDurableSessionsArgs(TypedDict):
    """The cluster's session store on MemoryDB; see DurableSessionStore."""

    node_type: NotRequired[pulumi.Input[str]]
    """MemoryDB node type. Default db.r7g.large; in a multi-Region cluster db.r7g.xlarge."""
    nodes: NotRequired[int]
    """How many: a primary and its replicas, 2 to 6. Default 2."""
    snapshot_retention_days: NotRequired[int]
    """Days that the daily snapshots are kept, 1 to 35. Default 7."""
    snapshot_window: NotRequired[str]
    """When the daily snapshot is taken, `hh:mm-hh:mm` in UTC. Default 03:00-04:00."""
    maintenance_window: NotRequired[str]
    """When AWS may patch, `ddd:hh:mm-ddd:hh:mm` in UTC. Default sun:04:30-sun:05:30."""
    final_snapshot_name: NotRequired[pulumi.Input[str]]
    """Name of a snapshot that is taken when the store is destroyed or replaced. Default: none."""
    notification_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that hears of MemoryDB's events. Default: none."""
    key_arn: NotRequired[pulumi.Input[str]]
    """KMS key of this region. Default: a key of its own."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Other regions that get a replica of the secret, and the key there. Default: none."""
    secondary_of: NotRequired[DurableSecondaryArgs]
    """For the store of a second region: whose user and password it has."""
    multi_region_cluster_name: NotRequired[pulumi.Input[str]]
    """Output of `MultiRegionSessions`, which this store joins. Only at creation."""


class WebDatabaseArgs(TypedDict):
    """The cluster's database; see Database."""

    instance_class: NotRequired[str]
    """Aurora's instance class. Default db.r7g.large."""
    instances: NotRequired[int]
    """How many: a writer and readers, 2 to 16. Default 2."""
    database_name: NotRequired[str]
    """Name of the database that is made with the cluster. Default "web"."""
    engine_version: NotRequired[str]
    """Version of Aurora PostgreSQL at creation. Default 17.7. Ignored afterwards."""
    key_arn: NotRequired[pulumi.Input[str]]
    """ARN of the KMS key, of this region. Default: one of its own."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Regions that get a replica of the secret, each with the ARN of its own KMS key. Default: none."""
    backup_retention_days: NotRequired[int]
    """Days that any second can be restored of, 1 to 35. Default 7."""
    deletion_protection: NotRequired[bool]
    """Whether AWS refuses to delete it. Default true."""
    secondary_of: NotRequired[SecondaryDatabaseArgs]
    """Makes it a secondary of a global database in another region. Default: a database of its own."""
    write_forwarding: NotRequired[bool]
    """Whether a secondary hands writes on to the primary. Default false."""


class WebStorageArgs(TypedDict):
    """The file system that the cluster's servers mount; see SharedStorage."""

    key_arn: pulumi.Input[str]
    """KMS key of this region that encrypts the files."""
    receives_replica: NotRequired[bool]
    """Whether it is to hold the replica of another file system. Default false."""
    replicate_to: NotRequired[StorageReplicaArgs]
    """A file system of another region that gets all files. Default: none."""


class WebNetworkArgs(TypedDict):
    """The cluster's network; see Network."""

    cidr: str
    """IPv4 range of the VPC, /16 to /22."""
    zones: NotRequired[int]
    """How many zones, 2 to 6. Default 3."""
    zone_ids: NotRequired[list[str]]
    """Exactly these zones, by id, like `euw1-az1`. Default: picked by `zones`."""
    nat: NotRequired[Nat]
    """How servers reach the internet. Default `per-zone`. With `none`, the start script must need no internet."""
    flow_log_retention_days: NotRequired[int]
    """Days that flow logs are kept. Default 30."""


class WebLoadBalancerArgs(TypedDict):
    """The cluster's load balancer; see LoadBalancer."""

    protocol: NotRequired[Protocol]
    """What clients speak. Default `https`."""
    type: NotRequired[BalancerType]
    """`application` or `network`. Default: what carries the protocol."""
    certificate_arn: NotRequired[pulumi.Input[str]]
    """ACM certificate of this region. Needed by https, http2, grpc and tls."""
    port: NotRequired[int]
    """Port that clients connect to. Default 443 with TLS, 80 for HTTP; TCP and UDP have none."""
    target_port: NotRequired[int]
    """Port that servers listen on. Default 8080."""
    health_check: NotRequired[HealthCheckArgs]
    """How servers are checked. Default: every 5 s, out after 10 s."""
    allowed_cidrs: NotRequired[list[str]]
    """Networks that may connect. Default: everyone, by IPv4 and IPv6."""
    client_certificates: NotRequired[ClientCertificatesArgs]
    """Certificates that clients must show (mutual TLS), for a proxy in front. Default: none are asked for."""
    deregistration_delay: NotRequired[int]
    """Seconds that a server which leaves may finish its requests in. Default 30."""
    sticky_session_seconds: NotRequired[int]
    """How long a client stays with one server. Default: not at all, because sessions are shared."""
    waf: NotRequired[WafArgs]
    """A web ACL in front. Default: none."""
    deletion_protection: NotRequired[bool]
    """Whether AWS refuses to delete the balancer, and its logs. Default true; switch it off before leaving."""
    dual_stack: NotRequired[bool]
    """Whether clients may come by IPv6 too. Default true (false for UDP)."""


class WebFleetArgs(TypedDict):
    """The cluster's servers; see Fleet."""

    instance_type: str
    """EC2 instance type, like `t4g.small` or `m7g.large`."""
    start_script: pulumi.Input[str]
    """Script that installs and starts the application, with a `#!` line; all user data may have 16 KB."""
    environment: NotRequired[dict[str, pulumi.Input[str]]]
    """Settings of the application, besides those that the cluster gives it: SESSION_HOST, SESSION_PORT, SESSION_USER,
    SESSION_SECRET_ARN, HA_WEB_REGION and PORT."""
    image: NotRequired[str]
    """An image's id, or the SSM parameter that holds one. Default: Amazon Linux 2023."""
    image_id: NotRequired[pulumi.Input[str]]
    """An image's id that is known only later, like an ImageCopy's; in place of `image`."""
    image_release: NotRequired[str]
    """Any text; a new one resolves the parameter anew and rolls the fleet. Default `1`."""
    security_group_ids: NotRequired[list[pulumi.Input[str]]]
    """More security groups for the servers. Default: only the session store's client group."""
    secret_arns: NotRequired[list[pulumi.Input[str]]]
    """More secrets that servers may read. Default: only the session store's."""
    key_arns: NotRequired[list[pulumi.Input[str]]]
    """More KMS keys that servers may decrypt secrets with. Default: only the session store's."""
    file_systems: NotRequired[list[FileSystemAccessArgs]]
    """More file systems that servers may mount. Default: only the cluster's storage, if any."""
    minimum: NotRequired[int]
    """Fewest servers. Default: one a zone."""
    maximum: NotRequired[int]
    """Most servers. Default: four times the minimum."""
    idle: NotRequired[bool]
    """Whether no server runs until a failover raises the group's minimum: a pilot light's fleet. Default false."""
    requests_per_target: NotRequired[int]
    """Requests a minute that a server should get on average. Default 1,000. Behind a network load balancer, which
    counts no requests, only CPU is followed."""
    cpu_target: NotRequired[int]
    """Average CPU in percent. Default 50."""
    boot_seconds: NotRequired[int]
    """How long a server takes from launch until it serves, with room. Default 180."""
    disk_size: NotRequired[int]
    """GiB of the root disk. Default 16."""
    root_device: NotRequired[str]
    """Name of the image's root device. Default `/dev/xvda`."""


class WebClusterArgs(TypedDict):
    """Arguments of WebCluster, by block."""

    network: WebNetworkArgs
    """VPC, zones and ways out."""
    load_balancer: NotRequired[WebLoadBalancerArgs]
    """What clients connect to. Default: HTTPS, which needs a certificate."""
    fleet: WebFleetArgs
    """Servers and the application on them."""
    sessions: NotRequired[WebSessionsArgs]
    """The shared session store, on ElastiCache."""
    durable_sessions: NotRequired[WebDurableSessionsArgs]
    """The shared session store on MemoryDB, in place of `sessions`. Default: none."""
    database: NotRequired[WebDatabaseArgs]
    """A PostgreSQL database that the servers may reach. Default: none."""
    storage: NotRequired[WebStorageArgs]
    """A file system that the servers mount. Default: none."""
    region: NotRequired[str]
    """AWS region of everything. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything, besides its Name."""
