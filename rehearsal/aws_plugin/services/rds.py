"""RDS: subnet groups, cluster parameter groups, clusters and their instances; global clusters are in their own file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.context import Context
from rehearsal.aws_plugin.entry import AutoName, Call, Hook, Read, Tags, Type
from rehearsal.aws_plugin.model import UNKNOWN, RefusedError

TAGS = Tags(
    "AddTagsToResource",
    "RemoveTagsFromResource",
    {"ResourceName": "{arn}"},
    read="ListTagsForResource",
    at="TagList",
)
"""How everything of this service is tagged."""

AT_ONCE = 20
"""Parameters that one call takes.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterParameterGroup.html"""

MANAGED = "Managed by Pulumi"
"""The description that pulumi-aws gives."""

METHOD = "immediate"
"""The provider's default for when a parameter is applied."""


def listed(value: Any) -> list[Any]:
    """A list, empty while it isn't known."""
    return value if isinstance(value, list) else []


def write_parameters(context: Context) -> None:
    """Reset the parameters that the program no longer names, then set the others."""
    wanted = {each["name"]: each for each in listed(context.args.get("parameters")) if each != UNKNOWN}
    before = {each["name"]: each for each in listed(context.old.get("parameters"))}
    group = {"DBClusterParameterGroupName": context.args["name"]}
    gone = [
        {"ParameterName": name, "ApplyMethod": each.get("applyMethod", METHOD)}
        for name, each in before.items()
        if name not in wanted
    ]
    changed = [
        {
            "ParameterName": name,
            "ParameterValue": str(each["value"]),
            "ApplyMethod": each.get("applyMethod", METHOD),
        }
        for name, each in wanted.items()
        if before.get(name) != each
    ]
    for operation, pairs in (("ResetDBClusterParameterGroup", gone), ("ModifyDBClusterParameterGroup", changed)):
        for at in range(0, len(pairs), AT_ONCE):
            context.send(Call(operation), {**group, "Parameters": pairs[at : at + AT_ONCE]})


def read_parameters(context: Context) -> Mapping[str, Any]:
    """The parameters that aren't as the family has them."""
    request = {"DBClusterParameterGroupName": context.id, "Source": "user"}
    found = context.call("DescribeDBClusterParameters", request).get("Parameters", [])
    return {"parameters": [_parameter(each) for each in found]}


