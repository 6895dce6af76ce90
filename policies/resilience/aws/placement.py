"""In how many zones something is that is placed by subnets."""

from resilience.aws.types import SUBNET
from resilience.aws.zones import zones_of
from resilience.known import is_known
from resilience.resource import Resource


def count_of_zones(resource: Resource, subnets: str, zones: str = "") -> int | None:
    """How many zones the subnets in one property are in; None where they are not of this stack.

    zones: the property that names zones themselves, which AWS fills in once the resource stands.

    Raises:
        UnknownValueError: AWS has yet to choose a zone.
    """
    linked = resource.linked(SUBNET, subnets)
    named = resource.count(subnets) if is_known(resource, subnets) else len(linked)
    if named == 1:
        return 1
    if linked and named <= len(linked):
        return len(zones_of(linked))
    return len(set(resource.items(zones))) or None if zones and is_known(resource, zones) else None
