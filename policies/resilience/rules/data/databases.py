"""Databases: zones, growth, upgrades, logs."""

from collections.abc import Iterator

from resilience.aws.parts import parts
from resilience.aws.replicas import is_replica, is_secondary
from resilience.aws.types import (
    DB_CLUSTER,
    DB_CLUSTER_INSTANCE,
    DB_CLUSTERS,
    DB_INSTANCE,
    SHARD_GROUP,
)
from resilience.known import known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Severity, Topic

RULES = Topic()

FEWEST_INSTANCES = 2
FEWEST_ZONES = 2
LOGS = {
    "aurora-postgresql": ("postgresql",),
    "postgres": ("postgresql", "upgrade"),
    "aurora-mysql": ("audit", "error", "slowquery"),
    "mysql": ("error", "slowquery"),
    "mariadb": ("audit", "error", "slowquery"),
    "oracle": ("alert", "audit", "listener", "trace"),
    "sqlserver": ("error",),
    "docdb": ("audit",),
    "neptune": ("audit",),
}
"""By the beginning of an engine's name, the logs that an incident is looked into with. The general log of MySQL,
which has every query, is left out, and the agent's of SQL Server, which not every edition has.
https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-9"""
INSTANCE_OF = {cluster: cluster.replace("/cluster:", "/clusterInstance:") + "Instance" for cluster in DB_CLUSTERS}


@RULES.rule(
    "database-spans-zones",
    "A database instance has a standby in another zone.",
    Severity.HIGH,
    security_hub("RDS.5"),
    DB_INSTANCE,
)
def spans_zones(database: Resource, _: Config) -> Iterator[str]:
    """A read replica is itself the second copy."""
    if not is_replica(database) and not database.get("multiAz"):
        yield "multiAz is off; with the zone, the database is gone"


@RULES.stack_rule(
    "database-cluster-spans-zones",
    "A database cluster has instances in two zones at least.",
    Severity.HIGH,
    security_hub("RDS.15"),
    *DB_CLUSTERS,
)
def cluster_spans_zones(cluster: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Other kinds of clusters have no instances of their own; the secondary of a global database needs none yet.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-attach.console.headless.html
    """
    if cluster.has("dbClusterInstanceClass") or cluster.get("engineMode") == "serverless" or is_secondary(cluster):
        return
    if parts(stack, cluster, (SHARD_GROUP,), "dbClusterIdentifier", "id", "clusterIdentifier"):
        return
    instances = parts(stack, cluster, (INSTANCE_OF[cluster.type],), "clusterIdentifier", "id", "clusterIdentifier")
    if len(instances) < FEWEST_INSTANCES:
        yield f"it has {len(instances)} instance(s); it needs {FEWEST_INSTANCES}, the second in another zone"
        return
    # Where the program names no zone, Aurora spreads the instances itself.
    zones = {known(each, "availabilityZone") for each in instances}
    if len(zones) < FEWEST_ZONES and None not in zones:
        yield f"all its {len(instances)} instances are in {zones.pop()}; {FEWEST_ZONES} zones at least"


@RULES.rule(
    "database-storage-grows",
    "The storage of a database instance grows before it is full.",
    Severity.MEDIUM,
    well_architected("REL07-BP01", "rel_adapt_to_changes_autoscale_adapt"),
    DB_INSTANCE,
)
def storage_grows(database: Resource, _: Config) -> Iterator[str]:
    """A full disk stops a database. RDS Custom can't do it.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
    """
    if database.has("maxAllocatedStorage") and known(database, "maxAllocatedStorage") != 0:
        return
    if not str(database.get("engine", "")).startswith("custom-"):
        yield "maxAllocatedStorage is not set; a full disk stops the database"


@RULES.rule(
    "database-logs-exported",
    "The logs of a database are kept outside of it.",
    Severity.LOW,
    security_hub("RDS.9"),
    DB_INSTANCE,
    *DB_CLUSTERS,
)
def logs_exported(database: Resource, _: Config) -> Iterator[str]:
    """Logs on a failed database can't be read from it any more. Neptune has another name for the property.

    Which logs are asked for is by engine; of an engine that isn't known here, any.
    """
    name = "enableCloudwatchLogsExports" if "neptune" in database.type else "enabledCloudwatchLogsExports"
    if not database.count(name):
        yield f"{name} is empty; CloudWatch gets no logs"
        return
    engine = str(database.get("engine", ""))
    wanted = next((logs for begin, logs in LOGS.items() if engine.startswith(begin)), ())
    lacking = [log for log in wanted if log not in database.items(name)]
    if lacking:
        yield f"{name} lacks {', '.join(lacking)}"


@RULES.rule(
    "database-iam-authentication",
    "A database lets servers in by their role.",
    Severity.LOW,
    security_hub("RDS.10"),
    DB_INSTANCE,
    DB_CLUSTER,
)
def iam_authentication(database: Resource, _: Config) -> Iterator[str]:
    """MySQL, MariaDB and PostgreSQL can; a replica has it from its source's engine.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
    """
    if database.get("iamDatabaseAuthenticationEnabled"):
        return
    engine = str(database.get("engine", ""))
    if engine.removeprefix("aurora-") in ("mysql", "mariadb", "postgres", "postgresql"):
        yield "iamDatabaseAuthenticationEnabled is off; passwords are the only way in"


@RULES.rule(
    "database-not-public",
    "A database can't be reached from the internet.",
    Severity.CRITICAL,
    security_hub("RDS.2"),
    DB_INSTANCE,
    DB_CLUSTER,
    DB_CLUSTER_INSTANCE,
)
def not_public(database: Resource, _: Config) -> Iterator[str]:
    """Off where nothing is said, but for a Multi-AZ cluster in the default subnets."""
    if database.get("publiclyAccessible"):
        yield "publiclyAccessible is on; a database belongs into private subnets"
    elif database.has("dbClusterInstanceClass") and not (
        database.has("publiclyAccessible") or database.has("dbSubnetGroupName")
    ):
        yield "dbSubnetGroupName is not set; in the default subnets such a cluster is public"
