"""Which alarms a region has, and their numbers. No Pulumi here: values may be known only later.

Every period is 60 s, the shortest that AWS's own metrics have. What means lost users right now alarms after one
bad minute, so a dead zone is noticed one to two minutes after it dies: up to a minute until the period ends, and
CloudWatch's own delay. What only means trouble ahead waits for several.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, NotRequired, TypedDict, TypeVar

Value = TypeVar("Value")

MINUTE = 60

FEWEST_REQUESTS = 20
"""Requests a minute below which a share of errors says nothing: one error at night is not an outage."""

BALANCERS = {"application": "AWS/ApplicationELB", "network": "AWS/NetworkELB"}
"""CloudWatch's namespace by type of load balancer."""


class AlarmThresholdsArgs(TypedDict):
    """Numbers at which alarms go off. AWS's are from its recommended alarms:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
    """

    target_error_percent: NotRequired[float]
    """Percent of requests that targets answer with 5xx, for two minutes. Default 5, as AWS recommends for the 5xx
    of API Gateway and CloudFront."""
    balancer_error_percent: NotRequired[float]
    """Percent of requests that the load balancer itself answers with 5xx (no target, no answer, time-out), for
    two minutes. Default 5, as above: a lost zone among three is 33 until its targets are out."""
    latency_seconds: NotRequired[float]
    """99th percentile of the targets' response time, for three minutes, in seconds. Default 1: ours, since AWS
    leaves it to the application; a page at rest answers in milliseconds."""
    engine_cpu_percent: NotRequired[float]
    """Percent of the engine's thread on a node, for five minutes. Default 90, from AWS: "Which metrics should I
    monitor?" https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html"""
    memory_percent: NotRequired[float]
    """Percent of a node's memory for data, for five minutes. Default 80: ours, a fifth before sessions are
    evicted."""
    replication_lag_seconds: NotRequired[float]
    """Seconds a replica is behind, for three minutes. Default 2: ours. A failover sets sessions back by the lag,
    and in our measurements a lag of 2 s set every active one back; a healthy lag is below 1 s."""


DEFAULT_THRESHOLDS: dict[str, float] = {
    "target_error_percent": 5,
    "balancer_error_percent": 5,
    "latency_seconds": 1,
    "engine_cpu_percent": 90,
    "memory_percent": 80,
    "replication_lag_seconds": 2,
}


@dataclass(frozen=True)
class Metric(Generic[Value]):
    """One CloudWatch metric and how to sum it up over a period."""

    namespace: str
    name: str
    dimensions: Mapping[str, Value]
    statistic: str
    """A statistic (`Sum`) or a percentile (`p99`)."""


@dataclass(frozen=True)
class Alarm(Generic[Value]):
    """One alarm: on a metric, or on an expression over several."""

    role: str
    """The last part of its logical name."""
    text: str
    """What it means, for the person who gets the mail."""
    comparison: str
    threshold: float
    missing: str
    """What no data means: `breaching`, `notBreaching`, `missing` (stays undecided)."""
    metric: Metric[Value] | None = None
    expression: str = ""
    metrics: Mapping[str, Metric[Value]] = field(default_factory=dict)
    """The expression's metrics, by the names it uses."""
    period: int = MINUTE
    periods: int = 1
    """How many bad periods in a row."""


ABOVE = "GreaterThanThreshold"
AT_LEAST = "GreaterThanOrEqualToThreshold"
BELOW = "LessThanThreshold"


def host_alarms(
    kind: str,
    load_balancer: Value,
    target_group: Value,
    zones: Mapping[str, Value],
    *,
    every_zone_has_hosts: bool,
) -> list[Alarm[Value]]:
    """Unhealthy hosts in each zone, zones without a healthy host, and no healthy host at all.

    zones: zone names by the key that goes into the alarm's name. every_zone_has_hosts: whether the fleet is large
    enough that a zone without hosts is a fault.
    """
    space = BALANCERS[kind]
    whole = {"LoadBalancer": load_balancer, "TargetGroup": target_group}
    alarms = [
        Alarm(
            role="no-healthy-hosts",
            text="No healthy target is left: the load balancer has nobody to ask.",
            metric=Metric(space, "HealthyHostCount", whole, "Minimum"),
            comparison=BELOW,
            threshold=1,
            # No target registered, or no load balancer: nothing reports, and nobody is served.
            missing="breaching",
        )
    ]
    for key, zone in zones.items():
        dimensions = {**whole, "AvailabilityZone": zone}
        alarms.append(
            Alarm(
                role=f"unhealthy-hosts-{key}",
                text=f"A target in zone {key} fails its health check. Several zones at once: look at the application.",
                metric=Metric(space, "UnHealthyHostCount", dimensions, "Maximum"),
                comparison=AT_LEAST,
                threshold=1,
                # A zone without targets has no unhealthy one; that it has none is the next alarm's.
                missing="notBreaching",
            )
        )
        if every_zone_has_hosts:
            alarms.append(
                Alarm(
                    role=f"empty-zone-{key}",
                    text=f"Zone {key} has no healthy target: one more lost zone and capacity is short.",
                    metric=Metric(space, "HealthyHostCount", dimensions, "Minimum"),
                    comparison=BELOW,
                    threshold=1,
                    # A dead zone may report nothing at all.
                    missing="breaching",
                    periods=2,
                )
            )
    return alarms


