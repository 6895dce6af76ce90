"""The quotas that a stack can hit, as data: code, how much it needs, and how much of it is in use. No SDK here.

Codes and defaults: https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html. Not here: MemoryDB's
nodes, Auto Scaling groups, file systems, keys and alarms: a stack needs a hundredth of their defaults at the most.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ops.preflight.needs import Place

STANDARD = "L-1216C47A"
FAMILIES = {
    **dict.fromkeys(("a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"), STANDARD),
    **{"dl": "L-6E869C2A", "f": "L-74FC7D96", "g": "L-DB2E81BA", "vt": "L-DB2E81BA", "hpc": "L-F7808C92"},
    **{"u": "L-43DA4232", "inf": "L-1945791B", "p": "L-417A185B", "trn": "L-2C3B7624", "x": "L-7295265B"},
}
"""Quota of the vCPUs of running On-Demand Instances, by the letters of the instance family.
https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html"""


def vcpu_quota(instance_type: str) -> str | None:
    """Return the code of the quota that an instance type counts against; None for a family that isn't known here."""
    family = re.match(r"[a-z]+", instance_type)
    return FAMILIES.get(family.group()) if family else None


@dataclass(frozen=True)
class Quota:
    """A quota of things that are counted one by one."""

    code: str
    service: str
    """Service Quotas' name of the service."""
    name: str
    """What is counted, in the plural."""
    needed: Callable[[Place], int]
    question: str
    """The question whose answer lists what is in use."""
    listed: str
    """The list in that answer."""
    tagged: bool = True
    """False where the list tells no tags, so that what the stack has itself is found by its number only."""


COUNTED = (
    Quota("L-F678F1CE", "vpc", "VPCs", lambda _: 1, "vpcs", "Vpcs"),
    Quota("L-A4707A72", "vpc", "internet gateways", lambda _: 1, "internet gateways", "InternetGateways"),
    Quota("L-0263D0A3", "ec2", "Elastic IPs", lambda place: place.addresses, "addresses", "Addresses"),
    Quota(
        "L-53DA6B97",
        "elasticloadbalancing",
        "Application Load Balancers",
        lambda place: int(place.balancer == "application"),
        "load balancers",
        "LoadBalancers",
        tagged=False,
    ),
    Quota(
        "L-69A177A2",
        "elasticloadbalancing",
        "Network Load Balancers",
        lambda place: int(place.balancer == "network"),
        "load balancers",
        "LoadBalancers",
        tagged=False,
    ),
    Quota("L-7B6409FD", "rds", "database instances", lambda place: place.instances, "databases", "DBInstances"),
    Quota(
        "L-DFE45DF3",
        "elasticache",
        "cache nodes",
        lambda place: 0 if place.durable else place.nodes,
        "cache nodes",
        "CacheClusters",
        tagged=False,
    ),
)
NO_VALUE = "NoSuchResourceException"
"""Code of Service Quotas for a quota that the account has no value of its own for: AWS's default holds."""
NAT_GATEWAYS = "L-FE5A380F"
"""NAT gateways in one zone, those in creation and deletion too."""
RULES = "L-0EA8095F"
"""Rules of a security group, in each direction and for IPv4 and IPv6 by themselves."""


def wanted(place: Place) -> dict[str, str]:
    """Return the quotas that a place is held against: the service's name by code."""
    found = {quota.code: quota.service for quota in COUNTED if quota.needed(place)}
    found[RULES] = "vpc"
    if place.zonal_gateways:
        found[NAT_GATEWAYS] = "vpc"
    if vcpus := vcpu_quota(place.instance_type):
        found[vcpus] = "ec2"
    return found
