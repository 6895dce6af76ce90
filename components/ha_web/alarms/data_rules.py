"""The alarms on what holds data: session nodes, database instances, and how far a region is behind. No SDK here."""

from collections.abc import Mapping, Sequence

from ha_web.alarms.rules import AT_LEAST, Alarm, Metric, Value
from ha_web.core.runbooks import Runbook

MILLISECONDS = 1_000
"""Aurora's lags are in milliseconds, ElastiCache's in seconds."""


def session_node_metric(name: str, node: Value, cluster: Value | None) -> Metric[Value]:
    """Return a metric of a session node: ElastiCache's, or MemoryDB's if the name of a cluster is given."""
    if cluster is not None:
        return Metric("AWS/MemoryDB", name, {"ClusterName": cluster, "NodeName": node}, "Maximum")
    return Metric("AWS/ElastiCache", name, {"CacheClusterId": node}, "Maximum")


def node_alarms(
    nodes: Sequence[Value], thresholds: Mapping[str, float], cluster: Value | None = None
) -> list[Alarm[Value]]:
    """Return the alarms on engine CPU, memory and replication lag of each node of the session store, counted from 1.

    Args:
        cluster: name of the nodes' MemoryDB cluster; None for ElastiCache's. MemoryDB has the same metrics:
        https://docs.aws.amazon.com/memorydb/latest/devguide/metrics.memorydb.html
    """
    alarms: list[Alarm[Value]] = []
    full, late = "the longest unused sessions are evicted", "set sessions back"
    if cluster is not None:
        full, late = "sessions are evicted, in a multi-Region cluster refused", "take longer"
    for number, node in enumerate(nodes, start=1):

        def of(name: str, node: Value = node) -> Metric[Value]:
            return session_node_metric(name, node, cluster)

        alarms += [
            Alarm(
                role=f"session-cpu-{number}",
                text=f"Session node {number} is at its engine's limit, or gone (no data); see its events.",
                runbook=Runbook.SESSION_STORE,
                metric=of("EngineCPUUtilization"),
                comparison=AT_LEAST,
                threshold=thresholds["engine_cpu_percent"],
                # A running node has data every minute.
                missing="breaching",
                periods=5,
            ),
            Alarm(
                role=f"session-memory-{number}",
                text=f"Session node {number} fills up; at 100 % {full}.",
                runbook=Runbook.SESSION_STORE,
                metric=of("DatabaseMemoryUsagePercentage"),
                comparison=AT_LEAST,
                threshold=thresholds["memory_percent"],
                # The CPU alarm is for a node that is gone; one e-mail is enough.
                missing="missing",
                periods=5,
            ),
            Alarm(
                role=f"session-lag-{number}",
                text=f"Session node {number} is behind its primary; a failover now would {late}.",
                runbook=Runbook.SESSION_STORE,
                metric=of("ReplicationLag"),
                comparison=AT_LEAST,
                threshold=thresholds["replication_lag_seconds"],
                # Only replicas have data, and any node may become the primary.
                missing="notBreaching",
                periods=3,
            ),
        ]
    return alarms


def database_alarms(instances: Sequence[Value], thresholds: Mapping[str, float]) -> list[Alarm[Value]]:
    """Return the alarms on CPU and reader lag of each instance of an Aurora cluster, counted from 1.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
    """
    alarms: list[Alarm[Value]] = []
    for number, instance in enumerate(instances, start=1):
        dimensions = {"DBInstanceIdentifier": instance}
        alarms += [
            Alarm(
                role=f"database-cpu-{number}",
                text=f"Database instance {number} is at its limit, or gone (no data); see its events.",
                runbook=Runbook.DATABASE,
                metric=Metric("AWS/RDS", "CPUUtilization", dimensions, "Average"),
                comparison=AT_LEAST,
                threshold=thresholds["database_cpu_percent"],
                # A running instance has data every minute.
                missing="breaching",
                periods=5,
            ),
            Alarm(
                role=f"database-lag-{number}",
                text=f"Database instance {number} is behind the writer; readers see old data.",
                runbook=Runbook.DATABASE,
                metric=Metric("AWS/RDS", "AuroraReplicaLag", dimensions, "Maximum"),
                comparison=AT_LEAST,
                threshold=thresholds["database_lag_seconds"] * MILLISECONDS,
                # Only readers have data, and any instance may become the writer.
                missing="notBreaching",
                periods=3,
            ),
        ]
    return alarms


def region_lag_alarms(thresholds: Mapping[str, float], *, sessions: bool, database: bool) -> list[Alarm[Value]]:
    """Return the alarms on the lag of this region's data behind the other region's.

    Only the region whose data is secondary has these metrics, and a failover exchanges that: so both have the alarms.
    Each asks for the largest lag in the account and Region with Metrics Insights, for AWS doesn't document all of the
    metrics' dimensions.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-alarms.html

    Args:
        sessions: True with an ElastiCache global datastore.
        database: True with an Aurora global database.
    """
    wanted = {
        "session-region-lag": (sessions, "AWS/ElastiCache", "GlobalDatastoreReplicationLag", 1, "sessions"),
        "database-region-lag": (database, "AWS/RDS", "AuroraGlobalDBReplicationLag", MILLISECONDS, "the database"),
    }
    return [
        Alarm(
            role=role,
            text=f"The copy of {data} in this region is behind the other region's: a failover now would lose more than "
            "the objective.",
            runbook=Runbook.SESSION_STORE if data == "sessions" else Runbook.DATABASE,
            expression=f'SELECT MAX({name}) FROM "{space}"',
            label="largest lag",
            comparison=AT_LEAST,
            threshold=thresholds["region_lag_seconds"] * unit,
            # No data in the region that is primary.
            missing="notBreaching",
            periods=3,
        )
        for role, (is_wanted, space, name, unit, data) in wanted.items()
        if is_wanted
    ]
