"""EC2: subnets, zones and flow logs."""

import ipaddress
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.emulators import client, moto_models
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"


@corrects("ec2", "CreateSubnet", see=f"{API}CreateSubnet.html")
async def create_subnet(call: Call) -> Response:
    """Take a zone's first subnet for no default subnet, which would give out public addresses; mind IPv6 overlaps."""
    given = call.parameters
    check_ipv6(call.region, given["VpcId"], given.get("Ipv6CidrBlock"))
    answer = call.read(await emulators.ask(call))
    backend = moto_models("ec2", call.region)
    if not backend.get_vpc(given["VpcId"]).is_default:
        subnet = backend.get_subnet(answer["Subnet"]["SubnetId"])
        subnet.default_for_az = subnet.map_public_ip_on_launch = False
        answer["Subnet"] |= {"DefaultForAz": False, "MapPublicIpOnLaunch": False}
    return call.answer({"Subnet": with_ipv6_state(answer["Subnet"])})


def check_ipv6(region: str, vpc: str, wanted: str | None) -> None:
    """Refuse an IPv6 block that another subnet of the VPC has."""
    if not wanted:
        return
    block = ipaddress.IPv6Network(wanted)
    for subnet in moto_models("ec2", region).describe_subnets(filters={"vpc-id": vpc}):
        for held in subnet.ipv6_cidr_block_associations.values():
            if ipaddress.IPv6Network(held["ipv6CidrBlock"]).overlaps(block):
                raise AwsError("InvalidSubnet.Conflict", f"The CIDR '{wanted}' conflicts with another subnet")


def with_ipv6_state(subnet: dict[str, Any]) -> dict[str, Any]:
    """Unwrap the state of IPv6 blocks, which moto nests once too often."""
    for held in subnet.get("Ipv6CidrBlockAssociationSet", []):
        word = "disassociated" if "disassociated" in held["Ipv6CidrBlockState"]["State"] else "associated"
        held["Ipv6CidrBlockState"]["State"] = word
    return subnet


@corrects("ec2", "DescribeSubnets", see=f"{API}DescribeSubnets.html")
async def describe_subnets(call: Call) -> Response:
    """Describe the state of IPv6 blocks as AWS does."""
    response = await emulators.ask(call)
    if b"{'State'" not in response.body and b"{&#x27;State" not in response.body:
        return response
    answer = call.read(response)
    return call.answer({**answer, "Subnets": [with_ipv6_state(subnet) for subnet in answer["Subnets"]]})


@corrects("ec2", "DescribeAvailabilityZones", see=f"{API}DescribeAvailabilityZones.html")
async def describe_zones(call: Call) -> Response:
    """Tell that each zone needs no opting in, and filter by that."""
    wanted = {f["Name"]: f["Values"] for f in call.parameters.get("Filters", [])}
    statuses = wanted.pop("opt-in-status", ["opt-in-not-required"])
    wanted.pop("group-name", None)
    asked = {key: call.parameters[key] for key in ("ZoneNames", "ZoneIds") if key in call.parameters}
    filters = [{"Name": name, "Values": values} for name, values in wanted.items()]
    zones = client("ec2", call.region).describe_availability_zones(Filters=filters, **asked)["AvailabilityZones"]
    missing = set(asked.get("ZoneNames", [])) - {zone["ZoneName"] for zone in zones}
    if missing and not filters:
        raise AwsError("InvalidParameterValue", f"Invalid availability zone: [{', '.join(sorted(missing))}]")
    more = {"OptInStatus": "opt-in-not-required", "NetworkBorderGroup": call.region, "GroupName": f"{call.region}-zg-1"}
    found = [{**zone, **more} for zone in zones if "opt-in-not-required" in statuses]
    return call.answer({"AvailabilityZones": found})


@corrects("ec2", "CreateFlowLogs", see=f"{API}CreateFlowLogs.html")
async def create_flow_logs(call: Call) -> Response:
    """Find the log group also where it is named by its ARN: moto then reports that nothing is delivered."""
    answer = call.read(await emulators.ask(call))
    destination = call.parameters.get("LogDestination", "")
    if ":log-group:" not in destination:
        return call.answer(answer)
    name = destination.split(":log-group:")[1].removesuffix(":*")
    try:
        client("logs", call.region).list_tags_log_group(logGroupName=name)
    except ClientError:
        return call.answer(answer)
    for identifier in answer["FlowLogIds"]:
        log = moto_models("ec2", call.region).flow_logs[identifier]
        log.deliver_logs_status, log.deliver_logs_error_message = "SUCCESS", None
    return call.answer(answer)
