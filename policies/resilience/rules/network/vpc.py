"""VPCs, subnets, NAT gateways and endpoints."""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from resilience.aws.placement import zones_of
from resilience.aws.types import (
    FLOW_LOG,
    NAT_GATEWAY,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SUBNET,
    VPC,
    VPC_ENDPOINT,
)
from resilience.known import is_known
from resilience.reference import security_hub, well_architected
from resilience.remedies import mended
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

MANY_ZONES = well_architected("REL10-BP01", "rel_fault_isolation_multiaz_region_system")


@RULES.stack_rule(
    "vpc-subnets-span-zones",
    "The subnets of a VPC are in two zones at least.",
    Severity.HIGH,
    MANY_ZONES,
    VPC,
    zones=Setting(2, "the fewest zones that a VPC has subnets in", {"minimum": 1}),
)
def subnets_span_zones(vpc: Resource, stack: Stack, config: Config) -> Iterator[str]:
    """A VPC without subnets has them in another stack."""
    subnets = list(stack.referring_to(vpc, SUBNET, "vpcId"))
    if not subnets:
        return
    zones = zones_of(subnets)
    if len(zones) < config["zones"]:
        named = f" ({', '.join(sorted(zones))})" if zones else ""
        yield f"{len(subnets)} subnets are in {len(zones)} zones{named}; {config['zones']} zones at least are needed"


@RULES.stack_rule(
    "nat-gateway-serves-one-zone",
    "Each zone has a NAT gateway of its own, or a regional one that AWS spreads over the zones.",
    Severity.HIGH,
    MANY_ZONES,
    NAT_GATEWAY,
    zones=Setting(1, "the most zones that may lose their way out with one zonal gateway", {"minimum": 1}),
)
def gateway_serves_one_zone(gateway: Resource, stack: Stack, config: Config) -> Iterator[str]:
    """A gateway whose mode is not known yet has none in the program: it is zonal.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
    """
    if is_known(gateway, "availabilityMode") and gateway.get("availabilityMode") == "regional":
        return
    subnets = _subnets_behind(gateway, stack)
    if len(subnets) > config["zones"] and len(zones := zones_of(subnets)) > config["zones"]:
        served = ", ".join(sorted(subnet.name for subnet in subnets))
        yield f"is in one zone and the only way out for {len(zones)} ({served}); a gateway in each zone is needed"


def _subnets_behind(gateway: Resource, stack: Stack) -> list[Resource]:
    """The subnets whose route tables lead to the gateway."""
    tables = [each for each in stack.of_type(ROUTE_TABLE) if each.refers_to(gateway, "routes")]
    for route in stack.referring_to(gateway, ROUTE, "natGatewayId"):
        tables += route.linked(ROUTE_TABLE, "routeTableId")
    found = (
        subnet
        for table in tables
        for association in stack.referring_to(table, ROUTE_TABLE_ASSOCIATION, "routeTableId")
        for subnet in association.linked(SUBNET, "subnetId")
    )
    return list(dict.fromkeys(found))


@RULES.rule(
    "endpoint-spans-zones",
    "An interface endpoint is in two zones at least.",
    Severity.HIGH,
    MANY_ZONES,
    VPC_ENDPOINT,
)
def endpoint_spans_zones(endpoint: Resource, _: Config) -> Iterator[str]:
    """AWS takes one subnet a zone. An endpoint without subnets gets them by resources of their own."""
    if endpoint.get("vpcEndpointType", "Gateway") != "Interface":
        return
    if max(endpoint.count("subnetIds"), endpoint.count("subnetConfigurations")) == 1:
        yield "subnetIds has 1 subnet; without its zone the service can't be reached: 2 at least are needed"


@RULES.stack_rule(
    "vpc-flow-logs",
    "The traffic of a VPC is logged.",
    Severity.MEDIUM,
    security_hub("EC2.6"),
    VPC,
)
def flow_logs(vpc: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """A flow log of the whole VPC: those of single subnets leave out the next one."""
    if not any(stack.referring_to(vpc, FLOW_LOG, "vpcId")):
        yield "no aws:ec2/flowLog refers to it"


@RULES.stack_rule(
    "vpc-ranges-do-not-overlap",
    "The VPCs of a stack have address ranges that do not overlap.",
    Severity.MEDIUM,
    well_architected("REL02-BP05", "rel_planning_network_topology_non_overlap_ip"),
    VPC,
)
def ranges_do_not_overlap(vpc: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """VPCs that overlap, also those of two regions, can never be peered. Each pair is told once."""
    for other in stack.of_type(VPC):
        if other.urn >= vpc.urn:
            continue
        mine, theirs = _range_of(vpc), _range_of(other)
        if mine and theirs and mine.overlaps(theirs):
            yield f"cidrBlock {mine} overlaps {theirs} of {other.name}; the two could not be peered"


def _range_of(vpc: Resource) -> ipaddress.IPv4Network | None:
    """The IPv4 range; none where AWS's address manager gives one, which overlaps no other."""
    chosen = vpc.has("cidrBlock") and not vpc.has("ipv4IpamPoolId")
    return ipaddress.IPv4Network(vpc.get("cidrBlock"), strict=False) if chosen else None


def keep_private(subnet: Resource, config: Config) -> Mapping[str, Any] | None:
    """A server that has to be reached from the internet asks for an address by itself then."""
    return mended(subnet, no_public_addresses(subnet, config), mapPublicIpOnLaunch=False)


@RULES.rule(
    "subnet-has-no-public-addresses",
    "A subnet gives nobody a public address unasked.",
    Severity.MEDIUM,
    security_hub("EC2.15"),
    SUBNET,
    remedy=keep_private,
)
def no_public_addresses(subnet: Resource, _: Config) -> Iterator[str]:
    """Load balancers and NAT gateways get theirs all the same."""
    if subnet.get("mapPublicIpOnLaunch"):
        yield "mapPublicIpOnLaunch is true; whatever starts in this subnet is reachable from the internet"


@RULES.rule(
    "subnet-has-room",
    "A subnet has room for load balancers, and for a fleet that takes over a lost zone.",
    Severity.MEDIUM,
    well_architected("REL02-BP03", "rel_planning_network_topology_ip_subnet_allocation"),
    SUBNET,
    prefix=Setting(27, "the longest prefix of a subnet's IPv4 range", {"minimum": 16, "maximum": 28}),
)
def has_room(subnet: Resource, config: Config) -> Iterator[str]:
    """An Application Load Balancer needs a /27 and 8 free addresses.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
    """
    if not subnet.has("cidrBlock"):
        return
    network = ipaddress.IPv4Network(subnet.get("cidrBlock"), strict=False)
    if network.prefixlen > config["prefix"]:
        yield f"cidrBlock is {network}; a /{config['prefix']} or larger is needed"
