"""RDS: what the provider does for a cluster beside its plain calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.clients import is_gone
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.lists import listed
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.entry import Call, HookContext

MODIFY = {"DBClusterIdentifier": "{id}", "ApplyImmediately": "{applyImmediately}"}

INSIGHTS = {
    "databaseInsightsMode": "DatabaseInsightsMode",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "performanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
    "performanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
}
AFTER_A_RESTORE = {
    "backupRetentionPeriod": "BackupRetentionPeriod",
    "manageMasterUserPassword": "ManageMasterUserPassword",
    "masterPassword": "MasterUserPassword",
    "masterPasswordWo": "MasterUserPassword",
    "masterUserSecretKmsKeyId": "MasterUserSecretKmsKeyId",
    "preferredBackupWindow": "PreferredBackupWindow",
    "preferredMaintenanceWindow": "PreferredMaintenanceWindow",
}


def refuse_contradictions(context: HookContext) -> None:
    """Refuse at preview what the real provider and AWS refuse."""
    args = context.args
    secrets = ("masterPassword", "masterPasswordWo", "manageMasterUserPassword")
    given = [name for name in secrets if args.get(name) is not None]
    if len(given) > 1:
        raise RefusedError(given[1], f"can't be given together with {given[0]}")
    if args.get("kmsKeyId") and not args.get("storageEncrypted"):
        raise RefusedError("kmsKeyId", "needs storageEncrypted")


def finish_creation(context: HookContext) -> None:
    """Send in a second call what a restore takes no argument for, and Insights of a member of a global cluster."""
    args = context.args
    restored = args.get("snapshotIdentifier") or args.get("restoreToPointInTime")
    names = AFTER_A_RESTORE if restored else INSIGHTS if args.get("globalClusterIdentifier") else {}
    given = {member: args[name] for name, member in names.items() if args.get(name)}
    if restored and (block := args.get("serverlessv2ScalingConfiguration")):
        given["ServerlessV2ScalingConfiguration"] = _capitals(block)
    if given:
        request = {"DBClusterIdentifier": context.id, "ApplyImmediately": True, **given}
        context.send(Call("ModifyDBCluster"), request)


def _capitals(block: Mapping[str, Any]) -> dict[str, Any]:
    return {name[:1].upper() + name[1:]: value for name, value in block.items() if value is not None}


def promote_replica(context: HookContext) -> None:
    """Make a replica a cluster on its own; the provider has no cluster replicate another one later."""
    if context.args.get("replicationSourceIdentifier"):
        raise RefusedError("replicationSourceIdentifier", "promoting to standalone is not supported")
    context.send(Call("PromoteReadReplicaDBCluster"), {"DBClusterIdentifier": context.id})


def leave_global_cluster(context: HookContext) -> None:
    """Leave a global cluster; the provider lets a cluster join none later, nor change to another."""
    before, after = (each.get("globalClusterIdentifier") for each in (context.old, context.args))
    if not before or after:
        raise RefusedError("globalClusterIdentifier", "existing clusters can't be added to an existing global cluster")
    _remove(context, before)


def remove_member(context: HookContext) -> None:
    """Take a cluster out of its global cluster before it is deleted: AWS deletes no member."""
    name = context.args.get("globalClusterIdentifier") or context.state.get("globalClusterIdentifier")
    if name:
        _remove(context, name)


def _remove(context: HookContext, name: str) -> None:
    request = {"GlobalClusterIdentifier": name, "DbClusterIdentifier": context.state["arn"]}
    try:
        context.call("RemoveFromGlobalCluster", request)
    except CallError as error:
        if not is_gone(error.cause) and "is not found in global cluster" not in str(error):
            raise


def change_logs(context: HookContext) -> None:
    """Tell which logs are exported now, and which no longer."""
    wanted, before = context.args.get("enabledCloudwatchLogsExports"), context.old.get("enabledCloudwatchLogsExports")
    added = [each for each in listed(wanted) if each not in listed(before)]
    removed = [each for each in listed(before) if each not in listed(wanted)]
    configuration = {"EnableLogTypes": added} if added else {}
    configuration |= {"DisableLogTypes": removed} if removed else {}
    if configuration:
        request = {**context.request(MODIFY), "CloudwatchLogsExportConfiguration": configuration}
        context.send(Call("ModifyDBCluster"), request)


def read_version(context: HookContext) -> Mapping[str, Any]:
    """The engine's version: as given while AWS has a newer one of the same line, or has the change still before it."""
    actual, given = context.resolve("{found.EngineVersion}"), context.args.get("engineVersion")
    pending = context.resolve("{found.PendingModifiedValues.EngineVersion}")
    if given and (given == pending or str(actual).startswith(f"{given}.")):
        return {"engineVersion": given}
    return {"engineVersion": actual}


def need_final_snapshot(context: HookContext) -> None:
    """Refuse to delete a cluster whose last snapshot has no name; the provider first takes it out of its group."""
    args = context.args
    if not args.get("skipFinalSnapshot") and not args.get("finalSnapshotIdentifier"):
        raise RuntimeError("finalSnapshotIdentifier is required when skipFinalSnapshot is false")


def delete_cluster(context: HookContext) -> None:
    """Delete it; a protection that the program didn't ask for is turned off first, if changes apply at once."""
    args = context.args
    skip = bool(args.get("skipFinalSnapshot"))
    request: dict[str, Any] = {"DBClusterIdentifier": context.id, "SkipFinalSnapshot": skip}
    request |= {} if skip else {"FinalDBSnapshotIdentifier": args["finalSnapshotIdentifier"]}
    request["DeleteAutomatedBackups"] = args.get("deleteAutomatedBackups") is not False
    try:
        context.call("DeleteDBCluster", request)
    except CallError as error:
        own = args.get("deletionProtection") or not args.get("applyImmediately")
        if "disable deletion pro" not in str(error) or own:
            raise
        change = {"DBClusterIdentifier": context.id, "ApplyImmediately": True, "DeletionProtection": False}
        context.call("ModifyDBCluster", change)
        context.call("DeleteDBCluster", request)
