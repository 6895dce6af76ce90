"""Remedies that set properties of a resource in which a check found something."""

from collections.abc import Iterable, Mapping
from typing import Any

from resilience.mending import raw
from resilience.resource import Resource


def mended(resource: Resource, wrong: Iterable[str], **values: Any) -> Mapping[str, Any] | None:
    """The properties with these values where something is wrong; None where nothing is."""
    return {**raw(resource.props), **values} if any(wrong) else None
