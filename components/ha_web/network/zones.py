"""The choice of a network's availability zones, and what AWS offers in them."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import pulumi
import pulumi_aws as aws

from ha_web.core.limits import FEWEST_ZONES
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.wording import nearest
from ha_web.network.address_plan import slot_of, slot_problem

MOST_ZONES = 6
"""More than any region has today, and within the reserved slots."""

CONSTRAINED = frozenset({"use1-az3", "usw1-az2", "apne1-az3", "cac1-az3"})
"""Zones that AWS no longer extends: newer instance types, MemoryDB and other services are not in them, and a network
load balancer can't be. Used only if `zone_ids` names them.
https://docs.aws.amazon.com/memorydb/latest/devguide/subnetgroups.html
https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.regions.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/availability-zones.html"""

OFFERINGS_BY_ZONE = "availability-zone-id"


def zone_count_problems(count: int, pinned: Sequence[str] | None) -> list[str]:
    """Return a line for too few or too many zones, or a count other than that of the given zone ids."""
    setting = "zones" if pinned is None else "zone_ids"
    if pinned is not None and count != len(pinned):
        return [f"zones is {count}, but zone_ids names {len(pinned)}; give one of the two"]
    if count < FEWEST_ZONES:
        shown = count if pinned is None else f"only {count}"
        return [f"{setting} is {shown}; surviving a zone needs at least {FEWEST_ZONES}"]
    if count > MOST_ZONES:
        return [f"{setting} is {count}; there are at most {MOST_ZONES}"]
    return []


def choose_zones(
    scope: Scope,
    count: int,
    pinned: Sequence[str] | None,
    problems: Problems,
    *,
    instance_types: Collection[str] = (),
    node_types: Collection[str] = (),
) -> dict[str, str]:
    """Return the ids and names of the zones to use, sorted by slot.

    The choice depends on the zones' ids alone, and not on what AWS offers in them today: with a choice by offers, a new
    instance type in the program, or one that AWS adds to a zone, would move the subnets of a network in use.

    Raises ConfigurationError if there are too few, or if one lacks an instance type.
    """
    offered = offered_zones(scope.region, scope.invoke_opts())
    chosen = zones_among(offered, count, pinned)
    problems.add(*offer_problems(chosen, offered, count, scope.region))
    problems.raise_if_any()
    wanted = {*instance_types, *(instance_type_of(each) for each in node_types)} - {""}
    if wanted:
        having = _zones_by_type(scope, wanted)
        problems.add(*instance_type_problems(sorted(instance_types), chosen, having, default_zones(offered)))
        problems.raise_if_any()
        for warning in node_type_warnings(sorted(node_types), chosen, having):
            pulumi.log.warn(f"{problems.subject}: {warning}", scope.parent)
    return {zone_id: offered[zone_id] for zone_id in chosen}


def offered_zones(region: str | None, opts: pulumi.InvokeOptions) -> dict[str, str]:
    """Return the ids and names of the zones that AWS offers in a region, of those with a slot."""
    answer = aws.get_availability_zones(
        filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}], region=region, opts=opts
    )
    return {zone: name for zone, name in zip(answer.zone_ids, answer.names, strict=True) if not slot_problem(zone)}


def zones_among(offered: Iterable[str], count: int, pinned: Sequence[str] | None) -> list[str]:
    """Return the ids of the zones that a network takes of those that are offered, sorted by slot."""
    return sorted(pinned, key=slot_of) if pinned is not None else default_zones(offered)[:count]


def default_zones(offered: Iterable[str]) -> list[str]:
    """Return the zones to choose from, the first to be taken first."""
    return sorted((zone for zone in offered if zone not in CONSTRAINED), key=slot_of)


def offer_problems(chosen: Sequence[str], offered: Mapping[str, str], count: int, region: str | None) -> list[str]:
    """Return lines for zones that the region does not have, or for too few of them."""
    where = region or "the region"
    unknown = [zone_id for zone_id in chosen if zone_id not in offered]
    if unknown:
        return [
            f'zone_ids has "{zone_id}", which {where} does not offer; {nearest(zone_id, offered)}'
            for zone_id in unknown
        ]
    if len(chosen) < count:
        usable = default_zones(offered)
        left_out = sorted(set(offered) - set(usable))
        besides = (
            f" (and {', '.join(left_out)}, which lacks services and must be named in zone_ids)" if left_out else ""
        )
        return [f"zones is {count}; {where} offers {len(usable)}: {', '.join(usable)}{besides}"]
    return []


def instance_type_of(node_type: str) -> str:
    """Return the EC2 instance type behind a node type or instance class: `m7g.large` of `cache.m7g.large`.

    Empty for one that names none, like `db.serverless`.
    """
    _, _, instance_type = node_type.partition(".")
    return instance_type if "." in instance_type else ""


def instance_type_problems(
    instance_types: Iterable[str], chosen: Sequence[str], having: Mapping[str, Collection[str]], usable: Sequence[str]
) -> list[str]:
    """Return lines for instance types that are not offered in each of the chosen zones; `having` has their zones."""
    return [
        f'instance_types has "{each}", which EC2 does not offer in {", ".join(missing)}; '
        + _instead(having[each], usable, len(chosen))
        for each in instance_types
        if (missing := [zone for zone in chosen if zone not in having[each]])
    ]


def _instead(having: Collection[str], usable: Sequence[str], count: int) -> str:
    """Return a clause that names the zones to use instead, or that says that there are too few."""
    good = [zone for zone in usable if zone in having]
    if len(good) < FEWEST_ZONES:
        return f"it is in {', '.join(good) or 'no zone'}; choose another type, or another region"
    return f"choose another type, or zone_ids: [{', '.join(good[:count])}]"


def node_type_warnings(
    node_types: Iterable[str], chosen: Sequence[str], having: Mapping[str, Collection[str]]
) -> list[str]:
    """Return lines for nodes whose instance type EC2 offers in some of the zones only.

    Warnings, because no API tells the zones of nodes: ElastiCache may have a type where EC2 does not sell it.
    """
    lines = []
    for node_type in node_types:
        zones = having.get(instance_type_of(node_type), ())
        missing = [zone for zone in chosen if zone not in zones]
        if zones and missing:
            lines.append(
                f"EC2 does not offer {instance_type_of(node_type)} in {', '.join(missing)}; nodes of {node_type} may "
                "not be there either, and fewer zones would hold the data"
            )
    return lines


def _zones_by_type(scope: Scope, instance_types: Collection[str]) -> dict[str, set[str]]:
    """Return the ids of the zones that offer each instance type.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html
    """
    answer = aws.ec2.get_instance_type_offerings(
        filters=[{"name": "instance-type", "values": sorted(instance_types)}],
        location_type=OFFERINGS_BY_ZONE,
        region=scope.region,
        opts=scope.invoke_opts(),
    )
    having: dict[str, set[str]] = {each: set() for each in instance_types}
    for instance_type, zone_id in zip(answer.instance_types, answer.locations, strict=True):
        having[instance_type].add(zone_id)
    return having
