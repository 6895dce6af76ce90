"""ElastiCache: replication groups."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.lists import added_and_removed
from rehearsal.aws_plugin.calls.model import RefusedError, is_unknown
from rehearsal.aws_plugin.entry import As, AutoName, Call, Hook, HookContext, Read, Type
from rehearsal.aws_plugin.services.elasticache.stores import TAGS

OF_THE_GLOBAL_GROUP = (
    *("nodeType", "engine", "engineVersion", "numNodeGroups", "parameterGroupName", "snapshotArns", "snapshotName"),
    *("atRestEncryptionEnabled", "transitEncryptionEnabled", "transitEncryptionMode", "securityGroupNames"),
)
"""Arguments that the real provider refuses for a secondary."""

MODIFY = {"ReplicationGroupId": "{id}", "ApplyImmediately": "{applyImmediately}"}
COUNT = {"ReplicationGroupId": "{id}", "ApplyImmediately": True}  # the only value that these calls take
AVAILABLE: dict[str, Any] = {"wait": "replication_group_available", "waits": {"ReplicationGroupId": "{id}"}}

NAMES = {
    "description": "ReplicationGroupDescription",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "nodeType": "CacheNodeType",
    "parameterGroupName": "CacheParameterGroupName",
}


def short_version(version: str) -> str:
    """The engine version as programs give it, from what a node runs: 8.2.0 is 8.2, but 5.0.6 stays.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagementConsiderations.html
    """
    parts = version.split(".")
    return ".".join(parts[:2]) if parts[0].isdigit() and int(parts[0]) >= 6 else version


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def is_downgrade(old: Any, new: Any) -> bool:
    """Return whether a version is older than the former; ElastiCache has no way back but a new group."""
    if old is None or new is None or is_unknown(new):
        return False
    was, now = _numbers(str(old)), _numbers(str(new))
    return now < was[: len(now)]


def leaves_valkey(old: Any, new: Any) -> bool:
    """Return whether the engine changes from Valkey to Redis OSS; only the other way is an update."""
    return (old, new) == ("valkey", "redis")


def logs_sent(value: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Log deliveries as the API has them."""
    return [_log_sent(each) for each in value]


def _log_sent(one: Mapping[str, Any]) -> dict[str, Any]:
    if one["destinationType"] == "cloudwatch-logs":
        details: dict[str, Any] = {"CloudWatchLogsDetails": {"LogGroup": one["destination"]}}
    else:
        details = {"KinesisFirehoseDetails": {"DeliveryStream": one["destination"]}}
    same = {"DestinationType": one["destinationType"], "LogFormat": one["logFormat"], "LogType": one["logType"]}
    return {**same, "DestinationDetails": details}


