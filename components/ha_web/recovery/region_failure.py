"""The loss of the primary region, step by step until the other region serves all users.

If something must be promoted, the steps are the automation's: detection, then capacity and promotions in parallel, then
the switch, then the clients' DNS caches. If nothing must, the DNS records follow the health checks by themselves.
"""

import math

from ha_web.recovery.assumptions import Assumptions
from ha_web.recovery.dependencies import UNBAKED, launches
from ha_web.recovery.facts import Edge, Facts, Failback, Failover
from ha_web.recovery.steps import copy_age, detected, launched, restored
from ha_web.recovery.strategy import Strategy, strategy_notes
from ha_web.recovery.terms import (
    CLOUDFLARE_MONITORS,
    DATA_PLANE,
    KEPT_CONNECTIONS,
    ROUTE53_ALIASES,
    ROUTE53_CHECKS,
    STRATEGIES,
    Sum,
    Term,
    WorstCase,
    longest,
    never,
    plain,
    times,
)

SESSIONS_ANEW = "sessions are not restored: users sign in anew"
BACK_BY_HAND = "a person sends users back"
ONE_REGION = never("region.none", "nothing stands in another region", "strategy", STRATEGIES)
NO_COPY = never("backup.none", "no backup is copied to another region", "backup", STRATEGIES)
LOST_SESSIONS = never("sessions.none", "sessions are in no backup that is copied", "strategy", STRATEGIES)


def region(facts: Facts, assumptions: Assumptions) -> WorstCase:
    """Return the worst case of the loss of the primary region."""
    if facts.strategy is None:
        return WorstCase(ONE_REGION, ONE_REGION)
    if facts.strategy is Strategy.BACKUP_RESTORE:
        return _rebuilt(facts, assumptions)
    notes = strategy_notes(facts.strategy, database=facts.database, storage=facts.storage)
    if facts.failback is Failback.MANUAL and facts.strategy is not Strategy.ACTIVE_ACTIVE:
        notes.append(BACK_BY_HAND)
    if launches(facts) and not facts.baked:
        notes.append(UNBAKED)
    return WorstCase(_failed_over(facts, assumptions), _replication_lag(facts, assumptions), tuple(notes))


def _rebuilt(facts: Facts, assumptions: Assumptions) -> WorstCase:
    """Return the worst case if a person builds a cluster in the other region and restores the copies to it."""
    holds_data = facts.database or facts.storage
    if holds_data and not facts.backup_copied:
        return WorstCase(NO_COPY, NO_COPY)
    recovery = Sum((Term.of(assumptions["operator.decides"]), Term.of(assumptions["region.build"])))
    if not holds_data:
        return WorstCase(recovery + _new_records(facts, assumptions), LOST_SESSIONS)
    recovery += restored(facts, assumptions) + _new_records(facts, assumptions)
    return WorstCase(recovery, copy_age(facts, assumptions), (SESSIONS_ANEW,))


def _new_records(facts: Facts, assumptions: Assumptions) -> Sum:
    """Return the time until users reach the other region after a change of the site's records."""
    if facts.edge is Edge.CLOUDFLARE:
        return _seen_healthy(facts)
    return Sum((Term.of(assumptions["dns.change"]),)) + _followed(facts)


def _failed_over(facts: Facts, assumptions: Assumptions) -> Sum:
    """Return the time until the cluster in the other region serves all users."""
    prepared = _prepared(facts, assumptions)
    if facts.diverts_last:
        return _started(facts, assumptions) + prepared + _completion_seen(facts) + _switched(facts)
    parallel = [_moved_by_health(facts, assumptions)]
    if prepared.terms:
        parallel.append(_started(facts, assumptions) + prepared + _completion_seen(facts))
    return longest(*parallel)


def _prepared(facts: Facts, assumptions: Assumptions) -> Sum:
    """Return the time of capacity and promotions, which run in parallel.

    With Cloudflare the session store comes last: its monitor sends users where that takes writes.
    """
    parallel = []
    sessions = Sum((Term.of(assumptions["sessions.promotion"], setting="sessions.durable"),))
    if facts.standby_minimum < facts.failover_needed:
        parallel.append(_capacity(facts, assumptions) + launched(facts))
    if not facts.durable and facts.edge is Edge.ROUTE53:
        parallel.append(sessions)
    if facts.database:
        parallel.append(Sum((Term.of(assumptions["database.promotion"], setting="database"),)))
    if facts.storage and not facts.storage_optional:
        parallel.append(Sum((Term.of(assumptions["storage.promotion"], setting="storage"),)))
    last = not facts.durable and facts.edge is Edge.CLOUDFLARE
    return longest(*parallel) + (sessions if last else Sum())


