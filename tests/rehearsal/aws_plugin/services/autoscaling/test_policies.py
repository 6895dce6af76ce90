"""Policies and notifications of Auto Scaling groups, as the real provider treats them."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.provider.refusals import of_entry
from tests.rehearsal.aws_plugin.asked import calls, of_update

POLICY = "aws:autoscaling/policy:Policy"
STEP = {"policyType": "StepScaling", "stepAdjustments": [{"scalingAdjustment": 1}]}
TRACKING = {"policyType": "TargetTrackingScaling", "targetTrackingConfiguration": {"targetValue": 1}}


@pytest.mark.parametrize(
    ("inputs", "refused"),
    [
        ({"scalingAdjustment": 0}, []),
        ({}, ["scalingAdjustment"]),
        ({"scalingAdjustment": 1, "estimatedInstanceWarmup": 60}, ["estimatedInstanceWarmup"]),
        (STEP, []),
        ({**STEP, "cooldown": 60}, ["cooldown"]),
        ({**STEP, "cooldown": 0}, []),
        ({**STEP, "scalingAdjustment": 1}, ["scalingAdjustment"]),
        ({"policyType": "StepScaling"}, ["stepAdjustments"]),
        (TRACKING, []),
        ({**TRACKING, "stepAdjustments": STEP["stepAdjustments"]}, ["stepAdjustments"]),
        ({"policyType": "TargetTrackingScaling"}, ["targetTrackingConfiguration"]),
        ({"policyType": "PredictiveScaling"}, []),
    ],
)
def test_a_policy_has_what_its_kind_needs_and_no_more(inputs: dict[str, Any], refused: list[str]) -> None:
    assert [each.path for each in of_entry(registry.type_of(POLICY).refuse, inputs)] == refused


def test_an_update_of_notifications_takes_all_back_and_gives_them_anew() -> None:
    old = {"groupNames": ["a", "b"], "topicArn": "topic", "notifications": ["autoscaling:EC2_INSTANCE_LAUNCH"]}
    made = of_update("aws:autoscaling/notification:Notification", old, groupNames=["b", "c"])
    assert [(call[:3], each["AutoScalingGroupName"]) for call, each in zip(calls(made), made, strict=True)] == [
        ("Del", "a"),
        ("Del", "b"),
        ("Put", "b"),
        ("Put", "c"),
    ]
