"""Auto Scaling: what the real provider does around a group's calls - refusing, waiting, draining."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from rehearsal.aws_plugin.calls.model import RefusedError, is_unknown
from rehearsal.aws_plugin.entry import Call, HookContext

PAUSE = 0.5
"""Seconds between two looks at a group."""

CAPACITY_PATIENCE = 90.0
"""Seconds at most that a capacity is waited for; nothing changes here by itself after them."""

DRAIN_PATIENCE = 60.0
"""Seconds until a group has to be empty; the real provider gives it 10 minutes."""

LAUNCHED_FROM = ("launchTemplate", "launchConfiguration", "mixedInstancesPolicy")
"""The arguments that a group launches from; a change of it starts a refresh without being listed as a trigger."""


def refuse_contradictions(context: HookContext) -> None:
    """Refuse sizes that contradict each other, and not exactly one thing to launch from."""
    args = context.args
    sizes = {name: int(args[name]) for name in ("minSize", "maxSize", "desiredCapacity") if _known(args.get(name))}
    if sizes.get("minSize", 0) > sizes.get("maxSize", 10**6):
        raise RefusedError("minSize", f"{sizes['minSize']} is above the maxSize of {sizes['maxSize']}")
    desired = sizes.get("desiredCapacity")
    if desired is not None and not sizes.get("minSize", 0) <= desired <= sizes.get("maxSize", 10**6):
        reason = f"{desired} is not between minSize {args['minSize']} and maxSize {args['maxSize']}"
        raise RefusedError("desiredCapacity", reason)
    given = [name for name in LAUNCHED_FROM if args.get(name)]
    if len(given) != 1:
        raise RefusedError(
            given[-1] if given else "launchTemplate", f"exactly one of {', '.join(LAUNCHED_FROM)} is needed"
        )
    if not args.get("vpcZoneIdentifiers") and not args.get("availabilityZones"):
        raise RefusedError("vpcZoneIdentifiers", "a group needs subnets or availabilityZones")
    _duration(args.get("waitForCapacityTimeout", "0"))


def _known(value: Any) -> bool:
    return value is not None and not is_unknown(value)


def _duration(text: str) -> float:
    """Seconds of a duration as Go writes it: "10m", "1h30m", "0"."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(h|ms|m|s)", text)
    if text != "0" and "".join(number + unit for number, unit in parts) != text:
        raise RefusedError("waitForCapacityTimeout", f'"{text}" is not a duration such as "10m" or "1h30m"')
    return sum(float(number) * {"h": 3600, "m": 60, "s": 1, "ms": 0.001}[unit] for number, unit in parts)


def put_initial_hooks(context: HookContext) -> None:
    """Give a new group, which is empty, its lifecycle hooks, then its size.

    Later changes of hooks are the program's LifecycleHook resources.
    """
    hooks = context.args.get("initialLifecycleHooks") or []
    for hook in hooks:
        request = {
            "AutoScalingGroupName": "{id}",
            "LifecycleHookName": hook["name"],
            "LifecycleTransition": hook["lifecycleTransition"],
            "DefaultResult": hook.get("defaultResult"),
            "HeartbeatTimeout": hook.get("heartbeatTimeout"),
            "NotificationMetadata": hook.get("notificationMetadata"),
            "NotificationTargetARN": hook.get("notificationTargetArn"),
            "RoleARN": hook.get("roleArn"),
        }
        context.send(Call("PutLifecycleHook"), context.request({k: v for k, v in request.items() if v is not None}))
    if hooks:
        sizes = {"MinSize": "minSize", "MaxSize": "maxSize", "DesiredCapacity": "desiredCapacity"}
        given = {member: int(context.args[name]) for member, name in sizes.items() if _known(context.args.get(name))}
        name = {"AutoScalingGroupName": "{id}", "DesiredCapacityType": "{desiredCapacityType}"}
        context.send(Call("UpdateAutoScalingGroup"), {**context.request(name), **given})


def _group(context: HookContext) -> Mapping[str, Any] | None:
    answer = context.call("DescribeAutoScalingGroups", {"AutoScalingGroupNames": [context.id]})
    groups = answer["AutoScalingGroups"]
    return groups[0] if groups else None


def await_created(context: HookContext) -> None:
    """Wait for at least the capacity asked for, and for as many healthy targets as the program wants.

    Where nothing is to be waited for, a launch that has failed ends the creation all the same, unlike the real
    provider's: a Release would wait 15 minutes for servers before it says so.
    """
    args = context.args
    wanted = int(args.get("desiredCapacity") or args["minSize"])
    targets = int(args.get("waitForElbCapacity") or args.get("minElbCapacity") or 0)
    if not _duration(args.get("waitForCapacityTimeout", "10m")):
        _refuse_failed(context)
    _await(context, wanted, targets, lambda has, needs: has >= needs, "at least")


