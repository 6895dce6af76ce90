"""The alarms of a region, and their thresholds. No SDK here: values may be outputs.

Every period is 60 s, the shortest that AWS's own metrics have. An alarm on errors of users needs two bad minutes, on
too few servers in service three: the loss of a zone alarms in two to four minutes, with the rest of the period and
CloudWatch's own delay. Where a metric only falls silent, CloudWatch looks at older data first and takes some minutes
more. Alarms on hosts wait until a server that was launched in an ordinary way must serve, so that a scale-out or a
release sends no e-mail.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, NotRequired, TypedDict, TypeVar

from ha_web.core.runbooks import Runbook

Value = TypeVar("Value")

MINUTE = 60

SETTLING_MINUTES = 2
"""Minutes beyond a server's start-up until a host that is still unhealthy is worth an e-mail. Ours: the health checks
of a new target, and CloudWatch's period."""

FEWEST_REQUESTS = 20
"""Requests a minute below which the share of errors is ignored: one error at night is not an outage."""

BALANCERS = {"application": "AWS/ApplicationELB", "network": "AWS/NetworkELB"}
"""Namespaces in CloudWatch by type of load balancer."""


class AlarmThresholdsArgs(TypedDict):
    """Thresholds of the alarms. Where a default is AWS's, it is from the recommended alarms:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
    """

    target_error_percent: NotRequired[float]
    """Percent of requests that targets answer with 5xx, for two minutes. Default 5, as AWS recommends for the 5xx
    of API Gateway and CloudFront."""
    balancer_error_percent: NotRequired[float]
    """Percent of requests that the load balancer itself answers with 5xx (no target, no response, time-out), for
    two minutes. Default 5, as above: the loss of one of three zones means 33 until its targets are out."""
    latency_seconds: NotRequired[float]
    """99th percentile of the targets' response time, for three minutes, in seconds. Default 1 (our choice, since
    AWS leaves it to the application): a page without load takes milliseconds."""
    engine_cpu_percent: NotRequired[float]
    """CPU utilization of the engine's thread on a node in percent, for five minutes. Default 90, from AWS's page "Which
    metrics should I monitor?": https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html"""
    memory_percent: NotRequired[float]
    """Percent of a node's memory for data that is in use, for five minutes. Default 80 (our choice): a fifth is left
    before sessions are evicted."""
    replication_lag_seconds: NotRequired[float]
    """Seconds that a replica is behind its primary, for three minutes. Default 2 (our choice): a failover loses the
    changes of the lag, and in our measurements 2 s affected every active session; a healthy lag is below 1 s."""
    database_cpu_percent: NotRequired[float]
    """CPU utilization of a database instance in percent, for five minutes. Default 90, as AWS recommends."""
    database_lag_seconds: NotRequired[float]
    """Seconds that a reader of the database is behind its writer, for three minutes. Default 2 (our choice): a reader's
    usual lag is much less than 0.1 s.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Replication.html"""
    region_lag_seconds: NotRequired[float]
    """Seconds that the data of this region is behind the other region's, for three minutes: what a failover would lose.
    Default 5 (our choice): the usual lag of a global database or datastore is about 1 s."""


DEFAULT_THRESHOLDS: dict[str, float] = {
    "target_error_percent": 5,
    "balancer_error_percent": 5,
    "latency_seconds": 1,
    "engine_cpu_percent": 90,
    "memory_percent": 80,
    "replication_lag_seconds": 2,
    "database_cpu_percent": 90,
    "database_lag_seconds": 2,
    "region_lag_seconds": 5,
}


@dataclass(frozen=True)
class Metric(Generic[Value]):
    """A CloudWatch metric, and its statistic over a period."""

    namespace: str
    name: str
    dimensions: Mapping[str, Value]
    statistic: str
    """A statistic (`Sum`) or a percentile (`p99`)."""


