"""Sessions that every region can write: what joins the durable session stores of several regions."""

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
    """Which regions share sessions, and how large each region's nodes are."""

    regions: list[str]
    """The regions that (will) have a cluster, the primary first: MemoryDB is asked there. At most five."""
    node_type: NotRequired[pulumi.Input[str]]
    """MemoryDB node type of all nodes in all regions. Default db.r7g.xlarge: the smallest that there is for this.
    https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.prereq.html"""
    tags: NotRequired[dict[str, str]]
    """Tags."""


class MultiRegionSessions(pulumi.ComponentResource):
    """A MemoryDB multi-Region cluster, without clusters yet: each `DurableSessionStore` joins it by its name.

    Every region reads and writes (active-active), so there is nothing to promote. What AWS says of it:

    - A regional cluster joins **only when it is created**. So create this as soon as a second region is planned,
      whatever the strategy: a store that is to join later has to be replaced, with its sessions.
    - Between regions replication is asynchronous, "typically within a second", without a promised RPO or RTO: in an
      isolated region the lag grows without bound. A lost region therefore loses what had not left it: `data_loss: 0s`
      of an objective isn't met by this. The lag is the metric MultiRegionClusterReplicationLag.
    - Of writes in two regions to the same field at the same time the last one wins: a count may miss one.
    - It has **no TTL**: EXPIRE and its like are refused. The application ends sessions itself
      (`SESSION_EXPIRY=application`).
    - All regions have the same shards, node type, engine version and AWS's parameter group.
    - Removing a region deletes that region's cluster. Clusters are deleted one at a time: let a second region's store
      take `multi_region_cluster_name` from the first one's output of that name.

    https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.html and its page on prerequisites.

    **Holds state** only through its clusters; AWS refuses to delete it before them.

    Errors (ConfigurationError, at preview): an unknown key; a region that lacks Multi-Region or is named twice, more
    than five; a node type other than R7g from xlarge.
    """

    multi_region_cluster_name: pulumi.Output[str]
    """Name, with the prefix that AWS gives: for `DurableSessionStore`."""
    arn: pulumi.Output[str]
    """ARN. It has no region."""
    node_type: pulumi.Output[str]
    """Node type: each regional cluster must be created with it."""

    def __init__(self, name: str, args: MultiRegionSessionsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        problems = Problems(f'MultiRegionSessions "{name}"')
        args = problems.checked(args, MultiRegionSessionsArgs)
        node_type = args.get("node_type", DEFAULT_MULTI_REGION_NODE_TYPE)
        problems.add(*multi_region_problems(args["regions"], node_type if isinstance(node_type, str) else None))
        problems.raise_if_any()
        super().__init__("ha-web:index:MultiRegionSessions", name, None, opts)
        scope = Scope(name, self, args["regions"][0], args.get("tags", {}))

        cluster = aws.memorydb.MultiRegionCluster(
            f"{name}-multi-region",
            multi_region_cluster_name_suffix=store_id(pulumi.get_project(), pulumi.get_stack(), name),
            description=f"Sessions of {name}",
            engine=ENGINE,
            engine_version=MULTI_REGION_ENGINE_VERSION,
            node_type=node_type,
            num_shards=1,
            tls_enabled=True,
            # AWS may be ahead with the version; going back would replace it with all its clusters.
            **scope.regional_args("multi-region", ignore_changes=["engine_version"]),
        )

        self.multi_region_cluster_name = cluster.multi_region_cluster_name
        self.arn = cluster.arn
        self.node_type = cluster.node_type
        self.register_outputs({key: getattr(self, key) for key in MultiRegionSessions.__annotations__})
