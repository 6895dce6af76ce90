"""Sites as the tests of recovery have them."""

from typing import Any

from ha_web.recovery.assumptions import ASSUMED, Assumptions
from ha_web.recovery.facts import Facts
from ha_web.recovery.strategy import Strategy, default_load
from ha_web.recovery.worst_cases import Failure, worst_cases

ALL = [None, *Strategy]


def site(strategy: Strategy | None = Strategy.WARM_STANDBY, **changes: Any) -> Facts:
    """A site with three servers a region, which carry the load without one zone's, and what changes say."""
    load = default_load(changes.get("minimum", 3), changes.get("zones", 3))
    return Facts(**{"maximum": 12, "session_nodes": 3, "load": load, **changes}).with_strategy(strategy)


def recovery(facts: Facts, failure: Failure, assumptions: Assumptions = ASSUMED) -> tuple[float, str]:
    """Seconds and sum of a worst case."""
    found = worst_cases(facts, assumptions)[failure].recovery
    return found.seconds, found.text


def data_loss(facts: Facts, failure: Failure) -> tuple[float, str]:
    """Seconds and sum of what is lost."""
    found = worst_cases(facts)[failure].data_loss
    return found.seconds, found.text
