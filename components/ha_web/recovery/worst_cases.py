"""How long each failure lasts at the worst and what it loses, added up from the settings.

docs/decisions/0009 says how and why. A *server* is one of the fleet; what a session node or a database instance loses
when it fails alone, its zone loses too.
"""

from collections.abc import Callable
from enum import StrEnum

from ha_web.fleet.capacity import left_after_a_zone
from ha_web.recovery.assumptions import ASSUMED, Assumptions
from ha_web.recovery.facts import Facts
from ha_web.recovery.region_failure import SESSIONS_ANEW, region
from ha_web.recovery.steps import backup_age, detected, missing_capacity, restored
from ha_web.recovery.terms import Sum, Term, WorstCase, longest


class Failure(StrEnum):
    """What can fail."""

    SERVER = "server"
    """One server of the fleet."""
    ZONE = "zone"
    """One availability zone with its servers, a session node and a database instance."""
    REGION = "region"
    """The primary region."""
    CORRUPTION = "corruption"
    """Data deleted or spoiled, by mistake or on purpose: restored from a backup."""


def server(facts: Facts, assumptions: Assumptions) -> WorstCase:
    """A server dies: the balancer notices, the others carry on. Nothing is kept on a server."""
    return WorstCase(detected(facts) + missing_capacity(facts, facts.minimum - 1, assumptions), Sum())


def zone(facts: Facts, assumptions: Assumptions) -> WorstCase:
    """A zone is lost: balancer, session store and database recover side by side."""
    left = left_after_a_zone(facts.minimum, facts.zones)
    ways = [
        detected(facts) + missing_capacity(facts, left, assumptions),
        Sum((Term.of(assumptions["client.next-address"]),)),
        Sum((Term.of(assumptions["sessions.failover"]),)),
    ]
    if facts.database:
        name = "database.failover" if facts.database_instances > 1 else "database.new-writer"
        ways.append(Sum((Term.of(assumptions[name], setting="database.instances"),)))
    lag = Sum() if facts.durable else Sum((Term.of(assumptions["sessions.zone-lag"], setting="sessions.durable"),))
    return WorstCase(longest(*ways), lag)


def corruption(facts: Facts, assumptions: Assumptions) -> WorstCase:
    """Data is spoiled: a person restores the last good backup and points the site at it."""
    recovery = (
        Sum((Term.of(assumptions["operator.decides"]),))
        + restored(facts, assumptions)
        + Sum((Term.of(assumptions["operator.redirects"]),))
    )
    notes = (SESSIONS_ANEW,) if facts.database or facts.storage else ()
    return WorstCase(recovery, backup_age(facts, assumptions), notes)


CASES: dict[Failure, Callable[[Facts, Assumptions], WorstCase]] = {
    Failure.SERVER: server,
    Failure.ZONE: zone,
    Failure.REGION: region,
    Failure.CORRUPTION: corruption,
}


def worst_case(facts: Facts, failure: Failure, assumptions: Assumptions = ASSUMED) -> WorstCase:
    """The worst case of one failure."""
    return CASES[failure](facts, assumptions)


def worst_cases(facts: Facts, assumptions: Assumptions = ASSUMED) -> dict[Failure, WorstCase]:
    """The worst case of each failure."""
    return {failure: worst_case(facts, failure, assumptions) for failure in Failure}
