"""Limits that databases and session stores have alike, and the sentences that refuse what is outside. No SDK here."""

from collections.abc import Sized

FEWEST_ZONES = 2
"""Zones that everything is spread over, at least: any one of them may fail."""


def count_problem(key: str, value: int, least: int, most: int, holder: str) -> str | None:
    """Say why so many nodes are too few to survive a zone, or more than `holder` takes; None if they fit."""
    if value < least:
        return f"{key} is {value}; surviving a zone needs at least {least}"
    return f"{key} is {value}; {holder} has at most {most}" if value > most else None


def retention_problem(key: str, days: int, most: int, kept: str) -> str | None:
    """Say why what is `kept` ("snapshots") can't be for so many days; None if it can."""
    return None if 1 <= days <= most else f"{key} is {days}; {kept} are kept 1 to {most} days"


def subnets_problem(subnet_ids: Sized) -> str | None:
    """Say why so few subnets can't be in enough zones; None if they can."""
    if len(subnet_ids) >= FEWEST_ZONES:
        return None
    return f"subnet_ids has {len(subnet_ids)}; surviving a zone needs subnets in at least {FEWEST_ZONES}"
