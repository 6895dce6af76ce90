"""Sessions that may not be lost: a MemoryDB cluster on Valkey, which logs every write in several zones."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.client_access import create_security_groups
from ha_web.core.credentials import create_credentials
from ha_web.core.limits import subnets_problem
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.sessions.common import ACCESS, CLUSTER_ACCESS_STRING, PORT, create_key
from ha_web.sessions.limits import (
    DEFAULT_MAINTENANCE_WINDOW,
    DEFAULT_NODES,
    DEFAULT_RETENTION_DAYS,
    DEFAULT_SNAPSHOT_WINDOW,
    store_id,
)
from ha_web.sessions.memorydb_rules import (
    DEFAULT_MULTI_REGION_NODE_TYPE,
    DEFAULT_NODE_TYPE,
    ENGINE,
    ENGINE_VERSION,
    MULTI_REGION_ENGINE_VERSION,
    PARAMETER_FAMILY,
    PARAMETERS,
    durable_node_id,
    durable_problems,
    multi_region_size_problems,
)


class DurableSecondaryArgs(TypedDict):
    """The first region's store, whose user and password this one gets, so that servers authenticate alike in both."""

    secret_arn: pulumi.Input[str]
    """ARN of the replica of that store's secret in this region."""
    password: pulumi.Input[str]
    """That store's output `password`."""
    user_name: pulumi.Input[str]
    """That store's output `user_name`."""


