"""Databases: what keeps their data from being lost."""

from collections.abc import Iterator

from resilience.aws.replicas import is_replica
from resilience.aws.types import DB_CLUSTERS, DB_INSTANCE
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

CLUSTER_DAYS, INSTANCE_DAYS = 1, 0
"""The provider's defaults: https://www.pulumi.com/registry/packages/aws/api-docs/rds/instance/"""


@RULES.rule(
    "database-point-in-time",
    "A database can be restored to any second.",
    Severity.CRITICAL,
    well_architected("REL09-BP03", "rel_backing_up_data_automated_backups_data"),
    DB_INSTANCE,
)
def point_in_time(database: Resource, _: Config) -> Iterator[str]:
    """Only an instance can be without it, and is by default; a replica's backups are its source's."""
    if not is_replica(database) and _days(database) == 0:
        yield "backupRetentionPeriod is 0; nothing can be restored"


@RULES.rule(
    "database-backup-retention",
    "The backups of a database are kept long enough.",
    Severity.MEDIUM,
    security_hub("RDS.11"),
    DB_INSTANCE,
    *DB_CLUSTERS,
    days=Setting(7, "the shortest time that backups are kept, in days", {"minimum": 1, "maximum": 35}),
)
def backup_retention(database: Resource, config: Config) -> Iterator[str]:
    """None at all is `database-point-in-time`'s finding."""
    if 0 < _days(database) < config["days"]:
        yield f"backupRetentionPeriod is {_days(database)}; at least {config['days']} days are wanted"


@RULES.rule(
    "database-deletion-protection",
    "A database is protected from deletion.",
    Severity.HIGH,
    security_hub("RDS.7"),
    DB_INSTANCE,
    *DB_CLUSTERS,
)
def deletion_protection(database: Resource, _: Config) -> Iterator[str]:
    """Also the secondary of a global database: after a failover it is the only one. Read replicas come and go."""
    if not is_replica(database) and not database.get("deletionProtection"):
        yield "deletionProtection is off"


@RULES.rule(
    "database-final-snapshot",
    "A database leaves a snapshot when it is deleted.",
    Severity.CRITICAL,
    well_architected("REL09-BP01", "rel_backing_up_data_identified_backups_data"),
    DB_INSTANCE,
    *DB_CLUSTERS,
)
def final_snapshot(database: Resource, _: Config) -> Iterator[str]:
    """The default is to make one. AWS makes none of a read replica."""
    if not is_replica(database) and database.get("skipFinalSnapshot"):
        yield "skipFinalSnapshot is on; with the database, its data and its automated backups are gone"


def _days(database: Resource) -> int:
    default = INSTANCE_DAYS if database.type == DB_INSTANCE else CLUSTER_DAYS
    return int(database.get("backupRetentionPeriod", default))
