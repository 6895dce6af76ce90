"""A PostgreSQL database that survives the loss of a zone, and in a global database that of a region: Aurora."""

import pulumi
import pulumi_aws as aws

from ha_web.core.client_access import ServerAndClients, create_security_groups
from ha_web.core.credentials import create_credentials
from ha_web.core.limits import subnets_problem
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.database.args import DatabaseArgs, RestoredFromArgs
from ha_web.database.rules import (
    DEFAULT_DATABASE_NAME,
    DEFAULT_INSTANCE_CLASS,
    DEFAULT_RETENTION_DAYS,
    ENGINE,
    ENGINE_VERSION,
    FEWEST_INSTANCES,
    PARAMETERS,
    PORT,
    database_problems,
    family,
    final_snapshot_name,
    global_problems,
    promotion_tier,
    restore_problems,
)

USER_NAME = "web"
BACKUP_WINDOW = "03:00-04:00"
MAINTENANCE_WINDOW = "sun:06:00-sun:07:00"
"""Half an hour after the session store's default window ends, so that AWS doesn't patch both at once."""

ACCESS = ServerAndClients(
    server_role="instances",
    client_role="clients",
    ingress_role="instances-from-clients",
    egress_role="clients-to-instances",
    server_description="Database instances",
    server_name="the database",
    traffic="Queries",
)
"""Security groups of the instances and of their clients."""

MOVED_BY_AWS = [
    *("engine_version", "global_cluster_identifier", "replication_source_identifier"),
    *("backup_retention_period", "preferred_backup_window"),
]
"""Properties that a switchover, a failover, an upgrade or a backup plan changes outside of Pulumi. The provider
reads the two identifiers back for each member of a global database, and an update without them detaches the cluster:
https://www.pulumi.com/registry/packages/aws/api-docs/rds/globalcluster/
A continuous backup of AWS Backup sets the last two, and AWS then refuses other values.
https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html"""


BEGINNING = ["restore_to_point_in_time", "snapshot_identifier"]
"""Properties that matter at the creation only. The provider would replace the cluster, and its data, for a change."""


class Database(pulumi.ComponentResource):
    """An Aurora PostgreSQL cluster: redundant, encrypted, restorable to any second, reachable by its clients only.

    Always: a writer and a reader in different zones, TLS enforced, encryption with a customer managed key,
    point-in-time restore, a final snapshot, IAM database authentication, Performance Insights, and PostgreSQL's log in
    CloudWatch.

    Only what has the security group `client_security_group_id` reaches the database. The secret at `secret_arn` is
    `{"username": ..., "password": ...}`; a server needs permission to read it and to decrypt with `key_arn`. The
    component makes this secret itself because the one that RDS can manage doesn't work with a global database. An `up`
    resets neither a newer version of the secret nor a newer password.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html

    **Secondary.** With `secondary_of` it has no credentials of its own and is read-only until a failover
    (`FailoverGlobalCluster`) makes it the primary. The program never decides which member is the primary: after a
    failover or switchover an `up` changes nothing. AWS refuses to remove the primary from a global database that has
    other members, so to remove a promoted secondary, switch back first.

    **Holds state.** AWS refuses deletion while `deletion_protection` is on. A deleted cluster leaves a final snapshot;
    so does a secondary, which the provider detaches from the global database first. To remove a secondary, turn the
    protection off in an `up` *before*, or it is detached and then kept.

    **Restoring.** With `restored_from` the cluster begins with a backup and has a user's password of its own. Give it
    another name than the damaged one's, beside which it is made.

    **Engine upgrades.** AWS installs minor versions in the maintenance window (not in a global database), so the
    version is only used at creation. A new instance class restarts the instances one after the other.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-upgrade.html

    Errors (ConfigurationError, at preview): an unknown key; fewer than 2 or more than 16 instances; one subnet; a
    class, version, name or retention that Aurora refuses; for a secondary, a class or version that can't be in a
    global database, or lacks write forwarding.
    """

    cluster_arn: pulumi.Output[str]
    """ARN of the cluster. Known once the first instance is available: before, no secondary can be added."""
    cluster_id: pulumi.Output[str]
    """Identifier of the cluster."""
    resource_id: pulumi.Output[str]
    """Id of the cluster that never changes (`cluster-ABC...`), which an IAM policy for database users names:
    `arn:aws:rds-db:<region>:<account>:dbuser:<resource_id>/<user>`."""
    endpoint: pulumi.Output[str]
    """DNS name of the current writer. Known once there is one. A secondary's doesn't resolve until it is promoted:
    servers there read, and with `write_forwarding` write, through `reader_endpoint`."""
    reader_endpoint: pulumi.Output[str]
    """DNS name of all readers, which may lag behind the writer by a moment."""
    port: pulumi.Output[int]
    """TCP port."""
    database_name: pulumi.Output[str]
    """Name of the database."""
    secret_arn: pulumi.Output[str]
    """ARN of the secret with user name and password, in this region. Known once the secret has its value."""
    key_arn: pulumi.Output[str]
    """ARN of the KMS key that encrypts storage, snapshots and the secret, in this region."""
    security_group_id: pulumi.Output[str]
    """Security group of the instances."""
    client_security_group_id: pulumi.Output[str]
    """Security group for the clients of the database."""
    subnet_group_name: pulumi.Output[str]
    """Name of the subnet group, for restoring a copy into the same subnets."""
    instance_ids: list[pulumi.Output[str]]
    """Identifiers of the instances (CloudWatch's DBInstanceIdentifier), as many as `instances`."""

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:Database", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))

        key_arn = pulumi.Output.from_input(args["key_arn"] if "key_arn" in args else _create_key(scope).arn)
        own_security, client_security = create_security_groups(scope, args["vpc_id"], PORT, ACCESS)
        secondary_of = args.get("secondary_of")
        password: pulumi.Output[str] | None = None
        if secondary_of:
            self.secret_arn = pulumi.Output.from_input(secondary_of["secret_arn"])
        else:
            replicas = args.get("secret_replicas", {})
            secret, password = create_credentials(scope, f"Master user of {name}", USER_NAME, key_arn, replicas)
            self.secret_arn = secret.secret_arn
        cluster = _create_cluster(scope, args, key_arn, own_security, password)
        instances = _create_instances(scope, args, key_arn, cluster)

        self.cluster_arn = _once_available(cluster.arn, instances[0])
        self.cluster_id, self.resource_id = cluster.cluster_identifier, cluster.cluster_resource_id
        self.endpoint = _once_available(cluster.endpoint, instances[0])
        self.reader_endpoint = cluster.reader_endpoint
        self.port = pulumi.Output.from_input(PORT)
        named = secondary_of.get("database_name") if secondary_of else None
        if "restored_from" in args:
            named = args.get("database_name", DEFAULT_DATABASE_NAME)
        self.database_name = cluster.database_name if named is None else pulumi.Output.from_input(named)
        self.key_arn = key_arn
        self.security_group_id = own_security.id
        self.client_security_group_id = client_security.id
        self.subnet_group_name = cluster.db_subnet_group_name
        self.instance_ids = [instance.identifier for instance in instances]
        self.register_outputs({key: getattr(self, key) for key in Database.__annotations__})