@dataclass(frozen=True)
class Alarm(Generic[Value]):
    """An alarm on a metric, or on an expression of several."""

    role: str
    """Last part of its resource name."""
    text: str
    """Explanation for the person who gets the e-mail."""
    runbook: Runbook
    """What that person opens."""
    comparison: str
    threshold: float
    missing: str
    """Treatment of missing data: `breaching`, `notBreaching`, or `missing` (insufficient data)."""
    metric: Metric[Value] | None = None
    expression: str = ""
    """Metric math over `metrics`; without any, a query of CloudWatch Metrics Insights."""
    metrics: Mapping[str, Metric[Value]] = field(default_factory=dict)
    """The expression's metrics, by the names it uses."""
    label: str = "percent of requests"
    """Legend of the expression's value."""
    period: int = MINUTE
    periods: int = 1
    """Number of bad periods in a row."""


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
    boot_seconds: int,
) -> list[Alarm[Value]]:
    """Return the alarms on unhealthy hosts in each zone, zones without a healthy host, and no healthy host at all.

    Args:
        zones: zone names by the key that is part of the alarm's name.
        every_zone_has_hosts: True if the fleet is large enough that a zone without hosts is a failure.
        boot_seconds: seconds from a server's launch until it serves. A server is registered when it is launched, and is
            unhealthy until it serves; in a release a zone may be without one for as long.
    """
    patience = math.ceil(boot_seconds / MINUTE) + SETTLING_MINUTES
    space = BALANCERS[kind]
    whole = {"LoadBalancer": load_balancer, "TargetGroup": target_group}
    alarms = [
        Alarm(
            role="no-healthy-hosts",
            text="No healthy target is left: the load balancer has nobody to ask.",
            runbook=Runbook.REGION,
            # Each node of the balancer reports what it sees. The least is what one sees that is new, or in a zone that
            # is cut off: that is no lost region, and neither ends a release nor the experiment of that zone.
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
            metric=Metric(space, "HealthyHostCount", whole, "Maximum"),
            comparison=BELOW,
            threshold=1,
            # Without targets, or without the load balancer, there is no data, and nobody is served.
            missing="breaching",
        )
    ]
    for key, zone in zones.items():
        dimensions = {**whole, "AvailabilityZone": zone}
        alarms.append(
            Alarm(
                role=f"unhealthy-hosts-{key}",
                text=f"A target in zone {key} fails its health check. Several zones at once: look at the application.",
                runbook=Runbook.SERVER,
                metric=Metric(space, "UnHealthyHostCount", dimensions, "Maximum"),
                comparison=AT_LEAST,
                threshold=1,
                # A zone without targets has no unhealthy ones; the next alarm is for that.
                missing="notBreaching",
                periods=patience,
            )
        )
        if every_zone_has_hosts:
            alarms.append(
                Alarm(
                    role=f"empty-zone-{key}",
                    text=f"Zone {key} has no healthy target: one more lost zone and capacity is short.",
                    runbook=Runbook.ZONE,
                    metric=Metric(space, "HealthyHostCount", dimensions, "Minimum"),
                    comparison=BELOW,
                    threshold=1,
                    # A lost zone may have no data at all.
                    missing="breaching",
                    periods=patience,
                )
            )
    return alarms


def request_alarms(load_balancer: Value, target_group: Value, thresholds: Mapping[str, float]) -> list[Alarm[Value]]:
    """Return the alarms on shares of 5xx and on slow responses, which only application load balancers have."""
    space = BALANCERS["application"]
    whole = {"LoadBalancer": load_balancer}
    targets = {"LoadBalancer": load_balancer, "TargetGroup": target_group}
    # A count of zero has no data. A balancer without targets counts its own 503 but no request: hence the larger of
    # both.
    seen = "MAX([FILL(requests,0),FILL(errors,0)])"
    expression = f"IF({seen}>={FEWEST_REQUESTS},100*FILL(errors,0)/{seen},0)"
    common = Alarm[Value](
        role="",
        text="",
        runbook=Runbook.REGION,
        comparison=ABOVE,
        threshold=0,
        # Without requests there are no errors; health checks from outside see if no requests arrive.
        missing="notBreaching",
        periods=2,
    )
    return [
        replace(
            common,
            role="target-errors",
            text="Targets answer with 5xx: look at the application's log.",
            runbook=Runbook.RELEASE,
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
            runbook=Runbook.SERVER,
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
            runbook=Runbook.GREY_ZONE,
            metric=Metric(space, "TargetResponseTime", targets, "p99"),
            threshold=thresholds["latency_seconds"],
            periods=3,
        ),
    ]


def group_alarm(group: Value, minimum: int) -> Alarm[Value]:
    """Return the alarm on fewer instances in service than the fleet's minimum; the group must publish its metrics."""
    return Alarm(
        role="below-minimum",
        text=f"Fewer than {minimum} instances are in service: the group can't launch. Look at its activity history.",
        runbook=Runbook.QUOTA,
        metric=Metric("AWS/AutoScaling", "GroupInServiceInstances", {"AutoScalingGroupName": group}, "Minimum"),
        comparison=BELOW,
        threshold=minimum,
        # A group that doesn't publish its metrics is no outage.
        missing="missing",
        periods=3,
    )


def threshold_problems(thresholds: Mapping[str, float]) -> list[str]:
    """Return a line for each threshold out of range."""
    problems = []
    for name, value in thresholds.items():
        if value <= 0:
            problems.append(f"thresholds.{name} is {value:g}; it must be above 0")
        elif name.endswith("_percent") and value > 100:
            problems.append(f"thresholds.{name} is {value:g}; it is a percentage, at most 100")
    return problems
