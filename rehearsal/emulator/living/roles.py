"""Reports on nodes: who takes the writes, and which are lost. Each service takes its own."""

from collections.abc import Callable
from typing import Any

from rehearsal.emulator.living.reports import observes

PRIMARIES: dict[str, Callable[[str, str, str], None]] = {}
"""By service: (region, resource, node) that takes the writes."""

NODES: dict[str, Callable[[str, str, str], None]] = {}
"""By service: (region, node, `available` or `lost`)."""

STATES = ("available", "lost")


def takes_primaries(service: str) -> Callable[[Callable[[str, str, str], None]], Callable[[str, str, str], None]]:
    """Register the decorated function for reports on who takes the writes."""
    return lambda function: PRIMARIES.setdefault(service, function)


def takes_nodes(service: str) -> Callable[[Callable[[str, str, str], None]], Callable[[str, str, str], None]]:
    """Register the decorated function for reports on nodes."""
    return lambda function: NODES.setdefault(service, function)


@observes("primaries")
def primaries(reported: list[dict[str, Any]]) -> None:
    """Change who takes the writes."""
    for each in reported:
        PRIMARIES[each["service"]](each["region"], each["resource"], each["node"])


@observes("nodes")
def nodes(reported: list[dict[str, Any]]) -> None:
    """Change which nodes are lost."""
    for each in reported:
        if each["state"] not in STATES:
            raise ValueError(f"state {each['state']} of {each['id']} is none of {', '.join(STATES)}")
        NODES[each["service"]](each["region"], each["id"], each["state"])
