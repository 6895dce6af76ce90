"""Sessions in memory that survive the loss of a zone: an ElastiCache replication group on Valkey."""

from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.client_access import create_security_groups
from ha_web.core.credentials import create_credentials
from ha_web.core.limits import subnets_problem
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.sessions.common import ACCESS, ACCESS_STRING, PORT, create_key
from ha_web.sessions.elasticache_rules import (
    DEFAULT_NODE_TYPE,
    global_datastore_problem,
    node_id,
    parameters,
    store_problems,
)
from ha_web.sessions.limits import (
    DEFAULT_MAINTENANCE_WINDOW,
    DEFAULT_NODES,
    DEFAULT_RETENTION_DAYS,
    DEFAULT_SNAPSHOT_WINDOW,
    store_id,
)

USER_NAME = "sessions"
ENGINE = "valkey"
ENGINE_VERSION = "8.2"
"""The newest of Valkey 8. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html"""
PARAMETER_FAMILY = "valkey8"

MOVED_BY_AWS = ["engine_version", "parameter_group_name", "auto_minor_version_upgrade"]
"""Properties that AWS changes outside of Pulumi: the version in the maintenance window; and when the store joins a
global datastore, the parameter group, which becomes a copy of AWS's own, and automatic minor upgrades, which are
switched off. A member can't switch them on again: "Cluster is part of a global cluster. Request rejected". A store that
leaves a global datastore is modified while it is still a member, so they are ignored whether it is one or not.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html
https://www.pulumi.com/registry/packages/aws/api-docs/elasticache/globalreplicationgroup/"""


class SecondarySessionsArgs(TypedDict):
    """The global datastore that a secondary joins, and the primary's credentials."""

    global_replication_group_id: pulumi.Input[str]
    """`GlobalSessionStore.global_replication_group_id`."""
    secret_arn: pulumi.Input[str]
    """ARN of the replica of the primary's secret in this region."""
    password: pulumi.Input[str]
    """`SessionStore.password` of the primary. The secondary's user gets the same one, so that a promotion changes
    nothing for clients."""


