"""The network: what AWS would give, and what it would refuse."""

import ipaddress
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("emulator-network")


def test_a_zones_first_subnet_gives_out_no_public_addresses(network: Any) -> None:
    found = network.ec2.describe_subnets(SubnetIds=network.subnets)["Subnets"]
    assert [(s["MapPublicIpOnLaunch"], s["DefaultForAz"]) for s in found] == [(False, False)] * 3
    assert len({s["AvailabilityZoneId"] for s in found}) == 3


def test_subnets_have_ipv6_blocks_that_do_not_overlap(network: Any, refused: Callable[..., str]) -> None:
    vpc = network.ec2.describe_vpcs(VpcIds=[network.vpc])["Vpcs"][0]
    whole = ipaddress.ip_network(vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"])
    first, second = list(whole.subnets(new_prefix=64))[:2]
    made = network.ec2.create_subnet(VpcId=network.vpc, CidrBlock="10.0.1.0/24", Ipv6CidrBlock=str(first))["Subnet"]
    assert made["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlockState"] == {"State": "associated"}
    described = network.ec2.describe_subnets(SubnetIds=[made["SubnetId"]])["Subnets"][0]
    assert described["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlockState"] == {"State": "associated"}
    again = {"VpcId": network.vpc, "CidrBlock": "10.0.2.0/24"}
    assert refused(network.ec2.create_subnet, **again, Ipv6CidrBlock=str(first)) == "InvalidSubnet.Conflict"
    assert refused(network.ec2.create_subnet, **again, Ipv6CidrBlock=str(second)) == ""


def test_zones_are_found_as_a_program_looks_for_them(aws: Callable[..., Any]) -> None:
    wanted = [
        {"Name": "state", "Values": ["available"]},
        {"Name": "opt-in-status", "Values": ["opt-in-not-required"]},
    ]
    zones = aws("ec2").describe_availability_zones(Filters=wanted)["AvailabilityZones"]
    assert [zone["ZoneName"] for zone in zones] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    assert {zone["OptInStatus"] for zone in zones} == {"opt-in-not-required"}
    opted = [{"Name": "opt-in-status", "Values": ["opted-in"]}]
    assert aws("ec2").describe_availability_zones(Filters=opted)["AvailabilityZones"] == []


def test_a_zonal_nat_gateway_keeps_its_subnet_and_address(network: Any, refused: Callable[..., str]) -> None:
    ec2, subnet = network.ec2, network.subnets[0]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    assert (made["AvailabilityMode"], made["ConnectivityType"]) == ("zonal", "public")
    assert refused(ec2.release_address, AllocationId=address) == "InvalidIPAddress.InUse"
    assert refused(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    detach = {"InternetGatewayId": network.gateway, "VpcId": network.vpc}
    assert refused(ec2.detach_internet_gateway, **detach) == "DependencyViolation"
    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])
    mine = [{"Name": "vpc-id", "Values": [network.vpc]}]
    assert ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"] == []
    ec2.release_address(AllocationId=address)
    ec2.delete_subnet(SubnetId=subnet)
    ec2.detach_internet_gateway(**detach)


def test_a_regional_nat_gateway_takes_a_vpc_and_is_routed_to(network: Any, refused: Callable[..., str]) -> None:
    ec2 = network.ec2
    create = {"AvailabilityMode": "regional", "VpcId": network.vpc}
    assert refused(ec2.create_nat_gateway, **create, SubnetId=network.subnets[0]) == "InvalidParameterCombination"
    made = ec2.create_nat_gateway(
        **create, TagSpecifications=[{"ResourceType": "natgateway", "Tags": [{"Key": "a", "Value": "b"}]}]
    )["NatGateway"]
    assert made["AvailabilityMode"] == "regional"
    assert "SubnetId" not in made
    assert made["Tags"] == [{"Key": "a", "Value": "b"}]
    table = ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=made["NatGatewayId"])
    mine = [{"Name": "vpc-id", "Values": [network.vpc]}]
    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])
    states = [gateway["State"] for gateway in ec2.describe_nat_gateways(Filters=mine)["NatGateways"]]
    assert states == ["deleted"]


def test_a_nat_gateway_needs_an_internet_gateway(aws: Callable[..., Any], refused: Callable[..., str]) -> None:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    zonal = {"SubnetId": subnet, "AllocationId": address}
    assert refused(ec2.create_nat_gateway, **zonal) == "Gateway.NotAttached"
    assert refused(ec2.create_nat_gateway, AvailabilityMode="regional", VpcId=vpc) == "Gateway.NotAttached"


