"""RDS: subnet groups of the account's own subnets, and groups that are in use."""

from botocore.exceptions import ClientError
from ministack.services import ec2 as ministack_ec2
from ministack.services import rds as store

from rehearsal.emulator import ACCOUNT, emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.rds.state import API, clusters, instances
from rehearsal.emulator.emulators import client
from rehearsal.emulator.wire import AwsError, Call, Response

FEWEST_ZONES = 2
"""https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html"""


@corrects("rds", "CreateDBSubnetGroup", "ModifyDBSubnetGroup", see=f"{API}CreateDBSubnetGroup.html")
async def with_subnets(call: Call) -> Response:
    """Show ministack the subnets, which are moto's; refuse those that no instance could fail over in."""
    name, wanted = call.parameters["DBSubnetGroupName"], call.parameters.get("SubnetIds", [])
    if call.operation == "CreateDBSubnetGroup" and store._subnet_groups.contains_scoped(ACCOUNT, call.region, name):
        raise AwsError("DBSubnetGroupAlreadyExists", f"The DB subnet group {name} already exists.")
    try:
        found = client("ec2", call.region).describe_subnets(SubnetIds=wanted)["Subnets"] if wanted else []
    except ClientError as error:
        raise AwsError("InvalidSubnet", error.response["Error"]["Message"]) from error
    if wanted and len({subnet["AvailabilityZone"] for subnet in found}) < FEWEST_ZONES:
        message = f"The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement: {FEWEST_ZONES} zones."
        raise AwsError("DBSubnetGroupDoesNotCoverEnoughAZs", message)
    for subnet in found:
        ministack_ec2._subnets.set_scoped(ACCOUNT, call.region, subnet["SubnetId"], subnet)
    return await emulators.ask(call)


@corrects("rds", "DeleteDBSubnetGroup", see=f"{API}DeleteDBSubnetGroup.html")
async def delete_subnet_group(call: Call) -> Response:
    """Refuse a subnet group that is in use."""
    name = call.parameters["DBSubnetGroupName"]
    users = [one["DBClusterIdentifier"] for one in clusters(call.region) if one["DBSubnetGroup"] == name]
    for one in instances(call.region):
        users += [one["DBInstanceIdentifier"]] * (one["DBSubnetGroup"]["DBSubnetGroupName"] == name)
    if users:
        message = f"Cannot delete the subnet group '{name}' because at least one database is still using it: {users[0]}"
        raise AwsError("InvalidDBSubnetGroupStateFault", message)
    return await emulators.ask(call)


@corrects("rds", "DeleteDBClusterParameterGroup", see=f"{API}DeleteDBClusterParameterGroup.html")
async def delete_parameter_group(call: Call) -> Response:
    """Refuse a parameter group that a cluster has."""
    name = call.parameters["DBClusterParameterGroupName"]
    for one in clusters(call.region):
        if one["DBClusterParameterGroup"] == name:
            message = f"One or more database clusters are still members of {name}: {one['DBClusterIdentifier']}"
            raise AwsError("InvalidDBParameterGroupState", message)
    return await emulators.ask(call)
