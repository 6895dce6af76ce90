"""Auto Scaling groups: what AWS is told, and in which order, as by the real provider."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls import request
from rehearsal.aws_plugin.provider.comparison import between
from tests.conftest import REGION
from tests.rehearsal.aws_plugin.asked import calls, listening, of_creation, of_update

GROUP = "aws:autoscaling/group:Group"
WEB = {
    "name": "web",
    "minSize": 1,
    "maxSize": 2,
    "launchTemplate": {"id": "lt-1", "version": "1"},
    "vpcZoneIdentifiers": ["subnet-1"],
    "healthCheckGracePeriod": 120,
    "waitForCapacityTimeout": "1m",
}
SERVER = {"InstanceId": "i-1", "HealthStatus": "Healthy", "LifecycleState": "InService"}
STANDS = {
    "DescribeScalingActivities": {"Activities": []},
    "DescribeAutoScalingGroups": {"AutoScalingGroups": [{"Instances": [SERVER], "TargetGroupARNs": []}]},
}
FAILURE = {
    "ActivityId": "1",
    "StatusCode": "Failed",
    "StatusMessage": "You have requested more vCPU capacity than your current limit",
    "StartTime": datetime.now(UTC) + timedelta(hours=1),
}
EARLIER = {"StartTime": datetime.now(UTC) - timedelta(hours=1)}
HOOK = {"name": "hook", "lifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING"}


@pytest.mark.parametrize("name", ["defaultCooldown", "defaultInstanceWarmup", "desiredCapacity"])
def test_a_zero_is_not_told_to_a_new_group_so_that_awss_default_holds(name: str) -> None:
    [made, *_] = of_creation(GROUP, {**WEB, "minSize": 0, name: 0}, STANDS)
    assert name[0].upper() + name[1:] not in made
    [made, *_] = of_creation(GROUP, {**WEB, name: 1}, STANDS)
    assert made[name[0].upper() + name[1:]] == 1


def test_a_new_group_is_waited_for_before_its_processes_are_suspended() -> None:
    more = {"suspendedProcesses": ["AZRebalance"], "enabledMetrics": ["GroupTotalInstances"]}
    made = of_creation(GROUP, {**WEB, **more, "metricsGranularity": "1Minute"}, STANDS)
    assert calls(made) == [
        "CreateAutoScalingGroup",
        "DescribeScalingActivities",
        "DescribeAutoScalingGroups",
        "SuspendProcesses",
        "EnableMetricsCollection",
    ]


def test_a_group_with_hooks_is_made_empty_and_grows_once_it_has_them() -> None:
    made = of_creation(GROUP, {**WEB, "desiredCapacity": 1, "initialLifecycleHooks": [HOOK]}, STANDS)
    assert calls(made)[:3] == ["CreateAutoScalingGroup", "PutLifecycleHook", "UpdateAutoScalingGroup"]
    assert (made[0]["MinSize"], made[0]["MaxSize"], "DesiredCapacity" in made[0]) == (0, 0, False)
    assert made[2].items() >= {"MinSize": 1, "MaxSize": 2, "DesiredCapacity": 1}.items()


def test_an_update_changes_the_group_then_what_is_attached_then_waits() -> None:
    arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/b/1"
    changed: dict[str, Any] = {"minSize": 0, "targetGroupArns": [arn], "suspendedProcesses": ["Launch"]}
    old = {**WEB, "desiredCapacity": 1}
    assert calls(of_update(GROUP, old, STANDS, **changed)) == [
        "UpdateAutoScalingGroup",
        "AttachLoadBalancerTargetGroups",
        "DescribeScalingActivities",
        "DescribeAutoScalingGroups",
        "SuspendProcesses",
    ]


def test_a_launch_that_fails_meanwhile_ends_the_wait() -> None:
    failing = {**STANDS, "DescribeScalingActivities": {"Activities": [FAILURE]}}
    with pytest.raises(RuntimeError, match="more vCPU capacity"):
        of_creation(GROUP, WEB, failing)
    with pytest.raises(RuntimeError, match="more vCPU capacity"):
        of_update(GROUP, {**WEB, "desiredCapacity": 1}, failing, minSize=0)


@pytest.mark.parametrize(
    ("args", "failure"),
    [
        ({}, EARLIER),
        ({}, {"StatusMessage": "Invalid IAM Instance Profile name"}),
        ({"ignoreFailedScalingActivities": True}, {}),
    ],
)
def test_a_failed_launch_is_passed_over_where_the_provider_does(args: dict[str, Any], failure: dict[str, Any]) -> None:
    failing = {**STANDS, "DescribeScalingActivities": {"Activities": [{**FAILURE, **failure}]}}
    assert "CreateAutoScalingGroup" in calls(of_creation(GROUP, {**WEB, **args}, failing))
    of_update(GROUP, {**WEB, **args, "desiredCapacity": 1}, failing, minSize=0)


def test_a_failed_launch_ends_a_creation_that_waits_for_no_capacity_but_no_update() -> None:
    group = {**WEB, "waitForCapacityTimeout": "0", "desiredCapacity": 1}
    failing = {**STANDS, "DescribeScalingActivities": {"Activities": [FAILURE]}}
    with pytest.raises(RuntimeError, match="more vCPU capacity"):
        of_creation(GROUP, group, failing)
    assert calls(of_update(GROUP, group, failing, minSize=0)) == ["UpdateAutoScalingGroup"]


def test_a_servers_weight_counts_in_what_is_waited_for() -> None:
    heavy = {"AutoScalingGroups": [{"Instances": [{**SERVER, "WeightedCapacity": "2"}]}]}
    made = of_creation(GROUP, {**WEB, "minSize": 2}, {**STANDS, "DescribeAutoScalingGroups": heavy})
    assert calls(made).count("DescribeAutoScalingGroups") == 1


def test_the_grace_period_goes_along_with_the_kind_of_health_check() -> None:
    [made] = of_update(GROUP, {**WEB, "protectFromScaleIn": True}, healthCheckType="ELB")
    told = {"HealthCheckType": "ELB", "HealthCheckGracePeriod": 120, "NewInstancesProtectedFromScaleIn": True}
    assert made == {"call": "UpdateAutoScalingGroup", "AutoScalingGroupName": "it", **told}


def test_a_warm_up_that_is_removed_is_none() -> None:
    [made] = of_update(GROUP, {**WEB, "defaultInstanceWarmup": 60}, defaultInstanceWarmup=None)
    assert made["DefaultInstanceWarmup"] == 0


def test_a_warm_pool_that_is_removed_is_deleted() -> None:
    [made] = of_update(GROUP, {**WEB, "warmPool": {"minSize": 1}, "forceDeleteWarmPool": True}, warmPool=None)
    assert (made["call"], made["ForceDelete"]) == ("DeleteWarmPool", True)


@pytest.mark.parametrize(
    ("policy", "changed"),
    [({"minHealthyPercentage": -1, "maxHealthyPercentage": -1}, False), ({"minHealthyPercentage": 100}, True)],
)
def test_no_policy_of_maintenance_is_no_change_where_there_is_none(policy: dict[str, int], *, changed: bool) -> None:
    found = between(registry.type_of(GROUP), WEB, {}, {**WEB, "instanceMaintenancePolicy": policy}, REGION, {})
    assert bool(found.inputs) == changed


def test_a_protection_that_somebody_set_is_taken_back_to_the_providers_default() -> None:
    context = listening(GROUP, WEB, None, id="it", old={**WEB, "protectFromScaleIn": True})
    context.changed = frozenset({"protectFromScaleIn"})
    request.update(context)
    assert context.asked[0]["NewInstancesProtectedFromScaleIn"] is False
