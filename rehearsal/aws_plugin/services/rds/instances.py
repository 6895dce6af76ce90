"""RDS: the instances of clusters."""

from __future__ import annotations

from rehearsal.aws_plugin.entry import AutoName, Call, Hook, HookContext, Read, Type
from rehearsal.aws_plugin.services.rds.cluster_steps import read_version
from rehearsal.aws_plugin.services.rds.groups import TAGS

NAMES = {
    "caCertIdentifier": "CACertificateIdentifier",
    "instanceClass": "DBInstanceClass",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
}

INSIGHTS = ("performanceInsightsEnabled", "performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod")
"""The provider sends these three together."""


def take_certificate(context: HookContext) -> None:
    """Give a new instance the certificate that it wasn't created with: AWS takes it in a change, with a restart."""
    wanted = context.args.get("caCertIdentifier")
    if not wanted or wanted == context.resolve("{answer.DBInstance.CACertificateIdentifier}"):
        return
    name = {"DBInstanceIdentifier": context.id}
    change = {**name, "ApplyImmediately": True, "CACertificateIdentifier": wanted}
    context.send(Call("ModifyDBInstance"), change)
    context.send(Call("RebootDBInstance"), name)


TYPES = [
    Type(
        "aws:rds/clusterInstance:ClusterInstance",
        "rds",
        create=Call(
            "CreateDBInstance",
            rename={
                **NAMES,
                "clusterIdentifier": "DBClusterIdentifier",
                "identifier": "DBInstanceIdentifier",
            },
            skip=("caCertIdentifier",),
        ),
        id="DBInstance.DBInstanceIdentifier",
        then=(Hook(take_certificate),),
        update=(
            Call(
                "ModifyDBInstance",
                {"DBInstanceIdentifier": "{id}", "ApplyImmediately": "{applyImmediately}"},
                rename=NAMES,
                takes=(
                    *("autoMinorVersionUpgrade", "caCertIdentifier", "copyTagsToSnapshot", "dbParameterGroupName"),
                    *("instanceClass", "monitoringInterval", "monitoringRoleArn", "performanceInsightsEnabled"),
                    *("performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod", "preferredBackupWindow"),
                    *("preferredMaintenanceWindow", "promotionTier", "publiclyAccessible"),
                ),
                along=dict.fromkeys(INSIGHTS, INSIGHTS),
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
            Hook(read_version),
        ),
        delete=Call("DeleteDBInstance", {"DBInstanceIdentifier": "{id}"}),
        tags=TAGS,
        outputs={"arn": "DBInstanceArn", "dbiResourceId": "DbiResourceId"},
        auto_name=AutoName("identifier", maximum=63, lower=True),
        local=("applyImmediately", "forceDestroy"),
        volatile=("engineVersionActual", "writer"),
        unsent=("engineVersion",),
        busy=("Delete the replica cluster before deleting",),
        default={"autoMinorVersionUpgrade": True, "copyTagsToSnapshot": False, "promotionTier": 0},
        computed=(
            *("applyImmediately", "availabilityZone", "caCertIdentifier", "dbParameterGroupName", "dbSubnetGroupName"),
            *("engineVersion", "monitoringRoleArn", "performanceInsightsEnabled", "performanceInsightsKmsKeyId"),
            *("performanceInsightsRetentionPeriod", "preferredBackupWindow", "preferredMaintenanceWindow"),
            "publiclyAccessible",
        ),
    ),
]
