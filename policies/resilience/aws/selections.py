"""The resources that a selection of a backup plan covers.

https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from operator import eq
from typing import Any

from resilience.aws.holding_state import ARNS
from resilience.aws.tags import tags_of
from resilience.known import is_known, known_items
from resilience.resource import Resource

RESOURCE_TAG = "aws:ResourceTag/"
CONDITIONS: dict[str, tuple[bool, Callable[[str, str], bool]]] = {
    "stringEquals": (True, eq),
    "stringLikes": (True, fnmatchcase),
    "stringNotEquals": (False, eq),
    "stringNotLikes": (False, fnmatchcase),
}
"""By operator: True if values must match, False if they must not; and how they are compared."""


def takes(selection: Resource, resource: Resource) -> bool:
    """Return whether the selection covers a resource of its region: by any of its tags, or by its list of ARNs.

    Raises:
        UnknownValueError: that depends on a tag or an ARN that isn't known yet.
    """
    tagged = selection.count("selectionTags")
    pairs = (selection.get(f"selectionTags.{number}") for number in range(tagged))
    if any(_tag(resource, pair.get("key")) == pair.get("value") for pair in pairs):
        return True
    if not _listed(selection, resource, everything=not tagged):
        return False
    return not _names(selection, resource, "notResources") and all(_conditions(selection, resource))


def _listed(selection: Resource, resource: Resource, *, everything: bool) -> bool:
    """everything: whether a missing list stands for all."""
    if not selection.has("resources"):
        return everything
    if is_known(selection, "resources") and not selection.count("resources"):
        return everything
    return _names(selection, resource, "resources")


def _names(selection: Resource, resource: Resource, path: str) -> bool:
    """Return whether a list of ARNs has the resource, by a link, by its ARN, or by a pattern."""
    if selection.refers_to(resource, path):
        return True
    if selection.links.get(path):
        return any(_fits(pattern, resource) for pattern in known_items(selection, path))
    return any(_fits(pattern, resource) for pattern in selection.items(path))


def _fits(pattern: str, resource: Resource) -> bool:
    """Return whether an ARN pattern matches, even while the name at the end of the resource's ARN isn't known."""
    if pattern == "*":
        return True
    if is_known(resource, "arn"):
        return fnmatchcase(resource.get("arn"), pattern)
    parts, kind = pattern.split(":", 5), ARNS[resource.type]
    if len(parts) < 6 or parts[2] != kind.service or parts[3] not in ("", "*", resource.region):
        return False
    if parts[5].endswith("*") and kind.start.startswith(parts[5].rstrip("*")):
        return True
    return parts[5].startswith(kind.start) and resource.get("arn") == pattern


def _conditions(selection: Resource, resource: Resource) -> Iterator[bool]:
    for condition in selection.items("conditions"):
        for name, (wanted, compared) in CONDITIONS.items():
            for pair in condition.get(name) or ():
                value = _tag(resource, str(pair.get("key")).removeprefix(RESOURCE_TAG))
                yield compared(str(value or ""), pair.get("value")) is wanted


def _tag(resource: Resource, key: str) -> Any:
    return next((tags[key] for tags in tags_of(resource) if key in tags), None)
