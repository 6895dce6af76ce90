"""Edges of the rules about security groups and network ACLs: ranges, protocols, IPv6, and the order of entries."""

from typing import Any

import pytest
from resilience.aws.traffic import is_world
from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, judged, resource
from tests.policies.pairs.network import ACL, DEFAULT_GROUP, GROUP, GROUP_RULE, INGRESS_RULE, INSTANCE, admits

BALANCER = "lb/loadBalancer:LoadBalancer"
TEMPLATE = "ec2/launchTemplate:LaunchTemplate"
ACL_RULE = "ec2/networkAclRule:NetworkAclRule"
RULES = ("ingress-not-of-all-traffic", "ingress-not-to-risky-ports", "ingress-only-to-public-ports")


def ingress(first: float, last: float, source: str = "0.0.0.0/0", protocol: str = "tcp") -> Resource:
    """An ingress rule that is a resource of its own."""
    sources: dict[str, Any] = {"cidrIpv6" if ":" in source else "cidrIpv4": source}
    return resource(INGRESS_RULE, ipProtocol=protocol, fromPort=first, toPort=last, **sources)


@pytest.mark.parametrize("source", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "2000::/3"])
def test_half_of_the_internet_is_the_world_too(source: str) -> None:
    assert is_world(source)


@pytest.mark.parametrize("source", ["10.0.0.0/8", "203.0.113.7/32", "2001:db8::/32", "no range"])
def test_a_network_is_not_the_world(source: str) -> None:
    assert not is_world(source)


def test_ssh_by_ipv6_is_found() -> None:
    [message] = judged("ingress-not-to-risky-ports", ingress(22.0, 22.0, "::/0")).messages

    assert "cidrIpv6 opens tcp 22 to ::/0" in message


def test_a_range_of_ports_names_the_risky_ones_in_it() -> None:
    [message] = judged("ingress-not-to-risky-ports", ingress(3300.0, 3400.0)).messages

    assert "tcp 3300-3400 to 0.0.0.0/0, among it 3306, 3389" in message


def test_a_protocol_may_be_given_by_number() -> None:
    assert judged("ingress-not-to-risky-ports", ingress(22.0, 22.0, protocol="6")).messages


def test_a_team_has_risky_ports_of_its_own() -> None:
    assert judged("ingress-not-to-risky-ports", ingress(9999.0, 9999.0), ports=[9999.0]).messages
    assert not judged("ingress-not-to-risky-ports", ingress(22.0, 22.0), ports=[9999.0]).messages


def test_a_range_that_is_wider_than_the_public_ports_is_found() -> None:
    assert judged("ingress-only-to-public-ports", ingress(80.0, 443.0)).messages
    assert not judged("ingress-only-to-public-ports", ingress(80.0, 80.0)).messages


def test_a_team_has_public_ports_of_its_own() -> None:
    assert not judged("ingress-only-to-public-ports", ingress(5000.0, 5000.0), ports=[5000.0]).messages


@pytest.mark.parametrize("rule", RULES)
def test_icmp_has_no_ports(rule: str) -> None:
    assert not judged(rule, ingress(-1.0, -1.0, protocol="icmp")).messages


def test_all_traffic_is_told_by_one_rule_only() -> None:
    everything = resource(GROUP, ingress=[{"protocol": "-1", "fromPort": 0.0, "toPort": 0.0, "cidrBlocks": ["::/0"]}])

    assert [bool(judged(rule, everything).messages) for rule in RULES] == [True, False, False]


@pytest.mark.parametrize("rule", RULES)
def test_what_goes_out_is_not_judged(rule: str) -> None:
    out = resource(GROUP_RULE, type="egress", protocol="-1", fromPort=0.0, toPort=0.0, cidrBlocks=["0.0.0.0/0"])

    assert not judged(rule, out).messages


def test_a_rule_of_the_older_kind_is_judged_too() -> None:
    ssh = resource(GROUP_RULE, type="ingress", protocol="tcp", fromPort=22.0, toPort=22.0, cidrBlocks=["0.0.0.0/0"])

    assert judged("ingress-not-to-risky-ports", ssh).messages


