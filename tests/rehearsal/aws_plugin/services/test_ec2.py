"""EC2 in the emulated plugin: what the program asks for is what AWS has, and what AWS has is what is read."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

VPC = "aws:ec2/vpc:Vpc"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator, {"project": "rehearsed"})


@pytest.fixture
def vpc(program: Program) -> Resource:
    return program.up(VPC, cidrBlock="10.0.0.0/16")


@pytest.fixture
def subnet(program: Program, vpc: Resource) -> Resource:
    return program.up("aws:ec2/subnet:Subnet", vpcId=vpc.id, cidrBlock="10.0.1.0/24", availabilityZone=f"{REGION}a")


def test_a_vpc_is_made_with_its_settings_and_tags(program: Program, aws: Client) -> None:
    vpc = program.up(VPC, cidrBlock="10.1.0.0/16", enableDnsHostnames=True, tags={"Name": "a"})
    found = aws("ec2").describe_vpcs(VpcIds=[vpc.id])["Vpcs"][0]
    attribute = aws("ec2").describe_vpc_attribute(VpcId=vpc.id, Attribute="enableDnsHostnames")
    assert found["CidrBlock"] == "10.1.0.0/16"
    assert attribute["EnableDnsHostnames"]["Value"] is True
    assert {tag["Key"]: tag["Value"] for tag in found["Tags"]} == {"Name": "a", "project": "rehearsed"}
    assert vpc.state["tagsAll"] == {"Name": "a", "project": "rehearsed"}
    assert vpc.state["defaultSecurityGroupId"].startswith("sg-")
    assert vpc.settled()


def test_a_vpc_is_updated_in_place_and_replaced_for_another_range(program: Program, aws: Client) -> None:
    vpc = program.up(VPC, cidrBlock="10.1.0.0/16", enableDnsHostnames=True, tags={"Name": "a", "old": "x"})
    assert vpc.changes(enableDnsHostnames=None) == {}  # the provider keeps what AWS has
    changed = vpc.update(enableDnsHostnames=False, tags={"Name": "b"})
    assert changed == {"enableDnsHostnames": "UPDATE", "tags.Name": "UPDATE", "tags.old": "DELETE"}
    attribute = aws("ec2").describe_vpc_attribute(VpcId=vpc.id, Attribute="enableDnsHostnames")
    assert attribute["EnableDnsHostnames"]["Value"] is False
    assert vpc.settled()
    assert vpc.changes(cidrBlock="10.2.0.0/16") == {"cidrBlock": "UPDATE_REPLACE"}


def test_drift_made_beside_the_program_is_read_and_put_right(program: Program, aws: Client) -> None:
    vpc = program.up(VPC, cidrBlock="10.1.0.0/16", tags={"Name": "a"})
    aws("ec2").create_tags(Resources=[vpc.id], Tags=[{"Key": "Name", "Value": "other"}, {"Key": "new", "Value": "x"}])
    assert vpc.read() == {"tags.Name": "UPDATE", "tags.new": "DELETE"}


def test_a_default_tag_that_was_taken_away_is_put_back(program: Program, aws: Client) -> None:
    vpc = program.up(VPC, cidrBlock="10.1.0.0/16")
    aws("ec2").delete_tags(Resources=[vpc.id], Tags=[{"Key": "project"}])
    assert vpc.read() == {}
    assert vpc.difference({"cidrBlock": "10.1.0.0/16"}).outputs == {"tagsAll.project": "ADD"}
    vpc.update()
    assert vpc.settled()


def test_what_was_deleted_beside_the_program_is_gone_and_deletes_again(program: Program, aws: Client) -> None:
    vpc = program.up(VPC, cidrBlock="10.1.0.0/16")
    aws("ec2").delete_vpc(VpcId=vpc.id)
    assert vpc.gone()
    vpc.delete()


def test_a_changed_region_replaces(vpc: Resource) -> None:
    found = vpc.difference({"cidrBlock": "10.0.0.0/16", "region": "us-east-1"})
    assert found.inputs == {"region": "UPDATE_REPLACE"}
    assert found.replaces == ["region"]


def test_a_resource_is_made_in_the_region_that_it_names(program: Program, aws: Client) -> None:
    vpc = program.up(VPC, cidrBlock="10.7.0.0/16", region="us-east-1")
    assert aws("ec2", "us-east-1").describe_vpcs(VpcIds=[vpc.id])["Vpcs"]
    assert vpc.state["region"] == "us-east-1"
    assert vpc.settled()
    vpc.delete()
    assert vpc.gone()


def test_a_changed_default_tag_of_the_provider_reaches_every_resource(emulator: Emulator, aws: Client) -> None:
    vpc = Program(emulator, {"stage": "a"}).up(VPC, cidrBlock="10.1.0.0/16")
    vpc.lifecycle.default_tags = {"stage": "b"}
    found = vpc.difference({"cidrBlock": "10.1.0.0/16"})
    assert (found.inputs, found.outputs) == ({}, {"tagsAll.stage": "UPDATE"})
    vpc.update()
    tags = aws("ec2").describe_vpcs(VpcIds=[vpc.id])["Vpcs"][0]["Tags"]
    assert {"Key": "stage", "Value": "b"} in tags


def test_a_subnet_is_updated_one_attribute_at_a_time(subnet: Resource, aws: Client) -> None:
    subnet.update(mapPublicIpOnLaunch=True, enableResourceNameDnsARecordOnLaunch=True)
    found = aws("ec2").describe_subnets(SubnetIds=[subnet.id])["Subnets"][0]
    assert found["MapPublicIpOnLaunch"] is True
    assert found["PrivateDnsNameOptionsOnLaunch"]["EnableResourceNameDnsARecord"] is True
    assert subnet.settled()
    assert subnet.changes(cidrBlock="10.0.9.0/24") == {"cidrBlock": "UPDATE_REPLACE"}


def test_an_internet_gateway_is_moved_to_another_vpc_in_place(program: Program, vpc: Resource, aws: Client) -> None:
    other = program.up(VPC, "other", cidrBlock="10.3.0.0/16")
    gateway = program.up("aws:ec2/internetGateway:InternetGateway", vpcId=vpc.id)
    assert gateway.settled()
    assert gateway.update(vpcId=other.id) == {"vpcId": "UPDATE"}
    found = aws("ec2").describe_internet_gateways(InternetGatewayIds=[gateway.id])["InternetGateways"][0]
    assert [each["VpcId"] for each in found["Attachments"]] == [other.id]
    gateway.delete()
    assert gateway.gone()


def test_a_nat_gateway_stands_in_a_subnet_with_its_address(program: Program, vpc: Resource, subnet: Resource) -> None:
    program.up("aws:ec2/internetGateway:InternetGateway", vpcId=vpc.id)
    address = program.up("aws:ec2/eip:Eip", domain="vpc")
    nat = program.up("aws:ec2/natGateway:NatGateway", subnetId=subnet.id, allocationId=address.id)
    assert nat.state["publicIp"] == address.state["publicIp"]
    assert nat.settled()
    assert nat.changes(allocationId="eipalloc-2") == {"allocationId": "UPDATE_REPLACE"}
    nat.delete()
    assert nat.gone()
    address.delete()
    assert address.gone()


def test_a_regional_nat_gateway_needs_no_subnet(program: Program, vpc: Resource) -> None:
    program.up("aws:ec2/internetGateway:InternetGateway", vpcId=vpc.id)
    nat = program.up("aws:ec2/natGateway:NatGateway", vpcId=vpc.id, availabilityMode="regional")
    assert nat.state["availabilityMode"] == "regional"
    assert nat.settled()


def test_a_route_changes_its_target_in_place_and_its_destination_by_replacement(
    program: Program, vpc: Resource, aws: Client
) -> None:
    gateway = program.up("aws:ec2/internetGateway:InternetGateway", vpcId=vpc.id)
    egress = program.up("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", vpcId=vpc.id)
    table = program.up("aws:ec2/routeTable:RouteTable", vpcId=vpc.id)
    route = program.up(
        "aws:ec2/route:Route", routeTableId=table.id, destinationCidrBlock="0.0.0.0/0", gatewayId=gateway.id
    )
    assert route.settled()
    nat = program.up("aws:ec2/natGateway:NatGateway", vpcId=vpc.id, availabilityMode="regional")
    assert route.update(gatewayId=None, natGatewayId=nat.id) == {"gatewayId": "DELETE", "natGatewayId": "ADD"}
    assert route.settled()
    changes = {"destinationCidrBlock": None, "destinationIpv6CidrBlock": "::/0", "egressOnlyGatewayId": egress.id}
    assert set(route.changes(**changes, natGatewayId=None).values()) == {
        "DELETE_REPLACE",
        "ADD_REPLACE",
        "DELETE",
        "ADD",
    }
    route.delete()
    assert route.gone()
    routes = aws("ec2").describe_route_tables(RouteTableIds=[table.id])["RouteTables"][0]["Routes"]
    assert [each["GatewayId"] for each in routes] == ["local"]


def test_a_moved_association_keeps_its_id_and_can_still_be_deleted(
    program: Program, vpc: Resource, subnet: Resource, aws: Client
) -> None:
    tables = [program.up("aws:ec2/routeTable:RouteTable", name, vpcId=vpc.id) for name in ("a", "b")]
    kind = "aws:ec2/routeTableAssociation:RouteTableAssociation"
    association = program.up(kind, routeTableId=tables[0].id, subnetId=subnet.id)
    assert association.settled()
    assert association.update(routeTableId=tables[1].id) == {"routeTableId": "UPDATE"}
    assert association.settled()
    association.delete()
    assert association.gone()
    found = aws("ec2").describe_route_tables(RouteTableIds=[tables[1].id])["RouteTables"][0]
    assert found["Associations"] == []


def test_a_gateway_endpoint_follows_its_route_tables(program: Program, vpc: Resource, aws: Client) -> None:
    tables = [program.up("aws:ec2/routeTable:RouteTable", name, vpcId=vpc.id).id for name in ("a", "b")]
    service = f"com.amazonaws.{REGION}.s3"
    endpoint = program.up(
        "aws:ec2/vpcEndpoint:VpcEndpoint", vpcId=vpc.id, serviceName=service, routeTableIds=tables[:1]
    )
    assert endpoint.settled()
    assert endpoint.update(routeTableIds=tables) == {"routeTableIds[1]": "ADD"}
    found = aws("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint.id])["VpcEndpoints"][0]
    assert set(found["RouteTableIds"]) == set(tables)
    assert found["VpcEndpointType"] == "Gateway"


def test_a_flow_log_is_made_with_its_role_and_destination(program: Program, vpc: Resource, aws: Client) -> None:
    aws("logs").create_log_group(logGroupName=f"/flow/{vpc.id}")
    arguments: dict[str, Any] = {
        "vpcId": vpc.id,
        "trafficType": "ALL",
        "iamRoleArn": "arn:aws:iam::123456789012:role/flow",
        "logDestination": f"arn:aws:logs:{REGION}:123456789012:log-group:/flow/{vpc.id}",
        "maxAggregationInterval": 60,
    }
    log = program.up("aws:ec2/flowLog:FlowLog", **arguments)
    assert log.settled()
    assert log.changes(maxAggregationInterval=600) == {"maxAggregationInterval": "UPDATE_REPLACE"}
    log.delete()
    assert log.gone()


def test_a_flow_log_is_of_a_regional_nat_gateway_or_a_vpc(program: Program, aws: Client, unique: str) -> None:
    aws("logs").create_log_group(logGroupName=f"/flow/{unique}")
    arguments = {
        "trafficType": "ALL",
        "iamRoleArn": "arn:aws:iam::123456789012:role/flow",
        "logDestination": f"arn:aws:logs:{REGION}:123456789012:log-group:/flow/{unique}",
    }
    log = program.up("aws:ec2/flowLog:FlowLog", regionalNatGatewayId="nat-0123456789abcdef0", **arguments)
    assert aws("ec2").describe_flow_logs(FlowLogIds=[log.id])["FlowLogs"][0]["ResourceId"] == "nat-0123456789abcdef0"
    assert log.settled()
    log.delete()


def test_the_default_group_is_closed_and_opened_doors_are_seen(program: Program, vpc: Resource, aws: Client) -> None:
    group = program.up("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", vpcId=vpc.id, ingress=[], egress=[])
    found = aws("ec2").describe_security_groups(GroupIds=[group.id])["SecurityGroups"][0]
    assert (found["IpPermissions"], found["IpPermissionsEgress"]) == ([], [])
    door = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    aws("ec2").authorize_security_group_ingress(GroupId=group.id, IpPermissions=door)
    assert group.read() == {"ingress[0]": "DELETE"}


def test_doors_of_the_default_group_are_taken_over_where_the_program_says_nothing_of_them(
    program: Program, vpc: Resource, aws: Client
) -> None:
    group = program.up("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", vpcId=vpc.id)
    door = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    aws("ec2").authorize_security_group_ingress(GroupId=group.id, IpPermissions=door)
    assert group.read() == {}


def test_a_group_has_only_the_rules_of_the_program(program: Program, vpc: Resource, aws: Client) -> None:
    ingress: list[dict[str, Any]] = [
        {"protocol": "tcp", "fromPort": 80, "toPort": 80, "cidrBlocks": ["10.0.0.0/8", "192.168.0.0/16"]},
        {"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True},
    ]
    group = program.up(GROUP, vpcId=vpc.id, ingress=ingress)
    found = aws("ec2").describe_security_groups(GroupIds=[group.id])["SecurityGroups"][0]
    assert found["IpPermissionsEgress"] == []
    assert group.settled()
    assert group.update(ingress=ingress[:1]) == {"ingress[1]": "DELETE"}
    found = aws("ec2").describe_security_groups(GroupIds=[group.id])["SecurityGroups"][0]
    assert [each["FromPort"] for each in found["IpPermissions"]] == [80]
    assert group.settled()


def test_a_group_is_named_like_pulumi_names_it(program: Program, vpc: Resource) -> None:
    group = program.up(GROUP, "site-web", vpcId=vpc.id)
    assert group.inputs["name"].startswith("site-web-")
    assert group.inputs["description"] == "Managed by Pulumi"
    assert not group.difference({"vpcId": vpc.id, "description": "other"}).delete_before_replace
    named = program.up(GROUP, "fixed", vpcId=vpc.id, name="fixed")
    assert named.difference({"vpcId": vpc.id, "name": "fixed", "description": "other"}).delete_before_replace


@pytest.mark.parametrize("direction", ["Ingress", "Egress"])
def test_a_rule_is_changed_in_place_and_moved_by_replacement(
    program: Program, vpc: Resource, aws: Client, direction: str
) -> None:
    group = program.up(GROUP, vpcId=vpc.id)
    token = f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule"
    ports = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    rule = program.up(token, securityGroupId=group.id, cidrIpv4="10.0.0.0/8", description="d", **ports)
    found = aws("ec2").describe_security_group_rules(SecurityGroupRuleIds=[rule.id])["SecurityGroupRules"][0]
    assert (found["IsEgress"], found["Description"], found["CidrIpv4"]) == (direction == "Egress", "d", "10.0.0.0/8")
    assert rule.settled()
    assert rule.update(fromPort=444, toPort=444) == {"fromPort": "UPDATE", "toPort": "UPDATE"}
    assert rule.settled()
    assert rule.changes(securityGroupId="sg-2") == {"securityGroupId": "UPDATE_REPLACE"}
    rule.delete()
    assert rule.gone()


def test_a_rule_may_name_another_group(program: Program, vpc: Resource) -> None:
    group = program.up(GROUP, vpcId=vpc.id)
    rule = program.up(RULE, securityGroupId=group.id, ipProtocol="-1", referencedSecurityGroupId=group.id)
    assert rule.settled()


LAUNCH_TEMPLATE: dict[str, Any] = {
    "imageId": "ami-0123456789abcdef0",
    "instanceType": "t4g.small",
    "updateDefaultVersion": True,
    "userData": "aGVsbG8=",
    "metadataOptions": {"httpTokens": "required", "httpEndpoint": "enabled", "httpPutResponseHopLimit": 1},
    "blockDeviceMappings": [
        {"deviceName": "/dev/xvda", "ebs": {"encrypted": "true", "volumeSize": 20, "volumeType": "gp3"}}
    ],
    "networkInterfaces": [{"associatePublicIpAddress": "false", "deviceIndex": 0, "securityGroups": ["sg-1"]}],
    "iamInstanceProfile": {"arn": "arn:aws:iam::123456789012:instance-profile/web"},
    "monitoring": {"enabled": True},
    "tagSpecifications": [{"resourceType": "instance", "tags": {"Name": "web"}}],
}


def test_a_launch_template_tells_every_block(program: Program, aws: Client, unique: str) -> None:
    template = program.up("aws:ec2/launchTemplate:LaunchTemplate", unique, **LAUNCH_TEMPLATE)
    version = aws("ec2").describe_launch_template_versions(LaunchTemplateId=template.id)["LaunchTemplateVersions"][0]
    data = version["LaunchTemplateData"]
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert data["NetworkInterfaces"][0]["Groups"] == ["sg-1"]
    assert data["UserData"] == "aGVsbG8="
    assert template.settled()


def test_a_changed_launch_template_is_a_new_version_whose_number_is_unknown_before(
    program: Program, unique: str
) -> None:
    template = program.up("aws:ec2/launchTemplate:LaunchTemplate", unique, **LAUNCH_TEMPLATE)
    news = template.checked({**LAUNCH_TEMPLATE, "imageId": "ami-0fedcba9876543210"})
    given = (template.token, template.name, template.id, template.inputs, template.state, news)
    assert "latestVersion" not in template.lifecycle.update(*given, preview=True)
    assert template.update(imageId="ami-0fedcba9876543210") == {"imageId": "UPDATE"}
    assert (template.state["latestVersion"], template.state["defaultVersion"]) == (2, 2)
    assert template.settled()
    assert template.changes(name="other") == {"name": "UPDATE_REPLACE"}


@pytest.mark.parametrize(
    ("token", "args", "path", "reason"),
    [
        (VPC, {"cidrBlok": "10.0.0.0/16"}, "cidrBlok", 'no such argument (did you mean "cidrBlock"?)'),
        (VPC, {"cidrBlock": "10.0.0.0/16", "tags": 3}, "tags", "a map is wanted"),
        (VPC, {"cidrBlock": "10.0.0.0/16", "enableDnsSupport": "perhaps"}, "enableDnsSupport", "a bool is wanted"),
        (VPC, {"cidrBlock": "10.0.0.0/16", "instanceTenancy": "shared"}, "instanceTenancy", '"shared" is none of'),
        ("aws:ec2/subnet:Subnet", {"cidrBlock": "10.0.0.0/24"}, "vpcId", "is required"),
        ("aws:ec2/routeTable:RouteTable", {"vpcId": "v", "routes": []}, "routes", "entry for this type doesn't send"),
        ("aws:ec2/flowLog:FlowLog", {"trafficType": "ALL"}, "vpcId", "is required"),
        (
            "aws:ec2/launchTemplate:LaunchTemplate",
            {"metadataOptions": {"httpToken": "required"}},
            "metadataOptions.httpToken",
            'did you mean "httpTokens"?',
        ),
    ],
)
def test_bad_arguments_are_refused_at_preview(
    program: Program, token: str, args: dict[str, Any], path: str, reason: str
) -> None:
    found = dict(program.resource(token).refusals(args))
    assert reason in found[path]


def test_a_type_without_an_entry_is_refused(program: Program) -> None:
    ((path, reason),) = program.resource("aws:ec2/instance:Instance").refusals({})
    assert (path, "is not rehearsed" in reason) == ("", True)
