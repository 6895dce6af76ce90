"""ElastiCache: ministack's, with the account's own subnets and security groups, and nodes as AWS names them."""

import re
from datetime import UTC, datetime
from functools import partial
from typing import Any

from botocore.exceptions import ClientError
from ministack.services import ec2 as ministack_ec2
from ministack.services import elasticache as store

from rehearsal.emulator import ACCOUNT, emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.elasticache import global_groups, nodes, roles
from rehearsal.emulator.emulators import client
from rehearsal.emulator.living import wishes
from rehearsal.emulator.wire import AwsError, Call, Response

GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_"
UNDESCRIBED: dict[str, Any] = {
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
    return await emulators.ask(call)


@corrects("elasticache", "CreateReplicationGroup", see=f"{API}CreateReplicationGroup.html")
async def create(call: Call) -> Response:
    """Refuse what AWS refuses; spread the nodes over the zones of the subnet group."""
    given = call.parameters
    if "GlobalReplicationGroupId" in given:
        own = {key: value for key, value in given.items() if key != "GlobalReplicationGroupId"}
        call = emulators.request_for(
            "elasticache", "CreateReplicationGroup", call.region, **own, **global_groups.joined(call)
        )
    check(call)
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    name = given["ReplicationGroupId"]
    if "GlobalReplicationGroupId" in given:
        global_groups.join(call.region, given)
    group = store._replication_groups.get_scoped(ACCOUNT, call.region, name)
    group["_port"] = call.parameters.get("Port", nodes.PORT)
    group["_undescribed"] = {key: call.parameters.get(key, default) for key, default in UNDESCRIBED.items()}
    nodes.tidy(call.region, name)
    return await described(call)


@corrects("elasticache", "DescribeReplicationGroups", see=f"{API}ReplicationGroup.html")
async def describe(call: Call) -> Response:
    """Describe also what ministack keeps to itself: the key, the network, the time."""
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    answer = call.read(response)
    return call.answer(
        {**answer, "ReplicationGroups": [completed(g, call.region) for g in answer["ReplicationGroups"]]}
    )


def completed(group: dict[str, Any], region: str) -> dict[str, Any]:
    """A described replication group with what is missing in it."""
    kept = store._replication_groups.get_scoped(ACCOUNT, region, group["ReplicationGroupId"])
    created = {"ReplicationGroupCreateTime": datetime.fromtimestamp(kept["_created"], UTC)}
    undescribed = {key: value for key, value in kept["_undescribed"].items() if value is not None}
    name = group["ReplicationGroupId"]
    answer = {**group, **undescribed, **created, **global_groups.membership(region, name)}
    if wish := wishes.under_way("elasticache", name, region):
        answer["Status"] = "modifying"
        for shard in answer["NodeGroups"]:
            shard["Status"] = "modifying" if shard["NodeGroupId"] == wish.details["shard"] else shard["Status"]
    return answer


@corrects("elasticache", "DeleteReplicationGroup", see=f"{API}DeleteReplicationGroup.html")
async def delete(call: Call) -> Response:
    """Refuse to delete a member of a global datastore."""
    global_groups.refuse_deletion(call.region, call.parameters["ReplicationGroupId"])
    return await emulators.ask(call)


@corrects(
    *("elasticache", "ModifyReplicationGroup", "IncreaseReplicaCount", "DecreaseReplicaCount"),
    see=f"{API}ModifyReplicationGroup.html",
)
async def modify(call: Call) -> Response:
    """Change also what ministack leaves: security groups, maintenance, the nodes themselves."""
    given = call.parameters
    name = given["ReplicationGroupId"]
    check_security_groups(given.get("SecurityGroupIds", []), call.region)
    global_groups.refuse_change(call.region, given)
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    group = store._replication_groups.get_scoped(ACCOUNT, call.region, name)
    for key in ("PreferredMaintenanceWindow", "AutoMinorVersionUpgrade", "TransitEncryptionMode"):
        group[key] = given.get(key, group.get(key))
    if "SecurityGroupIds" in given:
        group["SecurityGroups"] = security_groups(given["SecurityGroupIds"])
    nodes.tidy(call.region, name)
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
        refuse_while_busy(call.region, name)
        chosen = partial(promote, call.region, name, replicas[0]["CacheClusterId"])
        ends = {"shard": shard["NodeGroupId"], "primary": primary["CacheClusterId"]}
        wishes.want("elasticache", "test-failover", call.region, name, chosen, ends)
        return await described(call)
    raise AwsError("NodeGroupNotFoundFault", f"Node group {call.parameters['NodeGroupId']} not found.", 404)


def promote(region: str, name: str, chosen: str, report: dict[str, Any]) -> None:
    """Let the node that was promoted be the primary, or the chosen one where no report says which."""
    roles.seat_primary(region, name, report.get("primary") or chosen)


def refuse_while_busy(region: str, name: str) -> None:
    """Refuse what can't begin while a failover is under way."""
    if wishes.under_way("elasticache", name, region):
        raise AwsError("InvalidReplicationGroupState", f"Replication group {name} is not available: modifying.")


async def described(call: Call) -> Response:
    """The answer to a change: the replication group as it is now."""
    name = call.parameters["ReplicationGroupId"]
    asked = emulators.request_for("elasticache", "DescribeReplicationGroups", call.region, ReplicationGroupId=name)
    found = asked.read(await emulators.ask(asked))["ReplicationGroups"]
    return call.answer({"ReplicationGroup": completed(found[0], call.region)})


FAMILIES = "t3|t4g|m5|m6g|m7g|m8g|r5|r6g|r6gd|r7g|r8g|c7gn|c8gn"
NODE_TYPE = re.compile(rf"cache\.({FAMILIES})\.(micro|small|medium|large|\d*xlarge)")
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html"""

VERSIONS = {"valkey": re.compile(r"7\.2|[89]\.\d"), "redis": re.compile(r"[4-7]\..*")}
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html"""


def check(call: Call) -> None:
    """Refuse a replication group that AWS would refuse."""
    given = call.parameters
    check_values(call)
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
    count = given.get("NumCacheClusters", given.get("ReplicasPerNodeGroup", 0) + 1)
    if given.get("MultiAZEnabled") and not given.get("AutomaticFailoverEnabled"):
        raise AwsError("InvalidParameterCombination", "Must specify automatic failover if multi-AZ is enabled.")
    if given.get("AutomaticFailoverEnabled") and count < 2:
        raise AwsError("InvalidParameterValue", "Automatic failover needs at least one replica in each node group.")


def check_values(call: Call) -> None:
    """Refuse a node type, an engine version or a key that there is not."""
    given = call.parameters
    if (kind := given.get("CacheNodeType")) and not NODE_TYPE.fullmatch(kind):
        raise AwsError("InvalidParameterValue", f"Invalid node type: {kind}")
    engine, version = given.get("Engine", "redis"), given.get("EngineVersion")
    if version and not VERSIONS[engine].fullmatch(version):
        raise AwsError("InvalidParameterCombination", f"Cannot find version {version} for {engine}")
    if key := given.get("KmsKeyId"):
        try:
            client("kms", call.region).describe_key(KeyId=key)
        except ClientError as error:
            raise AwsError("InvalidParameterValue", f"KMS key {key} does not exist") from error


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
