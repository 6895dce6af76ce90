"""Remedies: changes of settings that would meet an objective. Each is tried on the facts before it is recommended.

They are tried in the order of their costs, one alone before two together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from ha_web.core.limits import FEWEST_ZONES
from ha_web.fleet.capacity import enough_without_a_zone
from ha_web.recovery.facts import Edge, Facts, Failover
from ha_web.recovery.strategy import Strategy

FASTEST_CHECKS = 5
"""Shortest interval of health checks in seconds:
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""

FEWEST_FAILURES = 2
"""Fewest failed checks until a server is out (same page)."""

QUICK_TIMEOUT = 2
QUICK_DNS = (10, 2)
"""Route 53's fast interval, and two failures: with one, a lost packet would move users."""

DELAYS = (20, 10)
"""Shorter delays of the automation in seconds, the safer one first."""

FASTEST_MONITOR = 15
"""Seconds between Cloudflare's checks without an Enterprise plan.
https://developers.cloudflare.com/load-balancing/get-started/enable-load-balancing/"""

HOURLY = 3_600
CONTINUOUS_DAYS = 14
MOST_TOGETHER = 3


@dataclass(frozen=True)
class Remedy:
    """A change of settings."""

    text: str
    """Advice: `set sessions.durable to true`."""
    facts: Facts
    """The site after the change."""


Change = Callable[[Facts], Iterator[Remedy]]


def remedies(facts: Facts, meets: Callable[[Facts], bool]) -> Remedy | None:
    """Return the cheapest change that meets an objective; None if no change of settings does.

    Args:
        meets: tells whether a site meets the objective.
    """
    for count in range(1, MOST_TOGETHER + 1):
        for together in combinations(CHANGES, count):
            for remedy in _applied(facts, together):
                if meets(remedy.facts):
                    return remedy
    return None


def _applied(facts: Facts, changes: tuple[Change, ...]) -> Iterator[Remedy]:
    """Yield every combination of these changes, made one after the other."""
    first, rest = changes[0], changes[1:]
    for remedy in first(facts):
        if not rest:
            yield remedy
        for further in _applied(remedy.facts, rest) if rest else ():
            yield Remedy(f"{remedy.text} and {further.text}", further.facts)


def _check_faster(facts: Facts) -> Iterator[Remedy]:
    if facts.check_interval > FASTEST_CHECKS:
        timeout = facts.check_timeout if facts.check_timeout < FASTEST_CHECKS else QUICK_TIMEOUT
        also = "" if timeout == facts.check_timeout else f" and healthCheck.timeout to {timeout}"
        changed = replace(facts, check_interval=FASTEST_CHECKS, check_timeout=timeout)
        yield Remedy(f"set healthCheck.interval to {FASTEST_CHECKS}{also}", changed)


def _fail_sooner(facts: Facts) -> Iterator[Remedy]:
    if facts.check_failures > FEWEST_FAILURES:
        changed = replace(facts, check_failures=FEWEST_FAILURES)
        yield Remedy(f"set healthCheck.unhealthyThreshold to {FEWEST_FAILURES}", changed)


def _check_dns_faster(facts: Facts) -> Iterator[Remedy]:
    interval, failures = QUICK_DNS
    if facts.has_cluster and facts.dns_interval * facts.dns_failures > interval * failures:
        changed = replace(facts, dns_interval=interval, dns_failures=failures)
        yield Remedy(f"let Route 53 check every {interval}s, {failures} times", changed)


def _wait_less(facts: Facts) -> Iterator[Remedy]:
    for delay in DELAYS:
        if facts.has_cluster and facts.failover is Failover.AUTOMATIC and facts.after_seconds > delay:
            yield Remedy(f"set failoverAfter to {delay}", replace(facts, after_seconds=delay))


def _automate(facts: Facts) -> Iterator[Remedy]:
    if facts.has_cluster and facts.failover is not Failover.AUTOMATIC:
        yield Remedy("set failover to automatic", replace(facts, failover=Failover.AUTOMATIC))