class SessionStoreArgs(TypedDict):
    """Network, size and backups of the session store."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: list[pulumi.Input[str]]
    """Ids of subnets in at least two zones, preferably without a route to the internet (data subnets); the nodes are
    spread over them."""
    node_type: NotRequired[pulumi.Input[str]]
    """ElastiCache node type. Default cache.m7g.large: the smallest current type that isn't burstable, as AWS recommends
    for production; cache.t4g.micro is enough for a trial.
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html"""
    nodes: NotRequired[int]
    """Number of nodes, a primary and replicas, 2 to 6. Default 2: the fewest that survive the loss of a zone. With 3
    there are still two copies while a lost node is replaced, and a former primary takes no writes when its zone comes
    back."""
    snapshot_retention_days: NotRequired[int]
    """Days to keep the daily snapshots, 1 to 35. Default 7. ElastiCache deletes them with the store: see
    `final_snapshot_name`."""
    snapshot_window: NotRequired[str]
    """Time of the daily snapshot, `hh:mm-hh:mm` in UTC, at least an hour. Default 03:00-04:00."""
    maintenance_window: NotRequired[str]
    """Time when AWS may patch, `ddd:hh:mm-ddd:hh:mm` in UTC, at least an hour, and not during the snapshot window.
    Default sun:04:30-sun:05:30."""
    final_snapshot_name: NotRequired[pulumi.Input[str]]
    """Name of a snapshot that is taken when the store is destroyed or replaced. To set it, run `pulumi up` before
    `pulumi destroy`. A name can be used once. Default: none, so that sessions end with their store."""
    notification_topic_arn: NotRequired[pulumi.Input[str]]
    """ARN of an SNS topic of this account and region for ElastiCache's events (failover, replaced node). ElastiCache
    publishes to no encrypted topic, so not to a NotificationTopic's; its policy has to let `*` publish on the condition
    `AWS:SourceOwner`, of this account. Otherwise ElastiCache makes the topic inactive and says nothing. Default: none.
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ECEvents.SNS.html"""
    key_arn: NotRequired[pulumi.Input[str]]
    """ARN of a KMS key in this region for nodes, snapshots and the secret. Default: a new key of the component."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Other regions that get a replica of the secret, with a KMS key there: `{region: key ARN}`. Default: none."""
    in_global_datastore: NotRequired[bool]
    """Declare it the primary of a GlobalSessionStore, which then manages the node type. Default false."""
    secondary_of: NotRequired[SecondarySessionsArgs]
    """Make it a secondary of a global datastore: node type, engine and parameters are the primary's. Only used at
    creation. Default: an independent store."""
    region: NotRequired[str]
    """AWS Region of everything here. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class SessionStore(pulumi.ComponentResource):
    """A Valkey replication group for web sessions: redundant, encrypted, and reachable by its clients only.

    Always: nodes in at least two zones, automatic failover, TLS, encryption at rest with a customer managed key, one
    user with a generated password and only the permissions that sessions need, and daily snapshots.

    Only what has the security group `client_security_group_id` reaches the store. The password is in Secrets Manager as
    `{"username": ..., "password": ...}`; a server needs permission to read `secret_arn` and to decrypt with `key_arn`.

    **Password.** In one region AWS can rotate it: an `up` resets neither a newer version of the secret nor a newer
    password of the user. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/User-Secrets-Manager.html
    Turn no rotation on where there is a secondary: each region's store has a user of its own, a rotation changes one,
    and servers would be refused after a failover. There, change it by hand: give both regions' users the old and the
    new password (`aws elasticache modify-user --passwords`), put the new one into the secret, and take the old one away
    once every server was replaced.

    **A zone that comes back.** ElastiCache promotes a replica when the primary's zone is cut off. If the zone heals
    before the former primary is replaced, servers there still have connections to it, and what they write is lost. With
    3 nodes or more a primary without a replica for 5 s refuses writes (`min-replicas-to-write`), and they connect anew.

    **Holds state.** ElastiCache has no deletion protection. Pass `opts=pulumi.ResourceOptions(protect=True)`, which
    applies to every child, to have the engine refuse deletion and replacement. It isn't the default because it would
    stop `pulumi destroy` of a rehearsal, too. The store has the tag for backups like everything that holds state, but
    AWS Backup doesn't support ElastiCache: the daily snapshots are its only backups.

    **Engine upgrades.** ElastiCache installs minor versions in the maintenance window, so the version is only used at
    creation and ignored afterwards. Otherwise a store that AWS has upgraded would look like a downgrade, which replaces
    it and loses every session. Upgrade to a new major version with `aws elasticache modify-replication-group`.

    **In a global datastore** ElastiCache installs no minor versions: it switches automatic upgrades off for members,
    and a store that leaves keeps them off. Upgrade all members, to a minor or major version, with `aws elasticache
    modify-global-replication-group --engine-version`. It also gives them a parameter group of its own, a copy of
    the primary's at that time: a later change of the component's parameters reaches no member.

    Errors (ConfigurationError, at preview): an unknown key; fewer than 2 or more than 6 nodes; one subnet; a retention,
    a window or a node type that ElastiCache refuses.
    """

    replication_group_id: pulumi.Output[str]
    """Id of the replication group."""
    primary_endpoint: pulumi.Output[str]
    """DNS name of the current primary node, for reads and writes over TLS."""
    reader_endpoint: pulumi.Output[str]
    """DNS name of all replicas, which may lag behind the primary by a moment."""
    port: pulumi.Output[int]
    """TCP port."""
    user_name: pulumi.Output[str]
    """User name to authenticate with."""
    secret_arn: pulumi.Output[str]
    """ARN of the secret with name and password. Known once the secret has its value."""
    password: pulumi.Output[str]
    """The password, as a secret, for secondaries in other regions."""
    key_arn: pulumi.Output[str]
    """ARN of the KMS key that encrypts nodes, snapshots and the secret."""
    security_group_id: pulumi.Output[str]
    """Security group of the nodes."""
    client_security_group_id: pulumi.Output[str]
    """Security group for the clients of the store."""
    node_ids: list[pulumi.Output[str]]
    """Ids of the nodes (CloudWatch's CacheClusterId), as many as `nodes`."""

    def __init__(self, name: str, args: SessionStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:SessionStore", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))

        key_arn = pulumi.Output.from_input(args["key_arn"] if "key_arn" in args else create_key(scope).arn)
        node_security, client_security = create_security_groups(scope, args["vpc_id"], PORT, ACCESS)
        if "secondary_of" in args:
            self.secret_arn = pulumi.Output.from_input(args["secondary_of"]["secret_arn"])
            self.password = pulumi.Output.secret(args["secondary_of"]["password"])
        else:
            secret, self.password = create_credentials(
                scope,
                f"User of the session store {name}",
                USER_NAME,
                key_arn,
                args.get("secret_replicas", {}),
            )
            self.secret_arn = secret.secret_arn
        users = _create_user_group(scope, self.password)
        group = _create_replication_group(scope, args, key_arn, node_security, users)

        self.replication_group_id = group.id
        self.primary_endpoint = group.primary_endpoint_address
        self.reader_endpoint = group.reader_endpoint_address
        self.port = pulumi.Output.from_input(PORT)
        self.user_name = pulumi.Output.from_input(USER_NAME)
        self.key_arn = key_arn
        self.security_group_id = node_security.id
        self.client_security_group_id = client_security.id
        self.node_ids = [_node(group, number) for number in range(1, args.get("nodes", DEFAULT_NODES) + 1)]
        self.register_outputs({key: getattr(self, key) for key in SessionStore.__annotations__})


def _checked(name: str, args: SessionStoreArgs) -> SessionStoreArgs:
    problems = Problems(f'SessionStore "{name}"')
    args = problems.checked(args, SessionStoreArgs)
    node_type = args.get("node_type")
    problems.add(
        *store_problems(
            args.get("nodes", DEFAULT_NODES),
            args.get("snapshot_retention_days", DEFAULT_RETENTION_DAYS),
            args.get("snapshot_window", DEFAULT_SNAPSHOT_WINDOW),
            args.get("maintenance_window", DEFAULT_MAINTENANCE_WINDOW),
            node_type if isinstance(node_type, str) else None,
        )
    )
    if args.get("in_global_datastore"):
        problems.add(global_datastore_problem(node_type) if isinstance(node_type, str) else None)
    for given in ("node_type", "secret_replicas", "in_global_datastore"):
        if "secondary_of" in args and given in args:
            problems.add(f"{given} is given with secondary_of; a secondary has the primary's")
    problems.add(subnets_problem(args["subnet_ids"]))
    problems.raise_if_any()
    return args


def _node(group: aws.elasticache.ReplicationGroup, number: int) -> pulumi.Output[str]:
    return group.id.apply(lambda group_id: node_id(group_id, number))


def _create_replication_group(
    scope: Scope,
    args: SessionStoreArgs,
    key_arn: pulumi.Output[str],
    security_group: aws.ec2.SecurityGroup,
    users: aws.elasticache.UserGroup,
) -> aws.elasticache.ReplicationGroup:
    subnets = aws.elasticache.SubnetGroup(
        f"{scope.name}-subnets",
        description=f"Session store {scope.name}",
        subnet_ids=args["subnet_ids"],
        **scope.regional_args("subnets"),
    )
    return aws.elasticache.ReplicationGroup(
        f"{scope.name}-group",
        description=f"Sessions of {scope.name}",
        port=PORT,
        num_cache_clusters=args.get("nodes", DEFAULT_NODES),
        automatic_failover_enabled=True,
        multi_az_enabled=True,
        subnet_group_name=subnets.name,
        security_group_ids=[security_group.id],
        user_group_ids=[users.user_group_id],
        kms_key_id=key_arn,
        snapshot_retention_limit=args.get("snapshot_retention_days", DEFAULT_RETENTION_DAYS),
        snapshot_window=args.get("snapshot_window", DEFAULT_SNAPSHOT_WINDOW),
        final_snapshot_identifier=args.get("final_snapshot_name"),
        maintenance_window=args.get("maintenance_window", DEFAULT_MAINTENANCE_WINDOW),
        notification_topic_arn=args.get("notification_topic_arn"),
        # Otherwise AWS holds changes back until the maintenance window, and no preview shows them meanwhile. The store
        # serves while it is scaled in either case.
        apply_immediately=True,
        **_engine(scope, args),
        **scope.regional_args("group", backed_up=True, ignore_changes=_ignored(args)),
    )


def _ignored(args: SessionStoreArgs) -> list[str]:
    """Return the properties that are only used at creation.

    The members of a global datastore are scaled together, through that. A secondary that a failover has disassociated,
    so that it takes writes alone, would be replaced by the next `up --refresh`, with all sessions since then.
    """
    if "secondary_of" in args:
        return [*MOVED_BY_AWS, "global_replication_group_id"]
    return [*MOVED_BY_AWS, *(["node_type"] if args.get("in_global_datastore") else [])]


def _engine(scope: Scope, args: SessionStoreArgs) -> dict[str, Any]:
    """Return engine and size of an independent store; a secondary has the primary's, and AWS refuses them as
    arguments."""
    if "secondary_of" in args:
        return {"global_replication_group_id": args["secondary_of"]["global_replication_group_id"]}
    group = aws.elasticache.ParameterGroup(
        f"{scope.name}-parameters",
        description=f"Session store {scope.name}",
        family=PARAMETER_FAMILY,
        parameters=[
            {"name": parameter, "value": value}
            for parameter, value in parameters(args.get("nodes", DEFAULT_NODES)).items()
        ],
        **scope.regional_args("parameters"),
    )
    return {
        "engine": ENGINE,
        "engine_version": ENGINE_VERSION,
        "node_type": args.get("node_type", DEFAULT_NODE_TYPE),
        "parameter_group_name": group.name,
        "auto_minor_version_upgrade": None if args.get("in_global_datastore") else True,
        "transit_encryption_enabled": True,
        "transit_encryption_mode": "required",
        "at_rest_encryption_enabled": True,
    }


def _create_user_group(scope: Scope, password: pulumi.Output[str]) -> aws.elasticache.UserGroup:
    """Create the one user, and a group of it. Without a user called `default`, nobody connects without a name.

    Ids of users and groups must be unique in the account and region: hence project and stack in them.
    """
    own = (pulumi.get_project(), pulumi.get_stack(), scope.name)
    user = aws.elasticache.User(
        f"{scope.name}-user",
        user_id=store_id(*own, "user"),
        user_name=USER_NAME,
        engine=ENGINE,
        access_string=ACCESS_STRING,
        authentication_mode={"type": "password", "passwords": [password]},
        **scope.regional_args("user"),
    )
    return aws.elasticache.UserGroup(
        f"{scope.name}-users",
        user_group_id=store_id(*own, "users"),
        engine=ENGINE,
        user_ids=[user.user_id],
        **scope.regional_args("users"),
    )
