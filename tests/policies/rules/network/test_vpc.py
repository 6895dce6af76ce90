"""Edges of the rules about VPCs: what is not set, what AWS chooses, what another resource decides."""

from typing import Any

import pytest
from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, judged, resource
from tests.policies.pairs.network import (
    ASSOCIATION,
    ENDPOINT,
    FLOW_LOG,
    NAT,
    SUBNET,
    TABLE,
    VPC,
    behind_nat,
    network,
)

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")


def subnets(*zones: dict[str, Any]) -> list[Resource]:
    """A VPC and its subnets, which name their zones as given."""
    vpc = resource(VPC)
    return [vpc, *(resource(SUBNET, f"subnet-{n}", links={"vpcId": [vpc]}, **zone) for n, zone in enumerate(zones))]


def test_a_vpc_whose_subnets_are_elsewhere_is_not_judged() -> None:
    verdict = judged("vpc-subnets-span-zones", *network())

    assert (verdict.messages, verdict.unknown) == ((), None)


def test_subnets_of_another_vpc_do_not_count() -> None:
    [vpc, first] = network("eu-west-1a")
    other = network("eu-west-1b")

    assert judged("vpc-subnets-span-zones", vpc, first, *other).messages


def test_zones_named_by_id_are_enough_while_their_names_are_unknown() -> None:
    stack = subnets(
        {"availabilityZoneId": "euw1-az1", "availabilityZone": UNKNOWN},
        {"availabilityZoneId": "euw1-az2", "availabilityZone": UNKNOWN},
    )

    verdict = judged("vpc-subnets-span-zones", *stack)

    assert (verdict.messages, verdict.unknown) == ((), None)


def test_a_zone_that_is_named_both_ways_counts_once() -> None:
    zone = {"availabilityZoneId": "euw1-az1", "availabilityZone": "eu-west-1a"}

    assert judged("vpc-subnets-span-zones", *subnets(zone, zone)).messages


def test_zones_that_aws_chooses_cannot_be_told_before_the_deployment() -> None:
    stack = subnets({"availabilityZone": UNKNOWN}, {"availabilityZone": UNKNOWN})

    assert judged("vpc-subnets-span-zones", *stack).unknown == "availabilityZone"


def test_a_team_may_ask_for_three_zones() -> None:
    assert judged("vpc-subnets-span-zones", *network(*ZONES[:2]), zones=3).messages
    assert not judged("vpc-subnets-span-zones", *network(*ZONES), zones=3).messages


def test_a_regional_nat_gateway_serves_all_zones() -> None:
    assert not judged("nat-gateway-serves-one-zone", *behind_nat(ZONES, availabilityMode="regional")).messages


def test_a_nat_gateway_whose_mode_the_program_leaves_to_aws_is_zonal() -> None:
    verdict = judged("nat-gateway-serves-one-zone", *behind_nat(ZONES, availabilityMode=UNKNOWN))

    assert verdict.messages
    assert verdict.unknown is None


def test_one_nat_gateway_is_fine_where_a_team_says_so() -> None:
    assert not judged("nat-gateway-serves-one-zone", *behind_nat(ZONES), zones=3).messages


def test_a_nat_gateway_is_also_found_behind_routes_inside_a_table() -> None:
    gateway = resource(NAT)
    table = resource(TABLE, "private", links={"routes": [gateway]})
    subnets = [resource(SUBNET, zone, availabilityZone=zone) for zone in ZONES[:2]]
    ways = [resource(ASSOCIATION, f"way-{s.name}", links={"subnetId": [s], "routeTableId": [table]}) for s in subnets]

    [message] = judged("nat-gateway-serves-one-zone", gateway, table, *subnets, *ways).messages

    assert "eu-west-1a, eu-west-1b" in message


def test_two_subnets_of_one_zone_may_share_a_nat_gateway() -> None:
    stack = behind_nat(["eu-west-1a"])
    second = resource(SUBNET, "second", availabilityZone="eu-west-1a")
    way = resource(ASSOCIATION, "second-way", links={"subnetId": [second], "routeTableId": [stack[2]]})

    assert not judged("nat-gateway-serves-one-zone", *stack, second, way).messages


def test_a_nat_gateway_that_nobody_goes_through_is_not_judged() -> None:
    assert not judged("nat-gateway-serves-one-zone", resource(NAT)).messages


@pytest.mark.parametrize("props", [{}, {"vpcEndpointType": "Gateway"}, {"vpcEndpointType": "Interface"}])
def test_an_endpoint_without_subnets_of_its_own_is_not_judged(props: dict[str, Any]) -> None:
    assert not judged("endpoint-spans-zones", resource(ENDPOINT, **props)).messages


def test_an_endpoints_subnets_need_not_be_known_to_be_counted() -> None:
    endpoint = resource(ENDPOINT, vpcEndpointType="Interface", subnetIds=[UNKNOWN, UNKNOWN])

    verdict = judged("endpoint-spans-zones", endpoint)

    assert (verdict.messages, verdict.unknown) == ((), None)


def test_a_flow_log_of_one_subnet_is_not_one_of_the_vpc() -> None:
    vpc, subnet = network("eu-west-1a")
    log = resource(FLOW_LOG, links={"subnetId": [subnet]})

    assert judged("vpc-flow-logs", vpc, subnet, log).messages


def test_ranges_that_overlap_are_told_once() -> None:
    first, second = resource(VPC, "a", cidrBlock="10.0.0.0/16"), resource(VPC, "b", cidrBlock="10.0.0.0/16")

    told = [judged("vpc-ranges-do-not-overlap", *order).messages for order in ((first, second), (second, first))]

    assert sum(map(len, told)) == 1


def test_a_range_from_an_address_manager_is_not_compared() -> None:
    managed = resource(VPC, "a", ipv4IpamPoolId="pool", cidrBlock=UNKNOWN)

    verdict = judged("vpc-ranges-do-not-overlap", resource(VPC, "b", cidrBlock="10.0.0.0/16"), managed)

    assert (verdict.messages, verdict.unknown) == ((), None)


def test_the_room_of_a_subnet_is_judged_at_the_bound() -> None:
    assert not judged("subnet-has-room", resource(SUBNET, cidrBlock="10.0.0.0/27")).messages
    assert judged("subnet-has-room", resource(SUBNET, cidrBlock="10.0.0.0/28")).messages
    assert judged("subnet-has-room", resource(SUBNET, cidrBlock="10.0.0.0/27"), prefix=24).messages


def test_a_subnet_of_ipv6_only_has_room() -> None:
    assert not judged("subnet-has-room", resource(SUBNET, ipv6CidrBlock="2001:db8::/64", ipv6Native=True)).messages
