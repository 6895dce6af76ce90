"""ElastiCache: what the provider does for a replication group beside its plain calls."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.clients import is_gone
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.lists import added_and_removed
from rehearsal.aws_plugin.calls.model import RefusedError, is_unknown
from rehearsal.aws_plugin.entry import Call, HookContext

OF_THE_GLOBAL_GROUP = (
    *("nodeType", "engine", "engineVersion", "numNodeGroups", "parameterGroupName", "snapshotArns", "snapshotName"),
    *("atRestEncryptionEnabled", "transitEncryptionEnabled", "transitEncryptionMode", "securityGroupNames"),
)
"""Arguments that the real provider refuses for a secondary."""

MODIFY = {"ReplicationGroupId": "{id}", "ApplyImmediately": "{applyImmediately}"}
COUNT = {"ReplicationGroupId": "{id}", "ApplyImmediately": True}  # the only value that these calls take
TOKEN = {"authToken", "authTokenUpdateStrategy"}
AVAILABLE: dict[str, Any] = {"wait": "replication_group_available", "waits": {"ReplicationGroupId": "{id}"}}


def short_version(version: str) -> str:
    """The engine version as programs give it, from what a node runs: 8.2.0 is 8.2, but 5.0.6 stays.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagementConsiderations.html
    """
    parts = version.split(".")
    return ".".join(parts[:2]) if parts[0].isdigit() and int(parts[0]) >= 6 else version


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def is_downgrade(old: Any, new: Any) -> bool:
    """Return whether a version is older than the former; ElastiCache has no way back but a new group."""
    if old is None or new is None or is_unknown(new):
        return False
    was, now = numbers(str(old)), numbers(str(new))
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
    """Exchange user groups in one call: in between, everybody or nobody could enter. A token may go with it."""
    added, removed = added_and_removed(context, "userGroupIds")
    request = context.request(MODIFY)
    request |= {"UserGroupIdsToAdd": added} if added else {}
    request |= {"UserGroupIdsToRemove": removed} if removed else {}
    if added and context.args.get("authTokenUpdateStrategy") == "DELETE":
        request |= {"AuthTokenUpdateStrategy": "DELETE"} if TOKEN & context.changed else {}
    context.send(Call("ModifyReplicationGroup", **AVAILABLE), request)


def change_backups(context: HookContext) -> None:
    """Change how long backups are kept; to begin with them, say which node they are of: the primary."""
    request = {**context.request(MODIFY), "SnapshotRetentionLimit": context.args.get("snapshotRetentionLimit") or 0}
    if not context.dry and not context.old.get("snapshotRetentionLimit"):
        [group] = context.call("DescribeReplicationGroups", {"ReplicationGroupId": context.id})["ReplicationGroups"]
        nodes = [] if group.get("ClusterEnabled") else group["NodeGroups"][0]["NodeGroupMembers"]
        primary = [each["CacheClusterId"] for each in nodes if each.get("CurrentRole") == "primary"]
        request |= {"SnapshottingClusterId": primary[0]} if primary else {}
    context.send(Call("ModifyReplicationGroup", **AVAILABLE), request)


def refuse_engine(context: HookContext) -> None:
    """Refuse Valkey without a version of it, as the provider does at the update."""
    if context.args.get("engine") == "valkey" and "engineVersion" not in context.changed:
        raise RefusedError("engineVersion", "has to be set with engine valkey")


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


def delete_parameters(context: HookContext) -> None:
    """Delete the parameter group of a member after it, as the provider does: the datastore made it.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html
    """
    member = context.args.get("globalReplicationGroupId") or context.state.get("globalReplicationGroupId")
    name = context.state.get("parameterGroupName")
    if not member or not name or name.startswith("default."):  # AWS's own, which the emulator leaves to a member
        return
    try:
        context.call("DeleteCacheParameterGroup", {"CacheParameterGroupName": name})
    except CallError as error:
        if not is_gone(error.cause):
            raise


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
