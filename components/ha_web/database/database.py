"""A PostgreSQL database that survives the loss of a zone, and of a region: an Aurora cluster."""

import pulumi
import pulumi_aws as aws

from ha_web.core.client_access import ServerAndClients, create_security_groups
from ha_web.core.credentials import create_credentials
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.database.args import DatabaseArgs
from ha_web.database.rules import (
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
)

USER_NAME = "web"
FEWEST_ZONES = 2
DEFAULT_INSTANCE_CLASS = "db.r7g.large"
DEFAULT_DATABASE_NAME = "web"
DEFAULT_RETENTION_DAYS = 7
BACKUP_WINDOW = "03:00-04:00"
MAINTENANCE_WINDOW = "sun:06:00-sun:07:00"
"""Half an hour after the session store's default ends: the two are not patched at once."""

MOVED_BY_AWS = [
    *("engine_version", "global_cluster_identifier", "replication_source_identifier"),
    *("backup_retention_period", "preferred_backup_window"),
]
"""What a switchover, a failover, an upgrade or a backup plan changes outside of Pulumi. The provider reads the members'
identifiers from AWS, where each member of a global database has them; told without them, it would take the
cluster out of it. https://www.pulumi.com/registry/packages/aws/api-docs/rds/globalcluster/
A continuous backup takes over the last two, and AWS refuses other values of them then.
https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html"""


class Database(pulumi.ComponentResource):
    """An Aurora PostgreSQL cluster: redundant, encrypted, restorable to any second, reachable by its clients only.

    Always: a writer and a reader in other zones, TLS forced, encryption with a key of the customer's, point-in-time
    restore, a final snapshot, IAM database authentication, Performance Insights, PostgreSQL's log in CloudWatch.

    Who carries the security group `client_security_group_id` reaches the database, nobody else. The secret at
    `secret_arn` is `{"username": ..., "password": ...}`; a server needs the right to read it and to decrypt with
    `key_arn`. RDS's own managed secret can't be used in a global database, and there is no copy of it in the other
    region, so the secret is ours. An `up` resets neither a newer version of it nor a newer password.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html

    **Secondary.** With `secondary_of` it has no credentials of its own and can only be read, until a failover makes it
    the primary: `FailoverGlobalCluster`. Which member writes is AWS's and the operators' matter, never the program's:
    after a failover or switchover an `up` changes nothing. A cluster that has become the primary can't be taken out of
    the global database while another member is in it: AWS refuses. Switch back first, then remove it.

    **Holds state.** AWS refuses deletion while `deletion_protection` is on; a deleted cluster leaves a snapshot, a
    secondary too (the provider takes it out of the global database first, which makes it a database of its own). Take
    the protection off in an `up` *before* removing a secondary, or it is detached and then kept.

    **Engine upgrades.** AWS takes minor versions by itself in the maintenance window (not in a global database), so
    the version is only used at creation. A new class restarts the instances, one after the other.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-upgrade.html

    Errors (ConfigurationError, at preview): an unknown key; fewer than 2 or more than 16 instances; one subnet; a
    class, version, name or retention that Aurora refuses; for a secondary, a class or version that can't be in a
    global database; write forwarding without a primary to forward to.
    """

    cluster_arn: pulumi.Output[str]
    """ARN of the cluster. Known once the first instance stands: a cluster without one can't be joined by others."""
    cluster_id: pulumi.Output[str]
    """Identifier of the cluster."""
    endpoint: pulumi.Output[str]
    """DNS name of whichever instance is the writer. Known once there is one. A secondary's is dead until a promotion:
    servers there read, and hand writes on, through `reader_endpoint`."""
    reader_endpoint: pulumi.Output[str]
    """DNS name over all readers; they may be a moment behind."""
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
    """Security group to put on what may reach the database."""
    subnet_group_name: pulumi.Output[str]
    """Name of the subnet group, for restores beside it."""
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

        self.cluster_arn = _once_it_serves(cluster.arn, instances[0])
        self.cluster_id = cluster.cluster_identifier
        self.endpoint = _once_it_serves(cluster.endpoint, instances[0])
        self.reader_endpoint = cluster.reader_endpoint
        self.port = pulumi.Output.from_input(PORT)
        named = secondary_of.get("database_name") if secondary_of else None
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
    if "secondary_of" in args:
        problems.add(*global_problems(instance_class, version, write_forwarding=forwarding))
        for key in ("secret_replicas", "database_name"):
            if key in args:
                problems.add(f"{key} is given with secondary_of; a secondary has the primary's")
    elif forwarding:
        problems.add("write_forwarding is true; only a secondary forwards writes, so give secondary_of")
    if len(args["subnet_ids"]) < FEWEST_ZONES:
        found = len(args["subnet_ids"])
        problems.add(f"subnet_ids has {found}; surviving a zone needs subnets in at least {FEWEST_ZONES}")
    problems.raise_if_any()
    return args


