"""Auto Scaling: what is set beside a group - policies, hooks, schedules, notifications."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rehearsal.aws_plugin.entry import As, Call, Hook, HookContext, Read, Refuse, Type

GROUP = {"AutoScalingGroupName": "{autoscalingGroupName}"}

CUSTOMIZED = "targetTrackingConfiguration.customizedMetricSpecification"

PUT_POLICY = Call(
    "PutScalingPolicy",
    {**GROUP, "PolicyName": "{name}"},
    rename={f"{CUSTOMIZED}.metricDimensions": "Dimensions"},
)

OF_KINDS = {
    "cooldown": ("SimpleScaling",),
    "estimatedInstanceWarmup": ("StepScaling", "TargetTrackingScaling"),
    "scalingAdjustment": ("SimpleScaling",),
    "stepAdjustments": ("StepScaling",),
    "targetTrackingConfiguration": ("TargetTrackingScaling",),
}
"""Arguments that the provider refuses in a policy of another kind; it does so when the policy is made."""

NEEDED = {
    "scalingAdjustment": "SimpleScaling",
    "stepAdjustments": "StepScaling",
    "targetTrackingConfiguration": "TargetTrackingScaling",
}

KIND = "(policyType || 'SimpleScaling')"

REFUSED = (
    *(
        Refuse(name, f"{name} && {name} != `0` && !contains({list(kinds)}, {KIND})", f"only of {' or '.join(kinds)}")
        for name, kinds in OF_KINDS.items()
    ),
    *(
        Refuse(name, f"{KIND} == '{kind}' && {name} == `null`", f"is required for {kind}")
        for name, kind in NEEDED.items()
    ),
)

PUT_HOOK = Call("PutLifecycleHook", {**GROUP, "LifecycleHookName": "{name}"})


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _size(size: int) -> int | None:
    """The provider says -1 for a size that the action leaves alone."""
    return None if size == -1 else size


PUT_SCHEDULE = Call(
    "PutScheduledUpdateGroupAction",
    {**GROUP, "ScheduledActionName": "{scheduledActionName}"},
    rename={
        "startTime": As("StartTime", to=str, back=_utc),
        "endTime": As("EndTime", to=str, back=_utc),
        **{
            name: As(f"{name[:1].upper()}{name[1:]}", to=_size, back=int)
            for name in ("minSize", "maxSize", "desiredCapacity")
        },
    },
)

DELETE_NOTIFICATION = Call("DeleteNotificationConfiguration")


def notify(context: HookContext) -> Mapping[str, Any]:
    """Tell each group which of its events the topic gets; an update takes all former ones back first."""
    topic = context.args["topicArn"]
    before, after = context.old.get("groupNames") or [], context.args["groupNames"]
    for group in before if isinstance(before, list) else []:
        context.send(DELETE_NOTIFICATION, {"AutoScalingGroupName": group, "TopicARN": topic})
    for group in after if isinstance(after, list) else []:
        request = {"AutoScalingGroupName": group, "TopicARN": topic, "NotificationTypes": context.args["notifications"]}
        context.send(Call("PutNotificationConfiguration"), request)
    return {"id": topic}


def notified(context: HookContext) -> Mapping[str, Any] | None:
    """The groups and events of which the topic gets to know."""
    wanted = {"AutoScalingGroupNames": context.args["groupNames"]}
    listed = context.call("DescribeNotificationConfigurations", wanted)["NotificationConfigurations"]
    mine = [each for each in listed if each["TopicARN"] == context.id]
    if not mine:
        return None
    found = {"topicArn": context.id, "groupNames": sorted({each["AutoScalingGroupName"] for each in mine})}
    types = sorted({each["NotificationType"] for each in mine if each.get("NotificationType")})
    return {**found, "notifications": types} if types else found


def forget(context: HookContext) -> None:
    """Tell no group any more."""
    for group in context.args["groupNames"]:
        context.send(DELETE_NOTIFICATION, {"AutoScalingGroupName": group, "TopicARN": context.id})


TYPES = [
    Type(
        "aws:autoscaling/policy:Policy",
        "autoscaling",
        refuse=REFUSED,
        create=PUT_POLICY,
        id="{name}",
        update=(PUT_POLICY,),
        # A policy goes with its group; AWS then calls the group's name invalid.
        read=Read(
            "DescribePolicies", {**GROUP, "PolicyNames": ["{id}"]}, "ScalingPolicies[0]", gone=("ValidationError",)
        ),
        delete=Call("DeletePolicy", {**GROUP, "PolicyName": "{id}"}),
        outputs={"arn": "PolicyARN"},
        auto_name="name",
    ),
    Type(
        "aws:autoscaling/lifecycleHook:LifecycleHook",
        "autoscaling",
        create=PUT_HOOK,
        id="{name}",
        update=(PUT_HOOK,),
        read=Read(
            "DescribeLifecycleHooks",
            {**GROUP, "LifecycleHookNames": ["{id}"]},
            "LifecycleHooks[?LifecycleHookName=='{id}'] | [0]",
        ),
        delete=Call("DeleteLifecycleHook", {**GROUP, "LifecycleHookName": "{id}"}),
        auto_name="name",
    ),
    Type(
        "aws:autoscaling/schedule:Schedule",
        "autoscaling",
        create=PUT_SCHEDULE,
        id="{scheduledActionName}",
        update=(PUT_SCHEDULE,),
        read=Read(
            "DescribeScheduledActions",
            {**GROUP, "ScheduledActionNames": ["{id}"]},
            "ScheduledUpdateGroupActions[?ScheduledActionName=='{id}'] | [0]",
            rename={
                "minSize": "MinSize || `-1`",
                "maxSize": "MaxSize || `-1`",
                "desiredCapacity": "DesiredCapacity || `-1`",
            },
        ),
        delete=Call("DeleteScheduledAction", {**GROUP, "ScheduledActionName": "{id}"}),
        outputs={"arn": "ScheduledActionARN"},
        computed=("startTime", "endTime", "recurrence", "minSize", "maxSize", "desiredCapacity", "timeZone"),
    ),
    Type(
        "aws:autoscaling/notification:Notification",
        "autoscaling",
        create=Hook(notify, takes=("groupNames", "notifications", "topicArn"), dry=True),
        update=(Hook(notify, takes=("groupNames", "notifications"), dry=True),),
        read=Hook(notified),
        delete=Hook(forget),
    ),
]
