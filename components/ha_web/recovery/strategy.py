"""What stands in the second region: AWS's four strategies for disaster recovery, and what each needs.

https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html
"""

from enum import StrEnum

from ha_web.fleet.capacity import default_minimum, left_after_a_zone

FEWEST_SERVERS = 2
"""One must be left when a zone is lost."""


class Strategy(StrEnum):
    """What stands in the second region. Each holds all that the one before it holds."""

    BACKUP_RESTORE = "backup-restore"
    """Copied backups, images, keys, secrets and a certificate; the rest is built when it is needed."""
    PILOT_LIGHT = "pilot-light"
    """Also network, balancer and data that follows the primary's; no server runs."""
    WARM_STANDBY = "warm-standby"
    """Also a smaller fleet, which takes traffic at once and scales."""
    ACTIVE_ACTIVE = "active-active"
    """Two equal regions that both serve, each able to carry all of the load."""


class Routing(StrEnum):
    """How DNS chooses between the regions."""

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
"""What stands in the second region, in words."""


def has_cluster(strategy: Strategy | None) -> bool:
    """Whether there is a network, a balancer and data in the second region."""
    return strategy not in (None, Strategy.BACKUP_RESTORE)


def standby_minimum(strategy: Strategy | None, minimum: int, zones: int, servers: int | None = None) -> int:
    """Servers that always run in the second region.

    Args:
        minimum: the primary's.
        zones: of the second region.
        servers: what the owner asks for, in a warm standby. Default: one a zone, at least two, and no more than the
            primary has.
    """
    if strategy is Strategy.WARM_STANDBY:
        return servers or min(default_minimum(zones), minimum)
    return minimum if strategy is Strategy.ACTIVE_ACTIVE else 0


def standby_maximum(strategy: Strategy | None, maximum: int) -> int:
    """Servers at the most in the second region: the primary's, since it must take over all."""
    return maximum if has_cluster(strategy) else 0


def default_load(minimum: int, zones: int) -> int:
    """Servers that carry all of the load: what a lost zone leaves of the minimum, or the minimum would be too small."""
    return max(1, left_after_a_zone(minimum, zones))


def needs_promotion(strategy: Strategy | None, *, durable: bool, database: bool, storage: bool) -> bool:
    """Whether something in the second region must become writable before the site has failed over.

    Args:
        durable: whether sessions are kept in MemoryDB, whose multi-region clusters write in every region. In a single
            ElastiCache global datastore, and in Aurora and EFS, one region writes.
        database: whether there is one.
        storage: whether there is a file system.
    """
    return has_cluster(strategy) and (not durable or database or storage)


def routing(strategy: Strategy | None) -> Routing:
    """How DNS chooses between the regions."""
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
    """What keeps a strategy from working: one line each, the setting first; none when all is well.

    Args:
        standby: whether a second region is given.
        promotes: whether something has to be promoted there, see `needs_promotion`.
        minimum: servers that always run in the primary.
        maximum: servers at the most, in each region.
        load: servers that carry all of the load.
        standby_servers: what the owner asks for in the second region, if anything.
        automatic_failback: whether users are sent back as soon as the primary is healthy.
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
    """What is wrong with the number of servers that the owner asks for."""
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
    """Replication has one direction: going back without promoting anew loses what was written meanwhile."""
    if not (automatic and promotes):
        return []
    return [
        "failback is automatic; what was promoted in the standby has to be promoted back first, by a person, or all "
        "that was written meanwhile is set back; it can be automatic where nothing is promoted"
    ]


def strategy_notes(strategy: Strategy | None, *, database: bool, storage: bool) -> list[str]:
    """What an application has to know about a strategy."""
    if strategy is not Strategy.ACTIVE_ACTIVE:
        return []
    notes = []
    if database:
        notes.append("the database takes writes in the primary region only; the other reads, until it is promoted")
    if storage:
        notes.append("the file system is read-only in the second region until its replication is deleted")
    return notes
