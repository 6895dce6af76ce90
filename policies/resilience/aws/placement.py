"""Zones of resources that are placed by their subnets."""

from collections.abc import Iterable, Sequence

from resilience.aws.types import SUBNET
from resilience.known import is_known
from resilience.resource import Resource

NAMINGS = ("availabilityZoneId", "availabilityZone")
"""A subnet names its zone by id or by name. The other one, and both where AWS chooses, are known once it exists."""


def count_of_zones(resource: Resource, subnets: str, zones: str = "") -> int | None:
    """Count the zones of the subnets in one property; None where the subnets are not of this stack.

    zones: the property that names zones themselves, which AWS fills in once the resource exists.

    Raises:
        UnknownValueError: AWS has yet to choose a zone.
    """
    linked = resource.linked(SUBNET, subnets.partition(".")[0])
    named = resource.count(subnets) if is_known(resource, subnets) else len(linked)
    if named == 1:
        return 1
    if linked and named <= len(linked):
        return len(zones_of(linked))
    return len(set(resource.items(zones))) or None if zones and is_known(resource, zones) else None


def naming_of(subnets: Sequence[Resource]) -> str:
    """The naming that is known of all of these subnets; the last one where there is none."""
    return next((each for each in NAMINGS if all(is_known(subnet, each) for subnet in subnets)), NAMINGS[-1])


def zones_of(subnets: Iterable[Resource]) -> set[str]:
    """The zones of these subnets, by id where all ids are known, else by name.

    Raises:
        UnknownValueError: AWS has yet to choose a zone.
    """
    listed = list(subnets)
    naming = naming_of(listed)
    return {zone for zone in (subnet.get(naming) for subnet in listed) if zone}
