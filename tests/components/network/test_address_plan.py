"""Address ranges of subnets."""

from ipaddress import IPv4Network, ip_network
from itertools import combinations

import pytest
from ha_web.network.address_plan import (
    SLOTS,
    Tier,
    cidr_problem,
    overlap_problems,
    slot_of,
    subnet_cidr,
    subnet_ipv6_cidr,
    zone_problems,
)

ALL_ZONES = [f"euw1-az{number}" for number in range(1, SLOTS + 1)]


@pytest.mark.parametrize(
    ("tier", "zone_id", "cidr"),
    [
        (Tier.PUBLIC, "euw1-az1", "10.0.0.0/21"),
        (Tier.PUBLIC, "euw1-az3", "10.0.16.0/21"),
        (Tier.SERVERS, "euw1-az1", "10.0.64.0/21"),
        (Tier.DATA, "euw1-az8", "10.0.184.0/21"),
    ],
)
def test_a_subnet_lies_in_its_tiers_quarter_and_its_zones_slot(tier: Tier, zone_id: str, cidr: str) -> None:
    assert subnet_cidr("10.0.0.0/16", tier, zone_id) == cidr


def test_the_smallest_network_gives_each_subnet_what_a_load_balancer_needs() -> None:
    assert subnet_cidr("10.1.4.0/22", Tier.PUBLIC, "use1-az2") == "10.1.4.32/27"


@pytest.mark.parametrize("vpc", ["10.0.0.0/16", "192.168.128.0/20", "172.16.4.0/22"])
def test_no_two_subnets_overlap_and_all_lie_in_the_vpc_with_a_quarter_spare(vpc: str) -> None:
    subnets = [IPv4Network(subnet_cidr(vpc, tier, zone)) for tier in Tier for zone in ALL_ZONES]
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))
    assert all(subnet.subnet_of(IPv4Network(vpc)) for subnet in subnets)
    assert sum(s.num_addresses for s in subnets) * 4 == IPv4Network(vpc).num_addresses * 3


@pytest.mark.parametrize("count", range(1, SLOTS))
def test_adding_or_removing_any_zone_moves_no_other(count: int) -> None:
    def layout(zones: tuple[str, ...]) -> dict[tuple[Tier, str], str]:
        return {(tier, zone): subnet_cidr("10.0.0.0/16", tier, zone) for tier in Tier for zone in zones}

    for fewer in combinations(ALL_ZONES, count):
        for added in set(ALL_ZONES) - set(fewer):
            assert layout(fewer).items() <= layout((added, *fewer)).items()


def test_each_public_subnet_has_an_ipv6_range_of_its_own_in_the_vpcs() -> None:
    vpc = "2600:1f18:abcd:1200::/56"
    ranges = [subnet_ipv6_cidr(vpc, zone) for zone in ALL_ZONES]
    assert ranges[0] == "2600:1f18:abcd:1200::/64"
    assert ranges[2] == "2600:1f18:abcd:1202::/64"
    assert len(set(ranges)) == SLOTS
    assert all(ip_network(r).subnet_of(ip_network(vpc)) for r in ranges)  # type: ignore[arg-type]  # both are IPv6


def test_an_ipv6_range_that_amazon_would_not_give_is_refused() -> None:
    with pytest.raises(ValueError, match="Amazon gives a /56"):
        subnet_ipv6_cidr("2600:1f18:abcd:1200::/60", "euw1-az1")


@pytest.mark.parametrize(
    ("cidr", "reason"),
    [
        ("10.0.0.5/16", 'cidr is "10.0.0.5/16"; it is an address inside the network "10.0.0.0/16"'),
        ("10.0.0.0", "its prefix length is missing"),
        ("10.0.0.0/24", "too small: a VPC needs a prefix from /16 to /22"),
        ("10.0.0.0/8", "too large: a VPC needs a prefix from /16 to /22"),
        ("10.0.0/16", "it is not an IPv4 network"),
        ("fd00::/56", "it is not an IPv4 network"),
        ("", "it is not an IPv4 network"),
        ("10.0.0.0/255.255.0.0", 'it is an address inside the network "10.0.0.0/16"'),
    ],
)
def test_a_range_that_no_vpc_can_have_is_refused_with_the_reason(cidr: str, reason: str) -> None:
    assert reason in (cidr_problem(cidr) or "")


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.20.0.0/22", "192.168.0.0/18"])
def test_ranges_that_fit_have_no_problem(cidr: str) -> None:
    assert cidr_problem(cidr) is None


def test_networks_that_overlap_are_both_named() -> None:
    problems = overlap_problems({"primary": "10.0.0.0/16", "standby": "10.0.4.0/22", "other": "10.1.0.0/16"})
    assert len(problems) == 1
    assert problems[0].startswith('primary "10.0.0.0/16" overlaps standby "10.0.4.0/22"')


@pytest.mark.parametrize(("zone_id", "slot"), [("euw1-az1", 0), ("use1-az6", 5), ("apne1-az8", 7)])
def test_the_slot_of_a_zone_is_the_number_at_the_end_of_its_id(zone_id: str, slot: int) -> None:
    assert slot_of(zone_id) == slot


@pytest.mark.parametrize(
    ("zone_ids", "reason"),
    [
        (["euw1-az9"], "slots are reserved for 1 to 8"),
        (["euw1-az0"], "slots are reserved for 1 to 8"),
        (["eu-west-1a"], 'has no number at its end; ids look like "euw1-az1"'),
        (["euw1-az1", "euw1-az1"], 'zone id "euw1-az1" is given twice'),
        (["usw2-az1", "usw2-lax1-az1"], "would share slot 0"),
    ],
)
def test_zones_without_a_slot_of_their_own_are_refused(zone_ids: list[str], reason: str) -> None:
    assert any(reason in problem for problem in zone_problems(zone_ids))


def test_a_zone_without_a_slot_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no number"):
        slot_of("eu-west-1a")
