"""RDS: clusters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.entry import AutoName, Call, Hook, Read, Type
from rehearsal.aws_plugin.services.rds import cluster_steps as steps
from rehearsal.aws_plugin.services.rds.groups import TAGS

CREATE = {
    # Read from a cluster on its own these are empty, and so they are where their changes are ignored.
    "GlobalClusterIdentifier": "{globalClusterIdentifier || `null`}",
    "ReplicationSourceIdentifier": "{!globalClusterIdentifier && replicationSourceIdentifier || `null`}",
}
VERSION = (
    "{(engineVersion != old.engineVersion || engineVersionActual && engineVersion != engineVersionActual)"
    " && engineVersion || `null`}"
)
"""Sent with every change until AWS has it: an upgrade may wait for the maintenance window."""

MODIFY = {
    **steps.MODIFY,
    "AllowMajorVersionUpgrade": "{allowMajorVersionUpgrade || `null`}",
    "EngineVersion": VERSION,
    "MasterUserPassword": "{masterPassword != old.masterPassword && masterPassword || `null`}",
}

CLUSTER_NAMES = {
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
}
CREATED_NAMES = {
    **CLUSTER_NAMES,
    "clusterIdentifier": "DBClusterIdentifier",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "masterPassword": "MasterUserPassword",
    "masterPasswordWo": "MasterUserPassword",
}
CLUSTER_SETTINGS = (
    *("allocatedStorage", "autoMinorVersionUpgrade", "backtrackWindow", "backupRetentionPeriod"),
    *("caCertificateIdentifier", "copyTagsToSnapshot", "databaseInsightsMode", "dbClusterInstanceClass"),
    *("dbClusterParameterGroupName", "deletionProtection", "domain", "domainIamRoleName"),
    *("enableGlobalWriteForwarding", "enableLocalWriteForwarding", "engineVersion"),
    *("iamDatabaseAuthenticationEnabled", "iops", "manageMasterUserPassword", "masterPassword"),
    *("masterUserSecretKmsKeyId", "monitoringInterval", "monitoringRoleArn", "networkType"),
    *("performanceInsightsEnabled", "performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod", "port"),
    *("preferredBackupWindow", "preferredMaintenanceWindow", "scalingConfiguration"),
    *("serverlessv2ScalingConfiguration", "storageType", "vpcSecurityGroupIds"),
)
INSIGHTS = ("performanceInsightsEnabled", "performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod")
TOGETHER = {
    "databaseInsightsMode": INSIGHTS,
    "domain": ("domainIamRoleName",),
    "domainIamRoleName": ("domain",),
    # AWS wants both of provisioned storage.
    "allocatedStorage": ("iops",),
    "iops": ("allocatedStorage",),
}
"""A changed setting, and those that the provider sends with it."""

RESTORED_NAMES = {
    "clusterIdentifier": "DBClusterIdentifier",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
}
RESTORED_AT_ONCE = (
    *("backtrackWindow", "clusterIdentifier", "copyTagsToSnapshot", "dbClusterParameterGroupName"),
    *("dbSubnetGroupName", "deletionProtection", "domain", "domainIamRoleName", "enabledCloudwatchLogsExports"),
    *("iamDatabaseAuthenticationEnabled", "kmsKeyId", "monitoringInterval", "monitoringRoleArn", "networkType"),
    *("port", "storageType", "vpcSecurityGroupIds"),
)
"""What the provider sends with either restore; the rest comes afterwards, or is AWS's to decide."""

FROM_SNAPSHOT = (
    *("availabilityZones", "databaseName", "engine", "engineLifecycleSupport", "engineMode", "engineVersion"),
    *("scalingConfiguration", "snapshotIdentifier"),
)


def not_aurora(_: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Return whether another type of storage is another cluster: only Aurora changes it in place."""
    return not str(new.get("engine")).startswith("aurora")


TYPES = [
    Type(
        "aws:rds/cluster:Cluster",
        "rds",
        create=Call("CreateDBCluster", CREATE, rename=CREATED_NAMES, skip=("enableHttpEndpoint",)),
        id="DBCluster.DBClusterIdentifier",
        instead=(
            Call(
                "RestoreDBClusterFromSnapshot",
                when="{snapshotIdentifier}",
                rename=RESTORED_NAMES,
                takes=RESTORED_AT_ONCE + FROM_SNAPSHOT,
            ),
            Call(
                "RestoreDBClusterToPointInTime",
                {
                    "SourceDBClusterIdentifier": "{restoreToPointInTime.sourceClusterIdentifier}",
                    "RestoreToTime": "{restoreToPointInTime.restoreToTime}",
                    "RestoreType": "{restoreToPointInTime.restoreType}",
                    "SourceDbClusterResourceId": "{restoreToPointInTime.sourceClusterResourceId}",
                    "UseLatestRestorableTime": "{restoreToPointInTime.useLatestRestorableTime}",
                },
                when="{restoreToPointInTime}",
                rename=RESTORED_NAMES,
                takes=RESTORED_AT_ONCE,
            ),
            Call(  # joining a global cluster resets what it was given of Insights
                "CreateDBCluster",
                CREATE,
                when="{globalClusterIdentifier}",
                rename=CREATED_NAMES,
                skip=("databaseInsightsMode", "enableHttpEndpoint", *INSIGHTS),
            ),
        ),
        then=(Hook(steps.refuse_contradictions, dry=True), Hook(steps.finish_creation)),
        update=(
            Hook(steps.promote_replica, takes=("replicationSourceIdentifier",)),
            Call(
                "ModifyDBCluster",
                MODIFY,
                rename=CLUSTER_NAMES,
                takes=CLUSTER_SETTINGS,
                along=TOGETHER,
                cleared={
                    **dict.fromkeys(("backtrackWindow", "iops", "monitoringInterval"), 0),
                    **dict.fromkeys(("dbClusterInstanceClass", "domain", "domainIamRoleName"), ""),
                },
            ),
            Call(  # what is written only travels when its version changes
                "ModifyDBCluster",
                {**steps.MODIFY, "MasterUserPassword": "{masterPasswordWo}"},
                takes=("masterPasswordWoVersion",),
                when="{masterPasswordWo}",
                whole=True,
            ),
            Hook(steps.change_logs, takes=("enabledCloudwatchLogsExports",), dry=True),
            Hook(steps.leave_global_cluster, takes=("globalClusterIdentifier",)),
        ),
        read=(
            Read(
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
            Hook(steps.read_version),
        ),
        delete=(Hook(steps.remove_member), Hook(steps.need_final_snapshot), Hook(steps.delete_cluster)),
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
            # The provider takes their removal for no change.
            *("scalingConfiguration", "serverlessv2ScalingConfiguration", "snapshotIdentifier"),
        ),
        replace_when={"storageType": not_aurora},
        unsent=("engineLifecycleSupport",),
        busy=("is not currently in the available state", "cluster is a part of a global cluster"),
    ),
]
