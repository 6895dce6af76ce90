"""Databases that follow another one, and therefore can't set, or needn't, what that one sets."""

from resilience.resource import Resource

ORIGINS = ("snapshotIdentifier", "restoreToPointInTime", "s3Import")
"""Where a database may come from, instead of being new."""

CREDENTIALS = ("masterPassword", "masterPasswordWo", "masterPasswordWoVersion", "manageMasterUserPassword")
"""What a cluster of a global database has that takes writes. Its `masterUsername` is no sign: AWS fills it in."""


def is_replica(instance: Resource) -> bool:
    """Whether an instance is a read replica. AWS makes no final snapshot of such a one."""
    return instance.has("replicateSourceDb")


def is_secondary(cluster: Resource) -> bool:
    """Whether a cluster follows another region's. Neptune has no passwords: there every member counts as one."""
    if cluster.has("replicationSourceIdentifier"):
        return True
    return cluster.has("globalClusterIdentifier") and not any(cluster.has(each) for each in (*CREDENTIALS, *ORIGINS))


def inherits_encryption(database: Resource) -> bool:
    """Whether encryption comes with what the database is made from, where the program doesn't ask for it."""
    return is_replica(database) or any(database.has(origin) for origin in ORIGINS)
