"""RDS: subnet groups and cluster parameter groups; clusters, instances, global clusters are in files of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.lists import Write, write_parameters
from rehearsal.aws_plugin.entry import AutoName, Call, Hook, HookContext, Read, Tags, Type

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

METHOD = "immediate"
"""The provider's default for when a parameter is applied."""


def name_and_method(parameter: Mapping[str, Any]) -> dict[str, str]:
    """Return a parameter as the operation that resets it takes it."""
    return {"ParameterName": parameter["name"], "ApplyMethod": parameter.get("applyMethod", METHOD)}


def name_value_and_method(parameter: Mapping[str, Any]) -> dict[str, str]:
    """Return a parameter as the operation that sets it takes it."""
    return {**name_and_method(parameter), "ParameterValue": str(parameter["value"])}


RESET = Write("ResetDBClusterParameterGroup", "Parameters", name_and_method)
MODIFY = Write("ModifyDBClusterParameterGroup", "Parameters", name_value_and_method)


def change_parameters(context: HookContext) -> None:
    """Reset the parameters that the program no longer names, then set the others."""
    write_parameters(context, "DBClusterParameterGroupName", RESET, MODIFY)


def read_parameters(context: HookContext) -> Mapping[str, Any]:
    """The parameters that aren't as the family has them."""
    request = {"DBClusterParameterGroupName": context.id, "Source": "user"}
    found = context.call("DescribeDBClusterParameters", request).get("Parameters", [])
    return {"parameters": [_parameter(each) for each in found]}


def _parameter(found: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter as programs give it: without how it is applied, where that is the provider's default."""
    method = found.get("ApplyMethod", METHOD)
    given = {"name": found["ParameterName"], "value": found["ParameterValue"]}
    return given if method == METHOD else {**given, "applyMethod": method}


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
                along={"*": ("description",)},
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
        then=(Hook(change_parameters, takes=("parameters",), dry=True),),
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
]
