"""Databases: what an operator needs to see, and what follows a database into its copies."""

from collections.abc import Iterator

from resilience.aws.parameters import parameter
from resilience.aws.replicas import is_replica
from resilience.aws.types import (
    DB_CLUSTER,
    DB_CLUSTER_INSTANCE,
    DB_CLUSTER_PARAMETER_GROUP,
    DB_INSTANCE,
    DB_PARAMETER_GROUP,
    DB_SNAPSHOTS,
)
from resilience.known import known_items
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource
from resilience.rule import Config, Severity, Topic

RULES = Topic()

OLD_AUTHORITIES = ("rds-ca-2015", "rds-ca-2019")
INSIGHTS = ("performanceInsightsEnabled", "databaseInsightsMode")


@RULES.rule(
    "database-copies-tags",
    "Snapshots get the tags of their database.",
    Severity.LOW,
    security_hub("RDS.17"),
    DB_INSTANCE,
    DB_CLUSTER,
)
def copies_tags(database: Resource, _: Config) -> Iterator[str]:
    """What finds backups by their tags finds the others only."""
    if not database.get("copyTagsToSnapshot") and not (database.type == DB_INSTANCE and is_replica(database)):
        yield "copyTagsToSnapshot is off; snapshots are nobody's"


@RULES.rule(
    "database-certificate-authority",
    "The certificate of a database is of an authority that is in date.",
    Severity.MEDIUM,
    well_architected("SEC09-BP02", "sec_protect_data_transit_encrypt"),
    DB_INSTANCE,
    DB_CLUSTER_INSTANCE,
    DB_CLUSTER,
)
def certificate_authority(database: Resource, _: Config) -> Iterator[str]:
    """https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html"""
    for path in ("caCertIdentifier", "caCertificateIdentifier"):
        if database.get(path) in OLD_AUTHORITIES:
            yield f"{path} is {database.get(path)}, which has run out; rds-ca-rsa2048-g1 or later"


@RULES.rule(
    "database-shows-its-load",
    "What loads a database can be seen.",
    Severity.LOW,
    well_architected("REL06-BP01", "rel_monitor_aws_resources_monitor_resources"),
    DB_INSTANCE,
    DB_CLUSTER_INSTANCE,
    DB_CLUSTER,
)
def shows_its_load(database: Resource, _: Config) -> Iterator[str]:
    """By Performance Insights, or Database Insights, which is on for a whole Aurora cluster or not at all.

    A cluster is judged only where it says something itself: its instances have the switch of their own.
    """
    if database.type == DB_CLUSTER and not database.has("performanceInsightsEnabled"):
        return
    if not any(database.has(path) and database.get(path) not in (False, "") for path in INSIGHTS):
        yield "performanceInsightsEnabled is off; which query loads it can't be seen"


@RULES.rule(
    "database-insights-own-key",
    "What Performance Insights keeps is encrypted with a key of the account's own.",
    Severity.LOW,
    well_architected("SEC08-BP02", "sec_protect_data_rest_encrypt"),
    DB_INSTANCE,
    DB_CLUSTER_INSTANCE,
    DB_CLUSTER,
)
def insights_own_key(database: Resource, _: Config) -> Iterator[str]:
    """The texts of queries are in it."""
    if database.get("performanceInsightsEnabled") and not database.has("performanceInsightsKmsKeyId"):
        yield "performanceInsightsKmsKeyId is not set"


@RULES.rule(
    "database-audits-connections",
    "An Aurora MySQL cluster writes its audit log.",
    Severity.LOW,
    security_hub("RDS.45"),
    DB_CLUSTER_PARAMETER_GROUP,
)
def audits_connections(group: Resource, _: Config) -> Iterator[str]:
    """Exporting a log that isn't written exports nothing."""
    if str(group.get("family", "")).startswith("aurora-mysql") and parameter(group, "server_audit_logging") not in (
        "1",
        "on",
    ):
        yield "server_audit_logging is off; there is no audit log to export"


@RULES.rule(
    "database-logs-queries",
    "A PostgreSQL database logs statements, or the slow ones.",
    Severity.LOW,
    well_architected("SEC04-BP01", "sec_detect_investigate_events_app_service_logging"),
    DB_PARAMETER_GROUP,
    DB_CLUSTER_PARAMETER_GROUP,
)
def logs_queries(group: Resource, _: Config) -> Iterator[str]:
    """Neither is on by default."""
    family = str(group.get("family", ""))
    if "postgres" not in family or (family.startswith("aurora") and group.type == DB_PARAMETER_GROUP):
        return
    slow, kinds = parameter(group, "log_min_duration_statement"), parameter(group, "log_statement")
    if slow in (None, "-1") and kinds in (None, "none"):
        yield "log_statement and log_min_duration_statement are not set; no query is in the log"


@RULES.rule(
    "database-snapshot-not-public",
    "A snapshot of a database is not shared with everybody.",
    Severity.CRITICAL,
    security_hub("RDS.1"),
    *DB_SNAPSHOTS,
)
def snapshot_not_public(snapshot: Resource, _: Config) -> Iterator[str]:
    """Whoever has an AWS account could restore it."""
    if "all" in known_items(snapshot, "sharedAccounts"):
        yield "sharedAccounts has all; name accounts"
