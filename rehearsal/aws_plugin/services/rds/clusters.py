"""RDS: clusters."""

from __future__ import annotations

from rehearsal.aws_plugin.calls.lists import listed
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.entry import AutoName, Call, Hook, HookContext, Read, Type
from rehearsal.aws_plugin.services.rds.groups import TAGS


def refuse_contradictions(context: HookContext) -> None:
    """Refuse at preview what the real provider and AWS refuse."""
    args = context.args
    secrets = ("masterPassword", "masterPasswordWo", "manageMasterUserPassword")
    given = [name for name in secrets if args.get(name) is not None]
    if len(given) > 1:
        raise RefusedError(given[1], f"can't be given together with {given[0]}")
    if args.get("kmsKeyId") and not args.get("storageEncrypted"):
        raise RefusedError("kmsKeyId", "needs storageEncrypted")


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


def change_membership(context: HookContext) -> None:
    """Leave a global cluster; the provider refuses to join one later, or to replicate another cluster."""
    before, after = (each.get("globalClusterIdentifier") for each in (context.old, context.args))
    if "replicationSourceIdentifier" in context.changed:
        raise RefusedError("replicationSourceIdentifier", "promoting to standalone is not supported")
    if not before or after:
        raise RefusedError("globalClusterIdentifier", "existing clusters can't be added to an existing global cluster")
    request = {"GlobalClusterIdentifier": before, "DbClusterIdentifier": context.state["arn"]}
    context.send(Call("RemoveFromGlobalCluster"), request)


def need_final_snapshot(context: HookContext) -> None:
    """Refuse to delete a cluster whose last snapshot has no name, as the real provider does."""
    args = context.args
    if not args.get("skipFinalSnapshot") and not args.get("finalSnapshotIdentifier"):
        raise RuntimeError("finalSnapshotIdentifier is required when skipFinalSnapshot is false")


def finish_restore(context: HookContext) -> None:
    """Give a restored cluster what a restore takes no argument for, as the real provider does."""
    args = context.args
    if not (args.get("snapshotIdentifier") or args.get("restoreToPointInTime")):
        return
    given = {
        "MasterUserPassword": args.get("masterPassword"),
        "BackupRetentionPeriod": args.get("backupRetentionPeriod"),
        "PreferredBackupWindow": args.get("preferredBackupWindow"),
        "PreferredMaintenanceWindow": args.get("preferredMaintenanceWindow"),
    }
    request = {"DBClusterIdentifier": context.id, "ApplyImmediately": True}
    context.send(Call("ModifyDBCluster"), {**request, **{k: v for k, v in given.items() if v is not None}})


MODIFY = {"DBClusterIdentifier": "{id}", "ApplyImmediately": "{applyImmediately}"}

CLUSTER_NAMES = {
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "masterPassword": "MasterUserPassword",
    "masterPasswordWo": "MasterUserPassword",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
}
CLUSTER_SETTINGS = (
    *("autoMinorVersionUpgrade", "backtrackWindow", "backupRetentionPeriod", "caCertificateIdentifier"),
    *("copyTagsToSnapshot", "databaseInsightsMode", "dbClusterParameterGroupName", "deletionProtection"),
    *("enableGlobalWriteForwarding", "engineVersion", "iamDatabaseAuthenticationEnabled", "manageMasterUserPassword"),
    *("masterPassword", "masterUserSecretKmsKeyId", "monitoringInterval", "monitoringRoleArn", "networkType"),
    *("performanceInsightsEnabled", "performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod", "port"),
    *("preferredBackupWindow", "preferredMaintenanceWindow", "serverlessv2ScalingConfiguration", "storageType"),
    "vpcSecurityGroupIds",
)

RESTORED_NAMES = {
    "clusterIdentifier": "DBClusterIdentifier",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
}
UNRESTORED = ("backupRetentionPeriod", "performanceInsightsEnabled", "preferredBackupWindow")
"""Arguments that the provider gives a restored cluster afterwards, or not at all."""

