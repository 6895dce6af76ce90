"""The way from a name to a server: records, certificates, listeners, balancers, target groups, fleets."""

from collections.abc import Iterator, Sequence

from resilience.aws.failovers import balancers_behind, is_role, regions_behind, secondaries_of
from resilience.aws.placement import naming_of
from resilience.aws.types import (
    CERTIFICATE,
    CERTIFICATE_VALIDATION,
    GROUP,
    LISTENERS,
    RECORD,
    SUBNET,
)
from resilience.aws.ways_in import balancers_of, covers, names_of, secure_listeners, target_groups_of
from resilience.known import is_known
from resilience.reference import well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Severity, Topic

RULES = Topic()

HEALTH = well_architected("REL11-BP01", "rel_withstand_component_failures_monitoring_health")
HEALTHY = well_architected("REL11-BP02", "rel_withstand_component_failures_failover2good")
PLACES = well_architected("REL10-BP01", "rel_fault_isolation_multiaz_region_system")
CERTIFICATES = well_architected("SEC09-BP01", "sec_protect_data_transit_key_cert_mgmt")

OF_APPLICATION = ("HTTP", "HTTPS")


@RULES.stack_rule(
    "group-behind-balancer-is-checked",
    "A fleet behind a balancer is in a target group that checks the application.",
    Severity.HIGH,
    HEALTH,
    GROUP,
)
def checked(group: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """By default a target group checks by its own protocol. A TCP check passes as long as the port is open."""
    for target_group in target_groups_of(group, stack):
        if target_group.get("healthCheck.enabled", True) is False:
            yield f"healthCheck of its target group {target_group.name} is off"
        elif target_group.get("protocol") in OF_APPLICATION:
            protocol = target_group.get("healthCheck.protocol", "HTTP")
            if protocol not in OF_APPLICATION:
                yield f"healthCheck.protocol of its target group {target_group.name} is {protocol}, not HTTP or HTTPS"


@RULES.stack_rule(
    "group-in-zones-of-its-balancer",
    "A fleet has servers only in zones in which its balancer stands.",
    Severity.HIGH,
    PLACES,
    GROUP,
)
def in_zones_of_its_balancer(group: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """A balancer sends nothing to targets in zones that it isn't in."""
    servers = _subnets(group, "vpcZoneIdentifiers")
    for target_group in target_groups_of(group, stack):
        for balancer in balancers_of(target_group, stack):
            nodes = _subnets(balancer, "subnets") or _subnets(balancer, "subnetMappings")
            if servers and nodes:
                lacking = ", ".join(sorted(_zones(servers, nodes) - _zones(nodes, servers)))
                if lacking:
                    yield f"vpcZoneIdentifiers has zones that the balancer {balancer.name} is not in: {lacking}"


def _subnets(resource: Resource, path: str) -> list[Resource]:
    """The subnets that a property names; none where some of them are not of this stack."""
    found = resource.linked(SUBNET, path)
    named = resource.count(path) if is_known(resource, path) else 0
    return found if len(found) >= named else []


def _zones(subnets: Sequence[Resource], others: Sequence[Resource]) -> set[str]:
    """Zones of subnets, named in the way in which all of them and of the others are."""
    naming = naming_of([*subnets, *others])
    return {str(subnet.get(naming)) for subnet in subnets}


@RULES.stack_rule(
    "failover-leads-to-another-region",
    "The secondary of a failover pair leads to another region than the primary.",
    Severity.HIGH,
    PLACES,
    RECORD,
)
def to_another_region(record: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """By the balancers that the records name, or by the region in a host name."""
    if not is_role(record, "PRIMARY"):
        return
    here = regions_behind(record)
    for secondary in secondaries_of(record, stack):
        there = regions_behind(secondary)
        if here and here == there:
            yield f"{secondary.name} leads to {', '.join(sorted(there))} as well; a failure of that region takes both"


@RULES.stack_rule(
    "failover-certificates-same-names",
    "Both balancers of a failover pair have certificates for the same names.",
    Severity.HIGH,
    HEALTHY,
    RECORD,
)
def same_names(record: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Otherwise a failover leads to a warning in the browser. Certificates outside the stack can't be compared."""
    if not is_role(record, "PRIMARY"):
        return
    names = _names_behind(record, stack)
    for secondary in secondaries_of(record, stack):
        there = _names_behind(secondary, stack)
        if names is None or there is None or not balancers_behind(secondary):
            continue
        lacking = sorted(name for name in names if not covers(there, name))
        if lacking:
            yield f"the balancer behind {secondary.name} has no certificate for {', '.join(lacking)}"


def _names_behind(record: Resource, stack: Stack) -> set[str] | None:
    """The names on the certificates of the balancers behind a record; None where not all of them can be seen."""
    names: set[str] = set()
    for balancer in balancers_behind(record):
        for listener in secure_listeners(balancer, stack):
            found = names_of(listener, stack)
            if found is None:
                return None
            names |= found
    return names


@RULES.stack_rule(
    "listener-certificate-in-its-region",
    "A listener's certificate is in the listener's region.",
    Severity.HIGH,
    CERTIFICATES,
    *LISTENERS,
)
def certificate_in_its_region(listener: Resource, _: Stack, __: Config) -> Iterator[str]:
    """A balancer takes no other, and says so only when the listener is made."""
    if not listener.has("certificateArn"):
        return
    regions = _regions_of_certificate(listener)
    if listener.region and regions and listener.region not in regions:
        yield f"certificateArn is of {', '.join(sorted(regions))}; the listener is in {listener.region}"


def _regions_of_certificate(listener: Resource) -> set[str]:
    """By the ARN; before it is known, by what it comes from: where that is several certificates, any may be meant."""
    linked = {each.region for each in listener.linked(CERTIFICATE, "certificateArn")}
    if linked and not is_known(listener, "certificateArn"):
        return {str(region) for region in linked if region}
    return {region for region in str(listener.get("certificateArn")).split(":")[3:4] if region}


@RULES.stack_rule(
    "listener-certificate-validated",
    "A listener waits for its certificate to be issued.",
    Severity.MEDIUM,
    CERTIFICATES,
    *LISTENERS,
)
def certificate_validated(listener: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """A certificate that is only requested makes the listener fail. Imported ones and those of a private authority are
    there at once."""
    direct = [each for each in listener.links.get("certificateArn", ()) if each.type == CERTIFICATE]
    waits = any(each.type == CERTIFICATE_VALIDATION for each in listener.links.get("certificateArn", ()))
    for certificate in direct:
        requested = certificate.has("validationMethod") and not certificate.has("certificateAuthorityArn")
        proven = any(stack.referring_to(certificate, CERTIFICATE_VALIDATION, "certificateArn"))
        if requested and not waits and not proven:
            yield f"certificateArn is of {certificate.name}, which nothing validates; add a CertificateValidation"
