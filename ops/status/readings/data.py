"""Session store, database and file system: state, role, zones, and how far they are behind the other region's."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from ops.core.stack import Cluster, Stack
from ops.status.facts import ALONE, REPLICA, WRITER, Data
from ops.status.reading import Ask, Reading, calls

NO_SUCH_GROUP = "ReplicationGroupNotFoundFault"
SPAN = timedelta(minutes=10)
"""Within which the newest measurement counts."""

SESSIONS_LAG = ('SELECT MAX(GlobalDatastoreReplicationLag) FROM "AWS/ElastiCache"', 1.0)
DATABASE_LAG = ('SELECT MAX(AuroraGlobalDBReplicationLag) FROM "AWS/RDS"', 1000.0)
"""The largest in the account and Region, as the alarms ask; and how many of its units are a second."""


def sessions(ask: Ask, stack: Stack, cluster: Cluster) -> Data:
    """Return the session store: a replication group of ElastiCache, else a cluster of MemoryDB."""
    try:
        found = ask("elasticache", "describe_replication_groups", ReplicationGroupId=cluster.store)
    except ClientError as error:
        if error.response["Error"]["Code"] != NO_SUCH_GROUP:
            raise
        return durable_sessions(ask, stack, cluster)
    group = found["ReplicationGroups"][0]
    members = [member for shard in group.get("NodeGroups", []) for member in shard.get("NodeGroupMembers", [])]
    role = str((group.get("GlobalReplicationGroupInfo") or {}).get("GlobalReplicationGroupMemberRole", "")).lower()
    role = role if role in (WRITER, REPLICA) else ALONE
    return Data(
        kind="ElastiCache",
        status=str(group["Status"]),
        role=role,
        zones=Counter(str(member.get("PreferredAvailabilityZone", "?")) for member in members),
        fails_over=group.get("AutomaticFailover") == "enabled",
        lag=lag(ask, *SESSIONS_LAG) if role == REPLICA else None,
    )


def durable_sessions(ask: Ask, _stack: Stack, cluster: Cluster) -> Data:
    """Return a cluster of MemoryDB. With others in a multi-Region cluster, it and they all take writes."""
    [found] = ask("memorydb", "describe_clusters", ClusterName=cluster.store, ShowShardDetails=True)["Clusters"]
    nodes = [node for shard in found.get("Shards", []) for node in shard.get("Nodes", [])]
    return Data(
        kind="MemoryDB",
        status=str(found["Status"]),
        role=WRITER if found.get("MultiRegionClusterName") else ALONE,
        zones=Counter(str(node.get("AvailabilityZone", "?")) for node in nodes),
    )


def database(ask: Ask, _stack: Stack, cluster: Cluster) -> Data:
    """Return the database: an Aurora cluster, and what it is in its global database."""
    identifier = cluster.database.partition(".")[0]
    [found] = ask("rds", "describe_db_clusters", DBClusterIdentifier=identifier)["DBClusters"]
    only = [{"Name": "db-cluster-id", "Values": [identifier]}]
    instances = ask("rds", "describe_db_instances", Filters=only)["DBInstances"]
    standing = [each for each in instances if each["DBInstanceStatus"] == "available"]
    role = _role(ask("rds", "describe_global_clusters")["GlobalClusters"], found["DBClusterArn"])
    return Data(
        kind="Aurora",
        status=str(found["Status"]) if standing else "without an instance",
        role=role,
        zones=Counter(str(each.get("AvailabilityZone", "?")) for each in standing),
        lag=lag(ask, *DATABASE_LAG) if role == REPLICA else None,
    )


def _role(global_clusters: list[dict[str, Any]], arn: str) -> str:
    members = [member for each in global_clusters for member in each.get("GlobalClusterMembers", [])]
    mine = [member for member in members if member["DBClusterArn"] == arn]
    return ALONE if not mine else WRITER if mine[0]["IsWriter"] else REPLICA


def files(ask: Ask, _stack: Stack, cluster: Cluster) -> Data:
    """Return the file system, which is in every zone of its region."""
    [found] = ask("efs", "describe_file_systems", FileSystemId=cluster.files)["FileSystems"]
    try:
        replications = ask("efs", "describe_replication_configurations", FileSystemId=cluster.files)["Replications"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ReplicationNotFound":
            raise
        replications = []
    ends = [end for each in replications for end in each["Destinations"] if end["FileSystemId"] == cluster.files]
    role = ALONE if not replications else REPLICA if ends else WRITER
    status = str(found["LifeCycleState"])
    if ends and ends[0]["Status"] != "ENABLED":
        status = f"not replicated ({ends[0]['Status']})"
    seen = ends[0].get("LastReplicatedTimestamp") if ends else None
    age = (datetime.now(UTC) - seen).total_seconds() if seen else None
    return Data(kind="EFS", status=status, role=role, lag=age)


def lag(ask: Ask, expression: str, a_second: float) -> float | None:
    """Return the newest measured lag in seconds; None if there is none."""
    now = datetime.now(UTC)
    query = {"Id": "lag", "Expression": expression, "Period": 60, "ReturnData": True}
    found = ask("cloudwatch", "get_metric_data", MetricDataQueries=[query], StartTime=now - SPAN, EndTime=now)
    values = [value for result in found.get("MetricDataResults", []) for value in result.get("Values", [])]
    return values[0] / a_second if values else None


LAG = {"cloudwatch": "get_metric_data"}
READINGS = (
    Reading(
        "sessions",
        calls(elasticache="describe_replication_groups", memorydb="describe_clusters", **LAG),
        sessions,
    ),
    Reading(
        "database",
        calls(rds="describe_db_clusters describe_db_instances describe_global_clusters", **LAG),
        database,
        lambda _stack, cluster: bool(cluster.database),
    ),
    Reading(
        "files",
        calls(efs="describe_file_systems describe_replication_configurations"),
        files,
        lambda _stack, cluster: bool(cluster.files),
    ),
)
