"""Resources of a RegionSwitchPlan."""

import copy
import json
from typing import Any, cast

import pytest
from ha_web import ConfigurationError, RegionSwitchPlan, RegionSwitchPlanArgs
from ha_web.failover.runtime import handler
from ha_web.failover.runtime.config import SEEN_KEY, load

from tests.components.failover.test_automation import REGION, STORES
from tests.components.made import Made, make
from tests.components.regional import GLOBAL_SERVICES
from tests.components.standby import Standby, Time, config

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


def workflow(made: Made[RegionSwitchPlan]) -> list[dict[str, Any]]:
    """The steps that activate the standby."""
    steps: list[dict[str, Any]] = made.one("aws:arcregionswitch/plan:Plan")["workflows"][0]["steps"]
    return steps


def test_everything_is_prepared_at_once_and_the_switch_comes_last() -> None:
    made = everything()
    plan = made.one("aws:arcregionswitch/plan:Plan")
    assert (plan["recoveryApproach"], plan["regions"], plan["primaryRegion"]) == (
        "activePassive",
        ["eu-west-1", REGION],
        "eu-west-1",
    )
    there, back = plan["workflows"]
    assert (there["workflowTargetAction"], there["workflowTargetRegion"]) == ("activate", REGION)
    assert [step["executionBlockType"] for step in there["steps"]] == ["Parallel", "CustomActionLambda"]
    [parallel] = there["steps"][0]["parallelConfigs"]
    assert [step["executionBlockType"] for step in parallel["steps"]] == [
        "EC2AutoScaling",
        "CustomActionLambda",
        "AuroraGlobalDatabase",
    ]
    invoked = [
        step["customActionLambdaConfigs"][0]["lambdas"][0]["arn"] for step in (parallel["steps"][1], there["steps"][1])
    ]
    assert invoked == made.outputs["function_arns"]
    handlers = {f.state["arn"]: f["handler"] for f in made.all("aws:lambda/function:Function")}
    assert (back["workflowTargetAction"], back["workflowTargetRegion"]) == ("activate", "eu-west-1")
    assert [step["name"] for step in back["steps"]] == ["failback-by-hand"]
    assert [handlers[arn] for arn in invoked] == ["failover.handler.promote_stores", "failover.handler.move_switch"]


def test_without_stores_the_plan_only_moves_the_switch() -> None:
    assert [step["name"] for step in workflow(region_switch())] == ["move-switch"]


def test_files_alone_have_a_step_too() -> None:
    assert [step["name"] for step in workflow(region_switch(storage=STORES["storage"]))] == [
        "promote-stores",
        "move-switch",
    ]


def test_a_planned_execution_loses_nothing_of_the_database_and_an_unplanned_one_fails_it_over() -> None:
    [parallel] = workflow(everything())[0]["parallelConfigs"]
    [aurora] = parallel["steps"][2]["globalAuroraConfigs"]
    assert (aurora["behavior"], aurora["ungracefuls"]) == ("switchoverOnly", [{"ungraceful": "failover"}])


def carry_out(made: Made[RegionSwitchPlan], standby: Standby, primary_servers: int) -> None:
    """Carry out the plan's steps as AWS does, with the code and the configuration of its own functions."""
    functions = {f.state["arn"]: f for f in made.all("aws:lambda/function:Function")}

    def step(each: dict[str, Any]) -> None:
        if each["executionBlockType"] == "Parallel":
            for inner in each["parallelConfigs"][0]["steps"]:
                step(inner)
        elif each["executionBlockType"] == "EC2AutoScaling":
            [block] = each["ec2AsgCapacityIncreaseConfigs"]
            servers = primary_servers * block["targetPercent"] // 100
            standby.clients("autoscaling").update_auto_scaling_group(
                AutoScalingGroupName="web-standby", MinSize=servers, DesiredCapacity=servers
            )
        elif each["executionBlockType"] == "AuroraGlobalDatabase":
            [block] = each["globalAuroraConfigs"]
            standby.clients("rds").failover_global_cluster(
                GlobalClusterIdentifier=block["globalClusterIdentifier"],
                TargetDbClusterIdentifier=block["databaseClusterArns"][1],
                AllowDataLoss=True,
            )
        else:
            [block] = each["customActionLambdaConfigs"]
            function = functions[block["lambdas"][0]["arn"]]
            given = load(function["environment"]["variables"])
            kinds = handler.STEPS[function["handler"].rsplit(".", 1)[-1]]
            handler.run_steps(kinds, given, standby.clients, 580, Time().clock)

    for each in workflow(made):
        step(each)


