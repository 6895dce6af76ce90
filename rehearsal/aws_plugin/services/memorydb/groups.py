"""MemoryDB: users and their lists, subnet groups, parameter groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.lists import Write, added_and_removed, write_parameters
from rehearsal.aws_plugin.entry import AutoName, Call, Hook, HookContext, Read, Tags, Type
from rehearsal.aws_plugin.services.elasticache.stores import MANAGED, name_and_value

TAGS = Tags("TagResource", "UntagResource", {"ResourceArn": "{arn}"}, read="ListTags", at="TagList")
"""The tagging of everything of this service."""

RESET = Write("ResetParameterGroup", "ParameterNames", lambda parameter: parameter["name"])
UPDATE = Write("UpdateParameterGroup", "ParameterNameValues", name_and_value)


def change_parameters(context: HookContext) -> None:
    """Reset the parameters that the program no longer names, then set the others."""
    write_parameters(context, "ParameterGroupName", RESET, UPDATE)


def read_parameters(context: HookContext) -> Mapping[str, Any]:
    """The parameters that the program names, or that aren't as the family's own group has them.

    AWS doesn't say who set them.
    """

    def of(name: str) -> dict[str, str]:
        found = context.call("DescribeParameters", {"ParameterGroupName": name}).get("Parameters", [])
        return {each["Name"]: each["Value"] for each in found}

    named = {each["name"] for each in context.args.get("parameters") or [] if each.get("value")}
    standard = of(f"default.{context.args['family'].replace('_', '-')}")
    own = {name: value for name, value in of(context.id).items() if name in named or standard.get(name) != value}
    return {"parameters": [{"name": name, "value": value} for name, value in own.items()]}


def change_users(context: HookContext) -> None:
    """Change a list's users in one call: in between, nobody could enter. A user that was deleted is in it no more."""
    added, removed = added_and_removed(context, "userNames")
    if removed and not context.dry:
        [found] = context.call("DescribeACLs", {"ACLName": context.id})["ACLs"]
        removed = [each for each in removed if each in found.get("UserNames", [])]
    request: dict[str, Any] = {"ACLName": context.id}
    request |= {"UserNamesToAdd": added} if added else {}
    request |= {"UserNamesToRemove": removed} if removed else {}
    if added or removed:
        context.send(Call("UpdateACL"), request)


TYPES = [
    Type(
        "aws:memorydb/subnetGroup:SubnetGroup",
        "memorydb",
        create=Call("CreateSubnetGroup", rename={"name": "SubnetGroupName"}),
        id="{name}",
        update=(Call("UpdateSubnetGroup", {"SubnetGroupName": "{id}"}, along={"*": ("description", "subnetIds")}),),
        read=Read(
            "DescribeSubnetGroups",
            {"SubnetGroupName": "{id}"},
            "SubnetGroups[0]",
            {"subnetIds": "Subnets[].Identifier"},
        ),
        delete=Call("DeleteSubnetGroup", {"SubnetGroupName": "{id}"}),
        tags=TAGS,
        outputs={"arn": "ARN"},
        auto_name=AutoName(lower=True),
        default={"description": MANAGED},
    ),
    Type(
        "aws:memorydb/parameterGroup:ParameterGroup",
        "memorydb",
        create=Call("CreateParameterGroup", rename={"name": "ParameterGroupName"}),
        id="{name}",
        then=(Hook(change_parameters, takes=("parameters",), dry=True),),
        read=(
            Read("DescribeParameterGroups", {"ParameterGroupName": "{id}"}, "ParameterGroups[0]"),
            Hook(read_parameters),
        ),
        delete=Call("DeleteParameterGroup", {"ParameterGroupName": "{id}"}),
        tags=TAGS,
        outputs={"arn": "ARN"},
        auto_name=AutoName(lower=True),
        default={"description": MANAGED},
        watched=("parameters",),
    ),
    Type(
        "aws:memorydb/user:User",
        "memorydb",
        create=Call("CreateUser"),
        id="{userName}",
        update=(
            Call(  # how the user enters goes along, passwords and all
                "UpdateUser",
                {"UserName": "{id}"},
                takes=("accessString", "authenticationMode"),
                along={"*": ("authenticationMode",)},
            ),
        ),
        read=Read("DescribeUsers", {"UserName": "{id}"}, "Users[0]", {"authenticationMode": "Authentication"}),
        delete=Call("DeleteUser", {"UserName": "{id}"}),
        tags=TAGS,
        outputs={"arn": "ARN"},
    ),
    Type(
        "aws:memorydb/acl:Acl",
        "memorydb",
        create=Call("CreateACL", rename={"name": "ACLName"}),
        id="{name}",
        update=(Hook(change_users, takes=("userNames",), dry=True),),
        read=Read("DescribeACLs", {"ACLName": "{id}"}, "ACLs[0]"),
        delete=Call("DeleteACL", {"ACLName": "{id}"}),
        tags=TAGS,
        outputs={"arn": "ARN"},
        auto_name=AutoName(lower=True),
        watched=("userNames",),
    ),
]
