"""Multi-Region clusters of MemoryDB: what regional clusters join when they are created."""

import hashlib
import time
from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.memorydb import ANYWHERE, API, KEPT, drop, found, impossible, invalid
from rehearsal.emulator.corrections.memorydb import keep as keep_it
from rehearsal.emulator.corrections.memorydb import wanted as wanted_one
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call

KIND = "MultiRegionCluster"
VERSIONS = ("7.3",)
SIZES = frozenset(f"db.r7g.{size}xlarge" for size in ("", "2", "4", "8", "12", "16"))
REGIONS = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-central-1", "eu-west-2"),
        *("ap-northeast-1", "ap-southeast-2", "ap-south-1", "ap-northeast-2", "ap-southeast-1"),
    }
)
MOST_REGIONS = 5
PARAMETERS = "default.memorydb-valkey7.multiregion"
"""All of these are from https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.prereq.html"""


UPDATING = 2.0
"""Seconds that a multi-Region cluster and its members are updating after one of them was deleted; at AWS, minutes.
https://github.com/hashicorp/terraform-provider-aws/issues/41623"""
BUSY_UNTIL: dict[str, float] = {}
"""Multi-Region clusters that are updating, and the end of it on the monotonic clock."""


@on_reset
def forget() -> None:
    """Forget which clusters are updating."""
    BUSY_UNTIL.clear()


def keep_busy(name: str) -> None:
    """Let a multi-Region cluster be updating from now on: one of its clusters is being deleted."""
    BUSY_UNTIL[name] = time.monotonic() + UPDATING


def is_updating(name: str) -> bool:
    """Return whether a multi-Region cluster still handles the deletion of one of its clusters."""
    return BUSY_UNTIL.get(name, 0.0) > time.monotonic()


def refuse_while_updating(name: str) -> None:
    """Refuse to delete a member while the deletion of another is being handled."""
    if is_updating(name):
        raise AwsError("InvalidClusterStateFault", f"{name} has status updating, which is not valid for deletion.")


def prefix(region: str) -> str:
    """Five letters that all of a region's names begin with."""
    digest = hashlib.sha256(region.encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest[:5])


def check_node_type(node_type: str) -> None:
    """Refuse sizes that can't be in a multi-Region cluster."""
    if node_type not in SIZES:
        raise invalid(f"{node_type} is not supported by multi-Region clusters.")


def members(name: str) -> list[dict[str, Any]]:
    """The regional clusters of a multi-Region cluster."""
    kept = [(region, thing) for (kind, region, _), thing in KEPT.items() if kind == "Cluster"]
    return [
        {"ClusterName": cluster["Name"], "Region": region, "Status": cluster["Status"], "ARN": cluster["ARN"]}
        for region, cluster in kept
        if cluster.get("MultiRegionClusterName") == name
    ]


def completed(cluster: dict[str, Any], details: bool) -> dict[str, Any]:
    """A multi-Region cluster, with its members if asked for."""
    name = cluster["MultiRegionClusterName"]
    shown = {**cluster, "Status": "updating" if is_updating(name) else "available"}
    return {**shown, "Clusters": members(name)} if details else shown


def joined(given: dict[str, Any], region: str) -> dict[str, Any]:
    """The multi-Region cluster that a new regional one names; refuses what can't join."""
    cluster = wanted_one(KIND, ANYWHERE, given["MultiRegionClusterName"])
    if region not in REGIONS:
        raise invalid(f"Multi-Region clusters are not supported in {region}.")
    regions = [member["Region"] for member in members(cluster["MultiRegionClusterName"])]
    if region in regions:
        raise impossible(f"{cluster['MultiRegionClusterName']} has a cluster in {region} already.")
    if len(regions) >= MOST_REGIONS:
        raise AwsError("ClusterQuotaForCustomerExceededFault", f"A multi-Region cluster has {MOST_REGIONS} regions.")
    same = {"NodeType": "NodeType", "EngineVersion": "EngineVersion", "NumShards": "NumberOfShards"}
    for member, theirs in {**same, "TLSEnabled": "TLSEnabled"}.items():
        if given.get(member, cluster[theirs]) != cluster[theirs]:
            raise impossible(f"{member} is {cluster[theirs]} in all of {cluster['MultiRegionClusterName']}.")
    if "ParameterGroupName" in given:
        raise impossible("The parameter group is the multi-Region cluster's.")
    return cluster


