"""The outline of what stands in the account: its Regions with their zones, and the site's name."""

import asyncio
from dataclasses import dataclass, field

from rehearsal.live.account import Account

ROLE = "ha-web:role"
"""The tag of a VPC that says what its Region is for, where it has one."""


@dataclass(frozen=True)
class Region:
    """A Region in which something stands."""

    name: str
    role: str
    """`primary`, `standby`, or empty."""
    zones: tuple[str, ...]
    cidrs: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """What stands."""

    regions: tuple[Region, ...] = ()
    site: str = ""
    """The name that users type: that of a certificate of a load balancer."""
    names: tuple[str, ...] = field(default=())
    """All names of such certificates."""


async def read(account: Account) -> Outline:
    """Read the outline. The primary Region comes first."""
    regions = await account.ask("ec2", "us-east-1", "describe_regions")
    found = await asyncio.gather(*(_region(account, each["RegionName"]) for each in regions["Regions"]))
    standing = sorted((r for r in found if r), key=lambda r: (r.role != "primary", r.name))
    names = [name for each in standing for name in await _names(account, each.name)]
    unique = tuple(dict.fromkeys(names))
    return Outline(tuple(standing), next((n for n in unique if not n.startswith("*.")), ""), unique)


async def _region(account: Account, name: str) -> Region | None:
    """Read a Region; None if nothing but a default VPC is there."""
    vpcs = await account.ask_all("ec2", name, "describe_vpcs", "Vpcs")
    own = [vpc for vpc in vpcs if not vpc.get("IsDefault")]
    if not own:
        return None
    ids = [vpc["VpcId"] for vpc in own]
    subnets = await account.ask_all(
        "ec2", name, "describe_subnets", "Subnets", Filters=[{"Name": "vpc-id", "Values": ids}]
    )
    role = next((tag["Value"] for vpc in own for tag in vpc.get("Tags", []) if tag["Key"] == ROLE), "")
    zones = tuple(sorted({subnet["AvailabilityZone"] for subnet in subnets}))
    return Region(name, role, zones, tuple(vpc["CidrBlock"] for vpc in own))


async def _names(account: Account, region: str) -> list[str]:
    """The names of the certificates that load balancers show."""
    names: list[str] = []
    for balancer in await account.ask_all("elbv2", region, "describe_load_balancers", "LoadBalancers"):
        listeners = await account.ask(
            "elbv2", region, "describe_listeners", LoadBalancerArn=balancer["LoadBalancerArn"]
        )
        for certificate in [c for listener in listeners["Listeners"] for c in listener.get("Certificates") or []]:
            arn = certificate["CertificateArn"]
            shown = await account.ask("acm", region, "describe_certificate", CertificateArn=arn)
            names += [shown["Certificate"]["DomainName"], *shown["Certificate"].get("SubjectAlternativeNames", [])]
    return names
