"""ElastiCache: ministack's, with the account's own subnets and security groups, and nodes as AWS names them."""

import copy
import hashlib
import time
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError
from ministack.services import ec2 as ministack_ec2
from ministack.services import elasticache as store

from rehearsal.emulator import ACCOUNT, account
from rehearsal.emulator.account import client
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.wire import AwsError, Call, Response

GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_"
PORT = 6379
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"""

UNTOLD: dict[str, Any] = {
    "KmsKeyId": None,
    "NetworkType": "ipv4",
    "IpDiscovery": "ipv4",
}
"""Settings of a replication group that ministack does not describe, and their defaults."""


@corrects("elasticache", "CreateCacheSubnetGroup", "ModifyCacheSubnetGroup", see=f"{GUIDE}SubnetGroups.html")
async def with_subnets(call: Call) -> Response:
    """Show ministack the subnets, which are moto's."""
    wanted = call.parameters.get("SubnetIds", [])
    try:
        found = client("ec2", call.region).describe_subnets(SubnetIds=wanted)["Subnets"] if wanted else []
    except ClientError as error:
        raise AwsError("InvalidSubnet", error.response["Error"]["Message"]) from error
    for subnet in found:
        ministack_ec2._subnets.set_scoped(ACCOUNT, call.region, subnet["SubnetId"], subnet)
    return await account.ask_emulator(call)


@corrects("elasticache", "CreateReplicationGroup", see=f"{API}CreateReplicationGroup.html")
async def create(call: Call) -> Response:
    """Refuse what AWS refuses; spread the nodes over the zones of the subnet group."""
    check(call)
    response = await account.ask_emulator(call)
    if response.status != 200:
        return response
    name = call.parameters["ReplicationGroupId"]
    group = store._replication_groups.get_scoped(ACCOUNT, call.region, name)
    group["_port"] = call.parameters.get("Port", PORT)
    group["_untold"] = {key: call.parameters.get(key, default) for key, default in UNTOLD.items()}
    tidy(call.region, name)
    return await described(call)


@corrects("elasticache", "DescribeReplicationGroups", see=f"{API}ReplicationGroup.html")
async def describe(call: Call) -> Response:
    """Tell also what ministack keeps to itself: the key, the network, the time."""
    response = await account.ask_emulator(call)
    if response.status != 200:
        return response
    answer = call.read(response)
    return call.answer({**answer, "ReplicationGroups": [told(g, call.region) for g in answer["ReplicationGroups"]]})


def told(group: dict[str, Any], region: str) -> dict[str, Any]:
    """A described replication group with what is missing in it."""
    kept = store._replication_groups.get_scoped(ACCOUNT, region, group["ReplicationGroupId"])
    created = {"ReplicationGroupCreateTime": datetime.fromtimestamp(kept["_created"], UTC)}
    untold = {key: value for key, value in kept["_untold"].items() if value is not None}
    return {**group, **untold, **created}


@corrects(
    *("elasticache", "ModifyReplicationGroup", "IncreaseReplicaCount", "DecreaseReplicaCount"),
    see=f"{API}ModifyReplicationGroup.html",
)
async def modify(call: Call) -> Response:
    """Change also what ministack leaves: security groups, maintenance, the nodes themselves."""
    given = call.parameters
    name = given["ReplicationGroupId"]
    check_security_groups(given.get("SecurityGroupIds", []), call.region)
    response = await account.ask_emulator(call)
    if response.status != 200:
        return response
    group = store._replication_groups.get_scoped(ACCOUNT, call.region, name)
    for key in ("PreferredMaintenanceWindow", "AutoMinorVersionUpgrade", "TransitEncryptionMode"):
        group[key] = given.get(key, group.get(key))
    if "SecurityGroupIds" in given:
        group["SecurityGroups"] = security_groups(given["SecurityGroupIds"])
    tidy(call.region, name)
    return await described(call)


@corrects("elasticache", "TestFailover", see=f"{API}TestFailover.html")
async def test_failover(call: Call) -> Response:
    """Promote a replica in another zone; the primary endpoint's name stays."""
    name = call.parameters["ReplicationGroupId"]
    group = store._replication_groups.get_scoped(ACCOUNT, call.region, name)
    if group is None:
        raise AwsError("ReplicationGroupNotFoundFault", f"ReplicationGroup {name} not found.", 404)
    for shard in group["NodeGroups"]:
        if shard["NodeGroupId"] != call.parameters["NodeGroupId"]:
            continue
        if group["AutomaticFailover"] != "enabled":
            raise AwsError("InvalidReplicationGroupState", "Automatic failover is not enabled.")
        primary, *replicas = sorted(shard["NodeGroupMembers"], key=lambda m: m["CurrentRole"] != "primary")
        zone = primary["PreferredAvailabilityZone"]
        replicas.sort(key=lambda m: m["PreferredAvailabilityZone"] == zone)
        primary["CurrentRole"], replicas[0]["CurrentRole"] = "replica", "primary"
        return await described(call)
    raise AwsError("NodeGroupNotFoundFault", f"Node group {call.parameters['NodeGroupId']} not found.", 404)


async def described(call: Call) -> Response:
    """The answer to a change: the replication group as it is now."""
    name = call.parameters["ReplicationGroupId"]
    asked = account.request_for("elasticache", "DescribeReplicationGroups", call.region, ReplicationGroupId=name)
    found = asked.read(await account.ask_emulator(asked))["ReplicationGroups"]
    return call.answer({"ReplicationGroup": told(found[0], call.region)})


def check(call: Call) -> None:
    """Refuse a replication group that AWS would refuse."""
    given = call.parameters
    check_security_groups(given.get("SecurityGroupIds", []), call.region)
    for parameter, kept, error in (
        ("CacheSubnetGroupName", store._subnet_groups, "CacheSubnetGroupNotFoundFault"),
        ("CacheParameterGroupName", store._param_groups, "CacheParameterGroupNotFound"),
    ):
        name = given.get(parameter)
        if name and not kept.contains_scoped(ACCOUNT, call.region, name) and not name.startswith("default"):
            raise AwsError(error, f"{parameter} {name} not found.", 404)
    for name in given.get("UserGroupIds", []):
        if not store._user_groups.contains_scoped(ACCOUNT, call.region, name):
            raise AwsError("UserGroupNotFound", f"User group {name} not found.", 404)
    if given.get("UserGroupIds") and not given.get("TransitEncryptionEnabled"):
        raise AwsError("InvalidParameterCombination", "Encryption features are required for user groups.")
    nodes = given.get("NumCacheClusters", given.get("ReplicasPerNodeGroup", 0) + 1)
    if given.get("MultiAZEnabled") and not given.get("AutomaticFailoverEnabled"):
        raise AwsError("InvalidParameterCombination", "Must specify automatic failover if multi-AZ is enabled.")
    if given.get("AutomaticFailoverEnabled") and nodes < 2:
        raise AwsError("InvalidParameterValue", "Automatic failover needs at least one replica in each node group.")


def check_security_groups(wanted: list[str], region: str) -> None:
    """Refuse security groups that do not exist."""
    try:
        if wanted:
            client("ec2", region).describe_security_groups(GroupIds=wanted)
    except ClientError as error:
        raise AwsError("InvalidParameterValue", error.response["Error"]["Message"]) from error


def security_groups(wanted: list[str]) -> list[dict[str, str]]:
    """Security groups as ElastiCache describes them."""
    return [{"SecurityGroupId": group, "Status": "active"} for group in wanted]


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
    store._tags.set_scoped(ACCOUNT, region, arn, list(store._tags.get_scoped(ACCOUNT, region, group["ARN"], [])))
