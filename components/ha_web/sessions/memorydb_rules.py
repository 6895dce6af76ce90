"""Limits and settings of a durable session store on MemoryDB, in one region and in several. No SDK here."""

import re
from collections.abc import Sequence

from ha_web.core.limits import count_problem, retention_problem
from ha_web.sessions.limits import FEWEST_NODES, LONGEST_ID, MOST_NODES, MOST_RETENTION_DAYS, window_problems

ENGINE = "valkey"
ENGINE_VERSION = "7.2"
"""https://docs.aws.amazon.com/memorydb/latest/devguide/engine-versions.html"""
MULTI_REGION_ENGINE_VERSION = "7.3"
"""The one version with Multi-Region, which is what it was made for (same page)."""
PARAMETER_FAMILY = "memorydb_valkey7"

PARAMETERS = {
    # When memory runs out, the longest unused session goes. MemoryDB's default, noeviction, would fail every user's
    # next write instead. What is evicted is gone from the transaction log too: durable is what is in memory.
    # https://docs.aws.amazon.com/memorydb/latest/devguide/parametergroups.redis.html
    "maxmemory-policy": "volatile-lru",
    # Seconds. Connections of servers that died with their zone are freed after about one minute, not five (300).
    "tcp-keepalive": "60",
}
"""Engine parameters that differ from MemoryDB's defaults, for a cluster in one region. A multi-Region cluster has AWS's
own parameter group: the API has no operation that creates another."""

DEFAULT_NODE_TYPE = "db.r7g.large"
NODE_TYPE = re.compile(r"db\.(t4g\.(small|medium)|(r6g|r6gd|r7g)\.(x?large|\d+xlarge))")
"""https://docs.aws.amazon.com/memorydb/latest/devguide/nodes.supportedtypes.html"""

MULTI_REGION_NODE_TYPES = tuple(f"db.r7g.{size}xlarge" for size in ("", "2", "4", "8", "12", "16"))
"""R7g from xlarge. https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.prereq.html"""

DEFAULT_MULTI_REGION_NODE_TYPE = MULTI_REGION_NODE_TYPES[0]

MULTI_REGION_REGIONS = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-central-1", "eu-west-2"),
        *("ap-northeast-1", "ap-southeast-2", "ap-south-1", "ap-northeast-2", "ap-southeast-1"),
    }
)
"""AWS Regions that had Multi-Region in November 2026 (same page)."""

MOST_REGIONS = 5
"""Regional clusters of one multi-Region cluster (same page)."""

NAME_SUFFIX = len("-cluster-1234567")
"""Characters that a resource's automatic name adds to the component's: its kind, and seven random ones of Pulumi's."""


def durable_node_id(cluster_name: str, number: int) -> str:
    """Return the name of a node of the one shard, counted from 1; it is CloudWatch's NodeName.

    https://docs.aws.amazon.com/memorydb/latest/APIReference/API_Node.html
    """
    return f"{cluster_name}-0001-{number:03d}"


def durable_problems(
    name: str, nodes: int, retention_days: int, snapshot_window: str, maintenance_window: str, node_type: str | None
) -> list[str]:
    """Say why a store would not survive the loss of a zone, or why MemoryDB would refuse it: a sentence each."""
    found = [
        _name_problem(name),
        count_problem("nodes", nodes, FEWEST_NODES, MOST_NODES, "a shard"),
        retention_problem("snapshot_retention_days", retention_days, MOST_RETENTION_DAYS, "snapshots"),
        _node_type_problem(node_type),
    ]
    return [problem for problem in found if problem] + window_problems(snapshot_window, maintenance_window)


def _name_problem(name: str) -> str | None:
    if len(name) + NAME_SUFFIX <= LONGEST_ID:
        return None
    return (
        f"the name has {len(name)} characters; at most {LONGEST_ID - NAME_SUFFIX} fit: MemoryDB's names have up to "
        f"{LONGEST_ID}, of which {NAME_SUFFIX} are the kind of resource and seven random ones"
    )


def _node_type_problem(node_type: str | None) -> str | None:
    if node_type is None or NODE_TYPE.fullmatch(node_type):
        return None
    return f'node_type is "{node_type}"; MemoryDB has db.t4g.small and medium, db.r6g, db.r6gd and db.r7g from large'


def multi_region_problems(regions: Sequence[str], node_type: str | None) -> list[str]:
    """Say why MemoryDB Multi-Region would refuse these regions or this node type: a sentence each."""
    problems = []
    if len(set(regions)) < len(regions):
        problems.append(f"regions has {', '.join(regions)}; name each region once")
    if not 1 <= len(regions) <= MOST_REGIONS:
        problems.append(f"regions has {len(regions)}; a multi-Region cluster has 1 to {MOST_REGIONS}")
    if absent := [region for region in regions if region not in MULTI_REGION_REGIONS]:
        problems.append(
            f"regions has {', '.join(absent)}; MemoryDB Multi-Region is in {', '.join(sorted(MULTI_REGION_REGIONS))}"
        )
    return problems + multi_region_size_problems(node_type)


def multi_region_size_problems(node_type: str | None) -> list[str]:
    """Say why this node type can't be in a multi-Region cluster, in one sentence; nothing if it can."""
    if node_type is None or node_type in MULTI_REGION_NODE_TYPES:
        return []
    return [f'node_type is "{node_type}"; MemoryDB Multi-Region has {", ".join(MULTI_REGION_NODE_TYPES)}']
