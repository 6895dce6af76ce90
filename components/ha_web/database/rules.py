"""Limits and settings of an Aurora PostgreSQL database: names, sizes, versions, parameters. No SDK here."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from ha_web.core.limits import count_problem, retention_problem
from ha_web.core.wording import quoted

ENGINE = "aurora-postgresql"
ENGINE_VERSION = "17.7"
"""AWS's own default version of Aurora PostgreSQL 17.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html"""

PORT = 5432

FEWEST_INSTANCES = 2
"""A writer, and a reader that takes over within a minute; without one, a new writer takes up to ten.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html"""

MOST_INSTANCES = 16
"""A writer and 15 readers (same page)."""

DEFAULT_INSTANCE_CLASS = "db.r7g.large"
DEFAULT_DATABASE_NAME = "app"
DEFAULT_RETENTION_DAYS = 14
"""Our choice: time to notice slow damage to data. AWS Security Hub asks for 7 at least (control RDS.11)."""

MOST_RETENTION_DAYS = 35
"""https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html"""

LONGEST_ID = 63
"""Characters of an RDS identifier.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateGlobalCluster.html"""

LAST_TIER = 15
"""https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html"""

PARAMETERS = {
    # A connection without TLS is refused. The default of Aurora PostgreSQL 17 and later, and not of those before.
    # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
    "rds.force_ssl": "1",
}
"""Cluster parameters that must not depend on Aurora's defaults."""

GLOBAL_FAMILIES = ("r5", "r6g", "r6gd", "r6i", "r6id", "r7g", "r7i", "r8g", "r8gd", "x2g")
"""Memory-optimized families of instance classes, which a global database needs: r5 or later.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.configuration.requirements.html"""

GLOBAL_VERSIONS = {13: 4, 14: 3, 15: 2, 16: 1, 17: 4}
"""Lowest minor version of each major version that a global database takes; it takes all of later major versions.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.GlobalDatabase.html"""

FORWARDING_VERSIONS = {14: 9, 15: 4, 16: 1}
"""Lowest minor version of each major version with write forwarding; all of later major versions have it.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-write-forwarding-apg.html"""

CLASS = re.compile(r"db\.[a-z]\d\w*\.(medium|large|\d*xlarge)")
VERSION = re.compile(r"(\d+)\.(\d+)")
DATABASE_NAME = re.compile(r"[A-Za-z]\w{0,62}")
"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"""


def family(engine_version: str) -> str:
    """Return the parameter group family of an engine version: aurora-postgresql17 for 17.7."""
    return f"{ENGINE}{engine_version.split('.')[0]}"


def promotion_tier(number: int) -> int:
    """Return the failover priority of an instance, counted from 1: the lower is promoted first."""
    return min(number - 1, LAST_TIER)


def global_id(*parts: str) -> str:
    """Return the identifier of a global database: lower case, starts with a letter, single hyphens, 63 characters.

    A longer one is cut and gets a digest, so that two long names stay different.
    """
    full = _slug("-".join(parts))
    if len(full) <= LONGEST_ID:
        return full
    digest = _digest(*parts)[:6]
    return f"{full[: LONGEST_ID - len(digest) - 1].rstrip('-')}-{digest}"


def final_snapshot_name(name: str, *identity: str) -> str:
    """Return the name of the snapshot that RDS takes when the cluster is deleted.

    A name can be used once. `identity` is whatever another cluster would not have in common with this one, so that
    each leaves a snapshot of its own.
    """
    return f"{_slug(name)[:200].rstrip('-')}-final-{_digest(*identity)[:12]}"


def database_problems(
    instances: int, retention_days: int, instance_class: str, engine_version: str, database_name: str
) -> list[str]:
    """Say why a database would not survive the loss of a zone, or why Aurora would refuse it: a sentence each."""
    found = [
        count_problem("instances", instances, FEWEST_INSTANCES, MOST_INSTANCES, "a cluster"),
        retention_problem("backup_retention_days", retention_days, MOST_RETENTION_DAYS, "backups"),
    ]
    problems = [problem for problem in found if problem]
    if not CLASS.fullmatch(instance_class):
        problems.append(f'instance_class is "{instance_class}"; write one of Aurora\'s, such as db.r7g.large')
    if not VERSION.fullmatch(engine_version):
        problems.append(f'engine_version is "{engine_version}"; write major and minor version, like {ENGINE_VERSION}')
    if not DATABASE_NAME.fullmatch(database_name):
        reason = "it must be up to 63 letters, digits or _, and start with a letter"
        problems.append(f'database_name is "{database_name}"; {reason}')
    return problems


def global_problems(instance_class: str, engine_version: str, *, write_forwarding: bool = False) -> list[str]:
    """Say why this class or version can't be in a global database, and which can: a sentence each."""
    problems = []
    family_of_class = instance_class.removeprefix("db.").split(".")[0]
    if family_of_class not in GLOBAL_FAMILIES:
        known = ", ".join(f"db.{each}" for each in GLOBAL_FAMILIES)
        problems.append(f'instance_class is "{instance_class}"; a global database takes {known}')
    if not _at_least(engine_version, GLOBAL_VERSIONS):
        problems.append(
            f'engine_version is "{engine_version}"; a global database takes {_listed(GLOBAL_VERSIONS)} or a later minor'
        )
    if write_forwarding and not _at_least(engine_version, FORWARDING_VERSIONS):
        known = _listed(FORWARDING_VERSIONS)
        problems.append(
            f'write_forwarding is true; engine_version "{engine_version}" lacks it, {known} or a later minor has it'
        )
    return problems


def _at_least(version: str, least: dict[int, int]) -> bool:
    match = VERSION.fullmatch(version)
    if match is None:
        return False
    major, minor = int(match[1]), int(match[2])
    return major > max(least) or (major in least and minor >= least[major])


def _listed(least: dict[int, int]) -> str:
    return ", ".join(f"{major}.{minor}" for major, minor in least.items())


def _slug(text: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return slug if slug[:1].isalpha() else f"d-{slug}".rstrip("-")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def restored_name_problem(name: str) -> str | None:
    """Return a line if the name of a restored database can't be part of its identifiers, else None."""
    if re.fullmatch(r"[a-z][a-z0-9]{0,9}", name):
        return None
    return (
        f"restored database {quoted(name)} has a name that can't be used; write 1 to 10 lower-case letters and digits"
    )


TIME_FORM = "write a time in UTC, like 2026-11-29T10:15:00Z"


def restore_problems(restored: Mapping[str, object] | None) -> list[str]:
    """Return a line for each thing wrong with the backup that a cluster is to begin with."""
    if restored is None:
        return []
    given = sorted(restored)
    if given not in (["snapshot_arn"], ["source_cluster_id", "time"]):
        return [f"restored_from has {', '.join(given) or 'nothing'}; give snapshot_arn, or source_cluster_id and time"]
    time = str(restored.get("time", ""))
    return [f"restored_from.time is {quoted(time)}; {TIME_FORM}"] if time and not is_restore_time(time) else []


def is_restore_time(text: str) -> bool:
    """Return whether a text is a time as RDS restores to: in UTC, to the second."""
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return False
    return True


def is_cluster_snapshot(text: str) -> bool:
    """Return whether a text is the ARN of a cluster snapshot, such as a recovery point of AWS Backup."""
    return re.fullmatch(r"arn:aws[\w-]*:rds:[\w-]+:\d{12}:cluster-snapshot:\S+", text) is not None
