"""Arguments of a cluster's blocks: theirs, without what the cluster knows by itself.

The descriptions are repeated, in short, because a schema takes them from the very class; a test compares the fields.
"""

from typing import NotRequired, TypedDict

import pulumi

from ha_web.client_certificates import ClientCertificatesArgs
from ha_web.health_check import HealthCheckArgs
from ha_web.network_routes import Nat
from ha_web.protocols import BalancerType, Protocol
from ha_web.server_role import FileSystemAccessArgs
from ha_web.web_acl import WafArgs
from ha_web.web_data_args import WebDatabaseArgs, WebDurableSessionsArgs, WebSessionsArgs, WebStorageArgs


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
