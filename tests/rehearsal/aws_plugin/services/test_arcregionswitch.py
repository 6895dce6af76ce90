"""ARC Region switch in the emulated plugin: plans made, changed, read again and deleted."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rehearsal.aws_plugin.calls import request
from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.asked import calls, listening
from tests.rehearsal.aws_plugin.rehearsed import Program

REGIONS = ["eu-west-1", "eu-central-1"]

pytestmark = pytest.mark.xdist_group("emulator")


@pytest.fixture
def program(emulator: Emulator) -> Program:
    return Program(emulator)


def test_a_plan_is_created_changed_read_again_and_deleted(program: Program, aws: Client, unique: str) -> None:
    functions = [f"arn:aws:lambda:{region}:123456789012:function:{unique}" for region in REGIONS]
    lambdas = [{"arn": arn} for arn in functions]
    step = {
        "name": "move-switch",
        "executionBlockType": "CustomActionLambda",
        "customActionLambdaConfigs": [
            {"lambdas": lambdas, "regionToRun": "activatingRegion", "retryIntervalMinutes": 1, "timeoutMinutes": 10}
        ],
    }
    database = {
        "name": "fail-over-database",
        "executionBlockType": "AuroraGlobalDatabase",
        "globalAuroraConfigs": [
            {
                "behavior": "failover",
                "globalClusterIdentifier": "site",
                "databaseClusterArns": [f"arn:aws:rds:{r}:123456789012:cluster:x" for r in REGIONS],
                "ungracefuls": [{"ungraceful": "failover"}],
            }
        ],
    }
    group = "123456789012:autoScalingGroup:01234567-89ab-cdef-0123-456789abcdef:autoScalingGroupName/web"
    groups = [f"arn:aws:autoscaling:{region}:{group}" for region in REGIONS]
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
    back = {"workflowTargetAction": "activate", "workflowTargetRegion": "eu-west-1", "steps": [step]}
    args: dict[str, Any] = {
        "executionRole": f"arn:aws:iam::123456789012:role/{unique}",
        "recoveryApproach": "activePassive",
        "regions": REGIONS,
        "primaryRegion": "eu-west-1",
        "workflows": [{**workflow, "steps": [at_once, step]}, back],
        "tags": {"stack": "prod", "a": "b"},
    }
    made = program.up("aws:arcregionswitch/plan:Plan", unique[:20], **args)
    assert re.fullmatch(r"arn:aws:arc-region-switch::123456789012:plan/[\w-]+:[a-z0-9]{6}", made.id)
    assert made.state["arn"] == made.id
    assert made.settled()
    made.update(workflows=[{**workflow, "steps": [step]}, back], tags={"stack": "dev"})
    assert made.settled()
    arc = aws("arc-region-switch")
    assert arc.list_tags_for_resource(arn=made.id)["resourceTags"] == {"stack": "dev"}
    assert [each["name"] for each in arc.get_plan(arn=made.id)["plan"]["workflows"][0]["steps"]] == ["move-switch"]
    there = {"lambdas": lambdas, "regionToRun": "here", "retryIntervalMinutes": 1}
    wrong = {**step, "customActionLambdaConfigs": [there]}
    refused = made.refusals({**args, "workflows": [{**workflow, "steps": [wrong]}, back]})
    assert "here" in refused[0][1]
    made.delete()
    assert made.gone()


def test_a_change_of_the_tags_tells_the_whole_plan_again() -> None:
    arn = "arn:aws:arc-region-switch::123456789012:plan/web:a1b2c3"
    workflow = {"workflowTargetAction": "activate", "workflowTargetRegion": "eu-central-1", "steps": []}
    old = {"name": "web", "executionRole": "arn:aws:iam::123456789012:role/a", "workflows": [workflow]}
    context = listening("aws:arcregionswitch/plan:Plan", {**old, "tags": {"a": "b"}}, None, id=arn, old=old)
    context.changed = frozenset({"tags"})
    request.update(context)
    assert calls(context.asked) == ["UpdatePlan", "TagResource"]
    assert context.asked[0]["executionRole"] == old["executionRole"]
