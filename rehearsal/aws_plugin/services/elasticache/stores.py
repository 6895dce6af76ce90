"""ElastiCache: subnet groups, parameter groups, users, user groups; replication groups are in a file of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.lists import Write, added_and_removed, write_parameters
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.entry import As, AutoName, Call, Hook, HookContext, Read, Tags, Type

TAGS = Tags(
    "AddTagsToResource",
    "RemoveTagsFromResource",
    {"ResourceName": "{arn}"},
    read="ListTagsForResource",
    at="TagList",
)
"""The tagging of everything of this service."""

MANAGED = "Managed by Pulumi"
"""The description that pulumi-aws gives."""


def name_only(parameter: Mapping[str, Any]) -> dict[str, str]:
    """Return a parameter as the operation that resets it takes it."""
    return {"ParameterName": parameter["name"]}


def name_and_value(parameter: Mapping[str, Any]) -> dict[str, str]:
    """Return a parameter as the operation that sets it takes it."""
    return {"ParameterName": parameter["name"], "ParameterValue": str(parameter["value"])}


RESET = Write("ResetCacheParameterGroup", "ParameterNameValues", name_only)
MODIFY = Write("ModifyCacheParameterGroup", "ParameterNameValues", name_and_value)


def change_parameters(context: HookContext) -> None:
    """Reset the parameters that the program no longer names, then set the others."""
    write_parameters(context, "CacheParameterGroupName", RESET, MODIFY)


def read_parameters(context: HookContext) -> Mapping[str, Any]:
    """The parameters that aren't as the family has them."""
    request = {"CacheParameterGroupName": context.id, "Source": "user"}
    found = context.call("DescribeCacheParameters", request).get("Parameters", [])
    return {"parameters": [{"name": each["ParameterName"], "value": each["ParameterValue"]} for each in found]}


def change_members(context: HookContext) -> None:
    """Change a user group's members in one call: it must never be without the user that the engine needs."""
    added, removed = added_and_removed(context, "userIds")
    request: dict[str, Any] = {"UserGroupId": context.id}
    request |= {"UserIdsToAdd": added} if added else {}
    request |= {"UserIdsToRemove": removed} if removed else {}
    request |= {"Engine": context.args["engine"]} if "engine" in context.changed else {}
    try:
        context.send(Call("ModifyUserGroup"), request)
    except CallError as error:
        if "is not a member of user group" not in str(error):
            raise


def refuse_passwords(context: HookContext) -> None:
    """Refuse a user whose passwords are given in two places, or nowhere."""
    args = context.args
    given = [name for name in ("authenticationMode", "passwords", "passwordsWo") if args.get(name) is not None]
    given += ["noPasswordRequired"] if args.get("noPasswordRequired") is True else []
    if len(given) != 1:
        ways = "authenticationMode, passwords, passwordsWo and noPasswordRequired"
        raise RefusedError(given[-1] if given else "authenticationMode", f"exactly one of {ways} is needed")


def mode_read(value: str) -> str:
    """The type of authentication as it is given, from how it is described."""
    return "no-password-required" if value == "no-password" else value


USER: dict[str, str | As] = {
    "passwordsWo": "Passwords",
    "authenticationMode.type": As("Type", to=str, back=mode_read),
}

TYPES = [
    Type(
        "aws:elasticache/subnetGroup:SubnetGroup",
        "elasticache",
        create=Call(
            "CreateCacheSubnetGroup",
            rename={"name": "CacheSubnetGroupName", "description": "CacheSubnetGroupDescription"},
        ),
        id="{name}",
        update=(
            Call(
                "ModifyCacheSubnetGroup",
                {"CacheSubnetGroupName": "{id}"},
                rename={"description": "CacheSubnetGroupDescription"},
                along={"*": ("description", "subnetIds")},
            ),
        ),
        read=Read(
            "DescribeCacheSubnetGroups",
            {"CacheSubnetGroupName": "{id}"},
            "CacheSubnetGroups[0]",
            {"subnetIds": "Subnets[].SubnetIdentifier"},
        ),
        delete=Call("DeleteCacheSubnetGroup", {"CacheSubnetGroupName": "{id}"}),
        tags=TAGS,
        outputs={"arn": "ARN"},
        auto_name=AutoName(lower=True),
        default={"description": MANAGED},
    ),
    Type(
        "aws:elasticache/parameterGroup:ParameterGroup",
        "elasticache",
        create=Call(
            "CreateCacheParameterGroup",
            rename={"name": "CacheParameterGroupName", "family": "CacheParameterGroupFamily"},
        ),
        id="{name}",
        then=(Hook(change_parameters, takes=("parameters",), dry=True),),
        read=(
            Read("DescribeCacheParameterGroups", {"CacheParameterGroupName": "{id}"}, "CacheParameterGroups[0]"),
            Hook(read_parameters),
        ),
        delete=Call("DeleteCacheParameterGroup", {"CacheParameterGroupName": "{id}"}),
        busy=("InvalidCacheParameterGroupState",),
        tags=TAGS,
        outputs={"arn": "ARN"},
        auto_name=AutoName(lower=True),
        default={"description": MANAGED},
        watched=("parameters",),
    ),
    Type(
        "aws:elasticache/user:User",
        "elasticache",
        create=Call("CreateUser", {"NoPasswordRequired": "{noPasswordRequired || `false`}"}, rename=USER),
        id="UserId",
        then=(Hook(refuse_passwords, dry=True),),
        update=(
            Call(
                "ModifyUser",
                {"UserId": "{id}"},
                rename=USER,
                takes=("accessString", "authenticationMode", "engine", "noPasswordRequired", "passwords"),
            ),
            Call(  # what is written only travels when its version changes
                "ModifyUser",
                {"UserId": "{id}", "Passwords": ["{passwordsWo}"]},
                takes=("passwordsWoVersion",),
                when="{passwordsWo}",
                whole=True,
            ),
        ),
        read=Read("DescribeUsers", {"UserId": "{id}"}, "Users[0]", {"authenticationMode": "Authentication"}),
        delete=Call("DeleteUser", {"UserId": "{id}"}),
        tags=TAGS,
        outputs={"arn": "ARN"},
        computed=("authenticationMode",),
    ),
    Type(
        "aws:elasticache/userGroup:UserGroup",
        "elasticache",
        create=Call("CreateUserGroup"),
        id="UserGroupId",
        update=(Hook(change_members, takes=("userIds", "engine"), dry=True),),
        read=Read("DescribeUserGroups", {"UserGroupId": "{id}"}, "UserGroups[0]"),
        delete=Call("DeleteUserGroup", {"UserGroupId": "{id}"}),
        tags=TAGS,
        outputs={"arn": "ARN"},
    ),
]
