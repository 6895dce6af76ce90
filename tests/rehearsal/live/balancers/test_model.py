"""What the account says of load balancers, with AWS's defaults where it says nothing."""

from collections.abc import Mapping
from typing import Any

import pytest

from rehearsal.live.balancers.model import (
    Listener,
    Target,
    TargetGroup,
    forwards,
    listener,
    load_balancer,
    sendable,
    target_group,
)
from rehearsal.live.balancers.reading import targets
from tests.rehearsal.live.balancers.sample import API, FORWARD, GROUPS, WEB, balancer, rule

COUNT = "target_group_health.dns_failover.minimum_healthy_targets.count"
CROSS = "load_balancing.cross_zone.enabled"
PERCENTAGE = "target_group_health.dns_failover.minimum_healthy_targets.percentage"


def group(attributes: dict[str, str]) -> TargetGroup:
    said = {"TargetGroupArn": WEB, "TargetGroupName": "web", "Protocol": "HTTP", "Port": 8080}
    return target_group(said, attributes)


def test_a_balancer_is_read() -> None:
    said = {
        "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/lb/1",
        "LoadBalancerName": "lb",
        "DNSName": "lb.example",
        "Scheme": "internet-facing",
        "Type": "application",
        "AvailabilityZones": [{"ZoneName": "eu-west-1b"}, {"ZoneName": "eu-west-1a"}],
    }
    found = load_balancer(said, {}, [Listener("l", 443, "HTTPS"), Listener("m", 80, "HTTP")])
    assert (found.region, found.label, found.zones) == ("eu-west-1", "app/lb/1", ("eu-west-1a", "eu-west-1b"))
    assert [each.port for each in found.listeners] == [80, 443]
    assert found.attribute("idle_timeout.timeout_seconds") == "60"


def test_rules_come_by_priority_the_default_last() -> None:
    ten = rule(priority="10", Type="forward", TargetGroupArn=API)
    two = rule(priority="2", Type="forward", TargetGroupArn=WEB)
    found = listener({"ListenerArn": "l", "Port": 80, "Protocol": "HTTP"}, [FORWARD, ten, two], [])
    assert [each["Priority"] for each in found.rules] == ["2", "10", "default"]
    assert forwards(found) == [(WEB, 1), (API, 1), (WEB, 1)]


def test_a_network_load_balancer_has_its_default_action_only() -> None:
    said = {"ListenerArn": "l", "Port": 80, "Protocol": "TCP", "DefaultActions": FORWARD["Actions"]}
    assert forwards(listener(said, [], [])) == [(WEB, 1)]


@pytest.mark.parametrize(
    ("attributes", "targets_", "fewest"),
    [
        ({}, 6, 1),
        ({COUNT: "2"}, 6, 2),
        ({PERCENTAGE: "25"}, 6, 2),
        ({COUNT: "3", PERCENTAGE: "25"}, 6, 3),
        ({COUNT: "off"}, 6, 1),
    ],
)
def test_how_many_have_to_be_healthy(attributes: dict[str, str], targets_: int, fewest: int) -> None:
    assert group(attributes).fewest("dns_failover", targets_) == fewest


@pytest.mark.parametrize(
    ("kind", "of_balancer", "of_group", "crosses"),
    [
        ("application", "false", "use_load_balancer_configuration", True),
        ("application", "true", "false", False),
        ("network", "", "use_load_balancer_configuration", False),
        ("network", "true", "use_load_balancer_configuration", True),
        ("network", "", "true", True),
    ],
)
def test_whether_a_node_sends_to_other_zones(kind: str, of_balancer: str, of_group: str, crosses: bool) -> None:
    of = balancer(kind=kind, attributes={CROSS: of_balancer})
    assert of.crosses_zones(group({CROSS: of_group})) is crosses


def test_targets_are_instances_or_addresses_and_one_that_is_gone_is_left_out() -> None:
    said: list[Mapping[str, Any]] = [
        {"Target": {"Id": "i-1", "Port": 8080}, "TargetHealth": {"State": "healthy"}},
        {"Target": {"Id": "i-2", "Port": 8080}, "TargetHealth": {"State": "draining"}},
        {"Target": {"Id": "i-3"}, "TargetHealth": {"State": "unused"}},
        {"Target": {"Id": "10.9.9.9", "AvailabilityZone": "all"}, "TargetHealth": {"State": "initial"}},
    ]
    where = {
        name: {"PrivateIpAddress": address, "Placement": {"AvailabilityZone": "eu-west-1a"}}
        for name, address in (("i-1", "10.0.0.1"), ("i-2", "10.0.0.2"))
    }
    found = targets(GROUPS[WEB], said, where)
    assert [(each.id, each.address, each.zone, each.draining) for each in found] == [
        ("i-1", "10.0.0.1", "eu-west-1a", False),
        ("i-2", "10.0.0.2", "eu-west-1a", True),
        ("10.9.9.9", "10.9.9.9", "all", False),
    ]


@pytest.mark.parametrize(
    ("zone", "away", "expected"),
    [("a", "", ["1", "2"]), ("a", "b", ["1"]), ("b", "b", ["1", "2"]), ("c", "b", ["1"])],
)
def test_nothing_is_sent_to_a_zone_that_users_are_kept_out_of(zone: str, away: str, expected: list[str]) -> None:
    targets = [Target("1", "10.0.0.1", 80, "a"), Target("2", "10.0.1.1", 80, "b")]
    assert [each.id for each in sendable(targets, zone, away)] == expected