@pytest.mark.parametrize(
    "circumstances",
    [
        {},
        {"balanced": True},
        {"promotion": 6},
        {"minimum": 3, "desired": 3, "running": 3},
        {"session_role": "PRIMARY"},
        {"refuses": {"FailoverGlobalReplicationGroup": "InvalidGlobalReplicationGroupState"}},
        {"refuses": {"DeleteReplicationConfiguration": "AccessDenied"}},
    ],
)
def test_the_plan_comes_to_the_same_end_as_the_function(circumstances: dict[str, Any]) -> None:
    by_function, by_plan = (Standby(**copy.deepcopy(circumstances)) for _ in range(2))
    by_function.contents[SEEN_KEY] = json.dumps({"primary": "127.0.0.1", "servers": 5})
    handler.run({"action": "failover"}, config(1, optional=["storage"]), by_function.clients, 580, Time().clock)

    carry_out(region_switch(**STORES, primary_cluster_arn=PRIMARY_CLUSTER, optional=["storage"]), by_plan, 5)
    assert end(by_plan) == end(by_function)
    assert end(by_function)["users are sent"]


def end(standby: Standby) -> dict[str, Any]:
    """How a failover has ended."""
    return {
        "users are sent": standby.objects == {"standby-serves"},
        "sessions": standby.session_role,
        "database": standby.writer,
        "files follow": standby.replicating,
        "servers": (standby.minimum, standby.desired),
        "enough serve": standby.running >= 2,
        "notices": [message["Subject"] for message in standby.messages],
    }


def test_a_store_that_cannot_be_promoted_keeps_users_where_they_are_with_the_plan_too() -> None:
    standby = Standby(refuses={"FailoverGlobalReplicationGroup": "AccessDenied"})
    with pytest.raises(RuntimeError, match="AccessDenied"):
        carry_out(everything(), standby, 5)
    assert standby.objects == set()


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
    assert found["EvaluatePlan"] == made.named("site-plan-role").state["arn"]
    assert [sid for sid, resource in found.items() if resource == "*"] == ["SeeCapacity", "SeePlan", "SeeDatabase"]


def test_each_function_may_change_only_what_its_step_changes() -> None:
    made = everything()
    changes = {}
    for role in ("stores", "switch"):
        policy = json.loads(made.named(f"site-plan-{role}-rights")["policy"])
        changes[role] = {s["Sid"] for s in policy["Statement"] if not s["Sid"].startswith("See")} - {"Log"}
    assert changes == {
        "stores": {"PromoteSessions", "LetStorageGo"},
        "switch": {"PromoteSessions", "MoveSwitch", "OweNotice", "Notify", "NotifyEncrypted"},
    }


def test_people_are_notified_and_hear_of_a_function_that_fails() -> None:
    made = region_switch(**STORES, primary_cluster_arn=PRIMARY_CLUSTER, notify=["ops@example.com"])
    assert len(made.all("aws:sns/topicSubscription:TopicSubscription")) == 1
    alarms = {alarm.name: alarm["alarmActions"] for alarm in made.all("aws:cloudwatch/metricAlarm:MetricAlarm")}
    topic = [made.outputs["topic_arn"]]
    assert alarms == {"site-plan-stores-errors": topic, "site-plan-switch-errors": topic}


def test_each_step_with_a_function_has_one_in_either_region_and_the_primarys_can_only_refuse() -> None:
    made = everything()
    refusing = made.named("site-plan-refuse")
    assert (refusing["region"], refusing["handler"]) == ("eu-west-1", "failover.handler.refuse")
    policy = json.loads(made.named("site-plan-refuse-rights")["policy"])
    assert [statement["Sid"] for statement in policy["Statement"]] == ["Log"]
    steps = [step for flow in made.one("aws:arcregionswitch/plan:Plan")["workflows"] for step in flow["steps"]]
    steps += [inner for step in steps for block in step.get("parallelConfigs", []) for inner in block["steps"]]
    blocks = [block for step in steps for block in step.get("customActionLambdaConfigs", [])]
    assert len(blocks) == 3
    for block in blocks:
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