@pytest.mark.parametrize(
    ("operation", "wanted"),
    [("describe_nat_gateways", {"NatGatewayIds": ["nat-1"]}), ("delete_nat_gateway", {"NatGatewayId": "nat-1"})],
)
def test_an_unknown_nat_gateway_is_an_error(
    aws: Callable[..., Any], refused: Callable[..., str], operation: str, wanted: dict[str, Any]
) -> None:
    assert refused(getattr(aws("ec2"), operation), **wanted) == "NatGatewayNotFound"


def test_flow_logs_are_delivered_to_a_log_group_named_by_its_arn(network: Any, aws: Callable[..., Any]) -> None:
    aws("logs").create_log_group(logGroupName=network.name)
    trust = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "x.amazonaws.com"},'
    role = aws("iam").create_role(
        RoleName=network.name, AssumeRolePolicyDocument=f'{trust}"Action": "sts:AssumeRole"}}]}}'
    )

    def status(group: str) -> str:
        made = network.ec2.create_flow_logs(
            ResourceIds=[network.vpc],
            ResourceType="VPC",
            TrafficType="ALL",
            LogDestinationType="cloud-watch-logs",
            LogDestination=f"arn:aws:logs:eu-west-1:123456789012:log-group:{group}",
            DeliverLogsPermissionArn=role["Role"]["Arn"],
        )
        found = network.ec2.describe_flow_logs(FlowLogIds=made["FlowLogIds"])["FlowLogs"]
        return str(found[0]["DeliverLogsStatus"])

    assert status(network.name) == "SUCCESS"
    assert status("no-such-group") == "FAILED"


def test_every_launch_template_is_listed_with_all_its_versions(aws: Callable[..., Any], unique: str) -> None:
    ec2 = aws("ec2")
    for number in range(20):
        ec2.create_launch_template(
            LaunchTemplateName=f"{unique}-{number}", LaunchTemplateData={"InstanceType": "t3.micro"}
        )
        ec2.create_launch_template_version(
            LaunchTemplateName=f"{unique}-0", LaunchTemplateData={"KeyName": f"key-{number}"}, SourceVersion="1"
        )
    names = {template["LaunchTemplateName"] for template in ec2.describe_launch_templates()["LaunchTemplates"]}
    assert {f"{unique}-{number}" for number in range(20)} <= names
    found = ec2.describe_launch_template_versions(LaunchTemplateName=f"{unique}-0")["LaunchTemplateVersions"]
    assert len(found) == 21
    assert {version["LaunchTemplateData"]["InstanceType"] for version in found} == {"t3.micro"}


def test_a_security_group_that_another_refers_to_stays(network: Any, refused: Callable[..., str]) -> None:
    ec2, guarded, client = network.ec2, network.security_group("guarded"), network.security_group("client")
    made = ec2.authorize_security_group_ingress(
        GroupId=guarded,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379, "UserIdGroupPairs": [{"GroupId": client}]}
        ],
    )
    assert refused(ec2.delete_security_group, GroupId=client) == "DependencyViolation"
    rule = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    ec2.revoke_security_group_ingress(GroupId=guarded, SecurityGroupRuleIds=[rule])
    ec2.delete_security_group(GroupId=client)


def test_a_group_that_refers_to_itself_can_go(network: Any) -> None:
    pair = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": network.group}]}]
    network.ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=pair)
    network.ec2.delete_security_group(GroupId=network.group)


def test_a_vpc_goes_last(network: Any, refused: Callable[..., str]) -> None:
    ec2, vpc, group, subnets = network.ec2, network.vpc, network.group, network.subnets

    def delete() -> str:
        return refused(ec2.delete_vpc, VpcId=vpc)

    assert delete() == "DependencyViolation"
    for subnet in subnets:
        ec2.delete_subnet(SubnetId=subnet)
    assert delete() == "DependencyViolation"
    ec2.delete_security_group(GroupId=group)
    assert delete() == "DependencyViolation"
    ec2.detach_internet_gateway(InternetGatewayId=network.gateway, VpcId=vpc)
    assert delete() == ""


def test_a_route_table_that_joins_or_leaves_a_gateway_endpoint_gains_or_loses_its_route(network: Any) -> None:
    ec2 = network.ec2
    first, second = (ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    service = {"VpcId": network.vpc, "ServiceName": "com.amazonaws.eu-west-1.s3", "VpcEndpointType": "Gateway"}
    endpoint = ec2.create_vpc_endpoint(**service, RouteTableIds=[first])["VpcEndpoint"]["VpcEndpointId"]

    def routed() -> list[str]:
        tables = ec2.describe_route_tables(RouteTableIds=[first, second])["RouteTables"]
        return [t["RouteTableId"] for t in tables if any("DestinationPrefixListId" in r for r in t["Routes"])]

    assert routed() == [first]
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=[second], RemoveRouteTableIds=[first])
    assert routed() == [second]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert routed() == []
