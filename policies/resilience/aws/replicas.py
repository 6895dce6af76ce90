"""Databases that replicate another one, and so cannot or need not have settings of their own."""

from resilience.resource import Resource

ORIGINS = ("snapshotIdentifier", "restoreToPointInTime", "s3Import")
"""Properties that create a database from existing data."""

CREDENTIALS = ("masterPassword", "masterPasswordWo", "masterPasswordWoVersion", "manageMasterUserPassword")
"""Properties that only the primary cluster of a global database has. `masterUsername` is no sign: AWS fills it in."""


def is_replica(instance: Resource) -> bool:
    """Return whether an instance is a read replica. AWS makes no final snapshot of a replica."""
    return instance.has("replicateSourceDb")


def is_secondary(cluster: Resource) -> bool:
    """Return whether a cluster replicates another region's. Neptune has no passwords: there each member counts."""
    if cluster.has("replicationSourceIdentifier"):
        return True
    return cluster.has("globalClusterIdentifier") and not any(cluster.has(each) for each in (*CREDENTIALS, *ORIGINS))


def inherits_encryption(database: Resource) -> bool:
    """Return whether a database inherits encryption from its source where the program doesn't set it."""
    return is_replica(database) or any(database.has(origin) for origin in ORIGINS)
