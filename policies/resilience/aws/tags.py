"""The tags of a resource: its own, and those that its provider gives to everything."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from resilience.known import is_known
from resilience.resource import Resource


def default_tags(provider: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tags that a provider puts on all it makes.

    Its properties come as JSON, unless the program makes that provider itself.
    """
    found = provider.get("defaultTags") or {}
    settings: Mapping[str, Any] = json.loads(found) if isinstance(found, str) else found
    return settings.get("tags") or {}


def tags_of(resource: Resource) -> Iterator[Mapping[str, Any]]:
    """A resource's tags, and those that its provider gives to everything.

    Raises:
        UnknownValueError: nobody knows its tags yet.
    """
    yield resource.get("tags") or {}
    yield default_tags(resource.provider)
    if is_known(resource, "tagsAll"):
        yield resource.get("tagsAll")
