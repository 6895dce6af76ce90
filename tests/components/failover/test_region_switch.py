"""Resources of a RegionSwitchPlan."""

import json
from typing import Any, cast

import pytest
from ha_web import ConfigurationError, RegionSwitchPlan, RegionSwitchPlanArgs
from ha_web.failover.runtime import handler

from tests.components.failover.test_automation import REGION, STORES
from tests.components.made import Made, make
from tests.components.regional import GLOBAL_SERVICES

PRIMARY_CLUSTER = "arn:aws:rds:eu-west-1:123456789012:cluster:site"
GROUPS = [f"arn:aws:autoscaling:{region}:123456789012:autoScalingGroup:x:autoScalingGroupName/web" for region in "ab"]


def region_switch(**args: Any) -> Made[RegionSwitchPlan]:
    given = {
        "region": REGION,
        "primary_region": "eu-west-1",
        "primary": {"dns_name": "primary.elb.amazonaws.com"},
        "beacon": "ha-web-primary.www.example.com",
        "switch": {"bucket_name": "site-switch", "bucket_arn": "arn:aws:s3:::site-switch"},
        "group_arns": GROUPS,
        **args,
    }
    return make(lambda: RegionSwitchPlan("site", cast(RegionSwitchPlanArgs, given)))


def everything() -> Made[RegionSwitchPlan]:
    return region_switch(**STORES, primary_cluster_arn=PRIMARY_CLUSTER)


def test_the_steps_are_those_of_the_automation_with_the_switch_last() -> None:
    made = everything()
    plan = made.one("aws:arcregionswitch/plan:Plan")
    assert (plan["recoveryApproach"], plan["regions"], plan["primaryRegion"]) == (
        "activePassive",
        ["eu-west-1", REGION],
        "eu-west-1",
    )
    workflow, back = plan["workflows"]
    assert (workflow["workflowTargetAction"], workflow["workflowTargetRegion"]) == ("activate", REGION)
    assert [step["executionBlockType"] for step in workflow["steps"]] == [
        "EC2AutoScaling",
        "CustomActionLambda",
        "AuroraGlobalDatabase",
        "CustomActionLambda",
    ]
    invoked = [s["customActionLambdaConfigs"][0]["lambdas"][0]["arn"] for s in workflow["steps"][1::2]]
    assert invoked == made.outputs["function_arns"]
    handlers = {f.state["arn"]: f["handler"] for f in made.all("aws:lambda/function:Function")}
    assert (back["workflowTargetAction"], back["workflowTargetRegion"]) == ("activate", "eu-west-1")
    assert [step["name"] for step in back["steps"]] == ["failback-by-hand"]
    assert [handlers[arn] for arn in invoked] == ["failover.handler.promote_sessions", "failover.handler.move_switch"]


def test_without_stores_the_plan_only_moves_the_switch() -> None:
    plan = region_switch().one("aws:arcregionswitch/plan:Plan")
    assert [step["name"] for step in plan["workflows"][0]["steps"]] == ["move-switch"]


def test_its_role_does_no_more_than_the_steps_need() -> None:
    made = everything()
    policy = json.loads(made.named("site-plan-rights")["policy"])
    found = {statement["Sid"]: statement["Resource"] for statement in policy["Statement"]}
    refusing = made.named("site-plan-refuse").state["arn"]
    assert found["InvokeFunctions"] == [*made.outputs["function_arns"], refusing]
    assert found["RaiseCapacity"] == GROUPS
    assert found["MoveDatabase"] == [
        "arn:aws:rds::123456789012:global-cluster:site",
        PRIMARY_CLUSTER,
        STORES["database"]["cluster_arn"],
    ]
    assert [sid for sid, resource in found.items() if resource == "*"] == ["SeeCapacity", "SeeDatabase"]


def test_each_step_with_a_function_has_one_in_either_region_and_the_primarys_can_only_refuse() -> None:
    made = everything()
    refusing = made.named("site-plan-refuse")
    assert (refusing["region"], refusing["handler"]) == ("eu-west-1", "failover.handler.refuse")
    policy = json.loads(made.named("site-plan-refuse-rights")["policy"])
    assert [statement["Sid"] for statement in policy["Statement"]] == ["Log"]
    for workflow in made.one("aws:arcregionswitch/plan:Plan")["workflows"]:
        for step in workflow["steps"]:
            for block in step.get("customActionLambdaConfigs", []):
                assert [each["arn"] for each in block["lambdas"]][1:] == [refusing.state["arn"]]
                assert block["regionToRun"] == "activatingRegion"
    with pytest.raises(RuntimeError, match="a person's decision"):
        handler.refuse({}, None)


def test_everything_else_of_it_is_in_the_standbys_region() -> None:
    regional = [child for child in everything().children if not child.type.startswith(GLOBAL_SERVICES)]
    elsewhere = {child.name for child in regional if child.get("region") != REGION}
    assert elsewhere == {"site-plan-refuse", "site-plan-refuse-log"}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"primary_region": REGION}, f'primary_region is "{REGION}"; it must differ from the standby\'s'),
        ({"database": STORES["database"]}, "primary_cluster_arn is missing; Region switch needs both clusters"),
    ],
)
def test_bad_arguments_are_refused(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        region_switch(**args)
    assert f'RegionSwitchPlan "site": {message}' in str(refused.value)
