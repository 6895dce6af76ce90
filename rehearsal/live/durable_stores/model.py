"""Clusters, as MemoryDB's API describes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rehearsal.live.stores.model import NodeSpec, User


@dataclass(frozen=True)
class Cluster:
    """A cluster with one shard. `together`: the multi-Region cluster that it is of; empty if of none."""

    id: str
    region: str
    status: str
    shard: str
    port: int
    endpoint: str
    """A name of all nodes."""
    nodes: tuple[NodeSpec, ...]
    access_list: str
    subnet_group: str
    parameter_group: str
    together: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    users: tuple[User, ...] = ()

    @property
    def names(self) -> list[str]:
        """All names that clients may use."""
        return [self.endpoint, *(node.endpoint for node in self.nodes)]


def cluster(region: str, answer: Mapping[str, Any]) -> Cluster | None:
    """Return a cluster of DescribeClusters with shards; None while it is made, and for more than one shard."""
    shards: Sequence[Mapping[str, Any]] = answer.get("Shards") or []
    if len(shards) != 1 or "ClusterEndpoint" not in answer:
        return None
    [shard] = shards
    return Cluster(
        id=answer["Name"],
        region=region,
        status=answer["Status"],
        shard=shard["Name"],
        port=int(answer["ClusterEndpoint"]["Port"]),
        endpoint=answer["ClusterEndpoint"]["Address"],
        nodes=tuple(
            NodeSpec(each["Name"], each["AvailabilityZone"], each["Endpoint"]["Address"]) for each in shard["Nodes"]
        ),
        access_list=answer.get("ACLName", ""),
        subnet_group=answer["SubnetGroupName"],
        parameter_group=answer.get("ParameterGroupName", ""),
        together=answer.get("MultiRegionClusterName", ""),
    )
