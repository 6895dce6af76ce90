"""Names: signed, delegated, held, and pointing to what stands."""

import ipaddress
from collections.abc import Iterator

from resilience.aws.parts import parts
from resilience.aws.placement import count_of_zones
from resilience.aws.types import DOMAINS, METRIC_ALARM, RECORD, RESOLVER_ENDPOINT, ZONE, ZONE_SIGNING
from resilience.known import is_known, known
from resilience.reference import well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Severity, Topic

RULES = Topic()

CONNECTIVITY = well_architected("REL02-BP01", "rel_planning_network_topology_ha_conn_users")
FEWEST_ZONES = 2
INTERNAL_FAILURE = "DNSSECInternalFailure"


@RULES.stack_rule(
    "zone-signed",
    "The answers of a public zone are signed.",
    Severity.LOW,
    well_architected("SEC09-BP02", "sec_protect_data_transit_encrypt"),
    ZONE,
)
def signed(zone: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """DNSSEC. Its key must be in us-east-1, and a mistake takes the name off the net: see `zone-signing-watched`."""
    if zone.has("vpcs") and zone.count("vpcs") > 0:
        return
    if not parts(stack, zone, (ZONE_SIGNING,), "hostedZoneId", "zoneId", "id"):
        yield "no aws:route53/hostedZoneDnsSec is for it; a forged answer can't be told"


@RULES.stack_rule(
    "zone-signing-watched",
    "An alarm goes off when a zone can't be signed.",
    Severity.HIGH,
    CONNECTIVITY,
    ZONE_SIGNING,
)
def signing_watched(signing: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """A key that can't be used any more takes the whole name off the net.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-zone-signing.html
    """
    if signing.get("signingStatus", "SIGNING") != "SIGNING":
        return
    if not any(known(each, "metricName") == INTERNAL_FAILURE for each in stack.of_type(METRIC_ALARM)):
        yield f"no alarm is on {INTERNAL_FAILURE}; a key that fails takes the name off the net, unseen"


@RULES.rule(
    "record-points-to-something",
    "An address in a record belongs to something of the program.",
    Severity.LOW,
    CONNECTIVITY,
    RECORD,
)
def points_to_something(record: Resource, _: Config) -> Iterator[str]:
    """An address in plain text outlives the server that had it, and its next owner gets the site's visitors.

    The address of a resource is not known yet, or comes by an alias.
    """
    if known(record, "type") not in ("A", "AAAA") or not is_known(record, "records"):
        return
    for number in range(record.count("records")):
        path = f"records.{number}"
        if is_known(record, path) and _is_public(record.get(path)):
            yield f"{path} is {record.get(path)}; take an alias, or the address of a resource"


def _is_public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False


@RULES.stack_rule(
    "delegation-names-its-zone",
    "A record that delegates a name leads to the name servers of its zone.",
    Severity.HIGH,
    CONNECTIVITY,
    RECORD,
)
def delegation_names_its_zone(record: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Where the zone is of this stack. Name servers in plain text are wrong as soon as the zone is made anew."""
    if known(record, "type") != "NS":
        return
    name = str(known(record, "name") or "").rstrip(".")
    for zone in stack.of_type(ZONE):
        of_that_name = name and str(known(zone, "name") or "").rstrip(".") == name and not zone.count("vpcs")
        if of_that_name and not record.refers_to(zone, "records"):
            yield f"records don't refer to the name servers of {zone.name}"


@RULES.stack_rule(
    "resolver-endpoint-spans-zones",
    "A resolver endpoint has addresses in two zones at least.",
    Severity.HIGH,
    well_architected("REL10-BP01", "rel_fault_isolation_multiaz_region_system"),
    RESOLVER_ENDPOINT,
)
def resolver_spans_zones(endpoint: Resource, _: Stack, __: Config) -> Iterator[str]:
    """With the only zone, names between networks are gone."""
    addresses = endpoint.count("ipAddresses")
    zones = count_of_zones(endpoint, "ipAddresses") if addresses >= FEWEST_ZONES else addresses
    if zones is not None and zones < FEWEST_ZONES:
        yield f"ipAddresses are in {zones} zone(s); {FEWEST_ZONES} at least are needed"


@RULES.rule(
    "domain-private",
    "Who owns a domain is not shown to everybody.",
    Severity.LOW,
    CONNECTIVITY,
    *DOMAINS,
)
def private(domain: Resource, _: Config) -> Iterator[str]:
    """On where nothing is said."""
    for path in ("adminPrivacy", "registrantPrivacy", "techPrivacy", "billingPrivacy"):
        if domain.get(path) is False:
            yield f"{path} is off"
