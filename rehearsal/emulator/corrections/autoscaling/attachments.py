"""Attachments of a group: target groups, and the settings that are kept but trigger nothing here."""

from typing import Any

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.autoscaling import launches
from rehearsal.emulator.corrections.autoscaling.groups import Group, group_named, groups_of
from rehearsal.emulator.corrections.autoscaling.operations import check_target_groups
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call

API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_"

GROUP_METRICS = (
    *("GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances", "GroupPendingInstances"),
    *("GroupStandbyInstances", "GroupTerminatingInstances", "GroupTotalInstances", "GroupInServiceCapacity"),
    *("GroupPendingCapacity", "GroupStandbyCapacity", "GroupTerminatingCapacity", "GroupTotalCapacity"),
    *("WarmPoolDesiredCapacity", "WarmPoolWarmedCapacity", "WarmPoolPendingCapacity"),
    *("WarmPoolTerminatingCapacity", "WarmPoolTotalCapacity", "GroupAndWarmPoolDesiredCapacity"),
    "GroupAndWarmPoolTotalCapacity",
)
"""https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html"""


@implements("autoscaling", "AttachLoadBalancerTargetGroups", see=f"{API}AttachLoadBalancerTargetGroups.html")
def attach(call: Call) -> dict[str, Any]:
    """Register the members with more target groups."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    added = [arn for arn in call.parameters["TargetGroupARNs"] if arn not in group.target_groups]
    check_target_groups(added, call.region)
    group.target_groups += added
    launches.register(group, group.members, added)
    return {}


@implements("autoscaling", "DetachLoadBalancerTargetGroups", see=f"{API}DetachLoadBalancerTargetGroups.html")
def detach(call: Call) -> dict[str, Any]:
    """Take the members out of target groups."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    removed = [arn for arn in call.parameters["TargetGroupARNs"] if arn in group.target_groups]
    launches.deregister(group, group.members, removed)
    group.target_groups = [arn for arn in group.target_groups if arn not in removed]
    return {}


@implements("autoscaling", "DescribeLoadBalancerTargetGroups", see=f"{API}DescribeLoadBalancerTargetGroups.html")
def describe_target_groups(call: Call) -> dict[str, Any]:
    """List a group's target groups."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    return {
        "LoadBalancerTargetGroups": [
            {"LoadBalancerTargetGroupARN": arn, "State": "InService"} for arn in group.target_groups
        ]
    }


@implements("autoscaling", "DescribeScalingActivities", see=f"{API}DescribeScalingActivities.html")
def describe_activities(call: Call) -> dict[str, Any]:
    """List what groups did, the newest first."""
    name = call.parameters.get("AutoScalingGroupName")
    groups = [group_named(call.region, name)] if name else groups_of(call.region)
    return {"Activities": [activity for group in groups for activity in group.activities]}


@implements("autoscaling", "EnableMetricsCollection", see=f"{API}EnableMetricsCollection.html")
def enable_metrics(call: Call) -> dict[str, Any]:
    """Collect metrics; all of them where none is named."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    group.metrics |= set(call.parameters.get("Metrics") or GROUP_METRICS)
    return {}


@implements("autoscaling", "DisableMetricsCollection", see=f"{API}DisableMetricsCollection.html")
def disable_metrics(call: Call) -> dict[str, Any]:
    """Stop collecting metrics."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    group.metrics -= set(call.parameters.get("Metrics") or GROUP_METRICS)
    return {}


KEPT: dict[tuple[str, str, str], dict[str, Any]] = {}
"""Policies, hooks, schedules and notifications: by kind, the group's identifier and name."""


@on_reset
def forget() -> None:
    """Forget what was kept."""
    KEPT.clear()


def kept(kind: str, call: Call) -> list[dict[str, Any]]:
    """Everything of a kind, of the group that the call names or of all in the region."""
    name = call.parameters.get("AutoScalingGroupName")
    groups = [group_named(call.region, name)] if name else groups_of(call.region)
    identifiers = {group.identifier for group in groups}
    return [value for (what, group, _), value in sorted(KEPT.items()) if what == kind and group in identifiers]


def policy_arn(group: Group, name: str) -> str:
    """The ARN of a scaling policy."""
    prefix = f"arn:aws:autoscaling:{group.region}:{ACCOUNT}:scalingPolicy:{group.identifier}"
    return f"{prefix}:autoScalingGroupName/{group.name}:policyName/{name}"


