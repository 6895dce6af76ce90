"""EC2: deletions that AWS refuses."""

from typing import Any

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.dependencies import (
    balancers,
    dependency_violation,
    instances,
    internet_gateway_of,
    nat_gateways,
    users_of_security_group,
    users_of_subnet,
)
from rehearsal.emulator.emulators import listed
from rehearsal.emulator.wire import AwsError, Call, Response

GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide/"


@corrects("ec2", "DeleteSecurityGroup", see=f"{GUIDE}deleting-security-groups.html")
async def delete_security_group(call: Call) -> Response:
    """Refuse a group that guards something, or that another group's rule refers to."""
    group = call.parameters.get("GroupId")
    if group and (user := next(users_of_security_group(call.region, group), None)):
        raise dependency_violation(f"resource {group} has a dependent object: {user}")
    return await emulators.ask(call)


@corrects("ec2", "DeleteSubnet", see=f"{GUIDE}subnet-deleting.html")
async def delete_subnet(call: Call) -> Response:
    """Refuse a subnet that something has a network interface in."""
    subnet = call.parameters["SubnetId"]
    if user := next(users_of_subnet(call.region, subnet), None):
        raise dependency_violation(f"The subnet '{subnet}' has dependencies and cannot be deleted: {user} is in it.")
    return await emulators.ask(call)


@corrects("ec2", "DeleteVpc", see=f"{GUIDE}delete-vpc.html")
async def delete_vpc(call: Call) -> Response:
    """Refuse a VPC with security groups of its own or an internet gateway; moto sees to subnets and routes."""
    vpc = call.parameters["VpcId"]
    mine = [{"Name": "vpc-id", "Values": [vpc]}]
    groups = listed("ec2", call.region, "describe_security_groups", "SecurityGroups", Filters=mine)
    others = [group["GroupId"] for group in groups if group["GroupName"] != "default"]
    if user := next(iter(others), None) or internet_gateway_of(call.region, vpc):
        raise dependency_violation(f"The vpc '{vpc}' has dependencies and cannot be deleted: {user}.")
    return await emulators.ask(call)


@corrects("ec2", "DetachInternetGateway", see=f"{GUIDE}working-with-igw.html")
async def detach_internet_gateway(call: Call) -> Response:
    """Refuse while something in the VPC has a public address."""
    vpc = call.parameters["VpcId"]
    if user := next(with_public_address(call.region, vpc), None):
        raise dependency_violation(
            f"Network {vpc} has some mapped public address(es). Please unmap those public address(es) before "
            f"detaching the gateway: {user}."
        )
    return await emulators.ask(call)


def with_public_address(region: str, vpc: str) -> Any:
    """Name what in a VPC has a public address."""
    for gateway in nat_gateways(region, vpc_id=vpc):
        if gateway.get("ConnectivityType") != "private":
            yield gateway["NatGatewayId"]
    for balancer in balancers(region):
        if balancer["VpcId"] == vpc and balancer["Scheme"] == "internet-facing":
            yield balancer["LoadBalancerName"]
    yield from (i["InstanceId"] for i in instances(region, vpc_id=vpc) if i.get("PublicIpAddress"))


@corrects("ec2", "ReleaseAddress", see="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html")
async def release_address(call: Call) -> Response:
    """Refuse an address that a NAT gateway has."""
    allocation = call.parameters.get("AllocationId")
    for gateway in nat_gateways(call.region):
        if any(a.get("AllocationId") == allocation for a in gateway["NatGatewayAddresses"]):
            raise AwsError("InvalidIPAddress.InUse", f"Address {allocation} is in use by {gateway['NatGatewayId']}.")
    return await emulators.ask(call)
