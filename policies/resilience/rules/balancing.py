"""Load balancers, listeners and target groups."""

from collections.abc import Iterator

from resilience.reference import security_hub, well_architected
from resilience.resource import Resource
from resilience.rule import Config, Domain, Setting, Severity
from resilience.types import LOAD_BALANCERS, TARGET_GROUPS

RULES = Domain("Balancing")

INTERVAL, FAILURES = 30, 3
"""AWS's defaults. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""


@RULES.rule(
    "balancer-deletion-protection",
    "A load balancer is protected from deletion.",
    Severity.HIGH,
    security_hub("ELB.6"),
    *LOAD_BALANCERS,
)
def deletion_protection(balancer: Resource, _: Config) -> Iterator[str]:
    """A gateway load balancer has the same setting."""
    if not balancer.get("enableDeletionProtection"):
        yield "enableDeletionProtection is off"


@RULES.rule(
    "balancer-detects-failures-in-time",
    "A target that fails leaves its balancer in time.",
    Severity.HIGH,
    well_architected("REL11-BP01", "rel_withstand_component_failures_monitoring_health"),
    *TARGET_GROUPS,
    seconds=Setting(30, "the longest time until a dead target is out, in seconds: interval × failures", {"minimum": 5}),
)
def detects_in_time(group: Resource, config: Config) -> Iterator[str]:
    """Lambda targets are not checked by default."""
    interval = group.get("healthCheck.interval", INTERVAL)
    failures = group.get("healthCheck.unhealthyThreshold", FAILURES)
    if interval * failures > config["seconds"]:
        yield f"healthCheck takes {interval} s × {failures} failures; at most {config['seconds']} s are allowed"
