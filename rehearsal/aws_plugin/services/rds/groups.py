"""RDS: subnet groups and cluster parameter groups; clusters, instances, global clusters are in files of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.model import UNKNOWN
from rehearsal.aws_plugin.entry import AutoName, Call, Hook, HookContext, Read, Tags, Type

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


def write_parameters(context: HookContext) -> None:
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
]