def await_updated(context: HookContext) -> None:
    """Wait for exactly the capacity asked for, as the real provider does after an update.

    Without a desired capacity in the program that is the state's, of the last update or refresh: a group that has been
    scaled out since then never has it.
    """
    desired = context.args.get("desiredCapacity", context.state.get("desiredCapacity", 0))
    wanted = max(int(context.args["minSize"]), int(desired))
    targets = int(context.args.get("waitForElbCapacity") or 0)
    _await(context, wanted, targets, lambda has, needs: has == needs, "exactly")


def _await(context: HookContext, wanted: int, targets: int, fits: Callable[[int, int], bool], word: str) -> None:
    timeout = min(_duration(context.args.get("waitForCapacityTimeout", "10m")), CAPACITY_PATIENCE)
    until = time.monotonic() + timeout
    while timeout:
        _refuse_failed(context)
        group = _group(context)
        if group is None:
            raise RuntimeError(f"Auto Scaling group {context.id} vanished while its capacity was waited for")
        serving = _serving(group)
        unhealthy = _unhealthy(context, group)
        has = sum(serving.values())
        healthy = sum(weight for server, weight in serving.items() if server not in unhealthy)
        if fits(has, wanted) and (not targets or fits(healthy, targets)):
            return
        if time.monotonic() > until:
            reason = f"want {word} {wanted} healthy instances, have {has}"
            reason += f"; want {word} {targets} healthy targets, have {healthy}" if targets else ""
            raise RuntimeError(f"Auto Scaling group {context.id}, after {timeout:.0f} s: {reason}")
        time.sleep(PAUSE)


def _refuse_failed(context: HookContext) -> None:
    """Fail with what AWS says of a launch that failed meanwhile: the real provider doesn't wait for another one."""
    if context.args.get("ignoreFailedScalingActivities"):
        return
    answer = context.call("DescribeScalingActivities", {"AutoScalingGroupName": context.id})
    for activity in answer["Activities"]:
        reason = activity.get("StatusMessage", "")
        meanwhile = activity["StartTime"] >= context.begun.replace(microsecond=0)
        if meanwhile and activity["StatusCode"] == "Failed" and "Invalid IAM Instance Profile" not in reason:
            reason = f"scaling activity ({activity['ActivityId']}): Failed: {reason}"
            raise RuntimeError(f"Auto Scaling group {context.id}: {reason}")


def _serving(group: Mapping[str, Any]) -> dict[str, int]:
    """Healthy instances in service, and for how much each one counts."""
    return {
        each["InstanceId"]: int(each.get("WeightedCapacity") or 1)
        for each in group["Instances"]
        if each["HealthStatus"] == "Healthy" and each["LifecycleState"] == "InService"
    }


def _unhealthy(context: HookContext, group: Mapping[str, Any]) -> set[str]:
    """Instances that some target group of the group doesn't find healthy."""
    found = set()
    for arn in group.get("TargetGroupARNs", []):
        answer = context.call("DescribeTargetHealth", {"TargetGroupArn": arn}, "elbv2")
        for each in answer["TargetHealthDescriptions"]:
            if each["TargetHealth"]["State"] != "healthy":
                found.add(each["Target"]["Id"])
    return found


def drain(context: HookContext) -> None:
    """Scale to zero and wait until the group is empty, unless it is to be deleted by force."""
    group = _group(context)
    if group is None or context.args.get("forceDelete"):
        return
    name = {"AutoScalingGroupName": context.id}
    context.call("UpdateAutoScalingGroup", {**name, "MinSize": 0, "MaxSize": 0, "DesiredCapacity": 0})
    protected = [each["InstanceId"] for each in group["Instances"] if each.get("ProtectedFromScaleIn")]
    if protected:
        context.call("SetInstanceProtection", {**name, "InstanceIds": protected, "ProtectedFromScaleIn": False})
    until = time.monotonic() + DRAIN_PATIENCE
    while (_group(context) or {}).get("Instances"):
        if time.monotonic() > until:
            raise RuntimeError(f"Auto Scaling group {context.id} still has instances after {DRAIN_PATIENCE:.0f} s")
        time.sleep(PAUSE)


def await_deleted(context: HookContext) -> None:
    """Wait until the group is gone: what it used can't be deleted before."""
    until = time.monotonic() + DRAIN_PATIENCE
    while _group(context):
        if time.monotonic() > until:
            raise RuntimeError(f"Auto Scaling group {context.id} is still there after {DRAIN_PATIENCE:.0f} s")
        time.sleep(PAUSE)
