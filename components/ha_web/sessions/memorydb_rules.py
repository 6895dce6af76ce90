"""What holds for a durable session store (MemoryDB), in one region and over several. No SDK here."""

import re
from collections.abc import Sequence

from ha_web.sessions.limits import FEWEST_NODES, MOST_RETENTION_DAYS, window_problems

MOST_NODES = 6
"""A primary and five replicas. https://docs.aws.amazon.com/memorydb/latest/APIReference/API_CreateCluster.html"""

ENGINE = "valkey"
ENGINE_VERSION = "7.2"
"""https://docs.aws.amazon.com/memorydb/latest/devguide/engine-versions.html"""
MULTI_REGION_ENGINE_VERSION = "7.3"
"""The only version that has Multi-Region, and the reason why it exists (same page)."""
PARAMETER_FAMILY = "memorydb_valkey7"

PARAMETERS = {
    # When memory runs out, the longest unused session goes. MemoryDB's default, noeviction, would fail every user's
    # next write instead. What is evicted is gone from the transaction log too: durable is what is in memory.
    # https://docs.aws.amazon.com/memorydb/latest/devguide/parametergroups.redis.html
    "maxmemory-policy": "volatile-lru",
    # Seconds. Connections of servers that died with their zone are freed after about one minute, not five (300).
    "tcp-keepalive": "60",
}
"""Engine parameters that differ from MemoryDB's defaults, where a cluster is alone. A Multi-Region cluster takes AWS's
parameter group for those: the API has no operation that creates another."""

NODE_TYPE = re.compile(r"db\.(t4g\.(small|medium)|(r6g|r6gd|r7g)\.(x?large|\d+xlarge))")
"""https://docs.aws.amazon.com/memorydb/latest/devguide/nodes.supportedtypes.html"""

MULTI_REGION_NODE_TYPES = tuple(f"db.r7g.{size}xlarge" for size in ("", "2", "4", "8", "12", "16"))
"""R7g from xlarge. https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.prereq.html"""

MULTI_REGION_REGIONS = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-central-1", "eu-west-2"),
        *("ap-northeast-1", "ap-southeast-2", "ap-south-1", "ap-northeast-2", "ap-southeast-1"),
    }
)
"""Where Multi-Region is, in November 2026 (same page)."""

MOST_REGIONS = 5
"""Regional clusters of one multi-Region cluster (same page)."""

LONGEST_NAME = 40
AUTOMATIC = len("-cluster-1234567")
"""Characters that Pulumi's automatic names add to a component's."""


def durable_node_id(cluster_name: str, number: int) -> str:
    """The name of a node of the one shard, counted from 1; it is CloudWatch's NodeName.

    https://docs.aws.amazon.com/memorydb/latest/APIReference/API_Node.html
    """
    return f"{cluster_name}-0001-{number:03d}"


def durable_problems(
    name: str, nodes: int, retention_days: int, snapshot_window: str, maintenance_window: str, node_type: str | None
) -> list[str]:
    """What would not survive a zone, or what MemoryDB would refuse: one sentence each."""
    problems = []
    if len(name) + AUTOMATIC > LONGEST_NAME:
        problems.append(
            f"the name has {len(name)} characters; MemoryDB's names have {LONGEST_NAME}, of which {AUTOMATIC} are "
            "the kind of resource and seven random ones"
        )
    if nodes < FEWEST_NODES:
        problems.append(f"nodes is {nodes}; surviving a zone needs at least {FEWEST_NODES}")
    elif nodes > MOST_NODES:
        problems.append(f"nodes is {nodes}; a shard has at most {MOST_NODES}")
    if not 1 <= retention_days <= MOST_RETENTION_DAYS:
        problems.append(
            f"snapshot_retention_days is {retention_days}; snapshots are kept 1 to {MOST_RETENTION_DAYS} days"
        )
    if node_type is not None and not NODE_TYPE.fullmatch(node_type):
        problems.append(
            f'node_type is "{node_type}"; MemoryDB has db.t4g.small and medium, db.r6g, db.r6gd and db.r7g from large'
        )
    return problems + window_problems(snapshot_window, maintenance_window)


def multi_region_problems(regions: Sequence[str], node_type: str | None) -> list[str]:
    """What MemoryDB Multi-Region would refuse: one sentence each."""
    problems = []
    if len(set(regions)) < len(regions):
        problems.append(f"regions has {', '.join(regions)}; each region has one cluster")
    if not 1 <= len(regions) <= MOST_REGIONS:
        problems.append(f"regions has {len(regions)}; a multi-Region cluster has 1 to {MOST_REGIONS}")
    if absent := [region for region in regions if region not in MULTI_REGION_REGIONS]:
        problems.append(
            f"regions has {', '.join(absent)}; MemoryDB Multi-Region is in {', '.join(sorted(MULTI_REGION_REGIONS))}"
        )
    return problems + multi_region_size_problems(node_type)


def multi_region_size_problems(node_type: str | None) -> list[str]:
    """A node type that can't be in a multi-Region cluster: one sentence."""
    if node_type is None or node_type in MULTI_REGION_NODE_TYPES:
        return []
    return [f'node_type is "{node_type}"; MemoryDB Multi-Region has {", ".join(MULTI_REGION_NODE_TYPES)}']
