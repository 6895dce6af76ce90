"""Sessions in two regions: an ElastiCache global datastore over the session stores of both."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.sessions.elasticache_rules import global_datastore_problem
from ha_web.sessions.limits import store_id


class GlobalSessionStoreArgs(TypedDict):
    """The primary session store, and the node type of all stores."""

    primary_replication_group_id: pulumi.Input[str]
    """`replication_group_id` of the SessionStore that takes writes. Only used at creation."""
    node_type: NotRequired[pulumi.Input[str]]
    """ElastiCache node type of all stores in it, of size large or above. Changing it scales them all without
    interruption; a store in a global datastore can't be scaled by itself. Default: the primary's.
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html"""
    region: NotRequired[str]
    """AWS Region of the primary store. Default: the provider's."""


class GlobalSessionStore(pulumi.ComponentResource):
    """An ElastiCache global datastore: replicates the primary session store to stores in other regions.

    It is created from an existing store, which keeps serving and isn't replaced. A store in another region joins it by
    `secondary_of` with `global_replication_group_id`. Replication is asynchronous, usually less than a second behind;
    writes that weren't replicated when the primary's region failed are lost. ElastiCache never promotes by itself.

    **Promotion happens outside of the program** (FailoverGlobalReplicationGroup, called by the automation or a person).
    So the primary is only used at creation and ignored afterwards: an `up` after a promotion shows no difference and
    doesn't reverse it. If it weren't ignored, the provider would replace the global datastore.
    https://github.com/hashicorp/terraform-provider-aws/issues/46121

    **Deleting it** leaves the primary with its data as an independent store. Delete its secondaries first. AWS refuses
    to delete a secondary that has been promoted, so promote the program's primary again before. Refresh first if the
    stores were scaled: the state still has the primary's former type, and AWS would refuse to scale one that is still a
    member. A parameter group of AWS's, `global-datastore-...`, may be left in the primary's region.

    Errors (ConfigurationError, at preview): an unknown key; a node type that can't be in a global datastore.
    """

    global_replication_group_id: pulumi.Output[str]
    """Id of the global datastore, which starts with a prefix that AWS gives."""
    arn: pulumi.Output[str]
    """ARN of the global datastore, which has no region."""

    def __init__(self, name: str, args: GlobalSessionStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:GlobalSessionStore", name, None, opts)
        scope = Scope(name, self, args.get("region"))

        group = aws.elasticache.GlobalReplicationGroup(
            f"{name}-global",
            global_replication_group_id_suffix=store_id(pulumi.get_project(), pulumi.get_stack(), name),
            global_replication_group_description=f"Sessions of {name}",
            primary_replication_group_id=args["primary_replication_group_id"],
            cache_node_type=args.get("node_type"),
            **scope.untagged_args(ignore_changes=["primary_replication_group_id"]),
        )
        self.global_replication_group_id = group.global_replication_group_id
        self.arn = group.arn
        self.register_outputs({key: getattr(self, key) for key in GlobalSessionStore.__annotations__})


def _checked(name: str, args: GlobalSessionStoreArgs) -> GlobalSessionStoreArgs:
    problems = Problems(f'GlobalSessionStore "{name}"')
    args = problems.checked(args, GlobalSessionStoreArgs)
    node_type = args.get("node_type")
    problems.add(global_datastore_problem(node_type) if isinstance(node_type, str) else None)
    problems.raise_if_any()
    return args
