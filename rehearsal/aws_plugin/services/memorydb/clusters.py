"""MemoryDB: clusters and multi-Region clusters."""

from __future__ import annotations

import re
import time

from rehearsal.aws_plugin.calls.clients import is_gone
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.model import RefusedError, is_unknown
from rehearsal.aws_plugin.entry import As, AutoName, Call, Hook, HookContext, Read, Type
from rehearsal.aws_plugin.services.elasticache.stores import MANAGED
from rehearsal.aws_plugin.services.memorydb.groups import TAGS

NAMED = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 40
"""Characters in the name of a cluster, and its form: the real provider looks at both.
https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.create.html"""

PATIENCE = 20.0
"""Seconds to wait for a multi-Region cluster (the real provider: two hours)."""


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


def keep_security_groups(context: HookContext) -> None:
    """Refuse to take the last security group away: MemoryDB takes an empty list for no change."""
    if not context.args.get("securityGroupIds"):
        raise RefusedError("securityGroupIds", "all of them can't be removed")


def wait_for_members(context: HookContext) -> None:
    """Wait until a multi-Region cluster has handled the deletion of its last cluster, before it is deleted itself."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            found = context.call("DescribeMultiRegionClusters", {"MultiRegionClusterName": context.id})
        except CallError as error:
            if is_gone(error.cause):
                return
            raise
        if found["MultiRegionClusters"][0]["Status"] == "available":
            return
        time.sleep(0.2)


CLUSTER: dict[str, str | As] = {
    "aclName": "ACLName",
    "kmsKeyArn": "KmsKeyId",
    "dataTiering": "DataTiering",
    "tlsEnabled": "TLSEnabled",
}
NODES = "Nodes[].{name: Name, availabilityZone: AvailabilityZone, createTime: CreateTime, endpoints: [Endpoint.{%s}]}"
ADDRESS = "address: Address, port: Port"
SHARDS = f"Shards[].{{name: Name, slots: Slots, numNodes: NumberOfNodes, nodes: {NODES % ADDRESS}}}"
WORLD = {"MultiRegionClusterName": "{id}", "UpdateStrategy": "{updateStrategy}"}
SHARDS_OF_ALL = {"numShards": "ShardConfiguration.ShardCount"}

TYPES = [
    Type(
        "aws:memorydb/cluster:Cluster",
        "memorydb",
        create=Call("CreateCluster", rename={"name": "ClusterName", **CLUSTER}),
        id="{name}",
        then=(Hook(refuse_contradictions, dry=True),),
        update=(
            Hook(keep_security_groups, takes=("securityGroupIds",)),
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
                {"ClusterName": "{id}", "SnsTopicStatus": "{snsTopicArn && 'ACTIVE' || 'INACTIVE'}"},
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
                "snsTopicArn": "(contains(['active', 'ACTIVE'], SnsTopicStatus) && SnsTopicArn) || ''",
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
        update=(  # AWS takes one of size, shards and parameter group a call
            Call(
                "UpdateMultiRegionCluster",
                WORLD,
                takes=("description", "engineVersion"),
                along={"*": ("description", "engineVersion")},
                cleared={"description": ""},
            ),
            Call("UpdateMultiRegionCluster", WORLD, rename=SHARDS_OF_ALL, takes=("numShards",)),
            Call("UpdateMultiRegionCluster", WORLD, takes=("multiRegionParameterGroupName",)),
        ),
        read=Read(
            "DescribeMultiRegionClusters",
            {"MultiRegionClusterName": "{id}"},
            "MultiRegionClusters[0]",
            {"numShards": "NumberOfShards"},
        ),
        delete=(Hook(wait_for_members), Call("DeleteMultiRegionCluster", {"MultiRegionClusterName": "{id}"})),
        tags=TAGS,
        outputs={"arn": "ARN"},
        local=("timeouts", "updateStrategy"),
        unsent=("engine",),
        computed=("engine", "engineVersion", "multiRegionParameterGroupName", "numShards", "tlsEnabled"),
    ),
]
