"""Inbound traffic that security groups and network ACLs allow."""

from collections.abc import Iterator
from dataclasses import dataclass

from resilience.aws.traffic import is_world, open_to_world, ports_at
from resilience.aws.types import (
    CLASSIC_BALANCER,
    DEFAULT_SECURITY_GROUP,
    INGRESS_RULE,
    INSTANCE,
    LAUNCH_CONFIGURATION,
    LAUNCH_TEMPLATE,
    LOAD_BALANCERS,
    NETWORK_ACL,
    NETWORK_ACL_RULE,
    SECURITY_GROUP,
    SECURITY_GROUP_RULE,
)
from resilience.reference import security_hub
from resilience.resource import Resource
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

OPENING = (SECURITY_GROUP, DEFAULT_SECURITY_GROUP, SECURITY_GROUP_RULE, INGRESS_RULE)
PORTS = {"items": {"type": "integer", "minimum": 0, "maximum": 65_535}}

RISKY = (
    *(20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601),
    *(8080, 8088, 8888, 9200, 9300),  # so far AWS's own list, of EC2.19
    *(1521, 2049, 2375, 2376, 5985, 5986, 6379, 11211, 27017),  # Oracle, NFS, Docker, WinRM, Redis, memcached, MongoDB
    *(88, 464, 749, 750, 389, 636, 139, 27018, 2483, 2484),  # Kerberos, LDAP, CIFS, MongoDB's shards, Oracle over TLS
    *(7000, 7001, 7199, 9042, 9160, 9092),  # Cassandra, Kafka
)


@RULES.rule(
    "ingress-not-of-all-traffic",
    "No security group lets in all traffic from the internet.",
    Severity.CRITICAL,
    security_hub("EC2.19"),
    *OPENING,
)
def not_of_all_traffic(group: Resource, _: Config) -> Iterator[str]:
    """Protocol -1 is every port of every protocol."""
    for opening in open_to_world(group, lambda ports: ports.everything):
        yield f"{opening}; name the ports that are needed"


@RULES.rule(
    "ingress-not-to-risky-ports",
    "Ports of administration, databases and caches are closed to the internet.",
    Severity.CRITICAL,
    security_hub("EC2.19"),
    *OPENING,
    ports=Setting([*RISKY], "ports that must never be open to the world", PORTS),
)
def not_to_risky_ports(group: Resource, config: Config) -> Iterator[str]:
    """All traffic is told by `ingress-not-of-all-traffic`."""
    risky = sorted(int(port) for port in config["ports"])
    for opening in open_to_world(group, lambda ports: ports.numbered and any(map(ports.cover, risky))):
        named = ", ".join(str(port) for port in risky if opening.ports.cover(port))
        yield f"{opening}, among it {named}; allow single networks or groups, or use Session Manager"


@RULES.rule(
    "ingress-only-to-public-ports",
    "Nothing but the site's own ports is open to the internet.",
    Severity.HIGH,
    security_hub("EC2.18"),
    *OPENING,
    ports=Setting([80, 443], "ports that may be open to the world", PORTS),
)
def only_to_public_ports(group: Resource, config: Config) -> Iterator[str]:
    """All traffic is told by `ingress-not-of-all-traffic`; ICMP has no ports."""
    public = {int(port) for port in config["ports"]}
    allowed = ", ".join(map(str, sorted(public)))
    for opening in open_to_world(
        group, lambda ports: ports.numbered and not public.issuperset(range(ports.first, ports.last + 1))
    ):
        yield f"{opening}; only {allowed} may be open to the world"


@RULES.rule(
    "default-security-group-closed",
    "The default security group of a VPC lets nothing in or out.",
    Severity.MEDIUM,
    security_hub("EC2.2"),
    DEFAULT_SECURITY_GROUP,
)
def default_group_closed(group: Resource, _: Config) -> Iterator[str]:
    """Whatever names no group of its own gets this one."""
    for way in ("ingress", "egress"):
        if rules := group.count(way):
            yield f"{way} has {rules} rules; a default group should have none"


@RULES.rule(
    "default-security-group-unused",
    "Servers and load balancers have a security group of their own.",
    Severity.MEDIUM,
    security_hub("EC2.2"),
    INSTANCE,
    LAUNCH_TEMPLATE,
    LAUNCH_CONFIGURATION,
    CLASSIC_BALANCER,
    *LOAD_BALANCERS,
)
def default_group_unused(resource: Resource, _: Config) -> Iterator[str]:
    """Without one AWS takes the VPC's default group. A Network Load Balancer has none then, which is another matter."""
    if resource.type in LOAD_BALANCERS and resource.get("loadBalancerType", "application") != "application":
        return
    if resource.type == INSTANCE and resource.has("launchTemplate"):
        return  # its groups are the template's
    named = ("vpcSecurityGroupIds", "securityGroups", "securityGroupNames")
    if not any(resource.count(path) for path in named) and not _interfaces_have_groups(resource):
        yield "names no security group; the default group of the VPC would be used"


def _interfaces_have_groups(resource: Resource) -> bool:
    """Return whether groups are named by network interfaces, or are those of an interface that is there already."""
    return any(
        resource.count(f"networkInterfaces.{number}.securityGroups")
        or resource.has(f"networkInterfaces.{number}.networkInterfaceId")
        for number in range(resource.count("networkInterfaces"))
    )


@RULES.rule(
    "network-acl-closes-management-ports",
    "A network ACL does not let the internet reach SSH and RDP.",
    Severity.MEDIUM,
    security_hub("EC2.21"),
    NETWORK_ACL,
    NETWORK_ACL_RULE,
    ports=Setting([22, 3389], "ports that the internet must not reach", PORTS),
)
def acl_closes_management_ports(acl: Resource, config: Config) -> Iterator[str]:
    """The entry with the lowest number decides; one that is a resource of its own is judged by itself.

    https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
    """
    for port in (int(port) for port in config["ports"]):
        for family in ("cidrBlock", "ipv6CidrBlock"):
            entry = min(_entries(acl, family, port), key=lambda each: each.number, default=None)
            if entry and entry.allows:
                yield f"{entry.path} lets {entry.source} reach port {port}"


@dataclass(frozen=True)
class Entry:
    """One entry of an ACL, and the property that says so."""

    path: str
    source: str
    allows: bool
    number: int


def _entries(acl: Resource, family: str, port: int) -> Iterator[Entry]:
    """The entries of one address family that say something about the port and the whole world."""
    if acl.type == NETWORK_ACL:
        places = [(f"ingress.{number}.", "action", "ruleNo") for number in range(acl.count("ingress"))]
    else:
        places = [] if acl.get("egress") else [("", "ruleAction", "ruleNumber")]
    for at, action, number in places:
        if acl.has(f"{at}{family}") and ports_at(acl, at).cover(port) and is_world(acl.get(f"{at}{family}")):
            allows = str(acl.get(f"{at}{action}")).lower() == "allow"
            yield Entry(f"{at}{family}", acl.get(f"{at}{family}"), allows, int(acl.get(f"{at}{number}", 0)))