def test_all_ranges_of_a_rule_are_judged() -> None:
    ssh = {"protocol": "tcp", "fromPort": 22.0, "toPort": 22.0, "cidrBlocks": ["10.0.0.0/8", "0.0.0.0/0"]}

    messages = judged("ingress-not-to-risky-ports", resource(GROUP, ingress=[ssh, {**ssh, "toPort": 23.0}])).messages

    assert [message.split()[0] for message in messages] == ["ingress.0.cidrBlocks", "ingress.1.cidrBlocks"]


def test_who_may_come_need_not_be_known_at_a_public_port() -> None:
    assert judged("ingress-only-to-public-ports", ingress(443.0, 443.0, UNKNOWN)).unknown is None
    assert judged("ingress-only-to-public-ports", ingress(22.0, 22.0, UNKNOWN)).unknown == "cidrIpv4"


def test_a_group_that_is_let_in_need_not_be_known() -> None:
    rule = resource(INGRESS_RULE, ipProtocol="tcp", fromPort=22.0, toPort=22.0, referencedSecurityGroupId=UNKNOWN)

    assert judged("ingress-not-to-risky-ports", rule).unknown is None


def test_the_ways_out_of_a_default_group_count_too() -> None:
    group = resource(DEFAULT_GROUP, egress=[{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}])

    assert judged("default-security-group-closed", group).messages == (
        "egress has 1 rules; a default group should have none",
    )


@pytest.mark.parametrize(
    ("type_", "props"),
    [
        (TEMPLATE, {"networkInterfaces": [{"securityGroups": [UNKNOWN]}]}),
        (TEMPLATE, {"networkInterfaces": [{"networkInterfaceId": "eni-1"}]}),
        (TEMPLATE, {"vpcSecurityGroupIds": [UNKNOWN]}),
        (INSTANCE, {"launchTemplate": {"id": "lt-1"}}),
        (BALANCER, {"loadBalancerType": "network"}),
        (BALANCER, {"securityGroups": [UNKNOWN]}),
    ],
)
def test_a_group_may_be_named_in_several_places(type_: str, props: dict[str, Any]) -> None:
    verdict = judged("default-security-group-unused", resource(type_, **props))

    assert (verdict.messages, verdict.unknown) == ((), None)


@pytest.mark.parametrize("type_", [TEMPLATE, BALANCER, "ec2/launchConfiguration:LaunchConfiguration"])
def test_what_names_no_group_gets_the_default_one(type_: str) -> None:
    assert judged("default-security-group-unused", resource(type_)).messages


def test_an_interface_without_groups_gets_the_default_one() -> None:
    template = resource(TEMPLATE, networkInterfaces=[{"deviceIndex": 0.0}])

    assert judged("default-security-group-unused", template).messages


def test_an_earlier_entry_of_an_acl_decides() -> None:
    everything = {"protocol": "-1", "cidrBlock": "0.0.0.0/0", "action": "allow", "ruleNo": 200.0}
    ports = {"protocol": "tcp", "cidrBlock": "0.0.0.0/0", "action": "deny", "ruleNo": 100.0}
    denied = [{**ports, "fromPort": 22.0, "toPort": 22.0}, {**ports, "fromPort": 3389.0, "toPort": 3389.0}]

    assert not judged("network-acl-closes-management-ports", resource(ACL, ingress=[everything, *denied])).messages
    assert judged("network-acl-closes-management-ports", resource(ACL, ingress=[everything, denied[0]])).messages == (
        "ingress.0.cidrBlock lets 0.0.0.0/0 reach port 3389",
    )


def test_an_entry_of_an_acl_may_be_a_resource_of_its_own() -> None:
    entry: dict[str, Any] = {
        "protocol": "6",
        "fromPort": 22.0,
        "toPort": 22.0,
        "ipv6CidrBlock": "::/0",
        "ruleAction": "ALLOW",
    }

    assert judged("network-acl-closes-management-ports", resource(ACL_RULE, **entry)).messages
    assert not judged("network-acl-closes-management-ports", resource(ACL_RULE, **entry, egress=True)).messages


def test_the_finding_names_the_property_and_what_would_be_right() -> None:
    assert judged("ingress-only-to-public-ports", admits(8443.0, "0.0.0.0/0")).messages == (
        "ingress.0.cidrBlocks opens tcp 8443 to 0.0.0.0/0; only 80, 443 may be open to the world",
    )
