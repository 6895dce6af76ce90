"""Networks: what changes in place with the real provider, and what replaces."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.provider.comparison import between
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.rehearsal.aws_plugin.asked import calls, of_deletion, of_update
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"


@pytest.fixture
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture
def vpc(program: Program) -> Resource:
    return program.up(VPC, cidrBlock="10.0.0.0/16", assignGeneratedIpv6CidrBlock=True)


def replaces(token: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return between(registry.type_of(token), old, {}, new, REGION, {}).replaces


@pytest.mark.parametrize(
    ("old", "new", "replaced"),
    [("dedicated", "default", False), ("default", "dedicated", True), ("dedicated", "host", True)],
)
def test_only_giving_up_hardware_of_ones_own_needs_no_other_vpc(old: str, new: str, *, replaced: bool) -> None:
    assert (replaces(VPC, {"instanceTenancy": old}, {"instanceTenancy": new}) != []) == replaced
    assert calls(of_update(VPC, {"instanceTenancy": "dedicated"}, instanceTenancy="default")) == ["ModifyVpcTenancy"]


def test_a_vpc_gives_its_range_of_ipv6_back_and_gets_another_in_place(vpc: Resource, aws: Client) -> None:
    had = vpc.state["ipv6CidrBlock"]
    assert had
    vpc.update(assignGeneratedIpv6CidrBlock=False)
    assert "ipv6CidrBlock" not in vpc.state
    vpc.update(assignGeneratedIpv6CidrBlock=True)
    [found] = aws("ec2").describe_vpcs(VpcIds=[vpc.id])["Vpcs"]
    ranges = {
        each["Ipv6CidrBlock"]: each["Ipv6CidrBlockState"]["State"] for each in found["Ipv6CidrBlockAssociationSet"]
    }
    assert ranges[vpc.state["ipv6CidrBlock"]] == "associated"
    assert vpc.settled()


def test_the_range_of_a_vpc_is_announced_only_where_it_changes(vpc: Resource) -> None:
    def known(**changed: Any) -> bool:
        news = {**vpc.inputs, **changed}
        given = (vpc.token, vpc.name, vpc.id, vpc.inputs, vpc.state, news)
        return {"ipv6AssociationId", "ipv6CidrBlock"} <= vpc.lifecycle.update(*given, preview=True).keys()

    assert known(enableDnsHostnames=True)
    assert not known(assignGeneratedIpv6CidrBlock=False)


def test_a_subnet_changes_its_range_in_place_unless_servers_have_addresses_of_it(
    program: Program, vpc: Resource
) -> None:
    first, second = (vpc.state["ipv6CidrBlock"].replace("00::/56", f"0{n}::/64") for n in (1, 2))
    subnet = program.up(SUBNET, vpcId=vpc.id, cidrBlock="10.0.1.0/24", ipv6CidrBlock=first)
    subnet.update(ipv6CidrBlock=second)
    assert subnet.state["ipv6CidrBlock"] == second
    assert subnet.settled()
    assert subnet.changes(ipv6CidrBlock=None) == {}
    subnet.update(ipv6CidrBlock=None, tags={"a": "b"})
    assert "ipv6CidrBlock" not in subnet.state
    given = {"assignIpv6AddressOnCreation": True}
    assert replaces(SUBNET, {**given, "ipv6CidrBlock": first}, {**given, "ipv6CidrBlock": second}) == ["ipv6CidrBlock"]


def test_an_address_leaves_what_it_is_at_before_it_is_given_back() -> None:
    kept = {"domain": "vpc", "networkBorderGroup": REGION}
    assert of_deletion("aws:ec2/eip:Eip", kept, associationId="eipassoc-1") == [
        {"call": "DisassociateAddress", "AssociationId": "eipassoc-1"},
        {"call": "ReleaseAddress", "AllocationId": "it", "NetworkBorderGroup": REGION},
    ]
    assert calls(of_deletion("aws:ec2/eip:Eip", kept)) == ["ReleaseAddress"]


def test_an_address_that_aws_chose_is_no_difference(program: Program) -> None:
    address = program.up("aws:ec2/eip:Eip", domain="vpc")
    assert address.state["publicIp"]
    assert address.settled()
