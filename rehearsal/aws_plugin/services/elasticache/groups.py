"""ElastiCache: replication groups."""

from __future__ import annotations

from typing import Any

from rehearsal.aws_plugin.entry import As, AutoName, Call, Hook, Read, Refuse, Type
from rehearsal.aws_plugin.services.elasticache import group_steps as steps
from rehearsal.aws_plugin.services.elasticache.group_steps import AVAILABLE, COUNT, MODIFY
from rehearsal.aws_plugin.services.elasticache.stores import TAGS

NAMES = {
    "description": "ReplicationGroupDescription",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "nodeType": "CacheNodeType",
    "parameterGroupName": "CacheParameterGroupName",
}


def replicas(argument: str, operation: str, when: str) -> Call:
    """A call that changes how many replicas there are: `argument` counts them, or all the nodes."""
    fewer = 1 if argument == "numCacheClusters" else 0
    counted = As("NewReplicaCount", to=lambda count: int(count) - fewer)
    return Call(operation, COUNT, rename={argument: counted}, takes=(argument,), when=when, **AVAILABLE)


ENGINE = {"Engine": "{!globalReplicationGroupId && (engine || 'redis') || `null`}"}
CREATED_NAMES: dict[str, str | As] = {
    **NAMES,
    "authTokenWo": "AuthToken",
    "engineVersion": As("EngineVersion", to=str, back=steps.short_version),
    "logDeliveryConfigurations": As("LogDeliveryConfigurations", to=steps.logs_sent, back=steps.logs_read),
    "securityGroupNames": "CacheSecurityGroupNames",
    "subnetGroupName": "CacheSubnetGroupName",
}
CREATED: dict[str, Any] = {
    "wait": "replication_group_available",
    "waits": {"ReplicationGroupId": "{replicationGroupId}"},
}
FAILOVER = "PendingModifiedValues.AutomaticFailoverStatus"
OF_THE_DATASTORE = ("automaticFailoverEnabled", "engine", "engineVersion", "parameterGroupName")
IN_A_DATASTORE = "globalReplicationGroupId || state.globalReplicationGroupId"