def _capacity(facts: Facts, assumptions: Assumptions) -> Sum:
    """Return the time until EC2 has capacity for the servers that are launched: none that is reserved."""
    if facts.reserved >= facts.failover_needed:
        return Sum()
    return Sum((Term.of(assumptions["servers.capacity"], setting="standby.reservedServers"),))


def _started(facts: Facts, assumptions: Assumptions) -> Sum:
    """Return the time until a person or the automation starts the failover."""
    if facts.acts is Failover.MANUAL:
        return Sum((Term.of(assumptions["operator.decides"], setting="failover"),))
    if facts.acts is Failover.REGION_SWITCH:
        person = Term.of(assumptions["operator.decides"], setting="failover")
        return Sum((person, Term.of(assumptions["region-switch.steps"], setting="failover")))
    look = facts.look_interval
    looks = math.ceil(facts.after_seconds / look)
    further = [times("automation.after", look, looks, "further look", "failoverAfter", DATA_PLANE)] if looks else []
    seen = (
        plain("beacon.ttl", facts.beacon_ttl, "beacon TTL", None, DATA_PLANE),
        plain("automation.look", look, "to the next look", None, DATA_PLANE),
        *further,
        plain("automation.probe", facts.probe_timeout, "its request", None, DATA_PLANE),
    )
    return _checked(facts) + Sum(seen)


def _checked(facts: Facts) -> Sum:
    """Return the time until Route 53's health checkers find the primary unhealthy.

    A checker waits its interval from an answer on, so a check that times out costs interval and time-out.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
    """
    each = facts.dns_interval + facts.dns_timeout
    return Sum((times("dns.checks", each, facts.dns_failures, "check with time-out", "protocol", ROUTE53_CHECKS),))


def _completion_seen(facts: Facts) -> Sum:
    """Return the time until the automation sees that all promotions are done."""
    if facts.acts is not Failover.AUTOMATIC:
        return Sum()
    return Sum((plain("automation.wait", facts.wait_interval, "until that is seen", None, DATA_PLANE),))


def _switched(facts: Facts) -> Sum:
    """Return the time from the switch until the last client is moved. With Cloudflare, the promotion is the switch."""
    if facts.edge is Edge.CLOUDFLARE:
        return _seen_healthy(facts)
    switch = times(
        "switch.checks", facts.switch_interval, facts.switch_failures, "switch check", "edge", ROUTE53_CHECKS
    )
    return Sum((switch,)) + _followed(facts)


def _moved_by_health(facts: Facts, assumptions: Assumptions) -> Sum:
    """Return the time until users are moved by health checks alone."""
    if facts.accelerator:
        return detected(facts) + Sum((Term.of(assumptions["accelerator.redirect"], setting="edge"),))
    if facts.edge is Edge.ROUTE53:
        return _checked(facts) + _followed(facts)
    tries = facts.monitor_retries + 1
    return Sum(
        (
            times(
                "monitor.checks",
                facts.monitor_interval,
                facts.monitor_failures,
                "monitor check",
                "cloudflare.interval",
                CLOUDFLARE_MONITORS,
            ),
            times(
                "monitor.timeout", facts.monitor_timeout, tries, "timeout", "cloudflare.timeout", CLOUDFLARE_MONITORS
            ),
        )
    )


def _seen_healthy(facts: Facts) -> Sum:
    """Return the time until Cloudflare finds the other region healthy."""
    return Sum(
        (
            times(
                "monitor.passes",
                facts.monitor_interval,
                facts.monitor_passes,
                "monitor check",
                "cloudflare.interval",
                CLOUDFLARE_MONITORS,
            ),
            plain("monitor.answer", facts.monitor_timeout, "its answer", "cloudflare.timeout", CLOUDFLARE_MONITORS),
        )
    )


def _followed(facts: Facts) -> Sum:
    """Return the time until the last client follows the records: as long as its DNS answer or its connection lasts.

    A region that is gone keeps no connection; one without servers or stores does, for its load balancer is there.
    """
    terms = [plain("alias.ttl", facts.alias_ttl, "alias TTL", "edge", ROUTE53_ALIASES)]
    if longer := max(0, facts.client_keep_alive - facts.alias_ttl):
        terms.append(
            plain("connections.kept", longer, "connections kept for longer", "clientKeepAlive", KEPT_CONNECTIONS)
        )
    return Sum(tuple(terms))


def _replication_lag(facts: Facts, assumptions: Assumptions) -> Sum:
    """Return the largest replication lag: the changes that had not reached the other region."""
    sessions = "sessions.multi-region-lag" if facts.durable else "sessions.region-lag"
    lags = [Sum((Term.of(assumptions[sessions], setting="sessions.durable"),))]
    if facts.database:
        lags.append(Sum((Term.of(assumptions["database.region-lag"], setting="database"),)))
    if facts.storage:
        lags.append(Sum((Term.of(assumptions["storage.region-lag"], setting="storage"),)))
    return longest(*lags)
