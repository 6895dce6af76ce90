"""Who reaches a session store: security groups for the network, a user with a generated password for the engine."""

from ha_web.core.client_access import Pair

PORT = 6379
ACCESS = Pair(
    inner="nodes",
    clients="clients",
    inward="nodes-from-clients",
    outward="clients-to-nodes",
    what="Session store nodes",
    name="the session store",
    traffic="Sessions",
)
"""Who reaches the store by the network."""


ACCESS_STRING = "on ~* -@all +@connection +@read +@write +@transaction +wait -@admin -@dangerous"
"""What a web application needs for sessions: read and write keys, transactions, and WAIT for a replica.

No administration (CONFIG, REPLICAOF), nothing dangerous (FLUSHALL, KEYS, MIGRATE), no scripts and no channels.
All keys, because the store holds sessions and nothing else.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html"""
