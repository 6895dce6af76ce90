"""Steps of a recovery that several failures share, as sums of terms."""

import math

from ha_web.recovery.assumptions import Assumptions
from ha_web.recovery.facts import Facts
from ha_web.recovery.terms import (
    BACKUP_RULES,
    BALANCER_CHECKS,
    FLEET_WARMUP,
    SESSION_SNAPSHOTS,
    Sum,
    Term,
    longest,
    plain,
    times,
)

GIB_IN_TIB = 1024
SNAPSHOT_SECONDS = 86_400
"""Session stores are snapshotted once a day.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html"""


def detected(facts: Facts) -> Sum:
    """Until the balancer sends nothing more to a dead server."""
    return Sum(
        (
            times(
                "balancer.checks",
                facts.check_interval,
                facts.check_failures,
                "check",
                "healthCheck.interval",
                BALANCER_CHECKS,
            ),
            plain("balancer.timeout", facts.check_timeout, "timeout", "healthCheck.timeout", BALANCER_CHECKS),
        )
    )


def missing_capacity(facts: Facts, left: int, assumptions: Assumptions) -> Sum:
    """Until there are enough servers again: nothing when those that are left carry the load."""
    if left >= facts.needed:
        return Sum()
    return Sum((Term.of(assumptions["servers.replace"], setting="servers.minimum"),)) + launched(facts)


def launched(facts: Facts) -> Sum:
    """From the launch of a server until it gets traffic."""
    return Sum(
        (
            plain("servers.boot", facts.boot_seconds, "boot", "servers.bootSeconds", FLEET_WARMUP),
            times(
                "balancer.passes",
                facts.check_interval,
                facts.check_passes,
                "passed check",
                "healthCheck.healthyThreshold",
                BALANCER_CHECKS,
            ),
        )
    )


def restored(facts: Facts, assumptions: Assumptions) -> Sum:
    """Until what is backed up is restored, side by side."""
    ways = []
    if facts.database:
        tib = math.ceil(facts.sizes.database_gib / GIB_IN_TIB)
        ways.append(Sum((Term.of(assumptions["database.restore"], times=tib),)))
    if facts.storage:
        ways.append(Sum((Term.of(assumptions["storage.restore-gib"], times=facts.sizes.storage_gib),)))
    return longest(*ways) if ways else Sum((Term.of(assumptions["sessions.restore"]),))


def backup_age(facts: Facts, assumptions: Assumptions) -> Sum:
    """How old the last good backup is at the worst: of the oldest thing in it."""
    snapshot = Sum(
        (
            plain("backup.interval", facts.backup_interval, "between backups", "backup", BACKUP_RULES),
            plain("backup.window", facts.backup_start_window, "to start one", "backup", BACKUP_RULES),
        )
    )
    ways = []
    if facts.database:
        point = Sum((Term.of(assumptions["database.point-in-time"], setting="backup.continuousDays"),))
        ways.append(point if facts.backup_continuous else snapshot)
    if facts.storage:
        ways.append(snapshot)
    if ways:
        return longest(*ways)
    daily = plain("sessions.snapshot", SNAPSHOT_SECONDS, "between snapshots of sessions", None, SESSION_SNAPSHOTS)
    return Sum((daily,))
