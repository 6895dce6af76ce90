"""The loss of the primary region: what happens, step by step, until the other serves all users.

Where something has to be promoted the order is that of the automation: notice, capacity and promotions side by side,
then the switch, then the clients. Where nothing has, the records follow health by themselves.
"""

import math

from ha_web.recovery.assumptions import Assumptions
from ha_web.recovery.facts import Edge, Facts, Failback, Failover
from ha_web.recovery.steps import backup_age, detected, launched, restored
from ha_web.recovery.strategy import Strategy, strategy_notes
from ha_web.recovery.terms import (
    CLOUDFLARE_MONITORS,
    DATA_PLANE,
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
    """The primary region is lost."""
    if facts.strategy is None:
        return WorstCase(ONE_REGION, ONE_REGION)
    if facts.strategy is Strategy.BACKUP_RESTORE:
        return _rebuilt(facts, assumptions)
    notes = strategy_notes(facts.strategy, database=facts.database, storage=facts.storage)
    if facts.failback is Failback.MANUAL and facts.strategy is not Strategy.ACTIVE_ACTIVE:
        notes.append(BACK_BY_HAND)
    return WorstCase(_failed_over(facts, assumptions), _replication_lag(facts, assumptions), tuple(notes))


def _rebuilt(facts: Facts, assumptions: Assumptions) -> WorstCase:
    """A person builds a cluster in the other region and restores the copies into it."""
    holds_data = facts.database or facts.storage
    if holds_data and not facts.backup_copied:
        return WorstCase(NO_COPY, NO_COPY)
    recovery = Sum((Term.of(assumptions["operator.decides"]), Term.of(assumptions["region.build"])))
    if not holds_data:
        return WorstCase(recovery + _new_records(facts, assumptions), LOST_SESSIONS)
    recovery += restored(facts, assumptions) + _new_records(facts, assumptions)
    # Only snapshots are copied, whatever is continuous at home.
    age = backup_age(facts.with_snapshots_only(), assumptions) + Sum((Term.of(assumptions["backup.copy"]),))
    return WorstCase(recovery, age, (SESSIONS_ANEW,))


def _new_records(facts: Facts, assumptions: Assumptions) -> Sum:
    """The site's name is pointed elsewhere by a change of its records."""
    if facts.edge is Edge.CLOUDFLARE:
        return _seen_healthy(facts)
    return Sum((Term.of(assumptions["dns.change"]), _alias_ttl(facts)))


def _failed_over(facts: Facts, assumptions: Assumptions) -> Sum:
    """The cluster in the other region takes over."""
    works = _works(facts, assumptions)
    if facts.diverts_last:
        return _noticed_to_act(facts, assumptions) + works + _asked(facts) + _switched(facts)
    ways = [_diverted(facts, assumptions)]
    if works.terms:
        ways.append(_noticed_to_act(facts, assumptions) + works + _asked(facts))
    return longest(*ways)


def _works(facts: Facts, assumptions: Assumptions) -> Sum:
    """Capacity and promotions: started one after the other, waited for together."""
    ways = []
    if facts.standby_minimum < facts.needed:
        ways.append(launched(facts))
    if not facts.durable:
        ways.append(Sum((Term.of(assumptions["sessions.promotion"], setting="sessions.durable"),)))
    if facts.database:
        ways.append(Sum((Term.of(assumptions["database.promotion"], setting="database"),)))
    if facts.storage and not facts.storage_optional:
        ways.append(Sum((Term.of(assumptions["storage.promotion"], setting="storage"),)))
    return longest(*ways)


def _noticed_to_act(facts: Facts, assumptions: Assumptions) -> Sum:
    """Until somebody, or something, begins to fail over."""
    if facts.acts is Failover.MANUAL:
        return Sum((Term.of(assumptions["operator.decides"], setting="failover"),))
    if facts.acts is Failover.REGION_SWITCH:
        start = Term.of(assumptions["region-switch.start"], setting="failover")
        return _checked(facts) + Sum((start, Term.of(assumptions["region-switch.steps"], setting="failover")))
    look = facts.look_interval + facts.probe_timeout
    seen = Sum(
        (
            plain("beacon.ttl", facts.beacon_ttl, "beacon TTL", None, DATA_PLANE),
            plain("automation.look", look, "to the next look", None, DATA_PLANE),
        )
    )
    looks = math.ceil(facts.after_seconds / look)
    if not looks:
        return _checked(facts) + seen
    more = times("automation.after", look, looks, "further look", "failoverAfter", DATA_PLANE)
    return _checked(facts) + seen + Sum((more,))


def _checked(facts: Facts) -> Sum:
    """Until Route 53's checkers have given the primary up."""
    return Sum(
        (
            times("dns.checks", facts.dns_interval, facts.dns_failures, "check", "edge", ROUTE53_CHECKS),
            plain("dns.timeout", facts.dns_timeout, "timeout", "protocol", ROUTE53_CHECKS),
        )
    )


def _asked(facts: Facts) -> Sum:
    """Until the automation learns that all is done."""
    if facts.acts is not Failover.AUTOMATIC:
        return Sum()
    return Sum((plain("automation.wait", facts.wait_interval, "until that is seen", None, DATA_PLANE),))


def _switched(facts: Facts) -> Sum:
    """From the switch until the last client is over: with Cloudflare, the promotion is the switch."""
    if facts.edge is Edge.CLOUDFLARE:
        return _seen_healthy(facts)
    switch = times(
        "switch.checks", facts.switch_interval, facts.switch_failures, "switch check", "edge", ROUTE53_CHECKS
    )
    return Sum((switch, _alias_ttl(facts)))


def _diverted(facts: Facts, assumptions: Assumptions) -> Sum:
    """Users are sent on by health alone."""
    if facts.accelerator:
        return detected(facts) + Sum((Term.of(assumptions["accelerator.redirect"], setting="edge"),))
    if facts.edge is Edge.ROUTE53:
        return _checked(facts) + Sum((_alias_ttl(facts),))
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
    """Until Cloudflare sees that the other region serves."""
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
        )
    )


def _alias_ttl(facts: Facts) -> Term:
    return plain("alias.ttl", facts.alias_ttl, "alias TTL", "edge", ROUTE53_ALIASES)


def _replication_lag(facts: Facts, assumptions: Assumptions) -> Sum:
    """What had not reached the other region."""
    sessions = "sessions.multi-region-lag" if facts.durable else "sessions.region-lag"
    ways = [Sum((Term.of(assumptions[sessions], setting="sessions.durable"),))]
    if facts.database:
        ways.append(Sum((Term.of(assumptions["database.region-lag"], setting="database"),)))
    if facts.storage:
        ways.append(Sum((Term.of(assumptions["storage.region-lag"], setting="storage"),)))
    return longest(*ways)