def _checked(name: str, args: DatabaseArgs) -> DatabaseArgs:
    problems = Problems(f'Database "{name}"')
    args = problems.checked(args, DatabaseArgs)
    instance_class = args.get("instance_class", DEFAULT_INSTANCE_CLASS)
    version, forwarding = args.get("engine_version", ENGINE_VERSION), args.get("write_forwarding", False)
    problems.add(
        *database_problems(
            args.get("instances", FEWEST_INSTANCES),
            args.get("backup_retention_days", DEFAULT_RETENTION_DAYS),
            instance_class,
            version,
            args.get("database_name", DEFAULT_DATABASE_NAME),
        )
    )
    if "secondary_of" in args or forwarding:
        problems.add(*global_problems(instance_class, version, write_forwarding=forwarding))
    if "secondary_of" in args:
        for key in ("secret_replicas", "database_name", "restored_from"):
            if key in args:
                problems.add(f"{key} is given with secondary_of; a secondary has the primary's")
    problems.add(*restore_problems(args.get("restored_from")))
    problems.add(subnets_problem(args["subnet_ids"]))
    problems.raise_if_any()
    return args


def _once_available(value: pulumi.Output[str], first: "aws.rds.ClusterInstance") -> pulumi.Output[str]:
    """Return a value that is known once the cluster has a writer: what uses it is created after, and deleted before."""
    return pulumi.Output.all(value, first.arn).apply(lambda found: str(found[0]))


def _create_key(scope: Scope) -> aws.kms.Key:
    """Create one key for storage, snapshots, insights and the secret: who may use the data may read the password.

    It outlives the database, whose final snapshot couldn't be read without it.
    """
    return aws.kms.Key(
        f"{scope.name}-key",
        description=f"Database {scope.name}: storage, snapshots, password",
        enable_key_rotation=True,
        **scope.regional_args("key", retain_on_delete=True),
    )


