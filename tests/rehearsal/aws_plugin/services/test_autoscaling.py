"""Auto Scaling in the emulated plugin: groups are waited for, refreshed and drained as by the real provider."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from rehearsal.plugin.errors import PartialError
from tests.conftest import Client, Network
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

GROUP = "aws:autoscaling/group:Group"
POLICY = "aws:autoscaling/policy:Policy"

REFRESH = {
    "strategy": "Rolling",
    "preferences": {"minHealthyPercentage": 100, "maxHealthyPercentage": 150, "autoRollback": True},
    "triggers": ["tag"],
}


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture(scope="module")
def image(aws: Client) -> str:
    return str(aws("ec2").describe_images(Owners=["amazon"])["Images"][0]["ImageId"])


@pytest.fixture
def template(network: Network, image: str) -> str:
    """A launch template of three equal versions."""
    script = base64.b64encode(b"#!/bin/sh").decode()
    settings = {"InstanceType": "t3.micro", "SecurityGroupIds": [network.group], "UserData": script}
    data = {"ImageId": image, **settings}
    made = network.ec2.create_launch_template(LaunchTemplateName=network.name, LaunchTemplateData=data)
    template = str(made["LaunchTemplate"]["LaunchTemplateId"])
    for _ in range(2):
        network.ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData=data)
    return template


def arguments(network: Network, template: str, **more: Any) -> dict[str, Any]:
    """A group of three, over three zones."""
    name = [{"key": "Name", "value": "web", "propagateAtLaunch": True}]
    return {
        "minSize": 3,
        "maxSize": 6,
        "launchTemplate": {"id": template, "version": "1"},
        "vpcZoneIdentifiers": network.subnets,
        "waitForCapacityTimeout": "20s",
        "tags": name,
        **more,
    }


@pytest.fixture
def group(program: Program, network: Network, template: str) -> Resource:
    return program.up(
        GROUP,
        network.name,
        **arguments(network, template),
        healthCheckType="ELB",
        instanceMaintenancePolicy={"minHealthyPercentage": 100, "maxHealthyPercentage": 150},
        instanceRefresh=REFRESH,
        enabledMetrics=["GroupInServiceInstances", "GroupTotalInstances"],
        suspendedProcesses=["AZRebalance"],
        terminationPolicies=["OldestInstance", "Default"],
    )


def found(aws: Client, group: Resource) -> dict[str, Any]:
    groups = aws("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[group.id])["AutoScalingGroups"]
    one: dict[str, Any] = groups[0]
    return one


def refreshes(aws: Client, group: Resource) -> list[dict[str, Any]]:
    answer: dict[str, Any] = aws("autoscaling").describe_instance_refreshes(AutoScalingGroupName=group.id)
    return list(answer["InstanceRefreshes"])


def test_a_group_stands_with_all_its_settings_once_it_is_made(group: Resource, aws: Client) -> None:
    there = found(aws, group)
    assert len({each["AvailabilityZone"] for each in there["Instances"]}) == 3
    assert there["HealthCheckType"] == "ELB"
    assert there["InstanceMaintenancePolicy"] == {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150}
    assert there["TerminationPolicies"] == ["OldestInstance", "Default"]
    assert {each["Metric"] for each in there["EnabledMetrics"]} == {"GroupInServiceInstances", "GroupTotalInstances"}
    assert [each["ProcessName"] for each in there["SuspendedProcesses"]] == ["AZRebalance"]
    assert there["Tags"][0].items() >= {"Key": "Name", "Value": "web", "PropagateAtLaunch": True}.items()
    assert group.state["arn"] == there["AutoScalingGroupARN"]
    assert group.settled()
    assert refreshes(aws, group) == []


def test_what_a_policy_scaled_is_not_reset(group: Resource, aws: Client) -> None:
    aws("autoscaling").set_desired_capacity(AutoScalingGroupName=group.id, DesiredCapacity=5)
    assert group.read() == {}
    assert group.state["desiredCapacity"] == 5
    group.update(maxSize=8)
    assert found(aws, group)["DesiredCapacity"] == 5


def test_a_raised_minimum_waits_for_the_states_capacity_so_a_group_that_has_grown_needs_a_refresh(
    program: Program, network: Network, template: str, aws: Client
) -> None:
    group = program.up(GROUP, network.name, **arguments(network, template, waitForCapacityTimeout="2s"))
    aws("autoscaling").set_desired_capacity(AutoScalingGroupName=group.id, DesiredCapacity=5)
    with pytest.raises(RuntimeError, match="want exactly 4 healthy instances, have 5"):
        group.update(minSize=4)
    group.read()
    group.update(minSize=4)


def test_a_group_that_is_emptied_is_waited_for_until_it_is_empty(
    program: Program, network: Network, template: str, aws: Client
) -> None:
    group = program.up(GROUP, network.name, **arguments(network, template))
    group.update(minSize=0, desiredCapacity=0)
    assert found(aws, group)["Instances"] == []


def test_a_capacity_that_the_program_gives_is_kept_up_until_it_is_left_to_aws(group: Resource, aws: Client) -> None:
    group.update(desiredCapacity=4)
    aws("autoscaling").set_desired_capacity(AutoScalingGroupName=group.id, DesiredCapacity=5)
    assert group.read() == {"desiredCapacity": "UPDATE"}
    group.update(desiredCapacity=None)
    assert found(aws, group)["DesiredCapacity"] == 5
    assert group.settled()


def test_settings_that_are_removed_are_put_back(group: Resource, aws: Client) -> None:
    gone = ("enabledMetrics", "suspendedProcesses", "terminationPolicies")
    assert group.update(**dict.fromkeys(gone)) == dict.fromkeys(gone, "DELETE")
    there = found(aws, group)
    assert there["TerminationPolicies"] == ["Default"]
    assert (there["EnabledMetrics"], there["SuspendedProcesses"]) == ([], [])
    assert group.settled()


def test_a_new_version_starts_a_refresh_to_it(group: Resource, template: str, aws: Client) -> None:
    assert group.update(launchTemplate={"id": template, "version": "2"}) == {"launchTemplate.version": "UPDATE"}
    (refresh,) = refreshes(aws, group)
    assert refresh["DesiredConfiguration"]["LaunchTemplate"] == {"LaunchTemplateId": template, "Version": "2"}
    preferences = {"MaxHealthyPercentage": 150, "AutoRollback": True, "StandbyInstances": "Ignore"}
    assert refresh["Preferences"].items() >= preferences.items()
    until = time.monotonic() + 20
    while refreshes(aws, group)[0]["Status"] != "Successful" and time.monotonic() < until:
        time.sleep(0.2)
    versions = {each["LaunchTemplate"]["Version"] for each in found(aws, group)["Instances"]}
    assert versions == {"2"}
    assert group.settled()


def test_a_refresh_under_way_gives_way_to_the_next(group: Resource, template: str, aws: Client) -> None:
    for version in ("2", "3"):
        group.update(launchTemplate={"id": template, "version": version})
    latest, before = refreshes(aws, group)
    assert latest["DesiredConfiguration"]["LaunchTemplate"]["Version"] == "3"
    assert before["Status"] == "Cancelled"


def test_only_triggers_start_a_refresh(group: Resource, aws: Client) -> None:
    group.update(maxSize=7)
    assert refreshes(aws, group) == []
    tags = [{"key": "Name", "value": "new", "propagateAtLaunch": True}, {"key": "b", "value": "1", "propagateAtLaunch": False}]  # noqa: E501 # fmt: skip
    assert group.update(tags=tags) == {"tags[0].value": "UPDATE", "tags[1]": "ADD"}
    assert len(refreshes(aws, group)) == 1
    assert {each["Key"]: each["Value"] for each in found(aws, group)["Tags"]} == {"Name": "new", "b": "1"}
    assert group.settled()


def test_a_groups_drift_is_read(group: Resource, aws: Client) -> None:
    client = aws("autoscaling")
    client.update_auto_scaling_group(AutoScalingGroupName=group.id, MaxSize=9, HealthCheckType="EC2")
    client.resume_processes(AutoScalingGroupName=group.id, ScalingProcesses=["AZRebalance"])
    client.delete_tags(Tags=[{"ResourceId": group.id, "ResourceType": "auto-scaling-group", "Key": "Name"}])
    drift = group.read()
    assert drift is not None
    assert {"maxSize", "healthCheckType", "suspendedProcesses[0]", "tags[0]"} <= drift.keys()
    assert group.changes(name="other") == {"name": "UPDATE_REPLACE"}


def test_a_group_serves_its_target_groups(program: Program, network: Network, template: str, aws: Client) -> None:
    targets = network.target_group()
    forward = [{"Type": "forward", "TargetGroupArn": targets}]
    balancer = network.balancer()["LoadBalancerArn"]
    aws("elbv2").create_listener(LoadBalancerArn=balancer, Port=80, Protocol="HTTP", DefaultActions=forward)
    more = {"targetGroupArns": [targets], "minElbCapacity": 3, "forceDelete": True}
    group = program.up(GROUP, network.name, **arguments(network, template, **more))
    health = aws("elbv2").describe_target_health(TargetGroupArn=targets)["TargetHealthDescriptions"]
    assert [each["TargetHealth"]["State"] for each in health] == ["healthy"] * 3
    assert group.settled()
    group.update(targetGroupArns=[])
    assert found(aws, group)["TargetGroupARNs"] == []
    group.delete()
    assert group.gone()


def test_a_group_whose_targets_stay_unhealthy_is_an_error_and_not_forgotten(
    program: Program, network: Network, template: str, aws: Client
) -> None:
    more = {"targetGroupArns": [network.target_group()], "minElbCapacity": 4, "waitForCapacityTimeout": "1s"}
    with pytest.raises(PartialError, match="want at least 4 healthy targets, have") as error:
        program.up(GROUP, network.name, **arguments(network, template, **more))
    assert aws("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[error.value.id])["AutoScalingGroups"]


def test_a_group_is_drained_before_it_is_deleted(
    program: Program, network: Network, template: str, aws: Client
) -> None:
    group = program.up(GROUP, network.name, **arguments(network, template, protectFromScaleIn=True))
    servers = [each["InstanceId"] for each in found(aws, group)["Instances"]]
    group.delete()
    assert group.gone()
    reservations = network.ec2.describe_instances(InstanceIds=servers)["Reservations"]
    states = {each["State"]["Name"] for reservation in reservations for each in reservation["Instances"]}
    assert states == {"terminated"}


def test_what_no_emulator_has_is_recorded(program: Program, network: Network, template: str, aws: Client) -> None:
    hook = {"name": "first", "lifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING", "heartbeatTimeout": 60}
    more = {"warmPool": {"minSize": 1}, "initialLifecycleHooks": [hook], "forceDelete": True}
    group = program.up(GROUP, network.name, **arguments(network, template, **more))
    assert group.state["__recorded"] == ["PutWarmPool"]
    hooks = aws("autoscaling").describe_lifecycle_hooks(AutoScalingGroupName=group.id)["LifecycleHooks"]
    assert [(each["LifecycleHookName"], each["HeartbeatTimeout"]) for each in hooks] == [("first", 60)]
    assert group.settled()
    group.delete()


@pytest.mark.parametrize(
    ("changed", "where", "why"),
    [
        ({"minSize": 7}, "minSize", "7 is above the maxSize of 6"),
        ({"desiredCapacity": 2}, "desiredCapacity", "2 is not between minSize 3 and maxSize 6"),
        ({"launchTemplate": None}, "launchTemplate", "exactly one of"),
        ({"vpcZoneIdentifiers": None}, "vpcZoneIdentifiers", "needs subnets or availabilityZones"),
        ({"waitForCapacityTimeout": "10x"}, "waitForCapacityTimeout", '"10x" is not a duration'),
        ({"instanceRefresh": {"strategy": "Rolling", "triggers": ["colour"]}}, "instanceRefresh.triggers", "colour"),
        (
            {"instanceRefresh": {"strategy": "Rolling", "preferences": {"instanceWarmup": "soon"}}},
            "instanceRefresh.preferences.instanceWarmup",
            "'soon' is not a number",
        ),
        ({"minsize": 1}, "minsize", 'did you mean "minSize"'),
    ],
)
def test_what_aws_would_refuse_of_a_group_is_refused_at_preview(
    program: Program, changed: dict[str, Any], where: str, why: str
) -> None:
    sizes = {"minSize": 3, "maxSize": 6, "launchTemplate": {"id": "lt-1", "version": "1"}}
    given = {**sizes, "vpcZoneIdentifiers": ["subnet-1"], **changed}
    (place, reason), *others = program.resource(GROUP).refusals({k: v for k, v in given.items() if v is not None})
    assert (place, others) == (where, [])
    assert why in reason


def test_a_policy_tracks_requests_per_target_then_a_metric_of_ones_own(
    program: Program, group: Resource, aws: Client
) -> None:
    requests = {"predefinedMetricType": "ALBRequestCountPerTarget", "resourceLabel": "app/a/1/targetgroup/b/2"}
    tracking = {"predefinedMetricSpecification": requests, "targetValue": 100}
    given = {"autoscalingGroupName": group.id, "policyType": "TargetTrackingScaling"}
    policy = program.up(POLICY, **given, targetTrackingConfiguration=tracking, estimatedInstanceWarmup=60)
    assert f"autoScalingGroupName/{group.id}:policyName/{policy.id}" in policy.state["arn"]
    assert policy.settled()
    own = {"metricName": "m", "namespace": "n", "statistic": "Average"}
    own_metric = {**own, "metricDimensions": [{"name": "a", "value": "b"}]}
    policy.update(targetTrackingConfiguration={"customizedMetricSpecification": own_metric, "targetValue": 5})
    client = aws("autoscaling")
    there = client.describe_policies(AutoScalingGroupName=group.id, PolicyNames=[policy.id])["ScalingPolicies"][0]
    customized = there["TargetTrackingConfiguration"]["CustomizedMetricSpecification"]
    assert customized["Dimensions"] == [{"Name": "a", "Value": "b"}]
    assert policy.settled()
    other = {"PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"}, "TargetValue": 50}
    client.put_scaling_policy(
        AutoScalingGroupName=group.id,
        PolicyName=policy.id,
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration=other,
    )
    assert policy.read() == {"targetTrackingConfiguration.targetValue": "UPDATE"}
    assert policy.changes(autoscalingGroupName="other") == {"autoscalingGroupName": "UPDATE_REPLACE"}
    policy.delete()
    assert policy.gone()


@pytest.mark.parametrize(
    "given",
    [
        {"adjustmentType": "ChangeInCapacity", "scalingAdjustment": 1, "cooldown": 60},
        {
            "policyType": "StepScaling",
            "adjustmentType": "PercentChangeInCapacity",
            "minAdjustmentMagnitude": 1,
            "metricAggregationType": "Average",
            "stepAdjustments": [
                {"scalingAdjustment": 10, "metricIntervalLowerBound": "0", "metricIntervalUpperBound": "10.5"},
                {"scalingAdjustment": 20, "metricIntervalLowerBound": "10.5"},
            ],
        },
    ],
    ids=["simple", "step"],
)
def test_policies_scale_by_number_and_by_steps(program: Program, group: Resource, given: dict[str, Any]) -> None:
    policy = program.up(POLICY, autoscalingGroupName=group.id, **given)
    assert policy.settled()
    policy.delete()
    assert policy.gone()


def test_a_hook_changes_in_place(program: Program, group: Resource, aws: Client) -> None:
    given = {"autoscalingGroupName": group.id, "lifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING"}
    hook = program.up("aws:autoscaling/lifecycleHook:LifecycleHook", **given, heartbeatTimeout=60)
    assert hook.settled()
    assert hook.update(heartbeatTimeout=90) == {"heartbeatTimeout": "UPDATE"}
    there = aws("autoscaling").describe_lifecycle_hooks(AutoScalingGroupName=group.id)["LifecycleHooks"]
    assert [each["HeartbeatTimeout"] for each in there] == [90]
    assert hook.changes(name="other") == {"name": "UPDATE_REPLACE"}
    name = {"AutoScalingGroupName": group.id, "LifecycleHookName": hook.id}
    aws("autoscaling").put_lifecycle_hook(**name, HeartbeatTimeout=30)
    assert hook.read() == {"heartbeatTimeout": "UPDATE"}
    hook.delete()
    assert hook.gone()


def test_a_schedule_leaves_alone_what_is_minus_one(program: Program, group: Resource, aws: Client) -> None:
    given: dict[str, Any] = {"autoscalingGroupName": group.id, "scheduledActionName": "night"}
    sizes = {"minSize": 3, "maxSize": -1, "desiredCapacity": -1}
    times = {"recurrence": "0 22 * * *", "startTime": "2031-01-01T00:00:00Z", "timeZone": "Europe/Berlin"}
    schedule = program.up("aws:autoscaling/schedule:Schedule", **given, **sizes, **times)
    client = aws("autoscaling")
    (there,) = client.describe_scheduled_actions(AutoScalingGroupName=group.id)["ScheduledUpdateGroupActions"]
    assert (there["MinSize"], "MaxSize" in there, "DesiredCapacity" in there) == (3, False, False)
    assert schedule.state["arn"] == there["ScheduledActionARN"]
    assert schedule.settled()
    schedule.update(minSize=4)
    name = {"AutoScalingGroupName": group.id, "ScheduledActionName": "night"}
    client.put_scheduled_update_group_action(**name, MinSize=5, Recurrence="0 23 * * *")
    assert schedule.read() == {"minSize": "UPDATE", "recurrence": "UPDATE"}
    assert schedule.changes(scheduledActionName="day") == {"scheduledActionName": "UPDATE_REPLACE"}
    schedule.delete()
    assert schedule.gone()


def test_a_topic_is_told_of_launches(program: Program, group: Resource, unique: str, aws: Client) -> None:
    topic = aws("sns").create_topic(Name=unique)["TopicArn"]
    launch, terminate = "autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:EC2_INSTANCE_TERMINATE"
    given = {"groupNames": [group.id], "topicArn": topic, "notifications": [launch, terminate]}
    notification = program.up("aws:autoscaling/notification:Notification", **given)
    assert notification.settled()
    assert notification.update(notifications=[launch]) == {"notifications[1]": "DELETE"}
    client = aws("autoscaling")
    told = client.describe_notification_configurations(AutoScalingGroupNames=[group.id])["NotificationConfigurations"]
    assert [each["NotificationType"] for each in told] == [launch]
    assert notification.settled()
    client.put_notification_configuration(AutoScalingGroupName=group.id, TopicARN=topic, NotificationTypes=[terminate])
    assert notification.read() == {"notifications[0]": "UPDATE"}
    assert notification.changes(topicArn=f"{topic}2") == {"topicArn": "UPDATE_REPLACE"}
    notification.delete()
    assert notification.gone()
