"""Clusters of MemoryDB: their shards, and their nodes over the zones."""

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.memorydb import API, drop, found, impossible, invalid, keep, of_kind, wanted
from rehearsal.emulator.corrections.memorydb.groups import STANDARD, family_of
from rehearsal.emulator.corrections.memorydb.multi_region import joined, keep_busy, refuse_while_updating
from rehearsal.emulator.corrections.memorydb.users import OPEN, acl_of
from rehearsal.emulator.emulators import client
from rehearsal.emulator.living import changes, wishes
from rehearsal.emulator.living.roles import takes_nodes
from rehearsal.emulator.wire import AwsError, Call

NODE_TYPE = re.compile(r"db\.(t4g\.(small|medium)|(r6g|r6gd|r7g)\.(x?large|\d+xlarge))")
"""https://docs.aws.amazon.com/memorydb/latest/devguide/nodes.supportedtypes.html"""
PATCHES = {
    ("valkey", "7.2"): "7.2.6",
    ("valkey", "7.3"): "7.3.0",
    ("redis", "7.1"): "7.1.1",
    ("redis", "7.0"): "7.0.7",
    ("redis", "6.2"): "6.2.6",
}
"""https://docs.aws.amazon.com/memorydb/latest/devguide/engine-versions.html"""
NEWEST = {"valkey": "7.2", "redis": "7.1"}
SLOTS = 16384
MOST_REPLICAS = 5
PORT = 6379
SETTLED = ("NodeType", "EngineVersion", "Engine", "ShardConfiguration", "ParameterGroupName")
"""Settings that all regional clusters of a multi-Region cluster have in common:
https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.prereq.html"""


@implements("memorydb", "CreateCluster", see=f"{API}CreateCluster.html")
def create(call: Call) -> dict[str, Any]:
    """Make a cluster of what there is, with its nodes over the zones of its subnets."""
    given, region = call.parameters, call.region
    name = given["ClusterName"]
    world = joined(given, region) if given.get("MultiRegionClusterName") else {}
    engine = given.get("Engine", world.get("Engine", "redis"))
    version = given.get("EngineVersion", world.get("EngineVersion", NEWEST.get(engine, "")))
    _check(given, region, engine, version)
    cluster = {
        "Name": name,
        "Description": given.get("Description", ""),
        "Status": "available",
        "NumberOfShards": given.get("NumShards", world.get("NumberOfShards", 1)),
        "NodeType": given["NodeType"],
        "Engine": engine,
        "EngineVersion": version,
        "EnginePatchVersion": PATCHES[engine, version],
        "ParameterGroupName": given.get("ParameterGroupName", f"default.memorydb-{engine}{version[0]}"),
        "ParameterGroupStatus": "in-sync",
        "SecurityGroups": _security_groups(given.get("SecurityGroupIds", []), region),
        "SubnetGroupName": given["SubnetGroupName"],
        "TLSEnabled": given.get("TLSEnabled", True),
        "SnapshotRetentionLimit": given.get("SnapshotRetentionLimit", 0),
        "MaintenanceWindow": given.get("MaintenanceWindow", "wed:08:00-wed:09:00"),
        "SnapshotWindow": given.get("SnapshotWindow", "03:00-04:00"),
        "ACLName": given["ACLName"],
        "AutoMinorVersionUpgrade": given.get("AutoMinorVersionUpgrade", True),
        "DataTiering": "true" if given.get("DataTiering") else "false",
        "NetworkType": given.get("NetworkType", "ipv4"),
        "IpDiscovery": given.get("IpDiscovery", "ipv4"),
        **{key: given[key] for key in ("KmsKeyId", "MultiRegionClusterName") if given.get(key)},
        **({"SnsTopicArn": given["SnsTopicArn"], "SnsTopicStatus": "active"} if given.get("SnsTopicArn") else {}),
    }
    cluster["ClusterEndpoint"] = _endpoint(cluster, region, given.get("Port", PORT))
    _spread(cluster, region, given.get("NumReplicasPerShard", 1))
    return {"Cluster": _told(keep("Cluster", region, name, cluster, call))}


