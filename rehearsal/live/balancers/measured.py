"""What a load balancer is measured at, for metrics and console; counts are since the plane's start."""

from dataclasses import dataclass

from rehearsal.live.balancers.stats import Counts


@dataclass(frozen=True)
class GroupMeasured:
    """A target group as seen by one node: `AWS/ApplicationELB` with TargetGroup, LoadBalancer and AvailabilityZone.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    """

    region: str
    zone: str
    balancer: str
    """As the dimension has it: `app/NAME/ID`."""
    group: str
    """As the dimension has it: `targetgroup/NAME/ID`."""
    healthy: int
    """Targets in this zone that are healthy (HealthyHostCount)."""
    unhealthy: int
    """Targets in this zone that are unhealthy (UnHealthyHostCount)."""
    counts: Counts
    """What targets answered through this node: RequestCount, HTTPCode_Target_*, TargetConnectionErrorCount."""
    response_seconds: float
    """TargetResponseTime, the average of the last answers."""


@dataclass(frozen=True)
class BalancerMeasured:
    """A node of a balancer: `AWS/ApplicationELB` with LoadBalancer and AvailabilityZone."""

    region: str
    zone: str
    balancer: str
    kind: str
    """`application` or `network`."""
    requests: int
    own_errors: int
    """HTTPCode_ELB_5XX_Count: 5xx that no target sent."""
    codes: tuple[int, int, int, int]
    """Answers to users of 2xx, 3xx, 4xx, 5xx, whoever made them."""
    active: int
    """ActiveConnectionCount, of users."""


@dataclass(frozen=True)
class Measured:
    """All of it."""

    balancers: tuple[BalancerMeasured, ...] = ()
    groups: tuple[GroupMeasured, ...] = ()
