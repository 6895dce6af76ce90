"""The kinds of stores in ElastiCache and MemoryDB."""

from resilience.aws.types import CACHE_CLUSTER, GLOBAL_REPLICATION_GROUP, MEMORYDB_CLUSTER, REPLICATION_GROUP
from resilience.resource import Resource, Stack

STORES = (REPLICATION_GROUP, MEMORYDB_CLUSTER, CACHE_CLUSTER)

ENGINE = "redis"
"""The provider's default for a replication group.
https://www.pulumi.com/registry/packages/aws/api-docs/elasticache/replicationgroup/"""


def is_secondary(store: Resource) -> bool:
    """Return whether it joins a global datastore, which takes engine, encryption and TLS from the primary."""
    return store.type == REPLICATION_GROUP and store.has("globalReplicationGroupId")


def in_several_regions(store: Resource, stack: Stack) -> bool:
    """Return whether it belongs to a global datastore, as primary or secondary, or to a multi-Region cluster.

    ElastiCache switches automatic minor upgrades off for members, and refuses to switch them on.
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html
    """
    if store.has("globalReplicationGroupId") or store.has("multiRegionClusterName"):
        return True
    return any(stack.referring_to(store, GLOBAL_REPLICATION_GROUP, "primaryReplicationGroupId"))


def is_member(store: Resource) -> bool:
    """Return whether it is a node of a replication group, which is judged as a whole."""
    return store.type == CACHE_CLUSTER and store.has("replicationGroupId")


def is_memcached(store: Resource) -> bool:
    """Return whether it is Memcached, which has neither replicas nor snapshots."""
    return bool(store.get("engine", ENGINE) == "memcached")
