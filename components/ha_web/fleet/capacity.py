"""How many servers a fleet needs. Arithmetic only, no Pulumi."""

import math


def left_after_a_zone(servers: int, zones: int) -> int:
    """Servers left when the fullest of the zones is lost, with the servers spread evenly."""
    return servers - math.ceil(servers / zones)


def default_minimum(zones: int) -> int:
    """One server a zone, at least two: a zone lost leaves all others at work."""
    return max(2, zones)


def default_maximum(minimum: int) -> int:
    """Room to double, twice: for a surge while a zone's share is being made up for."""
    return 4 * minimum


def capacity_problems(minimum: int, maximum: int, zones: int) -> list[str]:
    """What keeps a fleet from surviving a zone, or from being one."""
    problems = []
    if zones < 2:
        problems.append(f"zones is {zones}; surviving a zone needs at least 2")
    elif left_after_a_zone(minimum, zones) < 1:
        problems.append(f"minimum is {minimum}; surviving a zone needs at least 2")
    if minimum > maximum:
        problems.append(f"minimum is {minimum}; it is above maximum, which is {maximum}")
    return problems
