"""Databases, session stores and files: how they come back, and what they lose."""

from collections.abc import Iterator

from resilience.aws.parts import parts
from resilience.aws.replicas import is_replica, is_secondary
from resilience.aws.stores import is_member, is_memcached
from resilience.aws.stores import is_secondary as joins_another
from resilience.aws.types import (
    CACHE_CLUSTER,
    DB_CLUSTER,
    DB_CLUSTER_INSTANCE,
    DB_INSTANCE,
    FILE_SYSTEM,
    MEMORYDB_CLUSTER,
    REPLICATION_GROUP,
)
from resilience.aws.values import amount, is_on
from resilience.resource import Resource, Stack
from resilience.worst_cases.terms import EVERYTHING, MINUTE, Chain, Term

AURORA_FAILOVER, AURORA_NEW_WRITER, STANDBY_FAILOVER = 60, 600, 120
"""Seconds that AWS calls typical.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html"""
STORE_FAILOVER, STORE_LAG = 30, 1
"""Seconds; AWS publishes none."""
LOGS = 5 * MINUTE
"""What a restore to a point in time loses.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html"""
SEVERAL = 2


def after_a_zone(stack: Stack) -> Iterator[tuple[Chain, Term | None]]:
    """For each store: the steps until it serves without its zone, and what it has lost."""
    for cluster in stack.of_type(DB_CLUSTER):
        if not is_secondary(cluster):
            yield _aurora(cluster, stack), None
    for database in stack.of_type(DB_INSTANCE):
        if not is_replica(database):
            yield _instance(database)
    for store in stack.of_type(REPLICATION_GROUP, MEMORYDB_CLUSTER, CACHE_CLUSTER):
        if not is_member(store) and not joins_another(store):
            yield _store(store)
    for files in stack.of_type(FILE_SYSTEM):
        if files.has("availabilityZoneName") and str(files.get("availabilityZoneName")):
            yield (Term(f"files of {files.name} are restored", None),), Term(f"files of {files.name}", EVERYTHING)


def _aurora(cluster: Resource, stack: Stack) -> Chain:
    instances = parts(stack, cluster, (DB_CLUSTER_INSTANCE,), "clusterIdentifier", "id", "clusterIdentifier")
    if len(instances) >= SEVERAL or cluster.has("dbClusterInstanceClass"):
        return (Term(f"the database {cluster.name} fails over", AURORA_FAILOVER, assumed=True),)
    return (Term(f"the database {cluster.name} gets a new writer", AURORA_NEW_WRITER, assumed=True),)


def _instance(database: Resource) -> tuple[Chain, Term | None]:
    if is_on(database, "multiAz"):
        return (Term(f"the database {database.name} fails over", STANDBY_FAILOVER, assumed=True),), None
    lost = LOGS if amount(database, "backupRetentionPeriod") else EVERYTHING
    return (Term(f"the database {database.name} is restored", None),), Term(f"database {database.name}", lost)


def _store(store: Resource) -> tuple[Chain, Term | None]:
    name = store.name
    replicas = max(amount(store, path) for path in ("numCacheClusters", "numReplicasPerShard", "replicasPerNodeGroup"))
    by_itself = store.type == MEMORYDB_CLUSTER or is_on(store, "automaticFailoverEnabled")
    spare = replicas >= (SEVERAL if store.has("numCacheClusters") else 1)
    if store.type != CACHE_CLUSTER and by_itself and spare:
        failover = Term(f"the store {name} fails over", STORE_FAILOVER, assumed=True)
        # MemoryDB has each write in a log over several zones before it is acknowledged.
        lost = None if store.type == MEMORYDB_CLUSTER else Term(f"store {name}", STORE_LAG, assumed=True)
        return (failover,), lost
    how = "starts empty" if is_memcached(store) else "is made anew"
    return (Term(f"the store {name} {how}", None),), Term(f"store {name}", EVERYTHING)