@implements("autoscaling", "PutScalingPolicy", see=f"{API}PutScalingPolicy.html")
def put_policy(call: Call) -> dict[str, Any]:
    """Keep a scaling policy."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    name = call.parameters["PolicyName"]
    arn = policy_arn(group, name)
    given = {"PolicyType": "SimpleScaling", "Enabled": True, **call.parameters}
    KEPT["policy", group.identifier, name] = {**given, "PolicyARN": arn, "Alarms": []}
    return {"PolicyARN": arn, "Alarms": []}


@implements("autoscaling", "DescribePolicies", see=f"{API}DescribePolicies.html")
def describe_policies(call: Call) -> dict[str, Any]:
    """List scaling policies by name or ARN, and type."""
    names, types = call.parameters.get("PolicyNames"), call.parameters.get("PolicyTypes")
    return {
        "ScalingPolicies": [
            policy
            for policy in kept("policy", call)
            if (not names or {policy["PolicyName"], policy["PolicyARN"]} & set(names))
            and (not types or policy["PolicyType"] in types)
        ]
    }


@implements("autoscaling", "DeletePolicy", see=f"{API}DeletePolicy.html")
def delete_policy(call: Call) -> dict[str, Any]:
    """Delete a scaling policy by name or ARN."""
    wanted = call.parameters["PolicyName"]
    for (kind, group, name), value in list(KEPT.items()):
        if kind == "policy" and wanted in (name, value["PolicyARN"]) and value in kept("policy", call):
            del KEPT[kind, group, name]
            return {}
    raise AwsError("ValidationError", f"Policy {wanted} not found")


def described(kind: str, value: dict[str, Any], region: str) -> list[dict[str, Any]]:
    """List what is kept: a notification once for each event, a scheduled action with its ARN."""
    if kind == "notification":
        return [{**value, "NotificationType": event} for event in value["NotificationTypes"]]
    if kind == "schedule":
        group, name = group_named(region, value["AutoScalingGroupName"]), value["ScheduledActionName"]
        prefix = f"arn:aws:autoscaling:{region}:{ACCOUNT}:scheduledUpdateGroupAction:{group.identifier}"
        arn = f"{prefix}:autoScalingGroupName/{group.name}:scheduledActionName/{name}"
        return [{**value, "ScheduledActionARN": arn}]
    return [value]


def _kept_operations(kind: str, put: str, describe: str, delete: str, name: str, result: str) -> None:
    """Register three operations on something that a group only keeps."""

    @implements("autoscaling", put, see=f"{API}{put}.html")
    def _put(call: Call) -> dict[str, Any]:
        group = group_named(call.region, call.parameters["AutoScalingGroupName"])
        before = KEPT.get((kind, group.identifier, call.parameters[name]), {})
        KEPT[kind, group.identifier, call.parameters[name]] = {**before, **call.parameters}
        return {}

    @implements("autoscaling", describe, see=f"{API}{describe}.html")
    def _describe(call: Call) -> dict[str, Any]:
        names = call.parameters.get("AutoScalingGroupNames")
        found = [value for value in kept(kind, call) if not names or value["AutoScalingGroupName"] in names]
        return {result: [each for value in found for each in described(kind, value, call.region)]}

    @implements("autoscaling", delete, see=f"{API}{delete}.html")
    def _delete(call: Call) -> dict[str, Any]:
        group = group_named(call.region, call.parameters["AutoScalingGroupName"])
        KEPT.pop((kind, group.identifier, call.parameters[name]), None)
        return {}


_kept_operations(
    *("hook", "PutLifecycleHook", "DescribeLifecycleHooks", "DeleteLifecycleHook"),
    *("LifecycleHookName", "LifecycleHooks"),
)
_kept_operations(
    *("schedule", "PutScheduledUpdateGroupAction", "DescribeScheduledActions", "DeleteScheduledAction"),
    *("ScheduledActionName", "ScheduledUpdateGroupActions"),
)
_kept_operations(
    *("notification", "PutNotificationConfiguration", "DescribeNotificationConfigurations"),
    *("DeleteNotificationConfiguration", "TopicARN", "NotificationConfigurations"),
)
