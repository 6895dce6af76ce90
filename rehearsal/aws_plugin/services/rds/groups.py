"""RDS: subnet groups and cluster parameter groups; clusters, instances, global clusters are in files of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rehearsal.aws_plugin.calls.lists import AT_ONCE, listed
from rehearsal.aws_plugin.entry import AutoName, Call, Hook, HookContext, Read, Tags, Type
from rehearsal.plugin.difference import same

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

METHOD, WAITING = "immediate", "pending-reboot"
"""When a parameter is applied: the provider's default, and the other."""


def name_and_method(parameter: Mapping[str, Any]) -> dict[str, str]:
    """Return a parameter as the operation that resets it takes it."""
    return {"ParameterName": parameter["name"].lower(), "ApplyMethod": parameter.get("applyMethod", METHOD).lower()}


def name_value_and_method(parameter: Mapping[str, Any]) -> dict[str, str]:
    """Return a parameter as the operation that sets it takes it."""
    return {**name_and_method(parameter), "ParameterValue": str(parameter["value"])}


DEPENDENT = (
    ("collation_server", "character_set_server"),
    ("gtid-mode", "enforce_gtid_consistency"),
    ("password_encryption", "rds.accepted_password_auth_method"),
    ("ssl_max_protocol_version", "ssl_min_protocol_version"),
    ("rds.change_data_capture_streaming", "binlog_format"),
    ("aurora_enhanced_binlog", "binlog_backup", "binlog_replication_globaldb"),
)
"""Parameters that RDS wants in one call, as the provider sends them."""


def calls_for(parameters: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Parameters call by call: those that depend on each other, those that apply at once, those that wait."""
    kinds: list[list[Mapping[str, Any]]] = [[each for each in parameters if each["name"] in some] for some in DEPENDENT]
    alone = [each for each in parameters if not any(each["name"] in some for some in DEPENDENT)]
    kinds.append([each for each in alone if each.get("applyMethod", METHOD) != WAITING])
    kinds.append([each for each in alone if each.get("applyMethod", METHOD) == WAITING])
    for kind in kinds:
        yield from (kind[at : at + AT_ONCE] for at in range(0, len(kind), AT_ONCE))


def change_parameters(context: HookContext) -> None:
    """Set the parameters that differ, then reset those that the program no longer names."""
    group = {"DBClusterParameterGroupName": context.args["name"]}
    wanted, before = (
        {each["name"].lower(): each for each in listed(values.get("parameters")) if isinstance(each, dict)}
        for values in (context.args, context.old)
    )
    changed = [each for name, each in wanted.items() if not same(before.get(name), each)]
    for some in calls_for(changed):
        request = {**group, "Parameters": [name_value_and_method(each) for each in some]}
        context.send(Call("ModifyDBClusterParameterGroup"), request)
    gone = [name_and_method(each) for name, each in before.items() if name not in wanted]
    for at in range(0, len(gone), AT_ONCE):
        request = {**group, "Parameters": gone[at : at + AT_ONCE], "ResetAllParameters": False}
        context.send(Call("ResetDBClusterParameterGroup"), request)


def read_parameters(context: HookContext) -> Mapping[str, Any]:
    """The parameters that somebody set, and of RDS's own those that the program names."""
    named = {each["name"].lower() for each in context.args.get("parameters") or []}
    found: dict[str, Any] = {}
    for source in ("system", "user"):
        request = {"DBClusterParameterGroupName": context.id, "Source": source}
        for each in context.call("DescribeDBClusterParameters", request).get("Parameters", []):
            if source == "user" or each["ParameterName"] in named:
                found[each["ParameterName"]] = _parameter(each)
    return {"parameters": list(found.values())}


def _parameter(found: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter as programs give it: without how it is applied, where that is the provider's default."""
    method = found.get("ApplyMethod", METHOD).lower()
    given = {"name": found["ParameterName"], "value": found.get("ParameterValue", "")}
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
        busy=("InvalidDBParameterGroupState",),
    ),
]