TYPES = [
    Type(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "elasticache",
        refuse=(
            Refuse("authToken", "authTokenUpdateStrategy == 'DELETE' && authToken", "not with the strategy DELETE"),
            Refuse(
                "authTokenUpdateStrategy",
                "authTokenUpdateStrategy && authTokenUpdateStrategy != 'DELETE' && !authToken && !authTokenWo",
                "needs authToken",
            ),
        ),
        create=Call("CreateReplicationGroup", ENGINE, rename=CREATED_NAMES, **CREATED),
        instead=(  # a member's failover is the datastore's
            Call(
                "CreateReplicationGroup",
                ENGINE,
                rename=CREATED_NAMES,
                skip=("automaticFailoverEnabled",),
                when="{globalReplicationGroupId}",
                **CREATED,
            ),
        ),
        id="ReplicationGroup.ReplicationGroupId",
        then=(Hook(steps.refuse_contradictions, dry=True),),
        update=(
            Hook(steps.refuse_engine, takes=("engine",)),
            Call(  # no emulator has it; the real provider's first step
                "ModifyReplicationGroupShardConfiguration",
                {**COUNT, "NodeGroupCount": "{numNodeGroups}"},
                takes=("numNodeGroups",),
                recorded=True,
            ),
            replicas("numCacheClusters", "IncreaseReplicaCount", "{numCacheClusters > old.numCacheClusters}"),
            replicas(
                "replicasPerNodeGroup", "IncreaseReplicaCount", "{replicasPerNodeGroup > old.replicasPerNodeGroup}"
            ),
            Call(
                "ModifyReplicationGroup",
                MODIFY,
                rename=NAMES,
                takes=(
                    *(
                        "autoMinorVersionUpgrade",
                        "automaticFailoverEnabled",
                        "clusterMode",
                        "description",
                        "durability",
                    ),
                    *("engine", "engineVersion", "ipDiscovery", "maintenanceWindow", "multiAzEnabled", "nodeType"),
                    *("notificationTopicArn", "parameterGroupName", "securityGroupIds", "snapshotWindow"),
                    *("transitEncryptionEnabled", "transitEncryptionMode"),
                ),
                along={"engineVersion": ("engine",)},
                cleared={"notificationTopicArn": ""},
                **AVAILABLE,
            ),
            Hook(steps.change_backups, takes=("snapshotRetentionLimit",), dry=True),
            Hook(steps.change_logs, takes=("logDeliveryConfigurations",), dry=True),
            Hook(steps.change_user_groups, takes=("userGroupIds",), dry=True),
            Call(
                "ModifyReplicationGroup",
                {
                    **COUNT,
                    "AuthToken": "{authToken || authTokenWo}",
                    "AuthTokenUpdateStrategy": "{authTokenUpdateStrategy}",
                },
                takes=("authToken", "authTokenUpdateStrategy", "authTokenWo", "authTokenWoVersion"),
                whole=True,
                when="{authTokenUpdateStrategy != 'DELETE'}",
                **AVAILABLE,
            ),
            replicas("numCacheClusters", "DecreaseReplicaCount", "{numCacheClusters < old.numCacheClusters}"),
            replicas(
                "replicasPerNodeGroup", "DecreaseReplicaCount", "{replicasPerNodeGroup < old.replicasPerNodeGroup}"
            ),
        ),
        read=(
            Read(
                "DescribeReplicationGroups",
                {"ReplicationGroupId": "{id}"},
                "ReplicationGroups[?Status != 'deleting'] | [0]",
                {
                    "automaticFailoverEnabled": f"starts_with(not_null({FAILOVER}, AutomaticFailover), 'enabl')",
                    "clusterMode": "not_null(PendingModifiedValues.ClusterMode, ClusterMode)",
                    "dataTieringEnabled": "DataTiering == 'enabled'",
                    "globalReplicationGroupId": "GlobalReplicationGroupInfo.GlobalReplicationGroupId",
                    "multiAzEnabled": "MultiAZ == 'enabled'",
                    "numCacheClusters": "length(MemberClusters)",
                    "numNodeGroups": "length(NodeGroups)",
                    "port": "ConfigurationEndpoint.Port || NodeGroups[0].PrimaryEndpoint.Port",
                    "replicasPerNodeGroup": "length(NodeGroups[0].NodeGroupMembers[1:])",
                },
            ),
            Read(
                "DescribeCacheClusters",
                {"CacheClusterId": "{found.MemberClusters[0]}"},
                "CacheClusters[0]",
                {
                    "engineVersionActual": "EngineVersion",
                    "nodeType": "not_null(PendingModifiedValues.CacheNodeType, CacheNodeType)",
                    "notificationTopicArn": "NotificationConfiguration.TopicArn",
                    "parameterGroupName": "CacheParameterGroup.CacheParameterGroupName",
                    "securityGroupIds": "SecurityGroups[].SecurityGroupId",
                },
            ),
        ),
        delete=(
            Hook(steps.leave_datastore),
            Call(
                "DeleteReplicationGroup",
                {"ReplicationGroupId": "{id}", "FinalSnapshotIdentifier": "{finalSnapshotIdentifier}"},
                wait="replication_group_deleted",
                waits={"ReplicationGroupId": "{id}"},
            ),
            Hook(steps.delete_parameters),
        ),
        tags=TAGS,
        outputs={
            "arn": "ARN",
            "configurationEndpointAddress": "ConfigurationEndpoint.Address",
            "primaryEndpointAddress": "(!ConfigurationEndpoint && NodeGroups[0].PrimaryEndpoint.Address) || `null`",
            "readerEndpointAddress": "(!ConfigurationEndpoint && NodeGroups[0].ReaderEndpoint.Address) || `null`",
        },
        auto_name=AutoName("replicationGroupId", maximum=40, lower=True),
        local=("applyImmediately", "finalSnapshotIdentifier", "preferredCacheClusterAzs"),
        ordered=("preferredCacheClusterAzs",),
        replace=("nodeGroupConfigurations",),  # the provider's code does, for all that counts in them
        unread=("numNodeGroups",),  # its changes are recorded only
        unwatched=("port",),
        replace_if={"engine": steps.leaves_valkey, "engineVersion": steps.is_downgrade},
        volatile=("engineVersionActual", "memberClusters"),
        busy=("InvalidCacheParameterGroupState", "InvalidGlobalReplicationGroupState", "InvalidReplicationGroupState"),
        same=dict.fromkeys(
            ("automaticFailoverEnabled", "engine", "engineVersion", "parameterGroupName"), IN_A_DATASTORE
        ),
        computed=(
            *("applyImmediately", "atRestEncryptionEnabled", "autoMinorVersionUpgrade", "clusterMode"),
            *("dataTieringEnabled", "durability", "engine", "engineVersion", "globalReplicationGroupId", "ipDiscovery"),
            *("maintenanceWindow", "networkType", "nodeType", "numCacheClusters", "numNodeGroups"),
            *("parameterGroupName", "replicasPerNodeGroup", "securityGroupIds", "securityGroupNames"),
            *("snapshotWindow", "subnetGroupName", "transitEncryptionEnabled", "transitEncryptionMode"),
        ),
    ),
]
