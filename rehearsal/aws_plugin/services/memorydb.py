"""MemoryDB: users and their lists, subnet groups, parameter groups, clusters, multi-Region clusters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.lists import Write, added_and_removed, write_parameters
from rehearsal.aws_plugin.calls.model import RefusedError, is_unknown
from rehearsal.aws_plugin.entry import As, AutoName, Call, Hook, HookContext, Read, Tags, Type
from rehearsal.aws_plugin.services.elasticache.group_steps import is_downgrade
from rehearsal.aws_plugin.services.elasticache.stores import MANAGED, name_and_value

TAGS = Tags("TagResource", "UntagResource", {"ResourceArn": "{arn}"}, read="ListTags", at="TagList")
"""The tagging of everything of this service."""

NAMED = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 40
"""Characters in the name of a cluster, and its form: the real provider looks at both.
https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.create.html"""


RESET = Write("ResetParameterGroup", "ParameterNames", lambda parameter: parameter["name"])
UPDATE = Write("UpdateParameterGroup", "ParameterNameValues", name_and_value)


def change_parameters(context: HookContext) -> None:
    """Reset the parameters that the program no longer names, then set the others."""
    write_parameters(context, "ParameterGroupName", RESET, UPDATE)


def read_parameters(context: HookContext) -> Mapping[str, Any]:
    """The parameters that aren't as the family's own group has them: AWS doesn't say who set them."""

    def of(name: str) -> dict[str, str]:
        found = context.call("DescribeParameters", {"ParameterGroupName": name}).get("Parameters", [])
        return {each["Name"]: each["Value"] for each in found}

    standard = of(f"default.{context.args['family'].replace('_', '-')}")
    own = of(context.id).items()
    return {"parameters": [{"name": name, "value": value} for name, value in own if standard.get(name) != value]}


def change_users(context: HookContext) -> None:
    """Change a list's users in one call: in between, nobody could enter."""
    added, removed = added_and_removed(context, "userNames")
    request: dict[str, Any] = {"ACLName": context.id}
    request |= {"UserNamesToAdd": added} if added else {}
    request |= {"UserNamesToRemove": removed} if removed else {}
    context.send(Call("UpdateACL"), request)


def refuse_contradictions(context: HookContext) -> None:
    """Refuse at preview what the real provider and AWS refuse."""
    args = context.args
    name = args.get("name")
    if name is not None and not is_unknown(name) and (len(name) > LONGEST or not NAMED.fullmatch(name)):
        raise RefusedError("name", f"{name} is no name for a cluster: lower case, single hyphens, {LONGEST} characters")
    if args.get("tlsEnabled") is False and args["aclName"] != "open-access":
        raise RefusedError("tlsEnabled", "false needs the ACL open-access")
    if args.get("multiRegionClusterName") is not None and args.get("parameterGroupName") is not None:
        raise RefusedError("parameterGroupName", "can't be given together with multiRegionClusterName")


