"""The order in which regions get a new version. No SDK here."""

from collections.abc import Mapping
from enum import StrEnum


class Order(StrEnum):
    """Which region is released first, or alone."""

    STANDBY_FIRST = "standby-first"
    """The standby, then the primary; the other way round if the standby runs no server."""
    AT_ONCE = "at-once"
    """Both at the same time."""
    ONLY_STANDBY = "only-standby"
    """The standby; the primary keeps its version."""
    ONLY_PRIMARY = "only-primary"
    """The primary; the standby keeps its version."""


ALONE = {Order.ONLY_STANDBY: "standby", Order.ONLY_PRIMARY: "primary"}


def steps_of(order: Order, idle: Mapping[str, bool]) -> list[list[str]]:
    """Return the regions in the order of their releases, those of a step at once; one that is left out holds.

    A standby that runs no server can't try a version: it follows the primary then, and launches what has been tried.

    Args:
        idle: whether a region runs no server, by its role.
    """
    if order in ALONE:
        return [[role] for role in idle if role == ALONE[order]]
    if order == Order.AT_ONCE:
        return [[*idle]]
    return [[role] for role in sorted(idle, key=lambda role: (idle[role], role == "primary"))]
