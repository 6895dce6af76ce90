"""What stands in the second region: AWS's four strategies for disaster recovery, and what each needs. No Pulumi here.

https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html
"""

from enum import StrEnum

from ha_web.capacity import default_minimum, left_after_a_zone


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
