"""A load balancer as AWS's API describes one."""

from dataclasses import replace
from typing import Any

from rehearsal.live.balancers.configuration import Node
from rehearsal.live.balancers.model import HealthCheck, Listener, LoadBalancer, Target, TargetGroup

WEB, API = (
    "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/1",
    "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/api/2",
)
CHECK = HealthCheck(path="/healthz", interval=5, timeout=2, healthy=2, unhealthy=2)
GROUPS = {WEB: TargetGroup(WEB, "web", "HTTP", 8080, CHECK), API: TargetGroup(API, "api", "HTTP", 8081, CHECK)}


def rule(*conditions: dict[str, Any], priority: str = "1", **action: Any) -> dict[str, Any]:
    return {
        "Priority": priority,
        "Conditions": list(conditions),
        "Actions": [action],
        "IsDefault": priority == "default",
    }


FORWARD = rule(priority="default", Type="forward", TargetGroupArn=WEB)
REDIRECT = rule(
    priority="default",
    Type="redirect",
    RedirectConfig={"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
)


def balancer(*listeners: Listener, kind: str = "application", attributes: dict[str, str] | None = None) -> LoadBalancer:
    return LoadBalancer(
        arn="arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/lb/1",
        name="lb",
        dns="lb-1.eu-west-1.elb.amazonaws.com",
        kind=kind,
        internal=False,
        zones=("eu-west-1a", "eu-west-1b"),
        attributes=attributes or {},
        listeners=listeners or (Listener("l", 8000, "HTTP", rules=(FORWARD,)),),
    )


def node(
    of: LoadBalancer | None = None, mistakes: tuple[str, ...] = (), attributes: dict[str, str] | None = None
) -> Node:
    """A node; `attributes` are those of the target group `web`."""
    groups = {**GROUPS, WEB: replace(GROUPS[WEB], attributes=attributes or {})}
    return Node(of or balancer(), "eu-west-1a", "127.0.0.1", groups, {}, frozenset(mistakes))


def target(number: int, zone: str = "eu-west-1a", *, draining: bool = False) -> Target:
    return Target(f"i-{number}", f"10.0.0.{number}", 8080, zone, draining)
