"""The number of servers that a fleet needs. No SDK here."""

import math


def left_after_a_zone(servers: int, zones: int) -> int:
    """Return the servers left after the loss of the zone with the most, when they are spread evenly."""
    return servers - math.ceil(servers / zones)


def enough_without_a_zone(needed: int, zones: int) -> int:
    """Return the fewest servers of which the loss of a zone leaves `needed`; there must be two zones or more."""
    return needed + math.ceil(needed / (zones - 1))


def default_minimum(zones: int) -> int:
    """Return one server a zone, and at least two."""
    return max(2, zones)


def default_maximum(minimum: int) -> int:
    """Return four times the minimum: room for a surge while the servers of a lost zone are replaced."""
    return 4 * minimum


def capacity_of(minimum: int | None, maximum: int | None, zones: int) -> tuple[int, int]:
    """Return the smallest and the largest number of servers, with the defaults filled in."""
    least = default_minimum(zones) if minimum is None else minimum
    return least, default_maximum(least) if maximum is None else maximum


def capacity_problems(minimum: int, maximum: int, zones: int) -> list[str]:
    """Return a line for each number with which the fleet can't survive the loss of a zone, or can't exist."""
    problems = []
    if zones < 2:
        problems.append(f"zones is {zones}; surviving a zone needs at least 2")
    elif left_after_a_zone(minimum, zones) < 1:
        problems.append(f"minimum is {minimum}; surviving a zone needs at least 2")
    if minimum > maximum:
        problems.append(f"minimum is {minimum}; it is above maximum, which is {maximum}")
    return problems
