"""Whether a list has items."""

from resilience.known import is_known
from resilience.resource import Resource


def has_items(resource: Resource, path: str) -> bool:
    """Whether a list has items; one that is not known yet counts, for a program made it of something."""
    return resource.has(path) and (not is_known(resource, path) or resource.count(path) > 0)
