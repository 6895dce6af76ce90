"""The target group: when a server is out of service, and when a whole region is."""

from typing import cast

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope
from ha_web.load_balancer.health_check import HealthCheckArgs, resolved
from ha_web.load_balancer.protocols import BalancerType, Transport

DNS_FAILOVER_PERCENT = 25
"""With less than a quarter of the servers healthy, the balancer's addresses are unhealthy in DNS, so that a failover
record moves users to the other region before the last server fails.

With cross-zone balancing the share is that of all zones: the loss of one of two zones leaves half, of one of three two
thirds: none is below. It is not below the threshold for routing either, as AWS requires:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html
"""


def dns_failover_percent(minimum: int, maximum: int) -> int:
    """Return the share of healthy servers below which a fleet's balancer leaves DNS, in percent, 1 to 25.

    The share is one of all registered servers, and those that are being launched are unhealthy. So the servers that
    always run must suffice for `maximum` registered ones: else a standby of 3 that is raised to 13 at once would be
    unhealthy in DNS until a quarter of them serve, and users would be sent back to the failed primary.
    """
    return max(1, min(DNS_FAILOVER_PERCENT, 100 * minimum // maximum))


def dns_failover_problem(percent: int) -> str | None:
    """Return a line for a share that AWS would refuse."""
    return None if 1 <= percent <= 100 else f"dns_failover_percent is {percent}; it must be 1 to 100"


FEWEST_HEALTHY = 1
"""With fewer healthy servers, requests go to all, healthy or not. AWS's default: the Auto Scaling group replaces
unhealthy servers by itself."""


def create_target_group(
    scope: Scope,
    transport: Transport,
    *,
    vpc_id: pulumi.Input[str],
    port: int,
    health_check: HealthCheckArgs,
    deregistration_delay: int,
    sticky_session_seconds: int | None,
    dns_failover_percent: int,
) -> aws.lb.TargetGroup:
    """Create a target group for instances. Pulumi gives a replacement a new name, so that both can exist at once."""
    application = transport.type is BalancerType.APPLICATION
    check = cast(aws.lb.TargetGroupHealthCheckArgsDict, resolved(health_check, transport))
    return aws.lb.TargetGroup(
        f"{scope.name}-tg",
        vpc_id=vpc_id,
        target_type="instance",
        protocol=transport.target_protocol,
        protocol_version=transport.target_version,
        port=port,
        health_check=check,
        deregistration_delay=deregistration_delay,
        load_balancing_algorithm_type="least_outstanding_requests" if application else None,
        slow_start=0 if application else None,
        stickiness=_stickiness(sticky_session_seconds) if application else None,
        target_group_health={
            "dns_failover": {
                "minimum_healthy_targets_count": str(FEWEST_HEALTHY),
                "minimum_healthy_targets_percentage": str(dns_failover_percent),
            },
            "unhealthy_state_routing": {
                "minimum_healthy_targets_count": FEWEST_HEALTHY,
                "minimum_healthy_targets_percentage": "off",
            },
        },
        **scope.regional_args("tg"),
    )


def _stickiness(seconds: int | None) -> aws.lb.TargetGroupStickinessArgsDict:
    if seconds is None:
        return {"type": "lb_cookie", "enabled": False}
    return {"type": "lb_cookie", "enabled": True, "cookie_duration": seconds}


def target_group_problems(
    transport: Transport, deregistration_delay: int, sticky_session_seconds: int | None
) -> list[str]:
    """Return a line for each value that AWS would refuse."""
    problems = []
    if not 0 <= deregistration_delay <= 3600:
        problems.append(f"deregistration_delay is {deregistration_delay}; it must be 0 to 3600 seconds")
    if sticky_session_seconds is not None:
        if transport.type is not BalancerType.APPLICATION:
            problems.append("sticky_session_seconds is given; a network load balancer has no session cookie")
        elif not 1 <= sticky_session_seconds <= 604_800:
            problems.append(f"sticky_session_seconds is {sticky_session_seconds}; it must be 1 to 604800 (a week)")
    return problems
