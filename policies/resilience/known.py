"""Reading values that may not be known yet, for rules with an alternative; other rules just read them."""

from typing import Any

from pulumi_policy.proxy import UnknownValueError

from resilience.resource import Resource


class UndecidableError(Exception):
    """A value is known and can't be understood: no rule may take it for harmless. The message says which, and why."""


def known(resource: Resource, path: str) -> Any:
    """The value at a path, or None while it isn't known: for questions that "not known yet" answers.

    An id in plain text is never that of a resource which is yet to be created. And a property that AWS fills in is
    unknown, in a preview, exactly where the program doesn't set it.
    """
    try:
        return resource.get(path)
    except UnknownValueError:
        return None


def is_known(resource: Resource, path: str) -> bool:
    """Return whether a value is set there and known before the deployment."""
    return known(resource, path) is not None


def known_items(resource: Resource, path: str) -> list[Any]:
    """The items of a list that are known already. An unknown one is the id of a resource that is yet to be created."""
    if not is_known(resource, path):
        return []
    paths = (f"{path}.{number}" for number in range(resource.count(path)))
    return [resource.get(each) for each in paths if is_known(resource, each)]


def has_items(resource: Resource, path: str) -> bool:
    """Return whether a list has items; a list that isn't known yet counts as having some."""
    return resource.has(path) and (not is_known(resource, path) or resource.count(path) > 0)
