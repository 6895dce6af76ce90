"""The address ranges of subnets, computed from the zone's id alone and never from its position in a list.

A VPC is divided into four quarters, one a tier, and each quarter into eight slots, one for each zone that a region may
have. The slot of a zone is the number at the end of its id (`euw1-az1` is slot 0), so adding or removing a zone moves
no other zone's subnets. No SDK here.
"""

import re
from collections.abc import Iterable, Mapping
from enum import IntEnum
from ipaddress import IPv4Network, IPv6Network
from itertools import combinations

SLOTS = 8
"""Zones that a region may have. The largest, us-east-1, has six:
https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html"""

LARGEST_VPC = 16
"""Shortest prefix of a VPC: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""

SMALLEST_VPC = 22
"""Longest prefix that leaves each subnet a /27, the least that an Application Load Balancer takes:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer"""

_SLOT_BITS = 3
_TIER_BITS = 2


class Tier(IntEnum):
    """Quarters of a VPC, in order. The fourth is spare, for a tier that comes later."""

    PUBLIC = 0
    SERVERS = 1
    DATA = 2


def slot_problem(zone_id: str) -> str | None:
    """Return a line that says why a zone id has no slot, or None if it has one."""
    if not re.fullmatch(r"[a-z0-9-]+-az[0-9]+", zone_id):
        return f'zone id "{zone_id}" has no number at its end; ids look like "euw1-az1"'
    if not 1 <= _number(zone_id) <= SLOTS:
        return f'zone id "{zone_id}" has number {_number(zone_id)}; slots are reserved for 1 to {SLOTS}'
    return None


def slot_of(zone_id: str) -> int:
    """Return the slot of a zone, 0 to 7. Raises ValueError for an id without one."""
    if problem := slot_problem(zone_id):
        raise ValueError(problem)
    return _number(zone_id) - 1


def _number(zone_id: str) -> int:
    return int(zone_id.rsplit("-az", 1)[1])


def zone_problems(zone_ids: Iterable[str]) -> list[str]:
    """Return lines for zones without a slot, given twice, or sharing a slot."""
    ids = list(zone_ids)
    problems = [problem for zone_id in ids if (problem := slot_problem(zone_id))]
    if problems:
        return problems
    repeated = sorted({zone_id for zone_id in ids if ids.count(zone_id) > 1})
    problems = [f'zone id "{zone_id}" is given twice' for zone_id in repeated]
    for one, other in combinations(sorted(set(ids)), 2):
        if slot_of(one) == slot_of(other):
            problems.append(f'zone ids "{one}" and "{other}" would share slot {slot_of(one)}')
    return problems


def cidr_problem(cidr: str) -> str | None:
    """Return a line that says why a string cannot be the IPv4 range of a VPC, or None if it can."""
    try:
        network = IPv4Network(cidr, strict=False)
    except ValueError:
        return f'cidr is "{cidr}"; it is not an IPv4 network like "10.0.0.0/16"'
    if "/" not in cidr:
        return f'cidr is "{cidr}"; its prefix length is missing, as in "10.0.0.0/16"'
    if str(network) != cidr:
        return f'cidr is "{cidr}"; it is an address inside the network "{network}"'
    if reason := _unusable(network):
        return f'cidr is "{cidr}"; {reason}'
    if not LARGEST_VPC <= network.prefixlen <= SMALLEST_VPC:
        size = "small" if network.prefixlen > SMALLEST_VPC else "large"
        return f'cidr is "{cidr}"; too {size}: a VPC needs a prefix from /{LARGEST_VPC} to /{SMALLEST_VPC}'
    return None


UNUSABLE = {
    "0.0.0.0/8": '"this network"',
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local, where metadata, DNS and time of AWS are",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
"""Ranges whose addresses no host can have, and why.
https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml"""


def _unusable(network: IPv4Network) -> str | None:
    """Return a clause that says why hosts can't have addresses of a network, or None if they can."""
    for unusable, why in UNUSABLE.items():
        if network.overlaps(IPv4Network(unusable)):
            return f"{unusable} is {why}; take a private network, like 10.0.0.0/16"
    return None


def overlap_problems(cidrs: Mapping[str, str]) -> list[str]:
    """Return a line for each two of these networks (label to CIDR) that overlap; invalid ones are skipped."""
    networks = {label: IPv4Network(cidr) for label, cidr in cidrs.items() if cidr_problem(cidr) is None}
    return [
        f'{one} "{networks[one]}" overlaps {other} "{networks[other]}"; regions that may be joined need their own'
        for one, other in combinations(networks, 2)
        if networks[one].overlaps(networks[other])
    ]


def subnet_cidr(vpc_cidr: str, tier: Tier, zone_id: str) -> str:
    """Return the IPv4 range of a zone's subnet in a tier: a /21 of a /16, a /27 of a /22."""
    vpc = IPv4Network(vpc_cidr)
    prefix = vpc.prefixlen + _TIER_BITS + _SLOT_BITS
    index = (tier << _SLOT_BITS) | slot_of(zone_id)
    base = int(vpc.network_address) + (index << (vpc.max_prefixlen - prefix))
    return str(IPv4Network((base, prefix)))


def subnet_ipv6_cidr(vpc_cidr: str, zone_id: str) -> str:
    """Return the /64 of a zone's public subnet in the /56 that Amazon gave the VPC."""
    vpc = IPv6Network(vpc_cidr)
    if vpc.prefixlen != 56:
        raise ValueError(f'IPv6 range of the VPC is "{vpc_cidr}"; Amazon gives a /56')
    return str(IPv6Network((int(vpc.network_address) + (slot_of(zone_id) << 64), 64)))