def _once_it_serves(value: pulumi.Output[str], first: "aws.rds.ClusterInstance") -> pulumi.Output[str]:
    """A value of the cluster for whoever needs it to have a writer: made after the first instance, deleted before."""
    return pulumi.Output.all(value, first.arn).apply(lambda found: str(found[0]))


def _create_key(scope: Scope) -> aws.kms.Key:
    """One key for storage, snapshots, insights and the secret: who may use the database may read its password."""
    return aws.kms.Key(
        f"{scope.name}-key",
        description=f"Database {scope.name}: storage, snapshots, password",
        enable_key_rotation=True,
        **scope.regional_args("key"),
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
    database_name = None if secondary_of else args.get("database_name", DEFAULT_DATABASE_NAME)
    subnets = create_subnet_group(scope, args["subnet_ids"])
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
        engine_version=secondary_of.get("engine_version") if secondary_of else version,
        database_name=database_name,
        port=PORT,
        db_subnet_group_name=subnets.name,
        vpc_security_group_ids=[security_group.id],
        db_cluster_parameter_group_name=parameters.name,
        master_username=USER_NAME if password is not None else None,
        master_password=password,
        global_cluster_identifier=secondary_of["global_cluster_id"] if secondary_of else None,
        enable_global_write_forwarding=True if args.get("write_forwarding") else None,
        iam_database_authentication_enabled=True,
        storage_encrypted=True,
        kms_key_id=key_arn,
        backup_retention_period=args.get("backup_retention_days", DEFAULT_RETENTION_DAYS),
        preferred_backup_window=BACKUP_WINDOW,
        preferred_maintenance_window=MAINTENANCE_WINDOW,
        copy_tags_to_snapshot=True,
        deletion_protection=args.get("deletion_protection", True),
        skip_final_snapshot=False,
        # Whatever replaces the cluster changes one of these, and a subnet group's name is new with the component.
        final_snapshot_identifier=pulumi.Output.all(subnets.name, key_arn).apply(
            lambda own: final_snapshot_name(scope.name, *own, database_name or "")
        ),
        enabled_cloudwatch_logs_exports=["postgresql"],
        # An `up` that has ended has happened. Otherwise AWS keeps the change until the maintenance window, where no
        # preview sees it.
        apply_immediately=True,
        **scope.regional_args("cluster", backed_up=True, ignore_changes=MOVED_BY_AWS),
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
                # A zone that joins the VPC may come first in the list; no instance moves for it.
                **scope.regional_args(
                    f"instance-{number}", ignore_changes=["availability_zone"], depends_on=instances[:1]
                ),
            )
        )
    return instances


ACCESS = ServerAndClients(
    server_role="instances",
    client_role="clients",
    ingress_role="instances-from-clients",
    egress_role="clients-to-instances",
    server_description="Database instances",
    server_name="the database",
    traffic="Queries",
)
"""Who reaches the database by the network."""


def create_subnet_group(scope: Scope, subnet_ids: list[pulumi.Input[str]]) -> "aws.rds.SubnetGroup":
    """The subnets that instances may be in."""
    return aws.rds.SubnetGroup(
        f"{scope.name}-subnets",
        description=f"Database {scope.name}",
        subnet_ids=subnet_ids,
        **scope.regional_args("subnets"),
    )
