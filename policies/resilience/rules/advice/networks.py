"""Networks: order, unused parts, and gateways to other networks."""

import ipaddress
from collections.abc import Iterator

from resilience.aws.parts import parts
from resilience.aws.types import (
    ACL_ASSOCIATION,
    DEFAULT_VPC,
    EGRESS_RULE,
    ELASTIC_ADDRESS,
    ENDPOINT_SERVICE,
    INGRESS_RULE,
    NETWORK_ACL,
    ROUTE,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SECURITY_GROUP_RULE,
    VPC,
    VPC_ENDPOINT,
    VPN_CONNECTION,
)
from resilience.known import is_known, known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

LAYERS = well_architected("SEC05-BP01", "sec_network_protection_create_layers")
GROUP_RULES = (SECURITY_GROUP_RULE, INGRESS_RULE, EGRESS_RULE)
MOST_RULES = 50
WIDE = 23
"""Prefix length from which on a public IPv4 range is somebody's own network."""
WORLD = 1
ENDPOINTS = ["ec2", "ssm", "ecr.api", "ecr.dkr", "ssm-contacts", "ssm-incidents"]
DEFAULT_ROUTES = ("0.0.0.0/0", "::/0")


@RULES.rule(
    "security-group-described",
    "A security group and its rules say what they are for.",
    Severity.LOW,
    LAYERS,
    SECURITY_GROUP,
    *GROUP_RULES,
)
def group_described(group: Resource, _: Config) -> Iterator[str]:
    """Pulumi writes a description of its own where a group has none."""
    if group.get("description", "Managed by Pulumi") == "Managed by Pulumi":
        yield "description is missing"
    for way in ("ingress", "egress") if group.type == SECURITY_GROUP else ():
        for number in range(group.count(way)):
            if not group.has(f"{way}.{number}.description"):
                yield f"{way}.{number}.description is missing"


@RULES.rule(
    "security-group-not-crowded",
    "A security group has no more rules than one can read.",
    Severity.LOW,
    LAYERS,
    SECURITY_GROUP,
    rules=Setting(MOST_RULES, "the most rules of a group", {"minimum": 1}),
)
def group_not_crowded(group: Resource, config: Config) -> Iterator[str]:
    """Rules that are resources of their own are not counted."""
    number = group.count("ingress") + group.count("egress")
    if number > config["rules"]:
        yield f"it has {number} rules; at most {config['rules']:g}"


