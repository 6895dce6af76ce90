"""Target groups of load balancers."""

from collections.abc import Iterator, Mapping
from typing import Any

from resilience.aws.types import TARGET_GROUPS
from resilience.reference import security_hub, well_architected
from resilience.remedies import mended
from resilience.resource import Resource
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

INTERVAL, FAILURES = 30, 3
"""The defaults of the provider, whose failures are one more than AWS's:
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""
DRAINING = 300
"""AWS's default.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html"""

NOTICING = well_architected("REL11-BP01", "rel_withstand_component_failures_monitoring_health")


def of_functions(group: Resource) -> bool:
    """Return whether the targets are Lambda functions, which need no checks and are not drained."""
    return bool(group.get("targetType") == "lambda")


@RULES.rule(
    "balancer-detects-failures-in-time",
    "A target that fails leaves its balancer in time.",
    Severity.HIGH,
    NOTICING,
    *TARGET_GROUPS,
    seconds=Setting(30, "the longest time until a dead target is out, in seconds: interval × failures", {"minimum": 5}),
)
def detects_in_time(group: Resource, config: Config) -> Iterator[str]:
    """Lambda functions are not checked by default."""
    if of_functions(group):
        return
    interval = int(group.get("healthCheck.interval", INTERVAL))
    failures = int(group.get("healthCheck.unhealthyThreshold", FAILURES))
    if interval * failures > config["seconds"]:
        yield f"healthCheck takes {interval} s × {failures} failures; at most {config['seconds']} s are allowed"


@RULES.rule(
    "target-group-checks-health",
    "Targets are checked for their health.",
    Severity.HIGH,
    NOTICING,
    *TARGET_GROUPS,
)
def checks_health(group: Resource, _: Config) -> Iterator[str]:
    """On by default."""
    if not of_functions(group) and not group.get("healthCheck.enabled", True):
        yield "healthCheck.enabled is off; requests go to dead targets"


@RULES.rule(
    "target-group-check-asks-the-application",
    "A health check asks the application, at a page made for it.",
    Severity.LOW,
    NOTICING,
    *TARGET_GROUPS,
)
def asks_the_application(group: Resource, _: Config) -> Iterator[str]:
    """An application that hangs still takes connections, and the front page may need what is not the server's own.

    https://aws.amazon.com/builders-library/implementing-health-checks/
    """
    if of_functions(group) or group.get("targetType") == "alb":
        return
    own = group.get("protocol", "HTTP")
    protocol = group.get("healthCheck.protocol", "HTTP" if own in ("HTTP", "HTTPS") else "TCP")
    if protocol == "TCP":
        yield "healthCheck.protocol is TCP; a path makes the application answer"
    elif group.get("healthCheck.path", "/") == "/" and group.get("protocolVersion") != "GRPC":
        yield "healthCheck.path is /; a page of its own is needed that asks nothing but the server itself"


def drain_in_time(group: Resource, config: Config) -> Mapping[str, Any] | None:
    """Requests that take longer than the setting are cut off when their server leaves."""
    return mended(group, drains_in_time(group, config), deregistrationDelay=config["seconds"])


@RULES.rule(
    "target-group-drains-in-time",
    "A server that leaves is let go in time.",
    Severity.MEDIUM,
    well_architected("REL11-BP03", "rel_withstand_component_failures_auto_healing_system"),
    *TARGET_GROUPS,
    remedy=drain_in_time,
    seconds=Setting(120, "the longest time to finish requests in, in seconds", {"minimum": 0, "maximum": 3600}),
)
def drains_in_time(group: Resource, config: Config) -> Iterator[str]:
    """Each server that is replaced, in a deployment or after a failure, takes as long at least."""
    seconds = int(group.get("deregistrationDelay", DRAINING))
    if not of_functions(group) and seconds > config["seconds"]:
        yield f"deregistrationDelay is {seconds} s; at most {config['seconds']} s are allowed"


@RULES.rule(
    "target-group-crosses-zones",
    "A target group does not keep requests in the zone that they came by.",
    Severity.MEDIUM,
    security_hub("ELB.9"),
    *TARGET_GROUPS,
)
def crosses_zones(group: Resource, _: Config) -> Iterator[str]:
    """By default the balancer decides, see `balancer-crosses-zones`."""
    if str(group.get("loadBalancingCrossZoneEnabled")).lower() == "false":
        yield "loadBalancingCrossZoneEnabled is false; a zone with fewer servers gets as many requests as the others"


@RULES.rule(
    "target-group-leaves-dns-before-it-is-empty",
    "A load balancer with too few healthy targets counts as unhealthy in DNS.",
    Severity.MEDIUM,
    well_architected("REL11-BP02", "rel_withstand_component_failures_failover2good"),
    *TARGET_GROUPS,
)
def leaves_dns_before_it_is_empty(group: Resource, _: Config) -> Iterator[str]:
    """By default a single healthy target, however overloaded, keeps a zone, and the region, in DNS.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html
    """
    if of_functions(group):
        return
    at = "targetGroupHealth.dnsFailover.minimumHealthyTargets"
    counted = str(group.get(f"{at}Count", "1")) not in ("1", "off")
    if not counted and str(group.get(f"{at}Percentage", "off")) == "off":
        yield f"{at}Percentage is off; name the share below which another zone or region takes over"


@RULES.rule(
    "target-group-binds-no-client",
    "Any server can answer any client.",
    Severity.LOW,
    well_architected("REL05-BP06", "rel_mitigate_interaction_failure_stateless"),
    *TARGET_GROUPS,
)
def binds_no_client(group: Resource, _: Config) -> Iterator[str]:
    """`stickiness`, where it is given, is on unless it says otherwise."""
    if group.has("stickiness") and group.get("stickiness.enabled", True):
        yield "stickiness.enabled is on; who is bound to a server is lost with it, a session store is not"