CLUSTER: dict[str, str | As] = {
    "aclName": "ACLName",
    "kmsKeyArn": "KmsKeyId",
    "dataTiering": "DataTiering",
    "tlsEnabled": "TLSEnabled",
}
NODES = "Nodes[].{name: Name, availabilityZone: AvailabilityZone, createTime: CreateTime, endpoints: [Endpoint.{%s}]}"
ADDRESS = "address: Address, port: Port"
SHARDS = f"Shards[].{{name: Name, slots: Slots, numNodes: NumberOfNodes, nodes: {NODES % ADDRESS}}}"

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
            Call(
                "UpdateUser",
                {"UserName": "{id}"},
                takes=("accessString", "authenticationMode"),
                whole=True,
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
    Type(
        "aws:memorydb/cluster:Cluster",
        "memorydb",
        create=Call("CreateCluster", rename={"name": "ClusterName", **CLUSTER}),
        id="{name}",
        then=(Hook(refuse_contradictions, dry=True),),
        update=(
            Call(
                "UpdateCluster",
                {"ClusterName": "{id}"},
                rename={
                    "aclName": "ACLName",
                    "numReplicasPerShard": "ReplicaConfiguration.ReplicaCount",
                    "numShards": "ShardConfiguration.ShardCount",
                },
                takes=(
                    *("aclName", "description", "engine", "engineVersion", "ipDiscovery", "maintenanceWindow"),
                    *("nodeType", "numReplicasPerShard", "numShards", "parameterGroupName", "securityGroupIds"),
                    *("snapshotRetentionLimit", "snapshotWindow"),
                ),
                cleared={"snapshotRetentionLimit": 0},
            ),
            Call(
                "UpdateCluster",
                {"ClusterName": "{id}", "SnsTopicStatus": "{snsTopicArn && 'active' || 'inactive'}"},
                takes=("snsTopicArn",),
                cleared={"snsTopicArn": ""},
            ),
        ),
        read=Read(
            "DescribeClusters",
            {"ClusterName": "{id}", "ShowShardDetails": True},
            "Clusters[0]",
            {
                "clusterEndpoints": f"[ClusterEndpoint.{{{ADDRESS}}}]",
                "dataTiering": "DataTiering == 'true'",
                "numReplicasPerShard": "length(Shards[0].Nodes[1:])",
                "numShards": "NumberOfShards",
                "port": "ClusterEndpoint.Port",
                "securityGroupIds": "SecurityGroups[].SecurityGroupId",
                "shards": SHARDS,
                "snsTopicArn": "(SnsTopicStatus == 'active' && SnsTopicArn) || `null`",
            },
        ),
        delete=Call(
            "DeleteCluster",
            {
                "ClusterName": "{id}",
                "FinalSnapshotName": "{finalSnapshotName}",
                "MultiRegionClusterName": "{multiRegionClusterName}",
            },
        ),
        tags=TAGS,
        outputs={"arn": "ARN"},
        auto_name=AutoName(maximum=LONGEST, lower=True),
        local=("finalSnapshotName",),
        replace_if={"engineVersion": is_downgrade},
        volatile=("enginePatchVersion", "shards"),
        default={
            "autoMinorVersionUpgrade": True,
            "description": MANAGED,
            "numReplicasPerShard": 1,
            "numShards": 1,
            "tlsEnabled": True,
        },
        computed=(
            *("dataTiering", "engine", "engineVersion", "ipDiscovery", "maintenanceWindow", "networkType"),
            *("parameterGroupName", "port", "snapshotRetentionLimit", "snapshotWindow", "subnetGroupName"),
        ),
        watched=("multiRegionClusterName",),
    ),
    Type(
        "aws:memorydb/multiRegionCluster:MultiRegionCluster",
        "memorydb",
        create=Call("CreateMultiRegionCluster", rename={"tlsEnabled": "TLSEnabled"}, skip=("updateStrategy",)),
        id="MultiRegionCluster.MultiRegionClusterName",
        update=(
            Call(
                "UpdateMultiRegionCluster",
                {"MultiRegionClusterName": "{id}", "UpdateStrategy": "{updateStrategy}"},
                rename={"numShards": "ShardConfiguration.ShardCount"},
                takes=("description", "engineVersion", "numShards", "multiRegionParameterGroupName"),
                cleared={"description": ""},
            ),
        ),
        read=Read(
            "DescribeMultiRegionClusters",
            {"MultiRegionClusterName": "{id}"},
            "MultiRegionClusters[0]",
            {"numShards": "NumberOfShards"},
        ),
        delete=Call("DeleteMultiRegionCluster", {"MultiRegionClusterName": "{id}"}),
        tags=TAGS,
        outputs={"arn": "ARN"},
        local=("timeouts", "updateStrategy"),
        replace_if={"engineVersion": is_downgrade},
        computed=("engine", "engineVersion", "multiRegionParameterGroupName", "numShards", "tlsEnabled"),
    ),
]
