"""ElastiCache: who is primary in a shard, and which nodes are lost, as the live plane reports it."""

from typing import Any

from ministack.services import elasticache as store

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.living import changes, clock
from rehearsal.emulator.living.roles import takes_nodes, takes_primaries
from rehearsal.emulator.resets import on_reset

LOST: set[tuple[str, str]] = set()
"""Region and cache cluster id of the nodes that are being replaced."""


@on_reset
@clock.at_start
@clock.at_end
def forget() -> None:
    """No node is lost."""
    for region, node in LOST:
        show(region, node, "available")
    LOST.clear()


@takes_primaries("elasticache")
def seat_primary(region: str, group: str, node: str) -> None:
    """Let a node be the primary of its shard, and the others replicas."""
    found = store._replication_groups.get_scoped(ACCOUNT, region, group) or {"NodeGroups": []}
    for shard in found["NodeGroups"]:
        members = shard["NodeGroupMembers"]
        if node in {member["CacheClusterId"] for member in members}:
            for member in members:
                member["CurrentRole"] = "primary" if member["CacheClusterId"] == node else "replica"
            changes.note("elasticache")


@takes_nodes("elasticache")
def take_node(region: str, node: str, state: str) -> None:
    """Show a lost node as one that is being created anew.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheNode.html
    """
    if (state == "lost") == ((region, node) in LOST):
        return
    LOST.symmetric_difference_update({(region, node)})
    show(region, node, "creating" if state == "lost" else "available")
    changes.note("elasticache")


def show(region: str, node: str, status: str) -> None:
    """Set the status of a node and of its cache cluster."""
    cluster: dict[str, Any] | None = store._clusters.get_scoped(ACCOUNT, region, node)
    if cluster:
        cluster["CacheClusterStatus"] = "available" if status == "available" else "modifying"
        for each in cluster["CacheNodes"]:
            each["CacheNodeStatus"] = status
