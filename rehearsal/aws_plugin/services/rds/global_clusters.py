"""RDS: global clusters."""

from __future__ import annotations

from rehearsal.aws_plugin.calls.clients import is_gone
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.entry import Call, Hook, HookContext, Read, Type
from rehearsal.aws_plugin.services.rds.groups import TAGS

MINOR = ("doesn't support minor version upgrades", "can't perform minor version upgrades")
"""What RDS answers to a minor version of a global cluster, whose members are upgraded one by one."""


def upgrade(context: HookContext) -> None:
    """Upgrade the global cluster if the version is a major one, else each of its members."""
    name = {"GlobalClusterIdentifier": context.id}
    version = context.args["engineVersion"]
    try:
        context.call("ModifyGlobalCluster", {**name, "AllowMajorVersionUpgrade": True, "EngineVersion": version})
    except CallError as error:
        if not any(each in str(error) for each in MINOR):
            raise
        for member in context.state.get("globalClusterMembers") or []:
            _, _, _, region, _, _, cluster = member["dbClusterArn"].split(":", 6)
            change = {"DBClusterIdentifier": cluster, "ApplyImmediately": True, "EngineVersion": version}
            context.call("ModifyDBCluster", change, region=region)


def detach_members(context: HookContext) -> None:
    """Take the members out, the one that was known as the writer last, as the real provider does."""
    if not context.args.get("forceDestroy"):
        return
    for member in sorted(context.state.get("globalClusterMembers") or [], key=lambda one: bool(one.get("isWriter"))):
        request = {"GlobalClusterIdentifier": context.id, "DbClusterIdentifier": member["dbClusterArn"]}
        try:
            context.call("RemoveFromGlobalCluster", request)
        except CallError as error:
            if not is_gone(error.cause) and "is not found in global cluster" not in str(error):
                raise


TYPES = [
    Type(
        "aws:rds/globalCluster:GlobalCluster",
        "rds",
        create=Call(
            "CreateGlobalCluster",
            {  # engine and version are the source's; without one, the provider has Aurora MySQL
                "Engine": "{!sourceDbClusterIdentifier && (engine || 'aurora') || `null`}",
                "EngineVersion": "{!sourceDbClusterIdentifier && engineVersion || `null`}",
            },
        ),
        id="GlobalCluster.GlobalClusterIdentifier",
        update=(
            Hook(upgrade, takes=("engineVersion",)),
            Call(  # made for any change, with this one setting
                "ModifyGlobalCluster",
                {"GlobalClusterIdentifier": "{id}", "DeletionProtection": "{deletionProtection || `false`}"},
                takes=("deletionProtection", "engineLifecycleSupport", "engineVersion", "forceDestroy"),
                skip=("engineLifecycleSupport", "engineVersion"),
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
        busy=("is not empty",),
        computed=(
            *("databaseName", "engine", "engineLifecycleSupport", "engineVersion", "sourceDbClusterIdentifier"),
            "storageEncrypted",
        ),
    ),
]
