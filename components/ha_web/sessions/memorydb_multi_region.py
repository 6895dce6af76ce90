"""Sessions that every region can write: a MemoryDB multi-Region cluster, which durable session stores join."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.sessions.limits import store_id
from ha_web.sessions.memorydb_rules import (
    DEFAULT_MULTI_REGION_NODE_TYPE,
    ENGINE,
    MULTI_REGION_ENGINE_VERSION,
    multi_region_problems,
)


class MultiRegionSessionsArgs(TypedDict):
    """The regions that share sessions, and their node type."""

    regions: list[str]
    """AWS Regions that have, or will have, a cluster: at most five. The first one creates the multi-Region cluster."""
    node_type: NotRequired[pulumi.Input[str]]
    """MemoryDB node type of all nodes in all regions. Default db.r7g.xlarge, the smallest that Multi-Region takes. Only
    used at creation: MemoryDB scales in place, but the provider would replace this and each region's store. Scale it
    with `aws memorydb update-multi-region-cluster --node-type`, then set the new type here for regions to come.
    https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.prereq.html"""
    tags: NotRequired[dict[str, str]]
    """Tags of the multi-Region cluster."""


class MultiRegionSessions(pulumi.ComponentResource):
    """A MemoryDB multi-Region cluster without regional clusters, which each `DurableSessionStore` joins by its name.

    Every region reads and writes (active-active), so there is nothing to promote. Its limits, according to AWS:

    - A regional cluster can join **only when it is created**. So create this as soon as a second region is planned,
      whatever the strategy: a store that joins later has to be replaced, and loses its sessions.
    - Replication between regions is asynchronous, "typically within a second", without a guaranteed RPO or RTO; while a
      region is isolated, the lag grows without bound. A lost region therefore loses writes that weren't replicated: an
      objective of `data_loss: 0s` isn't met. The lag is the metric MultiRegionClusterReplicationLag.
    - If two regions write the same field at the same time, the last writer wins: a counter may miss an increment.
    - There is **no TTL**: commands such as EXPIRE are refused. The application must end sessions itself
      (`SESSION_EXPIRY=application`).
    - All regions have the same shards, node type and engine version, and AWS's own parameter group.
    - Removing a region deletes its cluster. Clusters are deleted one at a time: give the second region's store the
      output `multi_region_cluster_name` of the first one's. For some minutes after a deletion MemoryDB updates the
      clusters that are left and refuses to delete another (InvalidClusterStateFault), and the provider doesn't wait for
      that: if `pulumi destroy` ends with this error, run it again.

    https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.html and its page on prerequisites.

    **Holds state** only in its regional clusters; AWS refuses to delete it before them.

    Errors (ConfigurationError, at preview): an unknown key; a region that lacks Multi-Region or is named twice, more
    than five; a node type other than R7g from xlarge.
    """

    multi_region_cluster_name: pulumi.Output[str]
    """Name, with a prefix that AWS gives, for `DurableSessionStore`."""
    arn: pulumi.Output[str]
    """ARN of the multi-Region cluster, which has no region."""
    node_type: pulumi.Output[str]
    """Node type that each regional cluster must have."""

    def __init__(self, name: str, args: MultiRegionSessionsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:MultiRegionSessions", name, None, opts)
        scope = Scope(name, self, args["regions"][0], args.get("tags", {}))

        cluster = aws.memorydb.MultiRegionCluster(
            f"{name}-multi-region",
            multi_region_cluster_name_suffix=store_id(pulumi.get_project(), pulumi.get_stack(), name),
            description=f"Sessions of {name}",
            engine=ENGINE,
            engine_version=MULTI_REGION_ENGINE_VERSION,
            node_type=args.get("node_type", DEFAULT_MULTI_REGION_NODE_TYPE),
            num_shards=1,
            tls_enabled=True,
            # The provider would replace it, and with it all of its clusters, for a version that AWS has upgraded since
            # and for another node type, though MemoryDB scales in place.
            **scope.regional_args("multi-region", ignore_changes=["engine_version", "node_type"]),
        )

        self.multi_region_cluster_name = cluster.multi_region_cluster_name
        self.arn = cluster.arn
        self.node_type = cluster.node_type
        self.register_outputs({key: getattr(self, key) for key in MultiRegionSessions.__annotations__})


def _checked(name: str, args: MultiRegionSessionsArgs) -> MultiRegionSessionsArgs:
    problems = Problems(f'MultiRegionSessions "{name}"')
    args = problems.checked(args, MultiRegionSessionsArgs)
    node_type = args.get("node_type")
    problems.add(*multi_region_problems(args["regions"], node_type if isinstance(node_type, str) else None))
    problems.raise_if_any()
    return args
