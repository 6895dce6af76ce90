"""Steps that the recoveries of several failures share, as sums of terms."""

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
"""Seconds between two snapshots of a session store, which AWS takes once a day.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html"""


def detected(facts: Facts) -> Sum:
    """Return the time until the load balancer sends no more requests to a failed server."""
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
    """Return the time until there are enough servers again: none if the servers that are left carry the load."""
    if left >= facts.needed:
        return Sum()
    return Sum((Term.of(assumptions["servers.replace"], setting="servers.minimum"),)) + launched(facts)


def launched(facts: Facts) -> Sum:
    """Return the time from the launch of a server until it gets traffic."""
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
    """Return the time of the restores, which run in parallel."""
    restores = []
    if facts.database:
        tib = math.ceil(facts.sizes.database_gib / GIB_IN_TIB)
        restores.append(Sum((Term.of(assumptions["database.restore"], times=tib),)))
    if facts.storage:
        restores.append(Sum((Term.of(assumptions["storage.restore-gib"], times=facts.sizes.storage_gib),)))
    return longest(*restores) if restores else Sum((Term.of(assumptions["sessions.restore"]),))


def copy_age(facts: Facts, assumptions: Assumptions) -> Sum:
    """Return the largest age of the last copy in the other region, that of the oldest part of it.

    Only snapshots are copied, no continuous backup; of a database only daily ones, because each copy is a full one.
    """
    ages = []
    if facts.database:
        tib = math.ceil(facts.sizes.database_gib / GIB_IN_TIB)
        copied = Sum((Term.of(assumptions["database.copy"], times=tib),))
        ages.append(_snapshots(facts, facts.database_copy_interval, "copied backups") + copied)
    if facts.storage:
        ages.append(_snapshots(facts, facts.backup_interval) + Sum((Term.of(assumptions["backup.copy"]),)))
    return longest(*ages)


def _snapshots(facts: Facts, interval: int, what: str = "backups") -> Sum:
    """Return the largest age of a snapshot: of two jobs the first starts at once, the next at its window's end."""
    return Sum(
        (
            plain("backup.interval", interval, f"between {what}", "backup", BACKUP_RULES),
            plain("backup.window", facts.backup_start_window, "to start one", "backup", BACKUP_RULES),
        )
    )


def backup_age(facts: Facts, assumptions: Assumptions) -> Sum:
    """Return the largest age of the last good backup, that of the oldest part of it."""
    snapshot = _snapshots(facts, facts.backup_interval)
    ages = []
    if facts.database:
        point = Sum((Term.of(assumptions["database.point-in-time"], setting="backup.continuousDays"),))
        ages.append(point if facts.backup_continuous else snapshot)
    if facts.storage:
        ages.append(snapshot)
    if ages:
        return longest(*ages)
    daily = plain("sessions.snapshot", SNAPSHOT_SECONDS, "between snapshots of sessions", None, SESSION_SNAPSHOTS)
    return Sum((daily,))
