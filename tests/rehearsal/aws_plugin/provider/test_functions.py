"""Functions of the emulated plugin, answered from the emulated account."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin.calls.clients import Clients
from rehearsal.aws_plugin.provider import functions
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client


@pytest.fixture
def clients(emulator: Emulator) -> Clients:
    return Clients(emulator.endpoint, emulator.key, REGION)


def answer(clients: Clients, token: str, **args: Any) -> dict[str, Any]:
    result, failures = functions.invoke(clients, REGION, token, args)
    assert failures == []
    return result


def test_the_zones_are_those_of_the_region_in_order(clients: Clients) -> None:
    zones = answer(
        clients, "aws:index/getAvailabilityZones:getAvailabilityZones", region="us-east-1", state="available"
    )
    assert zones["names"] == [f"us-east-1{letter}" for letter in "abcdef"]
    assert len(set(zones["zoneIds"])) == 6


def test_zones_can_be_left_out_by_name_and_by_id(clients: Clients) -> None:
    token = "aws:index/getAvailabilityZones:getAvailabilityZones"
    every = answer(clients, token)
    left = answer(clients, token, excludeNames=every["names"][:1], excludeZoneIds=every["zoneIds"][1:2])
    assert left["names"] == every["names"][2:]


def test_an_instance_type_is_offered_in_some_of_a_regions_zones(clients: Clients) -> None:
    found = answer(
        clients,
        "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings",
        region="us-east-1",
        locationType="availability-zone-id",
        filters=[{"name": "instance-type", "values": ["m7g.large"]}],
    )
    assert set(found["instanceTypes"]) == {"m7g.large"}
    assert sorted(found["locations"]) == [f"use1-az{number}" for number in (1, 2, 4, 5, 6)]


def test_the_most_recent_image_that_matches_is_found(clients: Clients, aws: Client) -> None:
    filters = [{"name": "name", "values": ["al2023-ami-2023*"]}, {"name": "architecture", "values": ["arm64"]}]
    image = answer(clients, "aws:ec2/getAmi:getAmi", owners=["amazon"], mostRecent=True, filters=filters)
    assert image["id"] == image["imageId"]
    assert image["architecture"] == "arm64"
    assert aws("ec2").describe_images(ImageIds=[image["id"]])["Images"][0]["Name"] == image["name"]


def test_an_ambiguous_image_is_an_error(clients: Clients) -> None:
    with pytest.raises(LookupError, match="exactly one is wanted"):
        answer(clients, "aws:ec2/getAmi:getAmi", owners=["amazon"])


def test_a_public_parameter_resolves_to_an_image(clients: Clients) -> None:
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    found = answer(clients, "aws:ssm/getParameter:getParameter", name=name)
    assert found["value"].startswith("ami-")


def test_a_missing_parameter_is_an_error_that_names_it(clients: Clients) -> None:
    with pytest.raises(RuntimeError, match=r"GetParameter: couldn't find resource for .*/nowhere"):
        answer(clients, "aws:ssm/getParameter:getParameter", name="/nowhere")


def test_who_and_where(clients: Clients) -> None:
    assert answer(clients, "aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"
    assert answer(clients, "aws:index/getRegion:getRegion")["region"] == REGION
    assert answer(clients, "aws:index/getPartition:getPartition")["dnsSuffix"] == "amazonaws.com"


def test_a_vpc_and_its_subnets_and_groups_are_found_by_filters_and_tags(
    clients: Clients, aws: Client, unique: str
) -> None:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": unique}])
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.8.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
            "SubnetId"
        ]
        for n, zone in enumerate("ab")
    ]
    found = answer(clients, "aws:ec2/getVpc:getVpc", tags={"Name": unique})
    assert (found["id"], found["cidrBlock"], found["tags"]) == (vpc, "10.8.0.0/16", {"Name": unique})
    filters = [{"name": "vpc-id", "values": [vpc]}]
    assert set(answer(clients, "aws:ec2/getSubnets:getSubnets", filters=filters)["ids"]) == set(subnets)
    one = answer(clients, "aws:ec2/getSubnet:getSubnet", id=subnets[0])
    assert (one["vpcId"], one["availabilityZone"]) == (vpc, f"{REGION}a")
    group = answer(clients, "aws:ec2/getSecurityGroup:getSecurityGroup", vpcId=vpc, name="default")
    assert group["id"].startswith("sg-")


def test_an_argument_that_a_function_does_not_have_or_use_is_refused(clients: Clients) -> None:
    token = "aws:ec2/getAmi:getAmi"
    unknown = functions.invoke(clients, REGION, token, {"owner": ["amazon"]})[1]
    assert unknown == [("owner", 'the SDK\'s class has no such argument (did you mean "owners"?)')]
    unused = functions.invoke(clients, REGION, token, {"uefiData": "x"})[1]
    assert unused == [("uefiData", "the rehearsal's entry for this function doesn't use it")]