@implements("memorydb", "DescribeClusters", see=f"{API}DescribeClusters.html")
def describe(call: Call) -> dict[str, Any]:
    """Describe clusters, with shards and nodes if asked for."""
    given = call.parameters
    clusters = found("Cluster", call.region, given.get("ClusterName"))
    return {"Clusters": [_told(cluster, given.get("ShowShardDetails", False)) for cluster in clusters]}


@implements("memorydb", "UpdateCluster", see=f"{API}UpdateCluster.html")
def update(call: Call) -> dict[str, Any]:
    """Change a cluster; nodes are added and taken away at the end of each shard."""
    given, region = call.parameters, call.region
    cluster = wanted("Cluster", region, given["ClusterName"])
    if "MultiRegionClusterName" in cluster and (shared := [key for key in SETTLED if key in given]):
        raise impossible(f"{', '.join(shared)}: update {cluster['MultiRegionClusterName']} instead.")
    engine = given.get("Engine", cluster["Engine"])
    version = given.get("EngineVersion", cluster["EngineVersion"])
    if _numbers(version) < _numbers(cluster["EngineVersion"]):
        raise impossible(f"{version} is older than {cluster['EngineVersion']}.")
    _check({**cluster, **given}, region, engine, version)
    if "SecurityGroupIds" in given:
        cluster["SecurityGroups"] = _security_groups(given["SecurityGroupIds"], region)
    if "SnsTopicArn" in given:
        cluster |= {"SnsTopicArn": given["SnsTopicArn"], "SnsTopicStatus": given.get("SnsTopicStatus", "active")}
    cluster |= {
        key: given[key]
        for key in (
            *("Description", "MaintenanceWindow", "ParameterGroupName", "SnapshotWindow", "SnapshotRetentionLimit"),
            *("NodeType", "ACLName", "IpDiscovery"),
        )
        if key in given
    }
    cluster |= {"Engine": engine, "EngineVersion": version, "EnginePatchVersion": PATCHES[engine, version]}
    cluster["NumberOfShards"] = given.get("ShardConfiguration", {}).get("ShardCount", cluster["NumberOfShards"])
    replicas = cluster["_Shards"][0]["NumberOfNodes"] - 1
    _spread(cluster, region, given.get("ReplicaConfiguration", {}).get("ReplicaCount", replicas))
    return {"Cluster": _told(cluster)}


@implements("memorydb", "FailoverShard", see=f"{API}FailoverShard.html")
def fail_over(call: Call) -> dict[str, Any]:
    """Let another node of a shard take the writes; which one is nowhere shown."""
    given, region = call.parameters, call.region
    cluster = wanted("Cluster", region, given["ClusterName"])
    shard = next((each for each in cluster["_Shards"] if each["Name"] == given["ShardName"]), None)
    if shard is None:
        raise AwsError("ShardNotFoundFault", f"Shard {given['ShardName']} not found.")
    if shard["NumberOfNodes"] == 1 or wishes.under_way("memorydb", cluster["Name"], region):
        raise AwsError("InvalidClusterStateFault", f"{cluster['Name']} has no replica to promote, or is updating.")
    details = {"shard": shard["Name"]}
    wishes.want("memorydb", "failover-shard", region, cluster["Name"], lambda _: None, details)
    return {"Cluster": _told(cluster)}


@takes_nodes("memorydb")
def take_node(region: str, node: str, state: str) -> None:
    """Show a lost node as one that is being created anew."""
    status = "creating" if state == "lost" else "available"
    for cluster in of_kind("Cluster", region):
        for each in [each for shard in cluster["_Shards"] for each in shard["Nodes"] if each["Name"] == node]:
            if each["Status"] != status:
                each["Status"] = status
                changes.note("memorydb")


@implements("memorydb", "DeleteCluster", see=f"{API}DeleteCluster.html")
def delete(call: Call) -> dict[str, Any]:
    """Delete a cluster; one of a multi-Region cluster by both names. A last snapshot is not kept."""
    given = call.parameters
    cluster = wanted("Cluster", call.region, given["ClusterName"])
    world = cluster.get("MultiRegionClusterName")
    if given.get("MultiRegionClusterName") != world:
        raise impossible(f"{given['ClusterName']} is a cluster of {world}.")
    if world:
        refuse_while_updating(world)
        keep_busy(world)
    return {"Cluster": {**_told(drop("Cluster", call.region, given["ClusterName"])), "Status": "deleting"}}


