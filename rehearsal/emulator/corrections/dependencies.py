"""Uses across services: AWS refuses to delete a thing that another one needs, the emulators don't."""

from collections.abc import Iterator
from typing import Any

from ministack.services import efs as ministack_efs
from ministack.services import elasticache as ministack_elasticache
from ministack.services import rds as ministack_rds

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.corrections import memorydb
from rehearsal.emulator.emulators import client, listed
from rehearsal.emulator.wire import AwsError


def dependency_violation(message: str) -> AwsError:
    """The error with which EC2 refuses a deletion."""
    return AwsError("DependencyViolation", message)


def instances(region: str, **fields: str) -> list[dict[str, Any]]:
    """The instances that are not terminated, by filters with `_` for `-`."""
    filters = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in fields.items()]
    alive = {"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}
    found = listed("ec2", region, "describe_instances", "Reservations", Filters=[*filters, alive])
    return [instance for reservation in found for instance in reservation["Instances"]]


def nat_gateways(region: str, **fields: str) -> list[dict[str, Any]]:
    """The NAT gateways that are not deleted, by filters with `_` for `-`."""
    filters = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in fields.items()]
    found = listed("ec2", region, "describe_nat_gateways", "NatGateways", Filters=filters)
    return [gateway for gateway in found if gateway["State"] != "deleted"]


def balancers(region: str) -> list[dict[str, Any]]:
    """The load balancers of a region."""
    return listed("elbv2", region, "describe_load_balancers", "LoadBalancers")


def caches(region: str) -> list[dict[str, Any]]:
    """The cache clusters of a region, as ministack keeps them."""
    found: list[dict[str, Any]] = ministack_elasticache._clusters.values_scoped(ACCOUNT, region)
    return found


def cache_subnets(region: str, cluster: dict[str, Any]) -> set[str]:
    """The subnets that a cache cluster's node may be in."""
    groups = ministack_elasticache._subnet_groups
    group = groups.get_scoped(ACCOUNT, region, cluster["CacheSubnetGroupName"]) or {"Subnets": []}
    return {subnet["SubnetIdentifier"] for subnet in group["Subnets"]}


def databases(region: str) -> list[dict[str, Any]]:
    """The database instances of a region, as ministack keeps them."""
    found: list[dict[str, Any]] = ministack_rds._instances.values_scoped(ACCOUNT, region)
    return found


def endpoints(region: str) -> list[dict[str, Any]]:
    """The interface endpoints of a region that are not deleted."""
    found = listed("ec2", region, "describe_vpc_endpoints", "VpcEndpoints")
    return [e for e in found if e["VpcEndpointType"] == "Interface" and e["State"].lower() != "deleted"]


def mount_targets(region: str) -> list[dict[str, Any]]:
    """The mount targets of a region, as ministack keeps them."""
    found: list[dict[str, Any]] = ministack_efs._mount_targets.values_scoped(ACCOUNT, region)
    return found


def users_of_subnet(region: str, subnet: str) -> Iterator[str]:
    """Name what has a network interface in a subnet."""
    yield from (instance["InstanceId"] for instance in instances(region, subnet_id=subnet))
    yield from (gateway["NatGatewayId"] for gateway in nat_gateways(region, subnet_id=subnet))
    for balancer in balancers(region):
        if any(zone["SubnetId"] == subnet for zone in balancer["AvailabilityZones"]):
            yield balancer["LoadBalancerName"]
    yield from (c["CacheClusterId"] for c in caches(region) if subnet in cache_subnets(region, c))
    for cluster in memorydb.of_kind("Cluster", region):
        group = memorydb.wanted("SubnetGroup", region, cluster["SubnetGroupName"])
        if any(held["Identifier"] == subnet for held in group["Subnets"]):
            yield str(cluster["Name"])
    yield from (e["VpcEndpointId"] for e in endpoints(region) if subnet in e["SubnetIds"])
    for database in databases(region):
        if subnet in {each["SubnetIdentifier"] for each in database["DBSubnetGroup"]["Subnets"]}:
            yield str(database["DBInstanceIdentifier"])
    yield from (m["MountTargetId"] for m in mount_targets(region) if m["SubnetId"] == subnet)


def users_of_security_group(region: str, group: str) -> Iterator[str]:
    """Name what a security group guards, and the other groups whose rules refer to it."""
    for instance in instances(region):
        if any(held["GroupId"] == group for held in instance.get("SecurityGroups", [])):
            yield str(instance["InstanceId"])
    yield from (b["LoadBalancerName"] for b in balancers(region) if group in b.get("SecurityGroups", []))
    for cluster in (*caches(region), *memorydb.of_kind("Cluster", region)):
        if any(held["SecurityGroupId"] == group for held in cluster.get("SecurityGroups", [])):
            yield str(cluster.get("CacheClusterId") or cluster["Name"])
    for database in databases(region):
        if any(held["VpcSecurityGroupId"] == group for held in database["VpcSecurityGroups"]):
            yield str(database["DBInstanceIdentifier"])
    yield from (e["VpcEndpointId"] for e in endpoints(region) if any(g["GroupId"] == group for g in e["Groups"]))
    yield from (m["MountTargetId"] for m in mount_targets(region) if group in m["SecurityGroups"])
    for rule in listed("ec2", region, "describe_security_group_rules", "SecurityGroupRules"):
        if rule.get("ReferencedGroupInfo", {}).get("GroupId") == group != rule["GroupId"]:
            yield f"{rule['SecurityGroupRuleId']} of {rule['GroupId']}"


def internet_gateway_of(region: str, vpc: str) -> str | None:
    """The internet gateway that is attached to a VPC."""
    attached = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    found = client("ec2", region).describe_internet_gateways(Filters=attached)["InternetGateways"]
    return found[0]["InternetGatewayId"] if found else None
