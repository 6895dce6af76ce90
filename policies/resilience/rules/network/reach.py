"""What can be reached from where: subnets of balancers, data and firewalls, and the ways out."""

from collections.abc import Iterator

from resilience.aws.placement import count_of_zones
from resilience.aws.policy_documents import everyone, statements
from resilience.aws.routes import is_public, public_subnets
from resilience.aws.traffic import is_world, ports_at
from resilience.aws.types import (
    CACHE_SUBNET_GROUPS,
    DB_SUBNET_GROUP,
    EGRESS_RULE,
    FIREWALL,
    LOAD_BALANCERS,
    MOUNT_TARGET,
    PUBLIC_ACCESS_OPTIONS,
    SECURITY_GROUP,
    SECURITY_GROUP_RULE,
    SUBNET,
    VPC_ENDPOINT,
)
from resilience.known import is_known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Severity, Topic

RULES = Topic()

FEWEST_ZONES = 2
LAYERS = well_architected("SEC05-BP01", "sec_network_protection_create_layers")


@RULES.stack_rule(
    "balancer-public-reaches-the-internet",
    "The subnets of a public load balancer have a route to the internet.",
    Severity.HIGH,
    well_architected("REL02-BP01", "rel_planning_network_topology_ha_conn_users"),
    *LOAD_BALANCERS,
)
def public_reaches_the_internet(balancer: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """AWS creates it without one, and nobody can connect. Where `internal` is not known yet, it is public."""
    if is_known(balancer, "internal") and balancer.get("internal"):
        return
    subnets = dict.fromkeys(each for path in ("subnets", "subnetMappings") for each in balancer.linked(SUBNET, path))
    without = sorted(subnet.name for subnet in subnets if is_public(subnet, stack) is False)
    if without:
        yield f"subnets: {', '.join(without)} have no route to an internet gateway; nobody can reach it there"


@RULES.stack_rule(
    "database-in-private-subnets",
    "Databases and session stores are in subnets that the internet doesn't reach.",
    Severity.HIGH,
    security_hub("RDS.46"),
    DB_SUBNET_GROUP,
    *CACHE_SUBNET_GROUPS,
)
def in_private_subnets(group: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Judged by their subnet groups; subnets and routes of other stacks can't be seen."""
    if named := public_subnets(group, stack, "subnetIds"):
        yield f"subnetIds: {', '.join(named)} have a route to an internet gateway"


@RULES.stack_rule(
    "mount-target-in-private-subnet",
    "The mount targets of a file system are in subnets that the internet doesn't reach.",
    Severity.MEDIUM,
    security_hub("EFS.6"),
    MOUNT_TARGET,
)
def mount_target_in_private_subnet(target: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """The same as for databases."""
    if named := public_subnets(target, stack, "subnetId"):
        yield f"subnetId: {', '.join(named)} has a route to an internet gateway"


@RULES.stack_rule(
    "firewall-spans-zones",
    "A network firewall is in two zones at least.",
    Severity.HIGH,
    well_architected("REL10-BP01", "rel_fault_isolation_multiaz_region_system"),
    FIREWALL,
)
def firewall_spans_zones(firewall: Resource, _: Stack, __: Config) -> Iterator[str]:
    """An endpoint serves its zone; traffic through another zone's is lost with that."""
    mappings = firewall.count("subnetMappings") or firewall.count("availabilityZoneMappings")
    zones = count_of_zones(firewall, "subnetMappings") if mappings >= FEWEST_ZONES else mappings
    if zones is not None and 0 < zones < FEWEST_ZONES:
        yield f"subnetMappings are in {zones} zone(s); {FEWEST_ZONES} at least are needed"


@RULES.rule(
    "egress-not-of-all-traffic",
    "A security group says what may leave.",
    Severity.LOW,
    LAYERS,
    SECURITY_GROUP,
    SECURITY_GROUP_RULE,
    EGRESS_RULE,
)
def egress_not_of_all_traffic(group: Resource, _: Config) -> Iterator[str]:
    """All ports to the whole internet are what a thief takes the data out by."""
    if group.type == EGRESS_RULE:
        places, sources, protocol = [""], ("cidrIpv4", "cidrIpv6"), "ipProtocol"
    elif group.type == SECURITY_GROUP:
        places = [f"egress.{number}." for number in range(group.count("egress"))]
        sources, protocol = ("cidrBlocks", "ipv6CidrBlocks"), "protocol"
    else:
        places = [""] if group.get("type") == "egress" else []
        sources, protocol = ("cidrBlocks", "ipv6CidrBlocks"), "protocol"
    for at in places:
        if ports_at(group, at, protocol).everything:
            for path in sources:
                if any(map(is_world, group.items(f"{at}{path}"))):
                    yield f"{at}{path} lets everything out to the whole internet; name ports"


@RULES.rule(
    "endpoint-policy-closed",
    "An endpoint's policy names who may go through it, or to what.",
    Severity.LOW,
    LAYERS,
    VPC_ENDPOINT,
)
def endpoint_policy_closed(endpoint: Resource, _: Config) -> Iterator[str]:
    """Without a policy, everything may: with stolen credentials, to a stranger's bucket too."""
    if not endpoint.has("policy"):
        yield "policy is not set; every resource of every account can be reached through it"
        return
    for each in statements(endpoint.get("policy")):
        if everyone(each) and each.on_everything and not each.conditions:
            yield "policy allows everybody everything; name accounts, organization or resources"
            return


@RULES.rule(
    "vpc-public-access-blocked",
    "Where a program says who may connect from the internet, it doesn't say everybody.",
    Severity.LOW,
    security_hub("EC2.172"),
    PUBLIC_ACCESS_OPTIONS,
)
def public_access_blocked(options: Resource, _: Config) -> Iterator[str]:
    """A public site has subnets that are exempt from the block, not no block."""
    if (mode := options.get("internetGatewayBlockMode")) == "off":
        yield f"internetGatewayBlockMode is {mode}; block-bidirectional, with exclusions for public subnets"