def _check(given: dict[str, Any], region: str, engine: str, version: str) -> None:
    """Refuse a cluster that AWS would refuse."""
    if (engine, version) not in PATCHES:
        raise invalid(f"Cannot find version {version} for {engine}.")
    if not NODE_TYPE.fullmatch(given["NodeType"]):
        raise invalid(f"Invalid node type: {given['NodeType']}")
    wanted("SubnetGroup", region, given.get("SubnetGroupName", "default"))
    acl_of(region, given["ACLName"])
    if not given.get("TLSEnabled", True) and given["ACLName"] != OPEN:
        raise impossible(f"Without TLS the only ACL is {OPEN}.")
    group = given.get("ParameterGroupName")
    if group and group not in STANDARD and family_of(region, group) != f"memorydb_{engine}{version[0]}":
        raise impossible(f"Parameter group {group} is not for {engine} {version}.")
    if not 0 <= given.get("NumReplicasPerShard", 1) <= MOST_REPLICAS:
        raise invalid(f"A shard has 0 to {MOST_REPLICAS} replicas.")
    if key := given.get("KmsKeyId"):
        try:
            client("kms", region).describe_key(KeyId=key)
        except ClientError as error:
            raise invalid(f"KMS key {key} does not exist in {region}.") from error


def _security_groups(names: list[str], region: str) -> list[dict[str, str]]:
    try:
        if names:
            client("ec2", region).describe_security_groups(GroupIds=names)
    except ClientError as error:
        raise invalid(error.response["Error"]["Message"]) from error
    return [{"SecurityGroupId": name, "Status": "active"} for name in names]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _endpoint(cluster: dict[str, Any], region: str, port: int, node: str = "clustercfg") -> dict[str, Any]:
    """An address in the form that AWS gives to clusters with TLS."""
    unique = hashlib.sha256(f"{region}{cluster['Name']}".encode()).hexdigest()[:6]
    return {"Address": f"{node}.{cluster['Name']}.{unique}.memorydb.{region}.amazonaws.com", "Port": port}


def _spread(cluster: dict[str, Any], region: str, replicas: int) -> None:
    """Make shards and nodes as many as wanted, each shard's nodes over all zones of the subnets.

    https://docs.aws.amazon.com/memorydb/latest/devguide/autofailover.html
    """
    subnets = wanted("SubnetGroup", region, cluster["SubnetGroupName"])["Subnets"]
    zones = sorted({subnet["AvailabilityZone"]["Name"] for subnet in subnets})
    count, created = cluster["NumberOfShards"], cluster.setdefault("_Created", datetime.now(UTC))
    shards = []
    for index in range(count):
        shard = f"{index + 1:04d}"
        names = [f"{cluster['Name']}-{shard}-{number:03d}" for number in range(1, replicas + 2)]
        nodes = [
            {
                "Name": name,
                "Status": "available",
                "AvailabilityZone": zones[(index + place) % len(zones)],
                "CreateTime": created,
                "Endpoint": _endpoint(cluster, region, cluster["ClusterEndpoint"]["Port"], name),
            }
            for place, name in enumerate(names)
        ]
        slots = f"{index * SLOTS // count}-{(index + 1) * SLOTS // count - 1}"
        shards.append(
            {"Name": shard, "Status": "available", "Slots": slots, "Nodes": nodes, "NumberOfNodes": len(nodes)}
        )
    cluster["_Shards"] = shards
    cluster["AvailabilityMode"] = "multiaz" if replicas and len(zones) > 1 else "singleaz"


def _told(cluster: dict[str, Any], details: bool = False) -> dict[str, Any]:
    """A cluster as it is described."""
    shown = {key: value for key, value in cluster.items() if not key.startswith("_")}
    if wishes.under_way("memorydb", cluster["Name"], cluster["ARN"].split(":")[3]):
        shown["Status"] = "updating"
    return {**shown, "Shards": cluster["_Shards"]} if details else shown
