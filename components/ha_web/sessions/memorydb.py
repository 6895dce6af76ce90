"""Sessions that may not be lost: a MemoryDB cluster on Valkey, whose every write is in a log over several zones."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.client_access import create_security_groups
from ha_web.core.credentials import create_credentials
from ha_web.core.limits import subnets_problem
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.sessions.common import ACCESS, ACCESS_STRING, PORT, create_key
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
    """Of which store this one is the second region's: with the same user and password, any server knows both."""

    secret_arn: pulumi.Input[str]
    """ARN of the replica of that store's secret in this region."""
    password: pulumi.Input[str]
    """That store's output `password`."""
    user_name: pulumi.Input[str]
    """That store's output `user_name`."""


class DurableSessionStoreArgs(TypedDict):
    """Where the durable session store stands and how large it is."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: list[pulumi.Input[str]]
    """Subnets for the nodes, in at least two zones; best those without a way out (data subnets)."""
    node_type: NotRequired[pulumi.Input[str]]
    """MemoryDB node type. Default db.r7g.large, the smallest current type whose CPU is not in credits; in a
    multi-Region cluster db.r7g.xlarge, the smallest that it has. There it must be that cluster's, and is changed there.
    https://docs.aws.amazon.com/memorydb/latest/devguide/nodes.supportedtypes.html"""
    nodes: NotRequired[int]
    """How many: a primary and its replicas, 2 to 6, spread over the subnets' zones. Default 2: the least that goes on
    serving when a zone is lost. No write is lost with any number: the log is not on the nodes."""
    snapshot_retention_days: NotRequired[int]
    """Days that the daily snapshots are kept, 1 to 35. Default 7. They are against mistakes: no failure needs them."""
    snapshot_window: NotRequired[str]
    """When the daily snapshot is taken, `hh:mm-hh:mm` in UTC, at least an hour. Default 03:00-04:00."""
    maintenance_window: NotRequired[str]
    """When AWS may patch, `ddd:hh:mm-ddd:hh:mm` in UTC, at least an hour, clear of the snapshot window. Default
    sun:04:30-sun:05:30."""
    final_snapshot_name: NotRequired[pulumi.Input[str]]
    """Name of a snapshot that is taken when the store is destroyed or replaced. It must be in the state before:
    `pulumi up`, then `pulumi destroy`. Default: none. A name can be used once."""
    notification_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that hears of MemoryDB's events (failover, replaced node). Default: none."""
    key_arn: NotRequired[pulumi.Input[str]]
    """KMS key of this region for nodes, snapshots and the secret. Default: a key of its own."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Other regions that get a replica of the secret, and the key there: `{region: key ARN}`. Default: none."""
    secondary_of: NotRequired[DurableSecondaryArgs]
    """For the store of a second region: whose user and password it has. It makes no secret of its own then."""
    multi_region_cluster_name: NotRequired[pulumi.Input[str]]
    """Output of `MultiRegionSessions`, which this store joins. Only at creation: a change replaces the store."""
    region: NotRequired[str]
    """AWS Region of everything here. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class DurableSessionStore(pulumi.ComponentResource):
    """A MemoryDB cluster for web sessions, with the outputs of `SessionStore`, for sessions that may not be lost.

    **What it promises.** A write is answered once it is in a transaction log in several zones: losing a node, a zone or
    all nodes loses no session, and a replica becomes primary only when it has all of the log. AWS says that writes go
    on after "typically just a few seconds" and names no bound. Regions: see `MultiRegionSessions`.
    https://docs.aws.amazon.com/memorydb/latest/devguide/autofailover.html

    Always: one shard, nodes in at least two zones, TLS, encryption at rest with a customer key, one user with a
    generated password and the rights that sessions need, daily snapshots. Who carries `client_security_group_id`
    reaches it, nobody else.

    **Clients** speak cluster mode, even with one shard: a replica answers a write with MOVED and the primary's name.

    **Secret.** `{"username": ..., "password": ...}` as with SessionStore. MemoryDB's users share one namespace an
    account and region, and the id is the name to log in with: it is made of project, stack and component.

    **Holds state.** MemoryDB has no deletion protection, and AWS Backup doesn't know it: see SessionStore for
    `protect`, and `final_snapshot_name`. Engine versions are AWS's to move; ours is used at creation only, and in a
    multi-Region cluster so is the node type.

    Errors (ConfigurationError, at preview): an unknown key; fewer than 2 or more than 6 nodes; one subnet; a long name;
    a retention, a window or a node type that MemoryDB refuses; `secret_replicas` of a secondary, which has no secret.
    """

    cluster_name: pulumi.Output[str]
    """Name of the cluster (CloudWatch's ClusterName)."""
    primary_endpoint: pulumi.Output[str]
    """DNS name of the cluster: any of its nodes, which says where the primary is. Over TLS."""
    port: pulumi.Output[int]
    """TCP port."""
    user_name: pulumi.Output[str]
    """Name to authenticate with; a second region's store has the same."""
    password: pulumi.Output[str]
    """The password, secret: for the store of a second region."""
    secret_arn: pulumi.Output[str]
    """ARN of the secret with name and password, in this region. Known once the secret has its value."""
    key_arn: pulumi.Output[str]
    """ARN of the KMS key that encrypts nodes, snapshots and the secret."""
    security_group_id: pulumi.Output[str]
    """Security group of the nodes."""
    client_security_group_id: pulumi.Output[str]
    """Security group to put on what may reach the store."""
    node_ids: list[pulumi.Output[str]]
    """Names of the nodes (CloudWatch's NodeName), as many as `nodes`."""
    multi_region_cluster_name: pulumi.Output[str]
    """The multi-Region cluster that it joined; empty if none. Known once it has joined, so the next region's store,
    made with it, comes after this one, and goes before it."""

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
        """The first region's user, or one of its own."""
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


def _create_key(scope: Scope) -> aws.kms.Key:
    return aws.kms.Key(
        f"{scope.name}-key",
        description=f"Sessions of {scope.name}: nodes, snapshots, password",
        enable_key_rotation=True,
        **scope.regional_args("key"),
    )


def _create_acl(scope: Scope, store: DurableSessionStore) -> "aws.memorydb.Acl":
    """The one user, and the list that has nobody else: without the user `default`, nobody enters unnamed."""
    user = aws.memorydb.User(
        f"{scope.name}-user",
        user_name=store.user_name,
        access_string=ACCESS_STRING,
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
    # What a multi-Region cluster decides for all its regions is given at creation and left alone after.
    settled = ["engine_version", "node_type", "num_shards"] if joins else ["engine_version"]
    return aws.memorydb.Cluster(
        f"{scope.name}-cluster",
        description=f"Sessions of {scope.name}",
        engine=ENGINE,
        engine_version=MULTI_REGION_ENGINE_VERSION if joins else ENGINE_VERSION,
        auto_minor_version_upgrade=True,
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
        **scope.regional_args("cluster", backed_up=True, ignore_changes=settled),
    )


def _create_parameters(scope: Scope) -> "aws.memorydb.ParameterGroup":
    return aws.memorydb.ParameterGroup(
        f"{scope.name}-parameters",
        description=f"Session store {scope.name}",
        family=PARAMETER_FAMILY,
        parameters=[{"name": parameter, "value": value} for parameter, value in PARAMETERS.items()],
        **scope.regional_args("parameters"),
    )
