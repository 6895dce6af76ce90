"""Parts and wholes: a cluster's instances, a file system's mount targets, a bucket's versioning."""

from resilience.known import known
from resilience.resource import Resource, Stack


def parts(stack: Stack, whole: Resource, types: tuple[str, ...], property_: str, *names: str) -> list[Resource]:
    """The resources of these types whose property names another resource.

    By a link; where a program writes a plain id or name instead, by its value. names: the properties of the other
    resource that may hold it.
    """
    return [each for each in stack.of_type(*types) if belongs(each, property_, whole, *names)]


def belongs(part: Resource, property_: str, whole: Resource, *names: str) -> bool:
    """Return whether the property of one resource names the other."""
    if part.links.get(property_):
        return part.refers_to(whole, property_)
    value = known(part, property_)
    return value is not None and value in [known(whole, name) for name in names]
