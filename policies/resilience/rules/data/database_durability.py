"""Databases: what a crash, a lost zone or an engine that is out of support would cost."""

import re
from collections import Counter
from collections.abc import Iterator

from resilience.aws.parameters import parameter
from resilience.aws.parts import parts
from resilience.aws.types import (
    DB_CLUSTER,
    DB_CLUSTER_INSTANCE,
    DB_CLUSTER_PARAMETER_GROUP,
    DB_INSTANCE,
    DB_PARAMETER_GROUP,
    EVENT_SUBSCRIPTION,
    GLOBAL_CLUSTER,
)
from resilience.known import is_known, known, known_items
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

PARAMETER_GROUPS = (DB_PARAMETER_GROUP, DB_CLUSTER_PARAMETER_GROUP)
LOSES_COMMITS = {
    "synchronous_commit": ("off", "0", "false"),
    "innodb_flush_log_at_trx_commit": ("0", "2"),
    "sync_binlog": ("0",),
}
"""Parameters, and values with which a crash loses what was committed.
https://docs.aws.amazon.com/awssupport/latest/user/fault-tolerance-checks.html"""

SUPPORTED = {
    "postgres": "14",
    "aurora-postgresql": "14",
    "mysql": "8.4",
    "aurora-mysql": "8.0",
    "mariadb": "10.11",
}
"""By engine, the first version in standard support at the end of 2026.
https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MariaDB.Concepts.VersionMgmt.html
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.VersionPolicy.html"""

FEWEST_WITH_READERS = 3
"""Instances of a cluster from which on it has several readers."""

TOLD = {DB_CLUSTER: ("db-cluster", ("failure", "maintenance")), DB_INSTANCE: ("db-instance", ("failure",))}
"""By type, the events' source and the categories that somebody must hear of.
https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-19"""


@RULES.rule(
    "database-commits-to-disk",
    "A database has a commit on disk before it confirms it.",
    Severity.HIGH,
    well_architected("REL09-BP01", "rel_backing_up_data_identified_backups_data"),
    *PARAMETER_GROUPS,
)
def commits_to_disk(group: Resource, _: Config) -> Iterator[str]:
    """The engines' defaults do; a parameter that is faster loses the last second in a crash."""
    for name, losing in LOSES_COMMITS.items():
        value = parameter(group, name)
        if value in losing:
            yield f"{name} is {value}; a crash loses commits that were confirmed"


@RULES.rule(
    "database-replica-read-only",
    "A read replica takes no writes of its own.",
    Severity.MEDIUM,
    well_architected("REL09-BP01", "rel_backing_up_data_identified_backups_data"),
    DB_PARAMETER_GROUP,
)
def replica_read_only(group: Resource, _: Config) -> Iterator[str]:
    """The default, `{TrueIfReplica}`, is right for both ends of a replication."""
    if (value := parameter(group, "read_only")) in ("0", "off", "false"):
        yield f"read_only is {value}; a replica that is written to is no copy any more"


@RULES.stack_rule(
    "database-readers-span-zones",
    "The readers of a database cluster are not all in one zone.",
    Severity.MEDIUM,
    well_architected("REL10-BP01", "rel_fault_isolation_multiaz_region_system"),
    DB_CLUSTER,
)
def readers_span_zones(cluster: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Any instance may become the writer, so that none but one outside of a zone is too few.

    Where the program names no zone, Aurora spreads the instances itself.
    """
    instances = parts(stack, cluster, (DB_CLUSTER_INSTANCE,), "clusterIdentifier", "id", "clusterIdentifier")
    zones = Counter(known(each, "availabilityZone") for each in instances)
    if len(instances) < FEWEST_WITH_READERS or None in zones:
        return
    zone, number = zones.most_common(1)[0]
    if number >= len(instances) - 1:
        yield f"{number} of its {len(instances)} instances are in {zone}; readers belong into other zones"


@RULES.rule(
    "database-engine-supported",
    "The engine of a database is in standard support.",
    Severity.MEDIUM,
    well_architected("OPS07-BP05", "ops_ready_to_support_informed_deploy_decisions"),
    DB_INSTANCE,
    DB_CLUSTER,
    GLOBAL_CLUSTER,
    versions=Setting(
        SUPPORTED, "by engine, the first version in standard support", {"additionalProperties": {"type": "string"}}
    ),
)
def engine_supported(database: Resource, config: Config) -> Iterator[str]:
    """Later fixes cost extra, and then there are none. Without a version AWS takes a recent one.

    One that is not known yet is that of another database, such as a secondary's of its primary.
    """
    engine, version = known(database, "engine"), known(database, "engineVersion")
    first = config["versions"].get(str(engine))
    if first and version and _numbers(version) < _numbers(first):
        yield f"engineVersion of {engine} is {version}; {first} is the first in standard support"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", str(version))[:2])


@RULES.rule(
    "global-database-encrypted",
    "A global database is encrypted.",
    Severity.HIGH,
    well_architected("SEC08-BP02", "sec_protect_data_rest_encrypt"),
    GLOBAL_CLUSTER,
)
def global_encrypted(database: Resource, _: Config) -> Iterator[str]:
    """One that is made of a cluster is as that is."""
    if not database.has("sourceDbClusterIdentifier") and not database.get("storageEncrypted"):
        yield "storageEncrypted is off; it can't be turned on later without a new database"


@RULES.rule(
    "global-database-protected",
    "A global database is protected from deletion.",
    Severity.HIGH,
    well_architected("REL09-BP01", "rel_backing_up_data_identified_backups_data"),
    GLOBAL_CLUSTER,
)
def global_protected(database: Resource, _: Config) -> Iterator[str]:
    """Its members have a protection of their own; without this one, what holds them together can go.

    One that is made of a cluster has no data by itself, and goes by the protection of its members.
    """
    if not database.has("sourceDbClusterIdentifier") and not database.get("deletionProtection"):
        yield "deletionProtection is off"
    if database.get("forceDestroy") and database.get("deletionProtection"):
        yield "forceDestroy is on; members are let go before the protection is asked"


@RULES.stack_rule(
    "database-failures-told",
    "Somebody hears of a failure of a database.",
    Severity.LOW,
    security_hub("RDS.19"),
    DB_INSTANCE,
    DB_CLUSTER,
)
def failures_told(database: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """By an event subscription for all databases of its kind, or for this one."""
    kind, categories = TOLD[database.type]
    for each in stack.of_type(EVENT_SUBSCRIPTION):
        if each.region == database.region and _tells_of(each, kind, categories, database):
            return
    yield f"no aws:rds/eventSubscription of {kind} tells of {' and '.join(categories)}"


def _tells_of(subscription: Resource, kind: str, categories: tuple[str, ...], database: Resource) -> bool:
    if known(subscription, "enabled") is False or known(subscription, "sourceType") not in (None, kind):
        return False
    named = subscription.has("sourceIds") and is_known(subscription, "sourceIds") and subscription.count("sourceIds")
    ids = known_items(subscription, "sourceIds")
    if named and not subscription.refers_to(database, "sourceIds") and known(database, "identifier") not in ids:
        return False
    told = known_items(subscription, "eventCategories")
    return not told or set(categories) <= set(told)
