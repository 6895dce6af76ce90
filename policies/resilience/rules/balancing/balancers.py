"""Load balancers."""

from collections.abc import Iterator, Mapping
from typing import Any

from resilience.aws.types import CLASSIC_BALANCER, LOAD_BALANCERS, WEB_ACL_ASSOCIATIONS
from resilience.known import is_known
from resilience.reference import security_hub, well_architected
from resilience.remedies import mended
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

APPLICATION, NETWORK = "application", "network"


def kind(balancer: Resource) -> str:
    """`application`, `network`, `gateway` or `classic`."""
    return "classic" if balancer.type == CLASSIC_BALANCER else balancer.get("loadBalancerType", APPLICATION)


def protect(balancer: Resource, config: Config) -> Mapping[str, Any] | None:
    """Deleting the balancer then needs the protection switched off first."""
    return mended(balancer, deletion_protection(balancer, config), enableDeletionProtection=True)


@RULES.rule(
    "balancer-deletion-protection",
    "A load balancer is protected from deletion.",
    Severity.HIGH,
    security_hub("ELB.6"),
    *LOAD_BALANCERS,
    remedy=protect,
)
def deletion_protection(balancer: Resource, _: Config) -> Iterator[str]:
    """A gateway load balancer has the same setting."""
    if not balancer.get("enableDeletionProtection"):
        yield "enableDeletionProtection is off"


@RULES.rule(
    "balancer-spans-zones",
    "A load balancer stands in two zones at least.",
    Severity.HIGH,
    security_hub("ELB.13"),
    *LOAD_BALANCERS,
    CLASSIC_BALANCER,
    zones=Setting(2, "the fewest zones that a load balancer stands in", {"minimum": 1}),
)
def spans_zones(balancer: Resource, config: Config) -> Iterator[str]:
    """AWS takes one subnet a zone."""
    zones = max(balancer.count(path) for path in ("subnets", "subnetMappings", "availabilityZones"))
    if zones < config["zones"]:
        yield f"subnets: {zones} are named; {config['zones']} at least are needed, each in a zone of its own"


@RULES.rule(
    "balancer-crosses-zones",
    "A load balancer shares requests out over the servers of all its zones.",
    Severity.MEDIUM,
    security_hub("ELB.9"),
    *LOAD_BALANCERS,
    CLASSIC_BALANCER,
)
def crosses_zones(balancer: Resource, _: Config) -> Iterator[str]:
    """Off by default at Network and Gateway Load Balancers, always on at Application Load Balancers."""
    if balancer.type == CLASSIC_BALANCER:
        if not balancer.get("crossZoneLoadBalancing", True):
            yield "crossZoneLoadBalancing is off; a zone with fewer servers gets as many requests as the others"
    elif kind(balancer) != APPLICATION and not balancer.get("enableCrossZoneLoadBalancing"):
        yield "enableCrossZoneLoadBalancing is off; a zone with fewer servers gets as many requests as the others"


def allow_shifts(balancer: Resource, config: Config) -> Mapping[str, Any] | None:
    """Nothing is shifted by that; it can be."""
    return mended(balancer, can_leave_a_zone(balancer, config), enableZonalShift=True)


@RULES.rule(
    "balancer-can-leave-a-zone",
    "A load balancer can be shifted away from a zone that is impaired.",
    Severity.MEDIUM,
    well_architected("REL11-BP02", "rel_withstand_component_failures_failover2good"),
    *LOAD_BALANCERS,
    remedy=allow_shifts,
)
def can_leave_a_zone(balancer: Resource, _: Config) -> Iterator[str]:
    """By zonal shift, which is off by default. Gateway Load Balancers don't have it.

    https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.resource-types.html
    """
    if kind(balancer) in (APPLICATION, NETWORK) and not balancer.get("enableZonalShift"):
        yield "enableZonalShift is off; in a partial outage nobody could take the zone out"


@RULES.rule(
    "balancer-access-logs",
    "The requests to a load balancer are logged.",
    Severity.MEDIUM,
    security_hub("ELB.5"),
    *LOAD_BALANCERS,
    CLASSIC_BALANCER,
)
def access_logs(balancer: Resource, _: Config) -> Iterator[str]:
    """Of TCP and UDP there is nothing to log. Where a bucket is named, only a classic balancer logs by default."""
    if kind(balancer) not in (APPLICATION, "classic"):
        return
    if not balancer.has("accessLogs"):
        yield "accessLogs is missing"
    elif not balancer.get("accessLogs.enabled", balancer.type == CLASSIC_BALANCER):
        yield "accessLogs.enabled is off"


def drop_invalid_headers(balancer: Resource, config: Config) -> Mapping[str, Any] | None:
    """Header names with other characters than letters, digits and `-` no longer reach the servers."""
    return mended(balancer, drops_invalid_headers(balancer, config), dropInvalidHeaderFields=True)


@RULES.rule(
    "balancer-drops-invalid-headers",
    "A load balancer drops headers that are not valid HTTP.",
    Severity.MEDIUM,
    security_hub("ELB.4"),
    *LOAD_BALANCERS,
    remedy=drop_invalid_headers,
)
def drops_invalid_headers(balancer: Resource, _: Config) -> Iterator[str]:
    """Off by default."""
    if kind(balancer) == APPLICATION and not balancer.get("dropInvalidHeaderFields"):
        yield "dropInvalidHeaderFields is off; servers get headers that smuggle requests"


@RULES.rule(
    "balancer-mitigates-desync",
    "A load balancer does not pass on requests that servers could read in two ways.",
    Severity.MEDIUM,
    security_hub("ELB.12"),
    *LOAD_BALANCERS,
    CLASSIC_BALANCER,
)
def mitigates_desync(balancer: Resource, _: Config) -> Iterator[str]:
    """`defensive` is the default; `monitor` passes all on."""
    mode = balancer.get("desyncMitigationMode", "defensive")
    if kind(balancer) in (APPLICATION, "classic") and mode == "monitor":
        yield "desyncMitigationMode is monitor; defensive or strictest is needed"


@RULES.stack_rule(
    "balancer-has-web-acl",
    "A public Application Load Balancer is behind a web ACL.",
    Severity.MEDIUM,
    security_hub("ELB.16"),
    *LOAD_BALANCERS,
)
def has_web_acl(balancer: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """AWS WAF, newer or older. Where `internal` is not known yet, the program does not set it: public."""
    if kind(balancer) != APPLICATION or (is_known(balancer, "internal") and balancer.get("internal")):
        return
    if not any(_guards(each, balancer) for each in stack.of_type(*WEB_ACL_ASSOCIATIONS)):
        yield "no aws:wafv2/webAclAssociation refers to it"


def _guards(association: Resource, balancer: Resource) -> bool:
    """By link, or by a plain ARN once both are there."""
    if association.refers_to(balancer, "resourceArn"):
        return True
    known = is_known(association, "resourceArn") and is_known(balancer, "arn")
    return known and association.get("resourceArn") == balancer.get("arn")
