"""Hosted zones, and the certificates of their names."""

from collections.abc import Iterator

from resilience.aws.parts import parts
from resilience.aws.types import CERTIFICATE, QUERY_LOG, ZONE
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Severity, Topic

RULES = Topic()


@RULES.rule(
    "zone-accelerated-recovery",
    "The records of a public zone can be changed without us-east-1.",
    Severity.LOW,
    well_architected("REL11-BP04", "rel_withstand_component_failures_avoid_control_plane"),
    ZONE,
)
def accelerated_recovery(zone: Resource, _: Config) -> Iterator[str]:
    """Within an hour of its loss. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/accelerated-recovery.html"""
    if not _is_private(zone) and not zone.get("enableAcceleratedRecovery"):
        yield "enableAcceleratedRecovery is off; while us-east-1 is down no record can be changed"


@RULES.stack_rule(
    "zone-query-logs",
    "A public zone logs what it is asked.",
    Severity.LOW,
    security_hub("Route53.2"),
    ZONE,
)
def query_logs(zone: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Route 53 takes no such logs of a private zone."""
    if not _is_private(zone) and not parts(stack, zone, (QUERY_LOG,), "zoneId", "zoneId", "id"):
        yield "it has no query log"


@RULES.rule(
    "certificate-renews-itself",
    "A certificate is renewed without anybody's help.",
    Severity.MEDIUM,
    security_hub("ACM.1"),
    CERTIFICATE,
)
def renews_itself(certificate: Resource, _: Config) -> Iterator[str]:
    """ACM renews what a DNS record proves, or what an authority of one's own signs; not what it was given.

    https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
    """
    if certificate.has("certificateBody"):
        yield "certificateBody is set; an imported certificate runs out, one with validationMethod DNS renews itself"
    elif certificate.get("validationMethod") == "EMAIL":
        yield "validationMethod is EMAIL; each renewal waits for a person, so DNS"


def _is_private(zone: Resource) -> bool:
    return zone.has("vpcs") and zone.count("vpcs") > 0
