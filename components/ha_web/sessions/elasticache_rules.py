"""Limits and settings of a session store on ElastiCache. No SDK here."""

from ha_web.core.limits import count_problem, retention_problem
from ha_web.sessions.limits import FEWEST_NODES, MOST_NODES, MOST_RETENTION_DAYS, window_problems

DEFAULT_NODE_TYPE = "cache.m7g.large"

PARAMETERS = {
    # When memory runs out, the longest unused session goes; keys without a TTL stay. `noeviction` would fail
    # every user's next write instead. (ElastiCache's default too, but one that a session store relies on.)
    # https://docs.aws.amazon.com/whitepapers/latest/database-caching-strategies-using-redis/evictions.html
    "maxmemory-policy": "volatile-lru",
    # Seconds. Connections of servers that died with their zone are freed after about one minute, not five (300).
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
    "tcp-keepalive": "60",
}
"""Engine parameters that differ from, or must not follow, ElastiCache's defaults."""

FEWEST_FENCED = 3
"""Nodes from which on a primary that is cut off from all replicas refuses writes. With two, the loss of the one replica
would stop the writes of a healthy primary."""

FENCE = {
    "min-replicas-to-write": "1",
    # Seconds since a replica last acknowledged, which each does every second. The engine's default is 10; a shorter
    # time leaves less for a failover to lose. https://valkey.io/topics/replication/
    "min-replicas-max-lag": "5",
}
"""Engine parameters that keep a former primary from taking writes: its zone comes back before AWS has replaced it, and
servers of that zone still have their connections to it. ElastiCache's default: it takes them, and they are lost.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html"""


GLOBAL_FAMILIES = ("m8g", "m7g", "m6g", "m5", "r8g", "r7g", "r6g", "r6gd", "r5", "c8gn", "c7gn")
"""Families of node types that can be in a global datastore, in size large and above.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html"""

SMALL_SIZES = ("nano", "micro", "small", "medium")


def parameters(nodes: int) -> dict[str, str]:
    """Return the engine parameters of a store with so many nodes."""
    return PARAMETERS | (FENCE if nodes >= FEWEST_FENCED else {})


def node_id(group_id: str, number: int) -> str:
    """Return the id of a group's node (cache cluster), counted from 1; it is CloudWatch's CacheClusterId.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.CreatingReplGroup.NoExistingCluster.html
    """
    return f"{group_id}-{number:03d}"


def store_problems(
    nodes: int, retention_days: int, snapshot_window: str, maintenance_window: str, node_type: str | None
) -> list[str]:
    """Say why a store would not survive the loss of a zone, or why ElastiCache would refuse it: a sentence each."""
    found = [
        count_problem("nodes", nodes, FEWEST_NODES, MOST_NODES, "a replication group"),
        retention_problem("snapshot_retention_days", retention_days, MOST_RETENTION_DAYS, "snapshots"),
        _node_type_problem(node_type),
    ]
    return [problem for problem in found if problem] + window_problems(snapshot_window, maintenance_window)


def _node_type_problem(node_type: str | None) -> str | None:
    if node_type is None or node_type.startswith("cache."):
        return None
    return f'node_type is "{node_type}"; ElastiCache\'s node types start with "cache."'


def global_datastore_problem(node_type: str) -> str | None:
    """Say why a store of this node type can't be in a global datastore (sessions in two regions); None if it can."""
    family, _, size = node_type.removeprefix("cache.").partition(".")
    if family in GLOBAL_FAMILIES and size and size not in SMALL_SIZES:
        return None
    smallest = ", ".join(f"cache.{each}.large" for each in GLOBAL_FAMILIES)
    return (
        f'node_type is "{node_type}"; a global datastore needs size large or above, the smallest are {smallest}. '
        "Change that of an existing store in an update of its own, before it joins"
    )