def _monitor_faster(facts: Facts) -> Iterator[Remedy]:
    if facts.edge is Edge.CLOUDFLARE and facts.monitor_interval > FASTEST_MONITOR:
        changed = replace(facts, monitor_interval=FASTEST_MONITOR)
        yield Remedy(f"set cloudflare.interval to {FASTEST_MONITOR}", changed)


def _back_up_more(facts: Facts) -> Iterator[Remedy]:
    if facts.backup_interval > HOURLY:
        yield Remedy("add an hourly backup rule", replace(facts, backup_interval=HOURLY))


def _back_up_continuously(facts: Facts) -> Iterator[Remedy]:
    if facts.database and not facts.backup_continuous:
        yield Remedy(f"set backup.continuousDays to {CONTINUOUS_DAYS}", replace(facts, backup_continuous=True))


def _copy_backups(facts: Facts) -> Iterator[Remedy]:
    if not facts.backup_copied:
        yield Remedy("copy backups to the standby region", replace(facts, backup_copied=True))


def _more_servers(facts: Facts) -> Iterator[Remedy]:
    if facts.zones < FEWEST_ZONES:
        return
    enough = enough_without_a_zone(facts.needed, facts.zones)
    if enough > facts.minimum:
        maximum = max(enough, facts.maximum)
        changed = replace(facts, minimum=enough, maximum=maximum)
        if facts.strategy is Strategy.ACTIVE_ACTIVE:
            changed = replace(changed, standby_minimum=enough, standby_maximum=maximum)
        yield Remedy(f"set servers.minimum to {enough}", changed)


def _more_standby_servers(facts: Facts) -> Iterator[Remedy]:
    if facts.strategy is Strategy.WARM_STANDBY and facts.standby_minimum < facts.failover_needed:
        changed = replace(facts, standby_minimum=facts.failover_needed)
        yield Remedy(f"set standby.servers to {facts.failover_needed}", changed)


def _add_reader(facts: Facts) -> Iterator[Remedy]:
    if facts.database and facts.database_instances < 2:
        yield Remedy("set database.instances to 2", replace(facts, database_instances=2))


def _end_connections(facts: Facts) -> Iterator[Remedy]:
    if facts.client_keep_alive > facts.alias_ttl:
        yield Remedy("leave out clientKeepAlive", replace(facts, client_keep_alive=0))


def _leave_dns(facts: Facts) -> Iterator[Remedy]:
    if facts.has_cluster and facts.edge is Edge.ROUTE53:
        as_given = replace(facts, edge=Edge.CLOUDFLARE)
        yield Remedy("use the Cloudflare edge (no TTL)", as_given)
        if facts.monitor_interval > FASTEST_MONITOR:
            text = f"use the Cloudflare edge (no TTL) with cloudflare.interval {FASTEST_MONITOR}"
            yield Remedy(text, replace(as_given, monitor_interval=FASTEST_MONITOR))


def _durable_sessions(facts: Facts) -> Iterator[Remedy]:
    if not facts.durable:
        yield Remedy("set sessions.durable to true", replace(facts, durable=True))


def _next_strategies(facts: Facts) -> Iterator[Remedy]:
    known = list(Strategy)
    start = known.index(facts.strategy) + 1 if facts.strategy else 0
    for strategy in known[start:]:
        changed = facts.with_strategy(strategy)
        text = f"set strategy to {strategy}" if facts.strategy else f"add a standby with strategy {strategy}"
        if strategy is Strategy.ACTIVE_ACTIVE:
            if facts.minimum < facts.needed:
                continue
            text += "" if facts.durable else " and sessions.durable to true"
        yield Remedy(text, changed)


CHANGES: tuple[Change, ...] = (
    _check_faster,
    _fail_sooner,
    _wait_less,
    _back_up_more,
    _copy_backups,
    _automate,
    _check_dns_faster,
    _monitor_faster,
    _back_up_continuously,
    _end_connections,
    _leave_dns,
    _more_standby_servers,
    _more_servers,
    _add_reader,
    _durable_sessions,
    _next_strategies,
)
"""All changes, the cheapest first."""
