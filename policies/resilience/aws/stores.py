"""What kinds of stores there are in ElastiCache and MemoryDB, and what each of them can be asked."""

from resilience.aws.types import CACHE_CLUSTER, MEMORYDB_CLUSTER, REPLICATION_GROUP
from resilience.resource import Resource

STORES = (REPLICATION_GROUP, MEMORYDB_CLUSTER, CACHE_CLUSTER)

ENGINE = "redis"
"""The provider's default for a replication group.
https://www.pulumi.com/registry/packages/aws/api-docs/elasticache/replicationgroup/"""


def is_secondary(store: Resource) -> bool:
    """Whether it joins a global datastore: engine, encryption and TLS are the primary's then, and can't be set."""
    return store.type == REPLICATION_GROUP and store.has("globalReplicationGroupId")


def is_member(store: Resource) -> bool:
    """Whether it is one more node of a replication group, which is judged itself."""
    return store.type == CACHE_CLUSTER and store.has("replicationGroupId")


def is_memcached(store: Resource) -> bool:
    """Whether it keeps nothing: Memcached has neither replicas nor snapshots."""
    return bool(store.get("engine", ENGINE) == "memcached")