class DurableSessionStoreArgs(TypedDict):
    """Network, size and backups of the durable session store."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: list[pulumi.Input[str]]
    """Ids of subnets in at least two zones, preferably without a route to the internet (data subnets); the nodes are
    spread over them."""
    node_type: NotRequired[pulumi.Input[str]]
    """MemoryDB node type. Default db.r7g.large, the smallest current type that isn't burstable, or in a multi-Region
    cluster db.r7g.xlarge, the smallest that it takes. There it must be the type of that cluster, and is changed there
    by hand (see `MultiRegionSessionsArgs.node_type`).
    https://docs.aws.amazon.com/memorydb/latest/devguide/nodes.supportedtypes.html"""
    nodes: NotRequired[int]
    """Number of nodes, a primary and replicas, 2 to 6. Default 2: the fewest that keep serving when a zone is lost. No
    number loses a write, because the log is not on the nodes."""
    snapshot_retention_days: NotRequired[int]
    """Days to keep the daily snapshots, 1 to 35. Default 7. They protect from mistakes; no failure needs them."""
    snapshot_window: NotRequired[str]
    """Time of the daily snapshot, `hh:mm-hh:mm` in UTC, at least an hour. Default 03:00-04:00."""
    maintenance_window: NotRequired[str]
    """Time when AWS may patch, `ddd:hh:mm-ddd:hh:mm` in UTC, at least an hour, and not during the snapshot window.
    Default sun:04:30-sun:05:30."""
    final_snapshot_name: NotRequired[pulumi.Input[str]]
    """Name of a snapshot that is taken when the store is destroyed or replaced. To set it, run `pulumi up` before
    `pulumi destroy`. A name can be used once. Default: none."""
    notification_topic_arn: NotRequired[pulumi.Input[str]]
    """ARN of an SNS topic for MemoryDB's events (failover, replaced node). Default: none."""
    key_arn: NotRequired[pulumi.Input[str]]
    """ARN of a KMS key in this region for nodes, snapshots and the secret. Default: a new key of the component."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Other regions that get a replica of the secret, with a KMS key there: `{region: key ARN}`. Default: none."""
    deletion_protection: NotRequired[bool]
    """Have the engine refuse, at preview, to delete or replace the cluster: MemoryDB itself has no such protection, and
    joining a multi-Region cluster replaces it. To destroy it, set false and run `pulumi up` first. Default false."""
    secondary_of: NotRequired[DurableSecondaryArgs]
    """For the store of a second region: the first region's credentials. It creates no secret then. Default: a user and
    secret of its own."""
    multi_region_cluster_name: NotRequired[pulumi.Input[str]]
    """Name of the multi-Region cluster that it joins (`MultiRegionSessions`). Only at creation: a change replaces the
    store. Default: none."""
    region: NotRequired[str]
    """AWS Region of everything here. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class DurableSessionStore(pulumi.ComponentResource):
    """A MemoryDB cluster for web sessions that may not be lost, with the outputs of `SessionStore`.

    **Durability.** MemoryDB acknowledges a write once it is in a transaction log in several zones. So losing a node, a
    zone or all nodes loses no session, and a replica becomes the primary only once it has all of the log. AWS says that
    writes continue after "typically just a few seconds" and gives no upper bound. For several regions see
    `MultiRegionSessions`. https://docs.aws.amazon.com/memorydb/latest/devguide/autofailover.html

    Always: one shard, nodes in at least two zones, TLS, encryption at rest with a customer managed key, one user with a
    generated password and only the permissions that sessions need, and daily snapshots. Only what has the security
    group `client_security_group_id` reaches it.

    **Clients** must use cluster mode, even with one shard: a replica answers a write with MOVED and the primary's name.

    **Secret.** `{"username": ..., "password": ...}`, as with SessionStore. MemoryDB's user names must be unique in the
    account and region, so the user name consists of project, stack and component. As with SessionStore, don't let AWS
    rotate the password where another region has a store: change it by hand (`aws memorydb update-user`), in both.

    **Holds state.** MemoryDB has no deletion protection, and AWS Backup doesn't support it: see `deletion_protection`
    and `final_snapshot_name`. A cluster joins a multi-Region cluster only when it is created: one that exists is
    replaced, and its sessions are lost, when `multi_region_cluster_name` is added or removed. AWS upgrades the engine,
    so the version is only used at creation, and in a multi-Region cluster the node type, too.

    Errors (ConfigurationError, at preview): an unknown key; fewer than 2 or more than 6 nodes; one subnet; a long name;
    a retention, a window or a node type that MemoryDB refuses; `secret_replicas` of a secondary, which has no secret.
    """

    cluster_name: pulumi.Output[str]
    """Name of the cluster (CloudWatch's ClusterName)."""
    primary_endpoint: pulumi.Output[str]
    """DNS name of the cluster, over TLS: any of its nodes, which tell clients where the primary is."""
    port: pulumi.Output[int]
    """TCP port."""
    user_name: pulumi.Output[str]
    """User name to authenticate with, the same in a second region's store."""
    password: pulumi.Output[str]
    """The password, as a secret, for the store of a second region."""
    secret_arn: pulumi.Output[str]
    """ARN of the secret with name and password, in this region. Known once the secret has its value."""
    key_arn: pulumi.Output[str]
    """ARN of the KMS key that encrypts nodes, snapshots and the secret."""
    security_group_id: pulumi.Output[str]
    """Security group of the nodes."""
    client_security_group_id: pulumi.Output[str]
    """Security group for the clients of the store."""
    node_ids: list[pulumi.Output[str]]
    """Names of the nodes (CloudWatch's NodeName), as many as `nodes`."""
    multi_region_cluster_name: pulumi.Output[str]
    """Name of the multi-Region cluster that it joined; empty if none. Known once it has joined: give it to the next
    region's store, which is then created after this one and deleted before it."""

    def __init__(self, name: str, args: DurableSessionStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:DurableSessionStore", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))

        self.key_arn = pulumi.Output.from_input(args.get("key_arn") or create_key(scope).arn)
        node_security, client_security = create_security_groups(scope, args["vpc_id"], PORT, ACCESS)
        self._take_or_create_password(scope, args)
        cluster = _create_cluster(scope, args, self.key_arn, node_security, _create_acl(scope, self))

        self.cluster_name = cluster.name
        self.primary_endpoint = cluster.cluster_endpoints.apply(_address)
        self.port = pulumi.Output.from_input(PORT)
        self.security_group_id = node_security.id
        self.client_security_group_id = client_security.id
        self.node_ids = [_node(cluster, number) for number in range(1, args.get("nodes", DEFAULT_NODES) + 1)]
        self.multi_region_cluster_name = cluster.multi_region_cluster_name.apply(lambda joined: joined or "")
        self.register_outputs({key: getattr(self, key) for key in DurableSessionStore.__annotations__})

    def _take_or_create_password(self, scope: Scope, args: DurableSessionStoreArgs) -> None:
        """Take the first region's user, or create one."""
        primary = args.get("secondary_of")
        if primary:
            self.user_name = pulumi.Output.from_input(primary["user_name"])
            self.password = pulumi.Output.secret(primary["password"])
            self.secret_arn = pulumi.Output.from_input(primary["secret_arn"])
            return
        user_name = store_id(pulumi.get_project(), pulumi.get_stack(), scope.name)
        version, self.password = create_credentials(
            scope,
            f"User of the session store {scope.name}",
            user_name,
            self.key_arn,
            args.get("secret_replicas", {}),
        )
        self.user_name = pulumi.Output.from_input(user_name)
        self.secret_arn = version.secret_arn


def _checked(name: str, args: DurableSessionStoreArgs) -> DurableSessionStoreArgs:
    problems = Problems(f'DurableSessionStore "{name}"')
    args = problems.checked(args, DurableSessionStoreArgs)
    node_type = args.get("node_type")
    known_type = node_type if isinstance(node_type, str) else None
    problems.add(
        *durable_problems(
            name,
            args.get("nodes", DEFAULT_NODES),
            args.get("snapshot_retention_days", DEFAULT_RETENTION_DAYS),
            args.get("snapshot_window", DEFAULT_SNAPSHOT_WINDOW),
            args.get("maintenance_window", DEFAULT_MAINTENANCE_WINDOW),
            known_type,
        )
    )
    if "multi_region_cluster_name" in args:
        problems.add(*multi_region_size_problems(known_type))
    problems.add(subnets_problem(args["subnet_ids"]))
    if args.get("secret_replicas") and "secondary_of" in args:
        problems.add("secret_replicas is given with secondary_of; a second region's store has no secret of its own")
    problems.raise_if_any()
    return args


def _node(cluster: "aws.memorydb.Cluster", number: int) -> pulumi.Output[str]:
    return cluster.name.apply(lambda name: durable_node_id(name, number))


def _address(endpoints: "Sequence[aws.memorydb.outputs.ClusterClusterEndpoint]") -> str:
    return str(endpoints[0].address)


def _create_acl(scope: Scope, store: DurableSessionStore) -> "aws.memorydb.Acl":
    """Create the one user, and an access control list with no other: without `default`, nobody connects without a
    name."""
    user = aws.memorydb.User(
        f"{scope.name}-user",
        user_name=store.user_name,
        access_string=CLUSTER_ACCESS_STRING,
        authentication_mode={"type": "password", "passwords": [store.password]},
        **scope.regional_args("user"),
    )
    return aws.memorydb.Acl(f"{scope.name}-acl", user_names=[user.user_name], **scope.regional_args("acl"))


def _create_cluster(
    scope: Scope,
    args: DurableSessionStoreArgs,
    key_arn: pulumi.Output[str],
    security_group: aws.ec2.SecurityGroup,
    acl: "aws.memorydb.Acl",
) -> "aws.memorydb.Cluster":
    subnets = aws.memorydb.SubnetGroup(
        f"{scope.name}-subnets",
        description=f"Session store {scope.name}",
        subnet_ids=args["subnet_ids"],
        **scope.regional_args("subnets"),
    )
    joins = "multi_region_cluster_name" in args
    # A multi-Region cluster sets the first three for all of its regions. A difference in the last one would replace the
    # store, whether AWS or a person switched it off.
    settled = ["engine_version", *(["node_type", "num_shards"] if joins else []), "auto_minor_version_upgrade"]
    return aws.memorydb.Cluster(
        f"{scope.name}-cluster",
        description=f"Sessions of {scope.name}",
        engine=ENGINE,
        engine_version=MULTI_REGION_ENGINE_VERSION if joins else ENGINE_VERSION,
        auto_minor_version_upgrade=None if joins else True,
        multi_region_cluster_name=args.get("multi_region_cluster_name"),
        node_type=args.get("node_type", DEFAULT_MULTI_REGION_NODE_TYPE if joins else DEFAULT_NODE_TYPE),
        port=PORT,
        num_shards=1,
        num_replicas_per_shard=args.get("nodes", DEFAULT_NODES) - 1,
        subnet_group_name=subnets.name,
        security_group_ids=[security_group.id],
        parameter_group_name=None if joins else _create_parameters(scope).name,
        acl_name=acl.name,
        tls_enabled=True,
        kms_key_arn=key_arn,
        snapshot_retention_limit=args.get("snapshot_retention_days", DEFAULT_RETENTION_DAYS),
        snapshot_window=args.get("snapshot_window", DEFAULT_SNAPSHOT_WINDOW),
        final_snapshot_name=args.get("final_snapshot_name"),
        maintenance_window=args.get("maintenance_window", DEFAULT_MAINTENANCE_WINDOW),
        sns_topic_arn=args.get("notification_topic_arn"),
        **scope.regional_args(
            "cluster", backed_up=True, ignore_changes=settled, protect=args.get("deletion_protection") or None
        ),
    )


def _create_parameters(scope: Scope) -> "aws.memorydb.ParameterGroup":
    return aws.memorydb.ParameterGroup(
        f"{scope.name}-parameters",
        description=f"Session store {scope.name}",
        family=PARAMETER_FAMILY,
        parameters=[{"name": parameter, "value": value} for parameter, value in PARAMETERS.items()],
        **scope.regional_args("parameters"),
    )
