"""Databases: encryption of what is stored and of what goes over the wire."""

import re
from collections.abc import Iterator

from resilience.aws.parameters import parameter
from resilience.aws.replicas import inherits_encryption, is_replica
from resilience.aws.types import (
    DB_CLUSTER,
    DB_CLUSTER_PARAMETER_GROUP,
    DB_CLUSTERS,
    DB_INSTANCE,
    DB_PARAMETER_GROUP,
    DOCDB_PARAMETER_GROUP,
)
from resilience.reference import well_architected
from resilience.resource import Resource
from resilience.rule import Config, Severity, Topic

RULES = Topic()

FORCE, REQUIRE = "rds.force_ssl", "require_secure_transport"
PARAMETERS = {
    "postgres": FORCE,
    "aurora-postgresql": FORCE,
    **{f"sqlserver-{edition}": FORCE for edition in ("ex", "web", "se", "ee")},
    "mysql": REQUIRE,
    "mariadb": REQUIRE,
    "aurora-mysql": REQUIRE,
}
"""By engine, the parameter that refuses connections without TLS."""

REFUSED_SINCE = {"postgres": (15,), "aurora-postgresql": (17,), "mariadb": (11, 8), "mysql": (9, 7)}
"""The versions from which that is the default.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mariadb-ssl-connections.require-ssl.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl.html"""

LATEST_REFUSES = ("postgres", "aurora-postgresql", "mariadb")
"""The engines where that holds for the version that AWS takes when none is named."""

ON = ("1", "on", "true")
GROUPS = {DB_INSTANCE: "parameterGroupName", DB_CLUSTER: "dbClusterParameterGroupName"}


@RULES.rule(
    "database-encrypted",
    "A database is encrypted.",
    Severity.HIGH,
    well_architected("SEC08-BP02", "sec_protect_data_rest_encrypt"),
    DB_INSTANCE,
    *DB_CLUSTERS,
)
def encrypted(database: Resource, _: Config) -> Iterator[str]:
    """Off where nothing is said. A replica is as its source is, a restored database as its snapshot."""
    if database.get("storageEncrypted") or database.get("engineMode") == "serverless":
        return
    if not inherits_encryption(database):
        yield "storageEncrypted is off; it can't be turned on later without a new database"


@RULES.rule(
    "database-refuses-plain-text",
    "A database refuses connections without TLS.",
    Severity.HIGH,
    well_architected("SEC09-BP02", "sec_protect_data_transit_encrypt"),
    DB_PARAMETER_GROUP,
    DB_CLUSTER_PARAMETER_GROUP,
    DOCDB_PARAMETER_GROUP,
    DB_INSTANCE,
    DB_CLUSTER,
)
def refuses_plain_text(subject: Resource, _: Config) -> Iterator[str]:
    """Judged is the parameter group; a database only where it has none of its own, and so its engine's defaults."""
    if subject.type == DOCDB_PARAMETER_GROUP:
        if parameter(subject, "tls") == "disabled":
            yield "tls is disabled; it should be enabled, as by default"
        return
    if subject.type in GROUPS:
        if subject.has(GROUPS[subject.type]) or is_replica(subject):
            return
        engine, version = str(subject.get("engine", "")), str(subject.get("engineVersion", ""))
        value = None
    else:
        engine, version = _engine(str(subject.get("family")))
        if subject.type == DB_PARAMETER_GROUP and engine.startswith("aurora"):
            return  # there it is a parameter of the cluster
        value = parameter(subject, PARAMETERS.get(engine, ""))
    if engine in PARAMETERS and not (_refused_by_default(engine, version) if value is None else value in ON):
        found = "not set" if value is None else value
        yield f"{PARAMETERS[engine]} is {found} for {engine} {version}; 1 refuses connections without TLS"


def _engine(family: str) -> tuple[str, str]:
    """Engine and version of a family such as `aurora-postgresql17` or `sqlserver-ee-15.0`."""
    found = re.fullmatch(r"(.*?[a-z])-?(\d[\d.]*)", family)
    return (found[1], found[2]) if found else (family, "")


def _refused_by_default(engine: str, version: str) -> bool:
    numbers = tuple(int(number) for number in re.findall(r"\d+", version))
    if not numbers:
        return engine in LATEST_REFUSES
    return engine in REFUSED_SINCE and numbers >= REFUSED_SINCE[engine]
