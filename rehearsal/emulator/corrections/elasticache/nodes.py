"""ElastiCache: the nodes of a replication group, which ministack names, places and addresses in a way of its own."""

import copy
import hashlib
import time
from typing import Any

from ministack.services import elasticache as store

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.corrections.elasticache import roles

PORT = 6379
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"""


def tidy(region: str, name: str) -> None:
    """Name, place and address a group's nodes as AWS does, and rebuild their cache clusters.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
    """
    group = store._replication_groups.get_scoped(ACCOUNT, region, name)
    subnets = store._subnet_groups.get_scoped(ACCOUNT, region, group["CacheSubnetGroupName"]) or {"Subnets": []}
    zones = [s["SubnetAvailabilityZone"]["Name"] for s in subnets["Subnets"]] or [f"{region}a", f"{region}b"]
    for key in [k for k, c in store._clusters.items_scoped(ACCOUNT, region) if c.get("ReplicationGroupId") == name]:
        store._clusters.pop_scoped(ACCOUNT, region, key)
    group["MemberClusters"] = []
    for shard in group["NodeGroups"]:
        prefix = f"{name}-{shard['NodeGroupId']}" if group["ClusterEnabled"] else name
        shard["PrimaryEndpoint"] = endpoint(group, region, "master")
        shard["ReaderEndpoint"] = endpoint(group, region, "replica")
        for index, member in enumerate(shard["NodeGroupMembers"]):
            member["CacheClusterId"] = f"{prefix}-{index + 1:03d}"
            member["PreferredAvailabilityZone"] = zones[index % len(zones)]
            member["ReadEndpoint"] = endpoint(group, region, member["CacheClusterId"])
            group["MemberClusters"].append(member["CacheClusterId"])
            rebuild(group, member, region)
    if group["ClusterEnabled"]:
        group["ConfigurationEndpoint"] = endpoint(group, region, "clustercfg")


def endpoint(group: dict[str, Any], region: str, role: str) -> dict[str, Any]:
    """An address in the form that AWS gives to groups with encryption in transit."""
    name = group["ReplicationGroupId"]
    unique = hashlib.sha256(f"{region}{name}".encode()).hexdigest()[:6]
    place, direction, number = region.split("-", 2)
    short = f"{place}{direction[0]}{number}"
    return {"Address": f"{role}.{name}.{unique}.{short}.cache.amazonaws.com", "Port": group.get("_port", PORT)}


def rebuild(group: dict[str, Any], member: dict[str, Any], region: str) -> None:
    """Make the cache cluster of a member from its group."""
    identifier = member["CacheClusterId"]
    arn = f"arn:aws:elasticache:{region}:{ACCOUNT}:cluster:{identifier}"
    same = (
        *("Engine", "EngineVersion", "CacheNodeType", "CacheSubnetGroupName", "AutoMinorVersionUpgrade"),
        *("SecurityGroups", "ReplicationGroupId", "SnapshotRetentionLimit", "SnapshotWindow", "AuthTokenEnabled"),
        *("PreferredMaintenanceWindow", "LogDeliveryConfigurations", "AtRestEncryptionEnabled"),
        *("TransitEncryptionEnabled", "TransitEncryptionMode"),
    )
    node = {
        "CacheNodeId": "0001",
        "CacheNodeStatus": "available",
        "CacheNodeCreateTime": group.setdefault("_created", time.time()),
        "Endpoint": member["ReadEndpoint"],
        "ParameterGroupStatus": "in-sync",
        "SourceCacheNodeId": "",
    }
    cluster = {key: copy.copy(group.get(key)) for key in same} | {
        "CacheClusterId": identifier,
        "CacheClusterArn": arn,
        "CacheClusterStatus": "available",
        "NumCacheNodes": 1,
        "CacheClusterCreateTime": group["_created"],
        "PreferredAvailabilityZone": member["PreferredAvailabilityZone"],
        "CacheParameterGroup": {
            "CacheParameterGroupName": group["CacheParameterGroupName"],
            "ParameterApplyStatus": "in-sync",
        },
        "CacheNodes": [node],
        "_docker_container_id": None,
        "_endpoint": member["ReadEndpoint"],
    }
    store._clusters.set_scoped(ACCOUNT, region, identifier, cluster)
    if (region, identifier) in roles.LOST:
        roles.show(region, identifier, "creating")
    store._tags.set_scoped(ACCOUNT, region, arn, list(store._tags.get_scoped(ACCOUNT, region, group["ARN"], [])))
