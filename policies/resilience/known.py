"""What can be read already. For rules that have another way where it can't; others just read it."""

from typing import Any

from pulumi_policy.proxy import UnknownValueError

from resilience.resource import Resource


def known(resource: Resource, path: str) -> Any:
    """The value, or None as long as nobody can know it: for questions that "not yet known" answers.

    A plain id in a program is never that of a resource which isn't there yet. And what AWS fills in is unknown, in a
    preview, just where the program is silent.
    """
    try:
        return resource.get(path)
    except UnknownValueError:
        return None


def is_known(resource: Resource, path: str) -> bool:
    """Whether something is set there whose value does not wait for the deployment."""
    return known(resource, path) is not None


def known_items(resource: Resource, path: str) -> list[Any]:
    """Those items of a list that can be read already. One that can't is an id of a resource to come."""
    if not is_known(resource, path):
        return []
    paths = (f"{path}.{number}" for number in range(resource.count(path)))
    return [resource.get(each) for each in paths if is_known(resource, each)]


def has_items(resource: Resource, path: str) -> bool:
    """Whether a list has items; one that is not known yet counts, for a program made it of something."""
    return resource.has(path) and (not is_known(resource, path) or resource.count(path) > 0)