TYPES = [
    Type(
        "aws:rds/cluster:Cluster",
        "rds",
        create=Call(
            "CreateDBCluster",
            # Read from a cluster on its own these are empty, and so they are where their changes are ignored.
            {
                "GlobalClusterIdentifier": "{globalClusterIdentifier || `null`}",
                "ReplicationSourceIdentifier": "{replicationSourceIdentifier || `null`}",
            },
            rename={
                **CLUSTER_NAMES,
                "clusterIdentifier": "DBClusterIdentifier",
                "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
            },
            skip=("enableHttpEndpoint",),
        ),
        id="DBCluster.DBClusterIdentifier",
        instead=(
            Call("RestoreDBClusterFromSnapshot", when="{snapshotIdentifier}", rename=RESTORED_NAMES, skip=UNRESTORED),
            Call(
                "RestoreDBClusterToPointInTime",
                {
                    "SourceDBClusterIdentifier": "{restoreToPointInTime.sourceClusterIdentifier}",
                    "RestoreToTime": "{restoreToPointInTime.restoreToTime}",
                    "RestoreType": "{restoreToPointInTime.restoreType}",
                    "UseLatestRestorableTime": "{restoreToPointInTime.useLatestRestorableTime}",
                },
                when="{restoreToPointInTime}",
                rename=RESTORED_NAMES,
                skip=UNRESTORED,
            ),
        ),
        then=(Hook(refuse_contradictions, dry=True), Hook(finish_restore)),
        update=(
            Hook(change_membership, takes=("globalClusterIdentifier", "replicationSourceIdentifier")),
            Call(
                "ModifyDBCluster",
                MODIFY,
                rename=CLUSTER_NAMES,
                takes=CLUSTER_SETTINGS,
                cleared={"monitoringInterval": 0},
            ),
            Call(  # what is written only travels when its version changes
                "ModifyDBCluster",
                {**MODIFY, "MasterUserPassword": "{masterPasswordWo}"},
                takes=("masterPasswordWoVersion",),
                when="{masterPasswordWo}",
                whole=True,
            ),
            Hook(change_logs, takes=("enabledCloudwatchLogsExports",), dry=True),
        ),
        read=Read(
            "DescribeDBClusters",
            {"DBClusterIdentifier": "{id}"},
            "DBClusters[0]",
            {
                "clusterMembers": "DBClusterMembers[].DBInstanceIdentifier",
                "dbClusterParameterGroupName": "DBClusterParameterGroup",
                "dbSubnetGroupName": "DBSubnetGroup",
                "enabledCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
                "engineVersionActual": "EngineVersion",
                "globalClusterIdentifier": "GlobalClusterIdentifier || ''",
                "iamDatabaseAuthenticationEnabled": "IAMDatabaseAuthenticationEnabled",
                "performanceInsightsEnabled": "PerformanceInsightsEnabled",
                "replicationSourceIdentifier": "ReplicationSourceIdentifier || ''",
                "vpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
            },
        ),
        delete=(
            Hook(need_final_snapshot),
            Call(  # the real provider does so too: AWS deletes no member of a global cluster
                "RemoveFromGlobalCluster",
                {"GlobalClusterIdentifier": "{globalClusterIdentifier}", "DbClusterIdentifier": "{arn}"},
                when="{globalClusterIdentifier}",
            ),
            Call(
                "DeleteDBCluster",
                {
                    "DBClusterIdentifier": "{id}",
                    "SkipFinalSnapshot": "{skipFinalSnapshot}",
                    "FinalDBSnapshotIdentifier": "{!skipFinalSnapshot && finalSnapshotIdentifier || `null`}",
                    "DeleteAutomatedBackups": "{deleteAutomatedBackups}",
                },
            ),
        ),
        tags=TAGS,
        outputs={"arn": "DBClusterArn", "clusterResourceId": "DbClusterResourceId", "hostedZoneId": "HostedZoneId"},
        auto_name=AutoName("clusterIdentifier", maximum=63, lower=True),
        local=(
            *("applyImmediately", "deleteAutomatedBackups", "finalSnapshotIdentifier", "skipFinalSnapshot"),
            *("allowMajorVersionUpgrade", "clusterMembers"),
        ),
        unread=("enableGlobalWriteForwarding", "manageMasterUserPassword", "masterPassword", "masterPasswordWo"),
        watched=("globalClusterIdentifier", "replicationSourceIdentifier"),
        volatile=("engineVersionActual",),
        default={"deleteAutomatedBackups": True, "engineMode": "provisioned", "skipFinalSnapshot": False},
        computed=(
            *("applyImmediately", "autoMinorVersionUpgrade", "availabilityZones", "backupRetentionPeriod"),
            *("caCertificateIdentifier", "clusterMembers", "databaseInsightsMode", "databaseName"),
            *("dbClusterParameterGroupName", "dbSubnetGroupName", "engineLifecycleSupport", "engineVersion"),
            *("kmsKeyId", "masterUsername", "monitoringInterval", "networkType", "performanceInsightsKmsKeyId"),
            *("performanceInsightsRetentionPeriod", "port", "preferredBackupWindow", "preferredMaintenanceWindow"),
            *("storageEncrypted", "storageType", "vpcSecurityGroupIds"),
        ),
    ),
]
