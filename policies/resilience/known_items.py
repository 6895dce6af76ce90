"""What of a list can be read already."""

from typing import Any

from resilience.known import is_known
from resilience.resource import Resource


def known_items(resource: Resource, path: str) -> list[Any]:
    """Those items of a list that can be read already. One that can't is an id of a resource to come."""
    if not is_known(resource, path):
        return []
    paths = (f"{path}.{number}" for number in range(resource.count(path)))
    return [resource.get(each) for each in paths if is_known(resource, each)]
