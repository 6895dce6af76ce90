"""RDS: global clusters."""

from __future__ import annotations

from rehearsal.aws_plugin.calls.clients import is_gone
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.entry import Call, Hook, HookContext, Read, Type
from rehearsal.aws_plugin.services.rds.groups import TAGS


def refuse_contradictions(context: HookContext) -> None:
    """Refuse at preview what the real provider refuses."""
    args = context.args
    if args.get("sourceDbClusterIdentifier") is None:
        return
    if args.get("engine") is not None:
        raise RefusedError("engine", "is the source's; it can't be given together with sourceDbClusterIdentifier")
    if args.get("forceDestroy") is None:
        raise RefusedError("forceDestroy", "is required with sourceDbClusterIdentifier")


def detach_members(context: HookContext) -> None:
    """Take the members out, the one that was known as the writer last, as the real provider does."""
    if not context.args.get("forceDestroy"):
        return
    for member in sorted(context.state.get("globalClusterMembers") or [], key=lambda one: bool(one.get("isWriter"))):
        request = {"GlobalClusterIdentifier": context.id, "DbClusterIdentifier": member["dbClusterArn"]}
        try:
            context.call("RemoveFromGlobalCluster", request)
        except CallError as error:
            if not is_gone(error.cause):
                raise


TYPES = [
    Type(
        "aws:rds/globalCluster:GlobalCluster",
        "rds",
        create=Call(
            "CreateGlobalCluster",
            {"Engine": "{!sourceDbClusterIdentifier && (engine || 'aurora') || `null`}"},
        ),
        id="GlobalCluster.GlobalClusterIdentifier",
        then=(Hook(refuse_contradictions, dry=True),),
        update=(
            Call(
                "ModifyGlobalCluster",
                {"GlobalClusterIdentifier": "{id}"},
                takes=("deletionProtection", "engineVersion"),
                along={"*": ("deletionProtection",)},
            ),
        ),
        read=Read(
            "DescribeGlobalClusters",
            {"GlobalClusterIdentifier": "{id}"},
            "GlobalClusters[0]",
            {
                "engineVersionActual": "EngineVersion",
                "globalClusterMembers": "GlobalClusterMembers[].{dbClusterArn: DBClusterArn, isWriter: IsWriter}",
            },
        ),
        delete=(
            Hook(detach_members),
            Call("DeleteGlobalCluster", {"GlobalClusterIdentifier": "{id}"}),
        ),
        tags=TAGS,
        outputs={"arn": "GlobalClusterArn"},
        local=("forceDestroy",),
        unread=("sourceDbClusterIdentifier",),
        volatile=("engineVersionActual",),
        computed=(
            *("databaseName", "engine", "engineLifecycleSupport", "engineVersion", "sourceDbClusterIdentifier"),
            "storageEncrypted",
        ),
    ),
]
