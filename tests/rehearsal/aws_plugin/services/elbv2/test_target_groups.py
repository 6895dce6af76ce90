"""Target groups: what the real provider refuses of them, or leaves out without a word."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.entry import Call
from rehearsal.aws_plugin.provider.comparison import between
from rehearsal.aws_plugin.provider.refusals import of_entry
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION
from tests.rehearsal.aws_plugin.asked import of_creation
from tests.rehearsal.aws_plugin.rehearsed import Program

TARGETS = "aws:lb/targetGroup:TargetGroup"
ENDS = [{"enableUnhealthyConnectionTermination": False}]
FAILS_OVER = [{"onDeregistration": "rebalance", "onUnhealthy": "rebalance"}]


@pytest.mark.parametrize(
    ("inputs", "refused"),
    [
        ({"protocol": "TCP", "healthCheck": {"protocol": "TCP"}}, []),
        ({"protocol": "TCP", "healthCheck": {"protocol": "TCP", "path": "/"}}, ["healthCheck"]),
        ({"protocol": "TCP", "healthCheck": {"protocol": "tcp", "matcher": "200"}}, ["healthCheck"]),
        ({"protocol": "TCP", "healthCheck": {"protocol": "HTTP", "path": "/"}}, []),
        ({"protocol": "HTTPS", "healthCheck": {"protocol": "TCP"}}, ["healthCheck"]),
        ({"targetType": "lambda", "healthCheck": {"protocol": "TCP"}}, ["healthCheck"]),
        ({"protocol": "TLS", "targetHealthStates": ENDS}, []),
        ({"protocol": "UDP", "targetHealthStates": ENDS}, ["targetHealthStates"]),
        ({"protocol": "GENEVE", "targetFailovers": FAILS_OVER}, []),
        ({"protocol": "HTTP", "targetFailovers": FAILS_OVER}, ["targetFailovers"]),
    ],
)
def test_a_target_group_has_only_what_its_protocol_has(inputs: dict[str, Any], refused: list[str]) -> None:
    assert [each.path for each in of_entry(registry.type_of(TARGETS).refuse, inputs)] == refused


def test_a_target_is_taken_out_as_it_was_put_in() -> None:
    entry = registry.type_of("aws:lb/targetGroupAttachment:TargetGroupAttachment")
    [delete] = entry.deletes
    assert isinstance(entry.create, Call)
    assert isinstance(delete, Call)
    assert delete.params == entry.create.params


@pytest.mark.parametrize(
    ("given", "name", "replaced"),
    [
        ({"targetType": "lambda"}, "port", []),
        ({"targetType": "instance"}, "port", ["port"]),
        ({"protocol": "TCP"}, "protocolVersion", []),
        ({"protocol": "HTTPS"}, "protocolVersion", ["protocolVersion"]),
    ],
)
def test_what_aws_does_not_keep_of_targets_is_no_change(given: dict[str, Any], name: str, replaced: list[str]) -> None:
    found = between(registry.type_of(TARGETS), {**given, name: "1"}, {}, {**given, name: "2"}, REGION, {})
    assert found.replaces == replaced


def test_of_a_failover_that_is_given_the_provider_sends_what_is_left_out(emulator: Emulator) -> None:
    health = {"targetGroupHealth": {"dnsFailover": {"minimumHealthyTargetsPercentage": "50"}}}
    given = {"port": 80, "protocol": "HTTP", "vpcId": "vpc-1", **health}
    inputs = Program(emulator).resource(TARGETS).checked(given)
    made = of_creation(TARGETS, inputs, {"CreateTargetGroup": {"TargetGroups": [{"TargetGroupArn": "arn"}]}})
    sent = {each["Key"]: each["Value"] for each in made[1]["Attributes"]}
    kind = "target_group_health.dns_failover.minimum_healthy_targets"
    assert (sent[f"{kind}.count"], sent[f"{kind}.percentage"]) == ("off", "50")