@implements("memorydb", "CreateMultiRegionCluster", see=f"{API}CreateMultiRegionCluster.html")
def create(call: Call) -> dict[str, Any]:
    """Make one, without regional clusters; any region that has them may be asked."""
    given = call.parameters
    if call.region not in REGIONS:
        raise invalid(f"Multi-Region clusters are not supported in {call.region}.")
    check_node_type(given["NodeType"])
    version = given.get("EngineVersion", VERSIONS[-1])
    if given.get("Engine", "valkey") != "valkey" or version not in VERSIONS:
        raise invalid(f"Multi-Region clusters are of valkey {', '.join(VERSIONS)}.")
    if given.get("MultiRegionParameterGroupName", PARAMETERS) != PARAMETERS:
        raise AwsError("MultiRegionParameterGroupNotFoundFault", given["MultiRegionParameterGroupName"])
    name = f"{prefix(call.region)}-{given['MultiRegionClusterNameSuffix']}"
    cluster = {
        "MultiRegionClusterName": name,
        "Status": "available",
        "NodeType": given["NodeType"],
        "Engine": "valkey",
        "EngineVersion": version,
        "NumberOfShards": given.get("NumShards", 1),
        "MultiRegionParameterGroupName": PARAMETERS,
        "TLSEnabled": given.get("TLSEnabled", True),
        **({"Description": given["Description"]} if given.get("Description") else {}),
    }
    return {KIND: keep_it(KIND, ANYWHERE, name, cluster, call)}


@implements("memorydb", "DescribeMultiRegionClusters", see=f"{API}DescribeMultiRegionClusters.html")
def describe(call: Call) -> dict[str, Any]:
    """Describe them, from any region."""
    given = call.parameters
    clusters = found(KIND, ANYWHERE, given.get("MultiRegionClusterName"))
    return {"MultiRegionClusters": [completed(each, bool(given.get("ShowClusterDetails"))) for each in clusters]}


@implements("memorydb", "UpdateMultiRegionCluster", see=f"{API}UpdateMultiRegionCluster.html")
def update(call: Call) -> dict[str, Any]:
    """Change it, and with it its members: size, version and shards are the same everywhere."""
    given = call.parameters
    cluster = wanted_one(KIND, ANYWHERE, given["MultiRegionClusterName"])
    changes = {key: given[key] for key in ("NodeType", "EngineVersion") if key in given}
    if "NodeType" in changes:
        check_node_type(changes["NodeType"])
    if changes.get("EngineVersion", VERSIONS[-1]) not in VERSIONS:
        raise invalid(f"Multi-Region clusters are of valkey {', '.join(VERSIONS)}.")
    if "ShardConfiguration" in given:
        changes["NumberOfShards"] = given["ShardConfiguration"]["ShardCount"]
    for (kind, _, _), regional in KEPT.items():
        if kind == "Cluster" and regional.get("MultiRegionClusterName") == cluster["MultiRegionClusterName"]:
            regional.update(changes)
    cluster |= {**changes, "Description": given.get("Description", cluster.get("Description", ""))}
    return {KIND: cluster}


@implements("memorydb", "DeleteMultiRegionCluster", see=f"{API}DeleteMultiRegionCluster.html")
def delete(call: Call) -> dict[str, Any]:
    """Delete one that has no regional clusters left."""
    name = call.parameters["MultiRegionClusterName"]
    cluster = wanted_one(KIND, ANYWHERE, name)
    if left := members(name):
        regions = ", ".join(member["Region"] for member in left)
        raise AwsError("InvalidMultiRegionClusterStateFault", f"{name} still has clusters in {regions}.")
    drop(KIND, ANYWHERE, name)
    return {KIND: {**cluster, "Status": "deleting"}}
