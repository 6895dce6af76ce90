"""RDS: the instances of clusters."""

from __future__ import annotations

from rehearsal.aws_plugin.entry import AutoName, Call, Read, Type
from rehearsal.aws_plugin.services.rds.groups import TAGS

NAMES = {
    "caCertIdentifier": "CACertificateIdentifier",
    "instanceClass": "DBInstanceClass",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
}

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
        ),
        id="DBInstance.DBInstanceIdentifier",
        update=(
            Call(
                "ModifyDBInstance",
                {"DBInstanceIdentifier": "{id}", "ApplyImmediately": "{applyImmediately}"},
                rename=NAMES,
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
