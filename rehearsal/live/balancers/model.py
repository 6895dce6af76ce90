"""What the account says of its load balancers. Pure: API answers in, facts out.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/Welcome.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TARGET_DEFAULTS = {
    "deregistration_delay.timeout_seconds": "300",
    "slow_start.duration_seconds": "0",
    "load_balancing.algorithm.type": "round_robin",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    "stickiness.enabled": "false",
    "stickiness.type": "lb_cookie",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "stickiness.app_cookie.cookie_name": "",
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html"""

BALANCER_DEFAULTS = {
    "idle_timeout.timeout_seconds": "60",
    "client_keep_alive.seconds": "3600",
    "routing.http.xff_header_processing.mode": "append",
    "routing.http.preserve_host_header.enabled": "false",
    "routing.http2.enabled": "true",
}
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"""


@dataclass(frozen=True)
class HealthCheck:
    """A target group's health check."""

    protocol: str = "HTTP"
    path: str = "/"
    port: str = "traffic-port"
    interval: float = 30
    timeout: float = 5
    healthy: int = 5
    unhealthy: int = 2
    matcher: str = "200"


@dataclass(frozen=True)
class TargetGroup:
    """A target group."""

    arn: str
    name: str
    protocol: str
    port: int
    check: HealthCheck
    attributes: Mapping[str, str] = field(default_factory=dict)
    balancers: tuple[str, ...] = ()

    def attribute(self, name: str) -> str:
        """Return an attribute, or AWS's default."""
        return self.attributes.get(name, TARGET_DEFAULTS.get(name, ""))

    def seconds(self, name: str) -> float:
        """Return an attribute that is a number of seconds."""
        return float(self.attribute(name) or 0)

    def fewest(self, action: str, targets: int) -> int:
        """Return the fewest healthy targets before AWS acts: `dns_failover` or `unhealthy_state_routing`.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html
        """
        name = f"target_group_health.{action}.minimum_healthy_targets"
        limits = []
        count, percentage = self.attribute(f"{name}.count"), self.attribute(f"{name}.percentage")
        if count != "off":
            limits.append(int(count))
        if percentage not in ("off", ""):
            limits.append(-(-targets * int(percentage) // 100))
        return max([*limits, 1])


@dataclass(frozen=True)
class Listener:
    """A listener with its rules, the default rule last."""

    arn: str
    port: int
    protocol: str
    certificates: tuple[str, ...] = ()
    policy: str = ""
    rules: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class LoadBalancer:
    """A load balancer."""

    arn: str
    name: str
    dns: str
    kind: str
    """`application` or `network`."""
    internal: bool
    zones: tuple[str, ...]
    attributes: Mapping[str, str] = field(default_factory=dict)
    listeners: tuple[Listener, ...] = ()
    away: str = ""
    """The zone that a zonal shift keeps users out of; empty without one."""

    @property
    def region(self) -> str:
        """The Region, of the ARN."""
        return self.arn.split(":")[3]

    @property
    def label(self) -> str:
        """The name that CloudWatch's metrics have: `app/NAME/ID`."""
        return self.arn.partition(":loadbalancer/")[2]

    def attribute(self, name: str) -> str:
        """Return an attribute, or AWS's default."""
        return self.attributes.get(name, BALANCER_DEFAULTS.get(name, ""))

    def crosses_zones(self, group: TargetGroup) -> bool:
        """Return whether a node also sends to targets in other zones.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#cross-zone-load-balancing
        """
        said = group.attribute("load_balancing.cross_zone.enabled")
        if said == "use_load_balancer_configuration":
            # An Application Load Balancer always does, unless a target group says otherwise.
            return self.kind == "application" or self.attribute("load_balancing.cross_zone.enabled") == "true"
        return said == "true"

    def groups(self) -> tuple[str, ...]:
        """Return the ARNs of the target groups that its rules forward to."""
        return tuple(dict.fromkeys(arn for each in self.listeners for arn, _ in forwards(each)))


@dataclass(frozen=True)
class Target:
    """A registered target."""

    id: str
    address: str
    port: int
    zone: str
    draining: bool = False


def target_group(said: Mapping[str, Any], attributes: Mapping[str, str]) -> TargetGroup:
    """Return a target group of DescribeTargetGroups."""
    return TargetGroup(
        arn=said["TargetGroupArn"],
        name=said["TargetGroupName"],
        protocol=said.get("Protocol", "HTTP"),
        port=int(said.get("Port", 80)),
        check=HealthCheck(
            protocol=said.get("HealthCheckProtocol", "HTTP"),
            path=said.get("HealthCheckPath", "/"),
            port=str(said.get("HealthCheckPort", "traffic-port")),
            interval=float(said.get("HealthCheckIntervalSeconds", 30)),
            timeout=float(said.get("HealthCheckTimeoutSeconds", 5)),
            healthy=int(said.get("HealthyThresholdCount", 5)),
            unhealthy=int(said.get("UnhealthyThresholdCount", 2)),
            matcher=said.get("Matcher", {}).get("HttpCode", "200"),
        ),
        attributes=attributes,
        balancers=tuple(said.get("LoadBalancerArns", ())),
    )


def load_balancer(
    said: Mapping[str, Any], attributes: Mapping[str, str], listeners: Sequence[Listener], away: str = ""
) -> LoadBalancer:
    """Return a load balancer of DescribeLoadBalancers."""
    return LoadBalancer(
        arn=said["LoadBalancerArn"],
        name=said["LoadBalancerName"],
        dns=said["DNSName"],
        kind=said.get("Type", "application"),
        internal=said.get("Scheme") == "internal",
        zones=tuple(sorted(zone["ZoneName"] for zone in said.get("AvailabilityZones", ()))),
        attributes=attributes,
        listeners=tuple(sorted(listeners, key=lambda each: each.port)),
        away=away,
    )


def sendable(targets: Sequence[Target], zone: str, away: str) -> list[Target]:
    """Return the targets that a node of a zone sends to while users are kept out of `away`.

    The node that users are kept out of goes on checking its targets' health, so that their state is known.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/zonal-shift.html
    """
    return [each for each in targets if each.zone != away or zone == away]


def listener(said: Mapping[str, Any], rules: Sequence[Mapping[str, Any]], certificates: Sequence[str]) -> Listener:
    """Return a listener of DescribeListeners; a Network Load Balancer's has no rules, only its default actions."""
    ordered = sorted(rules, key=lambda rule: (rule.get("IsDefault", False), _priority(rule)))
    if not ordered:
        ordered = [{"IsDefault": True, "Priority": "default", "Conditions": [], "Actions": said["DefaultActions"]}]
    return Listener(
        arn=said["ListenerArn"],
        port=int(said["Port"]),
        protocol=said["Protocol"],
        certificates=tuple(certificates),
        policy=said.get("SslPolicy", ""),
        rules=tuple(ordered),
    )


def _priority(rule: Mapping[str, Any]) -> int:
    return int(rule["Priority"]) if str(rule.get("Priority", "")).isdigit() else 1 << 30


def forwards(listener: Listener) -> list[tuple[str, int]]:
    """Return the target groups that a listener's rules forward to, with their weights."""
    return [each for rule in listener.rules for action in rule["Actions"] for each in weighted(action)]


def weighted(action: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return the target groups of an action, with their weights."""
    if action["Type"] != "forward":
        return []
    several = action.get("ForwardConfig", {}).get("TargetGroups", ())
    if several:
        return [(each["TargetGroupArn"], int(each.get("Weight", 1))) for each in several]
    return [(action["TargetGroupArn"], 1)]
