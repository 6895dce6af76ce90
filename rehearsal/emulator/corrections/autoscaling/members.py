"""The operations on the members of groups, and on their number."""

from collections.abc import Callable
from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.autoscaling import capacity, health, launches
from rehearsal.emulator.corrections.autoscaling.groups import Group, Member, group_named, groups_of, validation_error
from rehearsal.emulator.living import clock
from rehearsal.emulator.wire import Call

API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_"


@implements("autoscaling", "DescribeAutoScalingInstances", see=f"{API}DescribeAutoScalingInstances.html")
def describe_instances(call: Call) -> dict[str, Any]:
    """Describe members of all groups."""
    wanted = call.parameters.get("InstanceIds", [])
    return {
        "AutoScalingInstances": [
            {**member.describe(), "AutoScalingGroupName": group.name, "HealthStatus": member.health.upper()}
            for group in groups_of(call.region)
            for member in group.members
            if not wanted or member.instance_id in wanted
        ]
    }


@implements("autoscaling", "SetDesiredCapacity", see=f"{API}SetDesiredCapacity.html")
def set_desired_capacity(call: Call) -> dict[str, Any]:
    """Scale to a number within the group's limits."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    desired = call.parameters["DesiredCapacity"]
    for limit, fits, word in ((group.maximum, desired <= group.maximum, "above max"),
                              (group.minimum, desired >= group.minimum, "below min")):  # fmt: skip
        if not fits:
            raise validation_error(f"New SetDesiredCapacity value {desired} is {word} value {limit} for the group.")
    group.desired = desired
    capacity.converge(group, "a user set the desired capacity")
    return {}


@implements("autoscaling", "SetInstanceHealth", see=f"{API}SetInstanceHealth.html")
def set_instance_health(call: Call) -> dict[str, Any]:
    """Mark a member; an unhealthy one is replaced."""
    group, member = holder_of(call.region, call.parameters["InstanceId"])
    if clock.on() and call.parameters.get("ShouldRespectGracePeriod", True) and health.in_grace(group, member):
        return {}
    member.health = call.parameters["HealthStatus"]
    capacity.heal(call.region)
    return {}


@implements("autoscaling", "TerminateInstanceInAutoScalingGroup", see=f"{API}TerminateInstanceInAutoScalingGroup.html")
def terminate_instance(call: Call) -> dict[str, Any]:
    """Terminate a member, and launch another unless the desired capacity goes down with it."""
    group, member = holder_of(call.region, call.parameters["InstanceId"])
    lower(group, call.parameters["ShouldDecrementDesiredCapacity"])
    launches.terminate(group, member, "a user request")
    activity = group.activities[0]
    capacity.converge(group, "an instance was taken out of service")
    return {"Activity": activity}


@implements("autoscaling", "DetachInstances", see=f"{API}DetachInstances.html")
def detach(call: Call) -> dict[str, Any]:
    """Take members out of the group; they run on."""
    return _take_out(call, lambda group, member: group.members.remove(member), "Detaching EC2 instance", "detached")


@implements("autoscaling", "EnterStandby", see=f"{API}EnterStandby.html")
def enter_standby(call: Call) -> dict[str, Any]:
    """Take members out of service without terminating them."""

    def stand_by(_: Group, member: Member) -> None:
        member.lifecycle_state = "Standby"

    return _take_out(call, stand_by, "Moving EC2 instance to Standby", "moved to standby")


def _take_out(call: Call, leave: Callable[[Group, Member], None], activity: str, done: str) -> dict[str, Any]:
    """Have members leave the service, deregister them, and launch others unless the capacity goes down with them."""
    group, members = _named(call)
    for member in members:
        lower(group, call.parameters["ShouldDecrementDesiredCapacity"])
        leave(group, member)
        group.record(f"{activity}: {member.instance_id}", "a user request")
    launches.deregister(group, members, group.target_groups)
    activities = group.activities[: len(members)]
    capacity.converge(group, f"an instance was {done}")
    return {"Activities": activities}


def _named(call: Call) -> tuple[Group, list[Member]]:
    """Return the group and those of its members that a call names."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    return group, [group.member(instance) for instance in call.parameters.get("InstanceIds", [])]


@implements("autoscaling", "ExitStandby", see=f"{API}ExitStandby.html")
def exit_standby(call: Call) -> dict[str, Any]:
    """Put members back into service."""
    group, members = _named(call)
    for member in members:
        member.lifecycle_state = "InService"
        group.desired += 1
        group.record(f"Moving EC2 instance out of Standby: {member.instance_id}", "a user request")
    launches.register(group, members, group.target_groups)
    return {"Activities": group.activities[: len(members)]}


@implements("autoscaling", "SetInstanceProtection", see=f"{API}SetInstanceProtection.html")
def set_protection(call: Call) -> dict[str, Any]:
    """Protect members from being scaled in."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    for instance in call.parameters["InstanceIds"]:
        group.member(instance).protected = call.parameters["ProtectedFromScaleIn"]
    capacity.converge(group, "the protection from scale-in changed")
    return {}


def holder_of(region: str, instance_id: str) -> tuple[Group, Member]:
    """The group that an instance is in, and the member that it is."""
    for group in groups_of(region):
        for member in group.members:
            if member.instance_id == instance_id:
                return group, member
    raise validation_error(f"Instance Id not found - No managed instance found for instance ID: {instance_id}")


def lower(group: Group, should: bool) -> None:
    """Lower the desired capacity by one, if it should and can."""
    if not should:
        return
    if group.desired <= group.minimum:
        raise validation_error(
            f"Currently, desiredSize equals minSize ({group.minimum}). Terminating instance without replacement "
            "will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or "
            "lower group's min size."
        )
    group.desired -= 1
