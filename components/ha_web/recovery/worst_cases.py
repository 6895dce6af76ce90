"""The worst case of each failure, its duration and its data loss, added up from the settings.

docs/decisions/0009 explains the method. A *server* is one of the fleet; the failure of a single session node or
database instance is covered by the loss of its zone.
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
    """A failure that the arithmetic covers."""

    SERVER = "server"
    """One server of the fleet."""
    ZONE = "zone"
    """One Availability Zone with its servers, a session node and a database instance."""
    REGION = "region"
    """The primary region."""
    CORRUPTION = "corruption"
    """Data deleted or damaged, by mistake or on purpose, and restored from a backup."""


def server(facts: Facts, assumptions: Assumptions) -> WorstCase:
    """Return the worst case of a failed server: its health checks fail, the others serve. It holds no state."""
    return WorstCase(detected(facts) + missing_capacity(facts, facts.minimum - 1, assumptions), Sum())


def zone(facts: Facts, assumptions: Assumptions) -> WorstCase:
    """Return the worst case of a lost zone: load balancer, session store and database recover in parallel."""
    left = left_after_a_zone(facts.minimum, facts.zones)
    parallel = [
        detected(facts) + missing_capacity(facts, left, assumptions),
        Sum((Term.of(assumptions["client.next-address"]),)),
        Sum((Term.of(assumptions["sessions.failover"]),)),
    ]
    if facts.database:
        name = "database.failover" if facts.database_instances > 1 else "database.new-writer"
        parallel.append(Sum((Term.of(assumptions[name], setting="database.instances"),)))
    lag = Sum() if facts.durable else Sum((Term.of(assumptions["sessions.zone-lag"], setting="sessions.durable"),))
    return WorstCase(longest(*parallel), lag)


def corruption(facts: Facts, assumptions: Assumptions) -> WorstCase:
    """Return the worst case of damaged data: a person restores the last good backup and points the site at it."""
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
    """Return the worst case of one failure."""
    return CASES[failure](facts, assumptions)


def worst_cases(facts: Facts, assumptions: Assumptions = ASSUMED) -> dict[Failure, WorstCase]:
    """Return the worst case of each failure."""
    return {failure: worst_case(facts, failure, assumptions) for failure in Failure}
