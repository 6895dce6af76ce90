"""Which zones subnets are in."""

from collections.abc import Iterable, Sequence

from resilience.known import is_known
from resilience.resource import Resource

NAMINGS = ("availabilityZoneId", "availabilityZone")
"""A subnet names its zone by id or by name. The other one, and both where AWS chooses, are known once it stands."""


def naming_of(subnets: Sequence[Resource]) -> str:
    """The naming in which all of these subnets tell their zones; the last one where there is none."""
    return next((each for each in NAMINGS if all(is_known(subnet, each) for subnet in subnets)), NAMINGS[-1])


def zones_of(subnets: Iterable[Resource]) -> set[str]:
    """The zones of these subnets, by id where all of them tell theirs, else by name.

    Raises:
        UnknownValueError: AWS has yet to choose a zone.
    """
    listed = list(subnets)
    naming = naming_of(listed)
    return {zone for zone in (subnet.get(naming) for subnet in listed) if zone}
