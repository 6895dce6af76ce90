"""ARC Region switch in the emulated plugin: validated and recorded."""

from __future__ import annotations

import pytest

from rehearsal.aws_plugin.calls import request
from rehearsal.emulator.process import Emulator
from tests.rehearsal.aws_plugin.asked import calls, listening
from tests.rehearsal.aws_plugin.rehearsed import Program

pytestmark = pytest.mark.xdist_group("emulator")


@pytest.fixture
def program(emulator: Emulator) -> Program:
    return Program(emulator)


def test_a_region_switch_plan_is_validated_and_recorded(program: Program, unique: str) -> None:
    function = f"arn:aws:lambda:eu-central-1:123456789012:function:{unique}"
    step = {
        "name": "move-switch",
        "executionBlockType": "CustomActionLambda",
        "customActionLambdaConfigs": [
            {"lambdas": [{"arn": function}], "regionToRun": "activatingRegion", "retryIntervalMinutes": 1}
        ],
    }
    database = {
        "name": "fail-over-database",
        "executionBlockType": "AuroraGlobalDatabase",
        "globalAuroraConfigs": [
            {
                "behavior": "failover",
                "globalClusterIdentifier": "site",
                "databaseClusterArns": [f"arn:aws:rds:{r}:123456789012:cluster:x" for r in ("eu-west-1", "eu-west-2")],
                "ungracefuls": [{"ungraceful": "failover"}],
            }
        ],
    }
    group = "123456789012:autoScalingGroup:01234567-89ab-cdef-0123-456789abcdef:autoScalingGroupName/web"
    groups = [f"arn:aws:autoscaling:{region}:{group}" for region in ("eu-west-1", "eu-central-1")]
    capacity = {
        "name": "raise-capacity",
        "executionBlockType": "EC2AutoScaling",
        "ec2AsgCapacityIncreaseConfigs": [
            {"asgs": [{"arn": arn} for arn in groups], "capacityMonitoringApproach": "sampledMaxInLast24Hours"}
        ],
    }
    at_once = {
        "name": "prepare",
        "executionBlockType": "Parallel",
        "parallelConfigs": [{"steps": [capacity, database]}],
    }
    workflow = {"workflowTargetAction": "activate", "workflowTargetRegion": "eu-central-1"}
    args = {
        "executionRole": f"arn:aws:iam::123456789012:role/{unique}",
        "recoveryApproach": "activePassive",
        "regions": ["eu-west-1", "eu-central-1"],
        "primaryRegion": "eu-west-1",
        "workflows": [{**workflow, "steps": [at_once, step]}],
    }
    made = program.up("aws:arcregionswitch/plan:Plan", unique[:20], **args)
    assert made.state["arn"].startswith("arn:aws:arc-region-switch::123456789012:plan/")
    assert made.changes(workflows=[{**workflow, "steps": [step]}])
    lambdas = {"lambdas": [{"arn": function}], "regionToRun": "here", "retryIntervalMinutes": 1}
    wrong = {**step, "customActionLambdaConfigs": [lambdas]}
    refused = made.refusals({**args, "workflows": [{**workflow, "steps": [wrong]}]})
    assert "here" in refused[0][1]


def test_a_change_of_the_tags_tells_the_whole_plan_again() -> None:
    arn = "arn:aws:arc-region-switch::123456789012:plan/web:a1b2c3"
    workflow = {"workflowTargetAction": "activate", "workflowTargetRegion": "eu-central-1", "steps": []}
    old = {"name": "web", "executionRole": "arn:aws:iam::123456789012:role/a", "workflows": [workflow]}
    context = listening("aws:arcregionswitch/plan:Plan", {**old, "tags": {"a": "b"}}, None, id=arn, old=old)
    context.changed = frozenset({"tags"})
    request.update(context)
    assert calls(context.asked) == ["UpdatePlan", "TagResource"]
    assert context.asked[0]["executionRole"] == old["executionRole"]
