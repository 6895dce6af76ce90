"""ElastiCache: global replication groups (global datastores)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.model import RefusedError, is_unknown
from rehearsal.aws_plugin.entry import Call, Hook, HookContext, Read, Refuse, Type
from rehearsal.aws_plugin.services.elasticache.group_steps import is_downgrade, leaves_valkey, numbers, short_version

GLOBAL = {"GlobalReplicationGroupId": "{id}", "ApplyImmediately": True}
NO_GROUP = "can't change without a major upgrade of the engine"


def _before(context: HookContext, argument: str, member: str) -> Any:
    """What a setting was: as read last, or, of a new datastore, as the primary's group brings it."""
    return context.old.get(argument) if context.old else context.resolve(f"{{answer.GlobalReplicationGroup.{member}}}")


def _differs(context: HookContext, argument: str, member: str) -> bool:
    wanted = context.args.get(argument)
    return wanted is not None and wanted != _before(context, argument, member)


def _steps_up(old: Any, new: Any) -> int:
    """Which number of a version rises: 1 the first, 2 the second, 0 none."""
    was, now = ([*numbers(str(each)), 0, 0][:2] for each in (old or "", new or ""))
    return 1 if now[0] > was[0] else 2 if now[0] == was[0] and now[1] > was[1] else 0


def refuse_upgrades(context: HookContext) -> None:
    """Refuse at preview an older engine, and another parameter group without a newer one of another line."""
    old, new = context.old, context.args
    if not old or is_unknown([new.get("engineVersion"), new.get("engine")]):
        return
    if is_downgrade(old.get("engineVersion"), new.get("engineVersion")):
        raise RefusedError("engineVersion", "an older engine needs another global datastore, and other members")
    if "parameterGroupName" in context.changed and "engine" not in context.changed:
        step = _steps_up(old.get("engineVersion"), new.get("engineVersion"))
        if step != 1:
            raise RefusedError("parameterGroupName", NO_GROUP)


def change_settings(context: HookContext) -> None:
    """Change one setting a call, as ElastiCache takes them; of a new datastore those that aren't the primary's."""
    new = context.args
    if _differs(context, "cacheNodeType", "CacheNodeType"):
        _modify(context, CacheNodeType=new["cacheNodeType"])
    if _differs(context, "automaticFailoverEnabled", "AutomaticFailoverEnabled"):
        _modify(context, AutomaticFailoverEnabled=new["automaticFailoverEnabled"])
    group = {"CacheParameterGroupName": new["parameterGroupName"]} if new.get("parameterGroupName") else {}
    if _differs(context, "engine", "Engine"):
        version = {"EngineVersion": new["engineVersion"]} if new.get("engineVersion") else {}
        _modify(context, Engine=new["engine"], **version, **group)
    elif _differs(context, "engineVersion", "EngineVersion"):
        step = _steps_up(_before(context, "engineVersion", "EngineVersion"), new["engineVersion"])
        if step:
            major = group if step == 1 else {}
            _modify(context, Engine=new.get("engine") or "redis", EngineVersion=new["engineVersion"], **major)


def _modify(context: HookContext, **setting: Any) -> None:
    context.send(Call("ModifyGlobalReplicationGroup"), {**context.request(GLOBAL), **setting})


def read_version(context: HookContext) -> Mapping[str, Any]:
    """The engine's version as programs give it."""
    return {"engineVersion": short_version(str(context.resolve("{found.EngineVersion}")))}


PRIMARY = "(Members[?Role=='PRIMARY'] | [0])"
SETTINGS = ("automaticFailoverEnabled", "cacheNodeType", "engine", "engineVersion", "parameterGroupName")

TYPES = [
    Type(
        "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
        "elasticache",
        refuse=(Refuse("parameterGroupName", "parameterGroupName && !engine && !engineVersion", NO_GROUP),),
        create=Call(
            "CreateGlobalReplicationGroup",
            takes=("globalReplicationGroupIdSuffix", "globalReplicationGroupDescription", "primaryReplicationGroupId"),
        ),
        id="GlobalReplicationGroup.GlobalReplicationGroupId",
        then=(
            Hook(refuse_upgrades, takes=("engineVersion", "parameterGroupName"), dry=True),
            Hook(change_settings, takes=SETTINGS),
            Call(
                "IncreaseNodeGroupsInGlobalReplicationGroup",
                {**GLOBAL, "NodeGroupCount": "{numNodeGroups}"},
                takes=("numNodeGroups",),
                when="{!old.numNodeGroups || numNodeGroups > old.numNodeGroups}",
                recorded=True,
            ),
        ),
        update=(
            Call(
                "ModifyGlobalReplicationGroup",
                GLOBAL,
                takes=("globalReplicationGroupDescription",),
                cleared={"globalReplicationGroupDescription": " "},
            ),
            Call(
                "DecreaseNodeGroupsInGlobalReplicationGroup",
                {**GLOBAL, "NodeGroupCount": "{numNodeGroups}"},
                takes=("numNodeGroups",),
                when="{numNodeGroups < old.numNodeGroups}",
                recorded=True,
            ),
        ),
        read=(
            Read(
                "DescribeGlobalReplicationGroups",
                {"GlobalReplicationGroupId": "{id}", "ShowMemberInfo": True},
                "GlobalReplicationGroups[?Status != 'deleting' && Status != 'deleted'] | [0]",
                {
                    "automaticFailoverEnabled": f"starts_with(not_null({PRIMARY}.AutomaticFailover, ''), 'enabl')",
                    "primaryReplicationGroupId": f"{PRIMARY}.ReplicationGroupId",
                    "engineVersionActual": "EngineVersion",
                },
            ),
            Hook(read_version),
        ),
        delete=Call(
            "DeleteGlobalReplicationGroup",
            {"GlobalReplicationGroupId": "{id}", "RetainPrimaryReplicationGroup": True},
        ),
        outputs={"arn": "ARN", "globalReplicationGroupId": "GlobalReplicationGroupId"},
        unread=("globalReplicationGroupIdSuffix", "numNodeGroups", "parameterGroupName"),
        computed=("automaticFailoverEnabled", "cacheNodeType", "engine", "engineVersion", "numNodeGroups"),
        replace_if={"engine": leaves_valkey},
        same={
            "engineVersion": "old.engineVersion && ends_with(not_null(engineVersion, ''), '.x')",
            "globalReplicationGroupDescription": (
                "contains(['', ' '], not_null(globalReplicationGroupDescription, ''))"
                " && contains(['', ' '], not_null(old.globalReplicationGroupDescription, ''))"
            ),
        },
        busy=("InvalidGlobalReplicationGroupState",),
    ),
]