def request_alarms(load_balancer: Value, target_group: Value, thresholds: Mapping[str, float]) -> list[Alarm[Value]]:
    """5xx of targets and of the balancer as a share of requests, and slow answers: application balancers only."""
    space = BALANCERS["application"]
    whole = {"LoadBalancer": load_balancer}
    targets = {"LoadBalancer": load_balancer, "TargetGroup": target_group}
    # Counts are reported only when they are not zero. A balancer without targets counts its own 503 but no request,
    # hence the larger of both.
    seen = "MAX([FILL(requests,0),FILL(errors,0)])"
    expression = f"IF({seen}>={FEWEST_REQUESTS},100*FILL(errors,0)/{seen},0)"
    common = Alarm[Value](
        role="",
        text="",
        comparison=ABOVE,
        threshold=0,
        # No requests, no errors; that nobody asks is for the health checks from outside to see.
        missing="notBreaching",
        periods=2,
    )
    return [
        replace(
            common,
            role="target-errors",
            text="Targets answer with 5xx: look at the application's log.",
            expression=expression,
            metrics={
                "errors": Metric(space, "HTTPCode_Target_5XX_Count", targets, "Sum"),
                "requests": Metric(space, "RequestCount", targets, "Sum"),
            },
            threshold=thresholds["target_error_percent"],
        ),
        replace(
            common,
            role="balancer-errors",
            text="The load balancer answers with 5xx: targets are missing, refuse connections or time out.",
            expression=expression,
            metrics={
                "errors": Metric(space, "HTTPCode_ELB_5XX_Count", whole, "Sum"),
                "requests": Metric(space, "RequestCount", whole, "Sum"),
            },
            threshold=thresholds["balancer_error_percent"],
        ),
        replace(
            common,
            role="latency",
            text="One request in a hundred is slow: look at the fleet's CPU and the session store.",
            metric=Metric(space, "TargetResponseTime", targets, "p99"),
            threshold=thresholds["latency_seconds"],
            periods=3,
        ),
    ]


def node_alarms(
    nodes: Sequence[Value], thresholds: Mapping[str, float], cluster: Value | None = None
) -> list[Alarm[Value]]:
    """Engine CPU, memory and replication lag of each node of the session store, counted from 1.

    `cluster`: the MemoryDB cluster that they are nodes of; else they are ElastiCache's. MemoryDB has the same metrics:
    https://docs.aws.amazon.com/memorydb/latest/devguide/metrics.memorydb.html
    """
    alarms: list[Alarm[Value]] = []
    full, late = "the longest unused sessions are evicted", "set sessions back"
    if cluster is not None:
        full, late = "sessions are evicted, in a multi-Region cluster refused", "take longer"
    for number, node in enumerate(nodes, start=1):

        def of(name: str, node: Value = node) -> Metric[Value]:
            if cluster is not None:
                return Metric("AWS/MemoryDB", name, {"ClusterName": cluster, "NodeName": node}, "Maximum")
            return Metric("AWS/ElastiCache", name, {"CacheClusterId": node}, "Maximum")

        alarms += [
            Alarm(
                role=f"session-cpu-{number}",
                text=f"Session node {number} is at its engine's limit, or gone (no data); see its events.",
                metric=of("EngineCPUUtilization"),
                comparison=AT_LEAST,
                threshold=thresholds["engine_cpu_percent"],
                # A node reports every minute for as long as it lives.
                missing="breaching",
                periods=5,
            ),
            Alarm(
                role=f"session-memory-{number}",
                text=f"Session node {number} fills up; at 100 % {full}.",
                metric=of("DatabaseMemoryUsagePercentage"),
                comparison=AT_LEAST,
                threshold=thresholds["memory_percent"],
                # A node that is gone is the CPU alarm's; one mail is enough.
                missing="missing",
                periods=5,
            ),
            Alarm(
                role=f"session-lag-{number}",
                text=f"Session node {number} is behind its primary; a failover now would {late}.",
                metric=of("ReplicationLag"),
                comparison=AT_LEAST,
                threshold=thresholds["replication_lag_seconds"],
                # Only replicas report it, and any node may become the primary.
                missing="notBreaching",
                periods=3,
            ),
        ]
    return alarms


def group_alarm(group: Value, minimum: int) -> Alarm[Value]:
    """Fewer instances in service than the fleet's minimum; the group must publish its metrics."""
    return Alarm(
        role="below-minimum",
        text=f"Fewer than {minimum} instances are in service: the group can't launch. Look at its activity history.",
        metric=Metric("AWS/AutoScaling", "GroupInServiceInstances", {"AutoScalingGroupName": group}, "Minimum"),
        comparison=BELOW,
        threshold=minimum,
        # A group publishes this only when asked to; a group that does not is no outage.
        missing="missing",
        periods=3,
    )


def threshold_problems(thresholds: Mapping[str, float]) -> list[str]:
    """Thresholds that can't be meant: one sentence each."""
    problems = []
    for name, value in thresholds.items():
        if value <= 0:
            problems.append(f"thresholds.{name} is {value:g}; it must be above 0")
        elif name.endswith("_percent") and value > 100:
            problems.append(f"thresholds.{name} is {value:g}; it is a percentage, at most 100")
    return problems
