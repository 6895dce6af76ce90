"""Addresses of nodes that the account names but gives no address: of the subnet in their zone, from its end."""

import ipaddress
from collections.abc import Collection, Iterable, Mapping
from typing import Any

KEPT_FREE = 5
"""Addresses at the end: AWS keeps the last one (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html)."""


def free_address(cidr: str, taken: Collection[str]) -> str:
    """Return the last address of a subnet that is free. Raises ValueError if there is none."""
    network = ipaddress.ip_network(cidr)
    for back in range(1 + KEPT_FREE, network.num_addresses - 4):
        address = str(network[-back])
        if address not in taken:
            return address
    raise ValueError(f"{cidr}: no address is free")


def by_zone(subnets: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the first subnet's CIDR block of each zone, of EC2's descriptions."""
    found: dict[str, str] = {}
    for subnet in subnets:
        found.setdefault(subnet["AvailabilityZone"], subnet["CidrBlock"])
    return found