def _parameter(found: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter as programs give it: without how it is applied, where that is the provider's default."""
    method = found.get("ApplyMethod", METHOD)
    given = {"name": found["ParameterName"], "value": found["ParameterValue"]}
    return given if method == METHOD else {**given, "applyMethod": method}


def refuse_contradictions(context: Context) -> None:
    """Refuse at preview what the real provider and AWS refuse."""
    args = context.args
    secrets = ("masterPassword", "masterPasswordWo", "manageMasterUserPassword")
    given = [name for name in secrets if args.get(name) is not None]
    if len(given) > 1:
        raise RefusedError(given[1], f"can't be given together with {given[0]}")
    if args.get("kmsKeyId") and not args.get("storageEncrypted"):
        raise RefusedError("kmsKeyId", "needs storageEncrypted")


def change_logs(context: Context) -> None:
    """Tell which logs are exported now, and which no longer."""
    wanted, before = context.args.get("enabledCloudwatchLogsExports"), context.old.get("enabledCloudwatchLogsExports")
    added = [each for each in listed(wanted) if each not in listed(before)]
    removed = [each for each in listed(before) if each not in listed(wanted)]
    configuration = {"EnableLogTypes": added} if added else {}
    configuration |= {"DisableLogTypes": removed} if removed else {}
    if configuration:
        request = {**context.request(MODIFY), "CloudwatchLogsExportConfiguration": configuration}
        context.send(Call("ModifyDBCluster"), request)


def change_membership(context: Context) -> None:
    """Leave a global cluster; the provider refuses to join one later, or to replicate another cluster."""
    before, after = (each.get("globalClusterIdentifier") for each in (context.old, context.args))
    if "replicationSourceIdentifier" in context.changed:
        raise RefusedError("replicationSourceIdentifier", "promoting to standalone is not supported")
    if not before or after:
        raise RefusedError("globalClusterIdentifier", "existing clusters can't be added to an existing global cluster")
    request = {"GlobalClusterIdentifier": before, "DbClusterIdentifier": context.state["arn"]}
    context.send(Call("RemoveFromGlobalCluster"), request)


def need_final_snapshot(context: Context) -> None:
    """Refuse to delete a cluster whose last snapshot has no name, as the real provider does."""
    args = context.args
    if not args.get("skipFinalSnapshot") and not args.get("finalSnapshotIdentifier"):
        raise RuntimeError("finalSnapshotIdentifier is required when skipFinalSnapshot is false")


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

INSTANCE_NAMES = {
    "caCertIdentifier": "CACertificateIdentifier",
    "instanceClass": "DBInstanceClass",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
}

TYPES = [
    Type(
        "aws:rds/subnetGroup:SubnetGroup",
        "rds",
        create=Call(
            "CreateDBSubnetGroup",
            rename={"name": "DBSubnetGroupName", "description": "DBSubnetGroupDescription"},
        ),
        id="{name}",
        update=(
            Call(
                "ModifyDBSubnetGroup",
                {"DBSubnetGroupName": "{id}", "SubnetIds": "{subnetIds}"},  # AWS wants them in every change
                rename={"description": "DBSubnetGroupDescription"},
                takes=("subnetIds", "description"),
            ),
        ),
        read=Read(
            "DescribeDBSubnetGroups",
            {"DBSubnetGroupName": "{id}"},
            "DBSubnetGroups[0]",
            {"subnetIds": "Subnets[].SubnetIdentifier"},
        ),
        delete=Call("DeleteDBSubnetGroup", {"DBSubnetGroupName": "{id}"}),
        tags=TAGS,
        outputs={"arn": "DBSubnetGroupArn"},
        auto_name=AutoName(lower=True),
        default={"description": MANAGED},
    ),
    Type(
        "aws:rds/clusterParameterGroup:ClusterParameterGroup",
        "rds",
        create=Call(
            "CreateDBClusterParameterGroup",
            rename={"name": "DBClusterParameterGroupName", "family": "DBParameterGroupFamily"},
        ),
        id="{name}",
        then=(Hook(write_parameters, takes=("parameters",), dry=True),),
        read=(
            Read(
                "DescribeDBClusterParameterGroups",
                {"DBClusterParameterGroupName": "{id}"},
                "DBClusterParameterGroups[0]",
            ),
            Hook(read_parameters),
        ),
        delete=Call("DeleteDBClusterParameterGroup", {"DBClusterParameterGroupName": "{id}"}),
        tags=TAGS,
        outputs={"arn": "DBClusterParameterGroupArn"},
        auto_name=AutoName(lower=True),
        default={"description": MANAGED},
        watched=("parameters",),
    ),
    Type(
        "aws:rds/cluster:Cluster",
        "rds",
        create=Call(
            "CreateDBCluster",
            rename={
                **CLUSTER_NAMES,
                "clusterIdentifier": "DBClusterIdentifier",
                "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
            },
            skip=("enableHttpEndpoint",),
        ),
        id="DBCluster.DBClusterIdentifier",
        then=(Hook(refuse_contradictions, dry=True),),
        update=(
            Hook(change_membership, takes=("globalClusterIdentifier", "replicationSourceIdentifier")),
            Call(
                "ModifyDBCluster",
                MODIFY,
                rename=CLUSTER_NAMES,
                takes=CLUSTER_SETTINGS,
                cleared={"monitoringInterval": 0},
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
            *("allowMajorVersionUpgrade", "clusterMembers", "masterPasswordWoVersion"),
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
    Type(
        "aws:rds/clusterInstance:ClusterInstance",
        "rds",
        create=Call(
            "CreateDBInstance",
            rename={
                **INSTANCE_NAMES,
                "clusterIdentifier": "DBClusterIdentifier",
                "identifier": "DBInstanceIdentifier",
            },
        ),
        id="DBInstance.DBInstanceIdentifier",
        update=(
            Call(
                "ModifyDBInstance",
                {"DBInstanceIdentifier": "{id}", "ApplyImmediately": "{applyImmediately}"},
                rename=INSTANCE_NAMES,
                takes=(
                    *("autoMinorVersionUpgrade", "caCertIdentifier", "copyTagsToSnapshot", "dbParameterGroupName"),
                    *("instanceClass", "monitoringInterval", "monitoringRoleArn", "performanceInsightsEnabled"),
                    *("performanceInsightsRetentionPeriod", "preferredBackupWindow", "preferredMaintenanceWindow"),
                    *("promotionTier", "publiclyAccessible"),
                ),
                cleared={"monitoringInterval": 0, "promotionTier": 0},
            ),
        ),
        read=(
            Read(
                "DescribeDBInstances",
                {"DBInstanceIdentifier": "{id}"},
                "DBInstances[0]",
                {
                    "dbParameterGroupName": "DBParameterGroups[0].DBParameterGroupName",
                    "dbSubnetGroupName": "DBSubnetGroup.DBSubnetGroupName",
                    "endpoint": "Endpoint.Address",
                    "engineVersionActual": "EngineVersion",
                    "performanceInsightsEnabled": "PerformanceInsightsEnabled",
                    "port": "Endpoint.Port",
                },
            ),
            Read(
                "DescribeDBClusters",
                {"DBClusterIdentifier": "{found.DBClusterIdentifier}"},
                "DBClusters[0].DBClusterMembers[?DBInstanceIdentifier=='{id}'] | [0]",
                {"writer": "IsClusterWriter"},
            ),
        ),
        delete=Call("DeleteDBInstance", {"DBInstanceIdentifier": "{id}"}),
        tags=TAGS,
        outputs={"arn": "DBInstanceArn", "dbiResourceId": "DbiResourceId"},
        auto_name=AutoName("identifier", maximum=63, lower=True),
        local=("applyImmediately", "forceDestroy"),
        volatile=("engineVersionActual", "writer"),
        default={"autoMinorVersionUpgrade": True, "copyTagsToSnapshot": False, "promotionTier": 0},
        computed=(
            *("applyImmediately", "availabilityZone", "caCertIdentifier", "dbParameterGroupName", "dbSubnetGroupName"),
            *("engineVersion", "monitoringRoleArn", "performanceInsightsEnabled", "performanceInsightsKmsKeyId"),
            *("performanceInsightsRetentionPeriod", "preferredBackupWindow", "preferredMaintenanceWindow"),
            "publiclyAccessible",
        ),
    ),
]