@RULES.stack_rule(
    "security-group-used",
    "A security group is used by something.",
    Severity.LOW,
    LAYERS,
    SECURITY_GROUP,
)
def group_used(group: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Rules that open it don't use it. One that another stack uses is exempt by name."""
    if not any(each.refers_to(group) for each in stack.resources if each.type not in GROUP_RULES):
        yield "nothing in the stack refers to it"


@RULES.rule(
    "ingress-not-of-wide-ranges",
    "No wide range of public addresses is let in.",
    Severity.LOW,
    LAYERS,
    SECURITY_GROUP,
    SECURITY_GROUP_RULE,
    INGRESS_RULE,
)
def not_of_wide_ranges(group: Resource, _: Config) -> Iterator[str]:
    """A half of the internet, and all of it, is told by `ingress-only-to-public-ports`."""
    if group.type == SECURITY_GROUP:
        paths = [f"ingress.{number}.cidrBlocks" for number in range(group.count("ingress"))]
    elif group.type == SECURITY_GROUP_RULE:
        paths = ["cidrBlocks"] if group.get("type") == "ingress" else []
    else:
        paths = ["cidrIpv4"]
    for path in paths:
        for block in group.items(path):
            if _is_wide(block):
                yield f"{path} lets {block} in; name smaller networks"


def _is_wide(block: str) -> bool:
    try:
        network = ipaddress.IPv4Network(block, strict=False)
    except ValueError:
        return False
    return WORLD < network.prefixlen <= WIDE and network.is_global


@RULES.stack_rule(
    "network-acl-used",
    "A network ACL is attached to a subnet.",
    Severity.LOW,
    security_hub("EC2.16"),
    NETWORK_ACL,
)
def acl_used(acl: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """By its own list of subnets, or by a resource between them."""
    if not acl.count("subnetIds") and not parts(stack, acl, (ACL_ASSOCIATION,), "networkAclId", "id"):
        yield "no subnet has it"


@RULES.stack_rule(
    "address-used",
    "An elastic address belongs to something.",
    Severity.LOW,
    security_hub("EC2.12"),
    ELASTIC_ADDRESS,
)
def address_used(address: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """One that nothing uses is paid for all the same."""
    if address.links.get("instance") or address.links.get("networkInterface"):
        return
    if known(address, "instance") or known(address, "networkInterface"):
        return
    if not any(each.refers_to(address) for each in stack.resources):
        yield "nothing in the stack refers to it"


@RULES.stack_rule(
    "default-route-not-by-a-server",
    "What leaves a subnet goes through a gateway, not through a server.",
    Severity.LOW,
    well_architected("REL10-BP01", "rel_fault_isolation_multiaz_region_system"),
    ROUTE,
    ROUTE_TABLE,
)
def not_by_a_server(table: Resource, _: Stack, __: Config) -> Iterator[str]:
    """A NAT instance is one server that all others need."""
    places = [""] if table.type == ROUTE else [f"routes.{number}." for number in range(table.count("routes"))]
    for at in places:
        block = known(table, f"{at}{'destinationCidrBlock' if table.type == ROUTE else 'cidrBlock'}")
        by = next((path for path in ("instanceId", "networkInterfaceId") if known(table, f"{at}{path}")), None)
        linked = table.links.get("networkInterfaceId") or table.links.get("instanceId")
        if block in DEFAULT_ROUTES and (by or (table.type == ROUTE and linked)):
            yield f"{at}{by or 'networkInterfaceId'} is a server; a NAT gateway is needed"


@RULES.rule(
    "peering-route-narrow",
    "A route to a peer leads to what is needed there.",
    Severity.LOW,
    LAYERS,
    ROUTE,
    ROUTE_TABLE,
)
def peering_route_narrow(table: Resource, _: Config) -> Iterator[str]:
    """Everything through a peering connection makes the peer the way to the internet."""
    places = [("", "destinationCidrBlock")]
    if table.type == ROUTE_TABLE:
        places = [(f"routes.{number}.", "cidrBlock") for number in range(table.count("routes"))]
    for at, path in places:
        if table.has(f"{at}vpcPeeringConnectionId") and table.get(f"{at}{path}") in DEFAULT_ROUTES:
            yield f"{at}{path} is {table.get(f'{at}{path}')}; name the peer's networks"


@RULES.rule("default-vpc-not-used", "A program has a VPC of its own.", Severity.LOW, LAYERS, DEFAULT_VPC)
def default_vpc_not_used(_: Resource, __: Config) -> Iterator[str]:
    """All subnets of the default one are public."""
    yield "the default VPC is taken over; a VPC of its own"


@RULES.stack_rule(
    "vpc-reaches-services-privately",
    "AWS's services are reached without the internet.",
    Severity.LOW,
    security_hub("EC2.10"),
    VPC,
    services=Setting(ENDPOINTS, "services that the VPC has interface endpoints for", {"items": {"type": "string"}}),
)
def reaches_services_privately(vpc: Resource, stack: Stack, config: Config) -> Iterator[str]:
    """Each costs by the hour in each zone; a NAT gateway reaches them, too."""
    endpoints = stack.referring_to(vpc, VPC_ENDPOINT, "vpcId")
    there = {
        service
        for each in endpoints
        for service in config["services"]
        if is_known(each, "serviceName") and each.get("serviceName").endswith(f".{service}")
    }
    if missing := [service for service in config["services"] if service not in there]:
        yield f"no interface endpoint for {', '.join(missing)}"


@RULES.rule(
    "endpoint-service-accepts-by-hand",
    "Who connects to an endpoint service is accepted by hand.",
    Severity.LOW,
    LAYERS,
    ENDPOINT_SERVICE,
)
def accepts_by_hand(service: Resource, _: Config) -> Iterator[str]:
    """Or the principals are named."""
    if not service.get("acceptanceRequired"):
        yield "acceptanceRequired is off"
    if "*" in service.items("allowedPrincipals"):
        yield "allowedPrincipals has *; name accounts"


@RULES.rule(
    "vpn-logged",
    "The tunnels of a VPN are logged.",
    Severity.LOW,
    security_hub("EC2.171"),
    VPN_CONNECTION,
)
def vpn_logged(connection: Resource, _: Config) -> Iterator[str]:
    """For why a tunnel is down."""
    for tunnel in ("tunnel1", "tunnel2"):
        if not connection.get(f"{tunnel}LogOptions.cloudwatchLogOptions.logEnabled"):
            yield f"{tunnel}LogOptions.cloudwatchLogOptions.logEnabled is off"


@RULES.rule("vpn-speaks-ikev2", "A VPN speaks IKEv2.", Severity.LOW, security_hub("EC2.183"), VPN_CONNECTION)
def vpn_speaks_ikev2(connection: Resource, _: Config) -> Iterator[str]:
    """AWS takes both versions where nothing is said."""
    for tunnel in ("tunnel1", "tunnel2"):
        if set(connection.items(f"{tunnel}IkeVersions")) != {"ikev2"}:
            yield f"{tunnel}IkeVersions is not ikev2 alone"
