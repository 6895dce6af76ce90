"""Pairs of failover records, and the regions that they lead to."""

import re

from resilience.aws.types import LOAD_BALANCERS, RECORD
from resilience.aws.ways_in import linked
from resilience.known import is_known
from resilience.resource import Resource, Stack

REGION_IN_NAME = re.compile(r"\b([a-z]{2}(?:-[a-z]+)+-\d)\b")
"""A region inside the host name of a load balancer, an API or a bucket."""


def is_role(record: Resource, role: str) -> bool:
    """Return whether a record is the `PRIMARY` or the `SECONDARY` of a pair."""
    return bool(record.count("failoverRoutingPolicies")) and record.get("failoverRoutingPolicies.0.type") == role


def secondaries_of(primary: Resource, stack: Stack) -> list[Resource]:
    """The records that stand in for a primary: of the same zone, name and type."""
    rest = (each for each in stack.of_type(RECORD) if is_role(each, "SECONDARY") and each is not primary)
    return [each for each in rest if _same(primary, each)]


def _same(one: Resource, other: Resource) -> bool:
    if str(one.get("type")) != str(other.get("type")) or not _same_zone(one, other):
        return False
    return bool(_name(one) == _name(other))


def _same_zone(one: Resource, other: Resource) -> bool:
    zones = one.links.get("zoneId", ())
    if zones:
        return any(other.refers_to(zone, "zoneId") for zone in zones)
    return bool(one.get("zoneId") == other.get("zoneId"))


def _name(record: Resource) -> str:
    return str(record.get("name", "")).lower().rstrip(".")


def balancers_behind(record: Resource) -> list[Resource]:
    """The balancers of the stack that a record leads to."""
    return linked(record, LOAD_BALANCERS, "aliases", "records")


def regions_behind(record: Resource) -> set[str]:
    """The regions that a record leads to, by its balancers or by host names; empty where neither tells."""
    balancers = balancers_behind(record)
    if balancers:
        return {each.region for each in balancers if each.region}
    paths = [f"aliases.{number}.name" for number in range(record.count("aliases"))]
    paths += [f"records.{number}" for number in range(record.count("records"))]
    hosts = (str(record.get(path)) for path in paths if is_known(record, path))
    return {match[1] for host in hosts for match in REGION_IN_NAME.finditer(host)}


def standbys_of(region: str | None, stack: Stack) -> set[str]:
    """The regions that failover records lead to, away from one."""
    found: set[str] = set()
    for primary in stack.of_type(RECORD):
        if is_role(primary, "PRIMARY") and region in regions_behind(primary):
            found |= {there for each in secondaries_of(primary, stack) for there in regions_behind(each)}
    return found - {str(region)}
