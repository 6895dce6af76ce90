"""Port, security groups, user permissions and encryption key that both kinds of session store have."""

import pulumi_aws as aws

from ha_web.core.client_access import ServerAndClients
from ha_web.core.scope import Scope

PORT = 6379

ACCESS = ServerAndClients(
    server_role="nodes",
    client_role="clients",
    ingress_role="nodes-from-clients",
    egress_role="clients-to-nodes",
    server_description="Session store nodes",
    server_name="the session store",
    traffic="Sessions",
)
"""Security groups of the nodes and of their clients."""

ACCESS_STRING = "on ~* -@all +@connection +@read +@write +@transaction +wait -@admin -@dangerous"
"""Permissions that a web application needs for sessions: read and write keys, transactions, and WAIT for a replica.

No administration (CONFIG, REPLICAOF), nothing dangerous (FLUSHALL, KEYS, MIGRATE), no scripts and no channels.
All keys, because the store holds sessions and nothing else.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html"""

CLUSTER_ACCESS_STRING = (
    f"{ACCESS_STRING} +cluster|slots +cluster|shards +cluster|nodes +cluster|keyslot +cluster|myid +info"
)
"""Permissions of a session store's user, and those by which a client in cluster mode finds the nodes: without them
clients such as valkey-py, Lettuce and ioredis can't connect.
https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.acls.html"""


def create_key(scope: Scope) -> aws.kms.Key:
    """Create one key for nodes, snapshots and the secret: who may use the store may read its password.

    It outlives the store, whose final snapshot couldn't be read without it.
    """
    return aws.kms.Key(
        f"{scope.name}-key",
        description=f"Sessions of {scope.name}: nodes, snapshots, password",
        enable_key_rotation=True,
        **scope.regional_args("key", retain_on_delete=True),
    )
