"""AWS's four strategies for disaster recovery, and what each needs in the second region.

https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html
"""

from enum import StrEnum

from ha_web.fleet.capacity import default_minimum, left_after_a_zone

FEWEST_SERVERS = 2
"""One must be left after the loss of a zone."""


class Strategy(StrEnum):
    """Strategy for the second region. Each deploys all that the one before it does."""

    BACKUP_RESTORE = "backup-restore"
    """Copies of backups and images, keys, secrets and a certificate; the rest is created when it is needed."""
    PILOT_LIGHT = "pilot-light"
    """Also network, load balancer and replicas of the primary's data; no server runs."""
    WARM_STANDBY = "warm-standby"
    """Also a smaller fleet, which takes traffic at once and scales."""
    ACTIVE_ACTIVE = "active-active"
    """Two equal regions that both serve, each able to carry the whole load."""


class Routing(StrEnum):
    """Routing policy between the regions."""

    SIMPLE = "simple"
    FAILOVER = "failover"
    LATENCY = "latency"


STANDS = {
    None: "nothing: one region",
    Strategy.BACKUP_RESTORE: "copies of backups and images, keys, secrets, a certificate",
    Strategy.PILOT_LIGHT: "and network, balancer, data that follows; no servers",
    Strategy.WARM_STANDBY: "and a smaller fleet that takes traffic at once",
    Strategy.ACTIVE_ACTIVE: "the same as in the first; both serve",
}
"""Descriptions of the second region, for the table of strategies."""


def has_cluster(strategy: Strategy | None) -> bool:
    """Return whether there is a network, a load balancer and data in the second region."""
    return strategy not in (None, Strategy.BACKUP_RESTORE)


def standby_minimum(strategy: Strategy | None, minimum: int, zones: int, servers: int | None = None) -> int:
    """Return the number of servers that always run in the second region.

    Args:
        minimum: servers that always run in the primary.
        zones: number of zones of the second region.
        servers: the setting of a warm standby. Default: one a zone, at least two, and no more than in the primary.
    """
    if strategy is Strategy.WARM_STANDBY:
        return servers or min(default_minimum(zones), minimum)
    return minimum if strategy is Strategy.ACTIVE_ACTIVE else 0


def standby_maximum(strategy: Strategy | None, maximum: int) -> int:
    """Return the largest number of servers in the second region: that of the primary, whose load it must take."""
    return maximum if has_cluster(strategy) else 0


def default_load(minimum: int, zones: int) -> int:
    """Return the servers that carry the whole load: the part of the minimum that the loss of a zone leaves."""
    return max(1, left_after_a_zone(minimum, zones))


def needs_promotion(strategy: Strategy | None, *, durable: bool, database: bool, storage: bool) -> bool:
    """Return whether something in the second region must become writable in a failover.

    Args:
        durable: True with sessions in MemoryDB, whose multi-Region clusters take writes in every region. An ElastiCache
            global datastore, Aurora and EFS take them in one region only.
        database: True with a database.
        storage: True with a file system.
    """
    return has_cluster(strategy) and (not durable or database or storage)


def routing(strategy: Strategy | None) -> Routing:
    """Return the routing policy between the regions."""
    if strategy is Strategy.ACTIVE_ACTIVE:
        return Routing.LATENCY
    return Routing.FAILOVER if has_cluster(strategy) else Routing.SIMPLE


def strategy_problems(
    strategy: Strategy | None,
    *,
    standby: bool,
    durable: bool,
    promotes: bool,
    minimum: int,
    maximum: int,
    load: int,
    standby_servers: int | None = None,
    automatic_failback: bool = False,
) -> list[str]:
    """Return a line for each setting with which a strategy can't work.

    Args:
        standby: True if a second region is given.
        promotes: True if something must be promoted there, see `needs_promotion`.
        minimum: servers that always run in the primary.
        maximum: largest number of servers in each region.
        load: servers that carry the whole load.
        standby_servers: the setting for the second region; None if it isn't given.
        automatic_failback: True if users are sent back as soon as the primary is healthy.
    """
    problems = []
    if strategy and not standby:
        problems.append(f"standby is missing; {strategy} needs a second region{_FOR_COPIES.get(strategy, '')}")
    if standby and not strategy:
        problems.append(f"strategy is missing; a standby is one of {', '.join(Strategy)}")
    if has_cluster(strategy) and maximum < load:
        problems.append(f"servers.maximum is {maximum}; one region must carry the load of {load} servers alone")
    if strategy is Strategy.ACTIVE_ACTIVE:
        problems += _active_problems(durable, minimum, load)
    return problems + _standby_problems(strategy, standby_servers) + _failback_problems(automatic_failback, promotes)


_FOR_COPIES = {Strategy.BACKUP_RESTORE: " for the copies of its backups"}


def _active_problems(durable: bool, minimum: int, load: int) -> list[str]:
    problems = []
    if not durable:
        reason = "active-active writes sessions in both regions, and an ElastiCache global datastore in one only"
        problems.append(f"sessions.durable is false; {reason}")
    if minimum < load:
        reason = f"in active-active each region must carry the load of {load} servers at once"
        problems.append(f"servers.minimum is {minimum}; {reason}")
    return problems


def _standby_problems(strategy: Strategy | None, servers: int | None) -> list[str]:
    """Return a line if the number of servers in the second region doesn't fit the strategy."""
    if servers is None or strategy is None:
        return []
    reasons = {
        Strategy.BACKUP_RESTORE: "backup-restore has no servers until it is needed; use warm-standby, or leave it out",
        Strategy.PILOT_LIGHT: "a pilot light has no servers until it is needed; use warm-standby, or leave it out",
        Strategy.ACTIVE_ACTIVE: "in active-active both regions have servers.minimum; leave it out",
    }
    if strategy in reasons:
        return [f"standby.servers is {servers}; {reasons[strategy]}"]
    return [f"standby.servers is {servers}; surviving a zone needs at least 2"] if servers < FEWEST_SERVERS else []


def _failback_problems(automatic: bool, promotes: bool) -> list[str]:
    """Return a line for a failback that would lose data: replication has one direction."""
    if not (automatic and promotes):
        return []
    return [
        "failback is automatic; a person must first promote the primary's data again, or all writes since the failover "
        "are lost; it can be automatic where nothing is promoted"
    ]


def strategy_notes(strategy: Strategy | None, *, database: bool, storage: bool) -> list[str]:
    """Return what an application must know about a strategy."""
    if strategy is not Strategy.ACTIVE_ACTIVE:
        return []
    notes = []
    if database:
        notes.append("the database takes writes in the primary region only; the other reads, until it is promoted")
    if storage:
        notes.append("the file system is read-only in the second region until its replication is deleted")
    return notes