def _create_cluster(
    scope: Scope,
    args: DatabaseArgs,
    key_arn: pulumi.Output[str],
    security_group: aws.ec2.SecurityGroup,
    password: pulumi.Output[str] | None,
) -> "aws.rds.Cluster":
    secondary_of = args.get("secondary_of")
    version = args.get("engine_version", ENGINE_VERSION)
    restored = args.get("restored_from")
    database_name = None if secondary_of or restored else args.get("database_name", DEFAULT_DATABASE_NAME)
    subnets = _create_subnet_group(scope, args["subnet_ids"])
    parameters = aws.rds.ClusterParameterGroup(
        f"{scope.name}-parameters",
        description=f"Database {scope.name}",
        family=family(version),
        parameters=[{"name": parameter, "value": value} for parameter, value in PARAMETERS.items()],
        **scope.regional_args("parameters"),
    )
    return aws.rds.Cluster(
        f"{scope.name}-cluster",
        engine=ENGINE,
        # A backup may be of a newer version than this, and AWS restores none into an older one.
        engine_version=secondary_of.get("engine_version") if secondary_of else None if restored else version,
        snapshot_identifier=restored.get("snapshot_arn") if restored else None,
        restore_to_point_in_time=_point_in_time(restored) if restored else None,
        database_name=database_name,
        port=PORT,
        db_subnet_group_name=subnets.name,
        vpc_security_group_ids=[security_group.id],
        db_cluster_parameter_group_name=parameters.name,
        master_username=USER_NAME if password is not None else None,
        master_password=password,
        global_cluster_identifier=secondary_of["global_cluster_id"] if secondary_of else None,
        enable_global_write_forwarding=True if secondary_of and args.get("write_forwarding") else None,
        iam_database_authentication_enabled=True,
        storage_encrypted=True,
        kms_key_id=key_arn,
        backup_retention_period=args.get("backup_retention_days", DEFAULT_RETENTION_DAYS),
        preferred_backup_window=BACKUP_WINDOW,
        preferred_maintenance_window=MAINTENANCE_WINDOW,
        copy_tags_to_snapshot=True,
        deletion_protection=args.get("deletion_protection", True),
        skip_final_snapshot=False,
        # A replacement of the cluster changes one of these; the subnet group's name is new with the component.
        final_snapshot_identifier=pulumi.Output.all(subnets.name, key_arn).apply(
            lambda own: final_snapshot_name(scope.name, *own, database_name or "")
        ),
        enabled_cloudwatch_logs_exports=["postgresql"],
        # Otherwise AWS holds changes back until the maintenance window, and no preview shows them meanwhile.
        apply_immediately=True,
        **scope.regional_args("cluster", backed_up=True, ignore_changes=[*MOVED_BY_AWS, *BEGINNING]),
    )


def _point_in_time(restored: RestoredFromArgs) -> "aws.rds.ClusterRestoreToPointInTimeArgs | None":
    if "time" not in restored:
        return None
    return aws.rds.ClusterRestoreToPointInTimeArgs(
        source_cluster_identifier=restored["source_cluster_id"],
        restore_to_time=restored["time"],
        restore_type="full-copy",
    )


def _create_instances(
    scope: Scope, args: DatabaseArgs, key_arn: pulumi.Output[str], cluster: "aws.rds.Cluster"
) -> "list[aws.rds.ClusterInstance]":
    """The writer and its readers, each in the next subnet's zone. Readers come after the writer, and go before it."""
    instances: list[aws.rds.ClusterInstance] = []
    for number in range(1, args.get("instances", FEWEST_INSTANCES) + 1):
        subnet_id = args["subnet_ids"][(number - 1) % len(args["subnet_ids"])]
        zone = aws.ec2.get_subnet_output(id=subnet_id, region=scope.region, opts=scope.invoke_opts()).availability_zone
        instances.append(
            aws.rds.ClusterInstance(
                f"{scope.name}-instance-{number}",
                cluster_identifier=cluster.id,
                engine=aws.rds.EngineType.AURORA_POSTGRESQL,
                instance_class=args.get("instance_class", DEFAULT_INSTANCE_CLASS),
                db_subnet_group_name=cluster.db_subnet_group_name,
                availability_zone=zone,
                promotion_tier=promotion_tier(number),
                publicly_accessible=False,
                auto_minor_version_upgrade=True,
                copy_tags_to_snapshot=True,
                performance_insights_enabled=True,
                performance_insights_kms_key_id=key_arn,
                preferred_maintenance_window=MAINTENANCE_WINDOW,
                apply_immediately=True,
                # A new zone may come first in the list of subnets; instances that exist don't move for it.
                **scope.regional_args(
                    f"instance-{number}", ignore_changes=["availability_zone"], depends_on=instances[:1]
                ),
            )
        )
    return instances


def _create_subnet_group(scope: Scope, subnet_ids: list[pulumi.Input[str]]) -> "aws.rds.SubnetGroup":
    return aws.rds.SubnetGroup(
        f"{scope.name}-subnets",
        description=f"Database {scope.name}",
        subnet_ids=subnet_ids,
        **scope.regional_args("subnets"),
    )