def logs_read(value: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Log deliveries as programs give them."""
    found = []
    for one in value:
        details = one.get("DestinationDetails", {})
        place = details.get("CloudWatchLogsDetails", {}).get("LogGroup")
        place = place or details.get("KinesisFirehoseDetails", {}).get("DeliveryStream")
        same = {key[:1].lower() + key[1:]: one.get(key) for key in ("DestinationType", "LogFormat", "LogType")}
        found.append({**same, "destination": place})
    return found


def change_logs(context: HookContext) -> None:
    """Send the wanted log deliveries, and switch off the types of log that are no longer wanted."""
    wanted = context.args.get("logDeliveryConfigurations") or []
    if is_unknown(wanted):
        return
    types = {each["logType"] for each in wanted}
    before = [each["logType"] for each in context.old.get("logDeliveryConfigurations") or []]
    off = [{"LogType": each, "Enabled": False} for each in before if each not in types]
    request = {**context.request(MODIFY), "LogDeliveryConfigurations": [*logs_sent(wanted), *off]}
    context.send(Call("ModifyReplicationGroup", **AVAILABLE), request)


def change_user_groups(context: HookContext) -> None:
    """Exchange user groups in one call: in between, everybody or nobody could enter."""
    added, removed = added_and_removed(context, "userGroupIds")
    request = context.request(MODIFY)
    request |= {"UserGroupIdsToAdd": added} if added else {}
    request |= {"UserGroupIdsToRemove": removed} if removed else {}
    context.send(Call("ModifyReplicationGroup", **AVAILABLE), request)


def refuse_contradictions(context: HookContext) -> None:
    """Refuse at preview what the real provider and AWS refuse."""
    args = context.args
    for one, other in (
        ("numCacheClusters", "numNodeGroups"),
        ("numCacheClusters", "replicasPerNodeGroup"),
        ("authToken", "userGroupIds"),
        ("preferredCacheClusterAzs", "nodeGroupConfigurations"),
        *(("globalReplicationGroupId", name) for name in OF_THE_GLOBAL_GROUP),
    ):
        if args.get(one) is not None and args.get(other) is not None:
            raise RefusedError(other, f"can't be given together with {one}")
    if not args.get("nodeType") and not args.get("globalReplicationGroupId"):
        raise RefusedError("nodeType", "is required, but in a global replication group")
    failover, nodes = args.get("automaticFailoverEnabled"), args.get("numCacheClusters")
    if args.get("multiAzEnabled") and not failover:
        raise RefusedError("multiAzEnabled", "true needs automaticFailoverEnabled")
    if failover is True and nodes is not None and not is_unknown(nodes) and nodes < 2:
        raise RefusedError("numCacheClusters", f"{nodes} can't fail over; automaticFailoverEnabled needs at least 2")
    for name in ("authToken", "userGroupIds"):
        given = args.get("transitEncryptionEnabled") or args.get("globalReplicationGroupId")
        if args.get(name) and not given:
            raise RefusedError(name, "needs transitEncryptionEnabled")


def leave_datastore(context: HookContext) -> None:
    """Disassociate a secondary before it is deleted, unless a failover did or its datastore is gone."""
    name = context.args.get("globalReplicationGroupId") or context.state.get("globalReplicationGroupId")
    if not name:
        return
    member = {"ReplicationGroupId": context.id, "ReplicationGroupRegion": context.region}
    try:
        context.call("DisassociateGlobalReplicationGroup", {"GlobalReplicationGroupId": name, **member})
    except CallError as error:
        if "NotFound" not in str(error) and "is not associated with" not in str(error):
            raise


def replicas(argument: str, operation: str, when: str) -> Call:
    """A call that changes how many replicas there are: `argument` counts them, or all the nodes."""
    fewer = 1 if argument == "numCacheClusters" else 0
    counted = As("NewReplicaCount", to=lambda count: int(count) - fewer)
    return Call(operation, COUNT, rename={argument: counted}, takes=(argument,), when=when, **AVAILABLE)


TYPES = [
    Type(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "elasticache",
        create=Call(
            "CreateReplicationGroup",
            {"Engine": "{!globalReplicationGroupId && (engine || 'redis') || `null`}"},
            rename={
                **NAMES,
                "authTokenWo": "AuthToken",
                "engineVersion": As("EngineVersion", to=str, back=short_version),
                "logDeliveryConfigurations": As("LogDeliveryConfigurations", to=logs_sent, back=logs_read),
                "securityGroupNames": "CacheSecurityGroupNames",
                "subnetGroupName": "CacheSubnetGroupName",
            },
            wait="replication_group_available",
            waits={"ReplicationGroupId": "{replicationGroupId}"},
        ),
        id="ReplicationGroup.ReplicationGroupId",
        then=(Hook(refuse_contradictions, dry=True),),
        update=(
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
                    *("notificationTopicArn", "parameterGroupName", "securityGroupIds", "snapshotRetentionLimit"),
                    *("snapshotWindow", "transitEncryptionEnabled", "transitEncryptionMode"),
                ),
                along={"engineVersion": ("engine",)},
                cleared={"notificationTopicArn": "", "snapshotRetentionLimit": 0},
                **AVAILABLE,
            ),
            Hook(change_logs, takes=("logDeliveryConfigurations",), dry=True),
            Hook(change_user_groups, takes=("userGroupIds",), dry=True),
            Call(
                "ModifyReplicationGroup",
                {
                    **COUNT,
                    "AuthToken": "{authToken || authTokenWo}",
                    "AuthTokenUpdateStrategy": "{authTokenUpdateStrategy || 'ROTATE'}",
                },
                takes=("authToken", "authTokenWo", "authTokenWoVersion"),
                whole=True,
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
                    "automaticFailoverEnabled": "starts_with(AutomaticFailover, 'enabl')",
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
                    "notificationTopicArn": "NotificationConfiguration.TopicArn",
                    "parameterGroupName": "CacheParameterGroup.CacheParameterGroupName",
                    "securityGroupIds": "SecurityGroups[].SecurityGroupId",
                },
            ),
        ),
        delete=(
            Hook(leave_datastore),
            Call(
                "DeleteReplicationGroup",
                {"ReplicationGroupId": "{id}", "FinalSnapshotIdentifier": "{finalSnapshotIdentifier}"},
                wait="replication_group_deleted",
                waits={"ReplicationGroupId": "{id}"},
            ),
        ),
        tags=TAGS,
        outputs={
            "arn": "ARN",
            "configurationEndpointAddress": "ConfigurationEndpoint.Address",
            "primaryEndpointAddress": "(!ConfigurationEndpoint && NodeGroups[0].PrimaryEndpoint.Address) || `null`",
            "readerEndpointAddress": "(!ConfigurationEndpoint && NodeGroups[0].ReaderEndpoint.Address) || `null`",
        },
        auto_name=AutoName("replicationGroupId", maximum=40, lower=True),
        local=("applyImmediately", "authTokenUpdateStrategy", "finalSnapshotIdentifier", "preferredCacheClusterAzs"),
        ordered=("preferredCacheClusterAzs",),
        unread=("numNodeGroups",),  # its changes are recorded only
        replace_if={"engine": leaves_valkey, "engineVersion": is_downgrade},
        volatile=("engineVersionActual", "memberClusters"),
        computed=(
            *("applyImmediately", "atRestEncryptionEnabled", "autoMinorVersionUpgrade", "clusterMode"),
            *("dataTieringEnabled", "durability", "engine", "engineVersion", "globalReplicationGroupId", "ipDiscovery"),
            *("maintenanceWindow", "networkType", "nodeType", "numCacheClusters", "numNodeGroups"),
            *("parameterGroupName", "replicasPerNodeGroup", "securityGroupIds", "securityGroupNames"),
            *("snapshotWindow", "subnetGroupName", "transitEncryptionEnabled", "transitEncryptionMode"),
        ),
    ),
]
