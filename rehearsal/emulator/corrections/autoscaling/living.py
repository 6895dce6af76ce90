"""A group in the living mode: what it does takes the time that it takes, and the order that its policies ask for.

A new member is pending until its instance runs, and counts as ready once it passes its checks and is warm. One that is
to be replaced stays until enough others are ready. One that terminates drains first. At every tick each group goes on.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
"""

import math
from collections import Counter

from rehearsal.emulator.corrections.autoscaling import health, launches
from rehearsal.emulator.corrections.autoscaling.groups import GROUPS, Group, Member
from rehearsal.emulator.corrections.ec2 import hosts
from rehearsal.emulator.corrections.elbv2 import targets
from rehearsal.emulator.living import clock
from rehearsal.emulator.wire import AwsError

OVER = 110
"""Percent of the desired capacity that a group without a maintenance policy has at most while it balances its zones:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html#AutoScalingBehavior.InstanceUsage"""


MISSING = "an instance was started in response to a difference between desired and actual capacity."
REPLACED = "an instance was launched in response to an unhealthy instance needing to be replaced."


@clock.at_start
def begin() -> None:
    """Let the grace of all that serves begin now, and let it be warm."""
    for group in GROUPS.values():
        for member in group.members:
            member.since = clock.now()
        group.looked = clock.now()
        group.warm = {member.instance_id for member in group.members}


@clock.every_tick
def go_on() -> None:
    """Let each group go on."""
    for group in [*GROUPS.values()]:
        arrive(group)
        depart(group)
        health.look(group)
        rebalance(group)
        try:
            converge(group, MISSING)
        except AwsError as error:  # the template doesn't launch any more, say
            if not group.activities or group.activities[0].get("StatusMessage") != error.message:
                group.record("Launching a new EC2 instance", "the desired capacity", error.message)


@clock.at_end
def settle() -> None:
    """Let all that is under way be done at once."""
    for group in [*GROUPS.values()]:
        for member in [*group.members]:
            if member.leaving or member.lifecycle_state == "Terminating":
                launches.deregister(group, [member], group.target_groups)
                launches.end(group, member)
        arrive(group)


def arrive(group: Group) -> None:
    """Put those into service whose instances run, and register them.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
    """
    for member in group.members:
        if member.lifecycle_state == "Pending" and hosts.state_of(group.region, member.instance_id) == "running":
            member.lifecycle_state, member.since = "InService", clock.now()
            if "AddToLoadBalancer" not in group.suspended:
                launches.register(group, [member], group.target_groups)
            launches.finish(member)


def depart(group: Group) -> None:
    """Terminate those that are drained."""
    for member in [*group.members]:
        if member.lifecycle_state == "Terminating" and clock.now() >= member.until:
            launches.end(group, member)


def converge(group: Group, cause: str) -> None:
    """Let those go that may, then launch what is missing, and scale in."""
    may_terminate = "Terminate" not in group.suspended
    for member in group.members:
        if member.subnet_id not in group.zones and member.counts:
            member.leaving = "its subnet was taken out of the group."
    for member in [member for member in group.members if is_leaving(member)]:
        if may_terminate and may_go(group, member):
            launches.terminate(group, member, member.leaving)
    if any(member.leaving and member.health == "Unhealthy" for member in group.members):
        cause = REPLACED
    while "Launch" not in group.suspended and len(group.serving) < group.desired and has_room(group):
        if refused := launches.refusal(group):
            group.record("Launching a new EC2 instance", cause, f"{refused} Launching EC2 instance failed.")
            break
        launches.launch(group, cause)
    while may_terminate and len(group.serving) > group.desired:
        if (victim := launches.to_scale_in(group)) is None:
            break
        launches.terminate(group, victim, cause)


def is_leaving(member: Member) -> bool:
    """Return whether a member waits to be replaced."""
    return bool(member.leaving) and member.lifecycle_state in ("Pending", "InService")


def has_room(group: Group) -> bool:
    """Return whether one more may run: the most is of what is healthy or pending.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceMaintenancePolicy.html
    """
    standing = [m for m in group.members if m.lifecycle_state in ("Pending", "InService") and m.health == "Healthy"]
    return len(standing) < bounds(group)[1] and bool(launches.open_subnets(group))


def may_go(group: Group, member: Member) -> bool:
    """Return whether a member may be terminated now.

    One that doesn't run may always; an unhealthy one without a maintenance policy, too ("terminate and launch"). Where
    none gets ready, as many unhealthy ones stay as are desired: AWS says nothing of that, an assumption.
    """
    if member.lifecycle_state == "Pending" or hosts.state_of(group.region, member.instance_id) != "running":
        return True
    if member.health == "Unhealthy" and percentages(group) is None:
        return True
    if member.health == "Unhealthy" and sum(each.health == "Unhealthy" for each in group.members) > group.desired:
        return True
    ready = [other for other in group.members if other is not member and is_ready(group, other)]
    return len(ready) >= bounds(group)[0]


def percentages(group: Group) -> tuple[int, int] | None:
    """The healthy percentages, least and most: of a refresh under way, or of the maintenance policy."""
    policy = group.settings.get("InstanceMaintenancePolicy") or {}
    least, most = policy.get("MinHealthyPercentage", -1), policy.get("MaxHealthyPercentage", -1)
    return group.limits or (None if -1 in (least, most) else (least, most))


def bounds(group: Group) -> tuple[int, int]:
    """How many have to be ready while members are replaced, and how many may be healthy or pending.

    Both are rounded up. At least one is always replaced: beyond the desired capacity, or below it where nothing may run
    beyond. https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-instance-refresh-default-values.html
    """
    least, most = percentages(group) or (100, OVER)
    low, high = math.ceil(group.desired * least / 100), math.ceil(group.desired * most / 100)
    return (min(low, group.desired - 1), high) if high <= group.desired else (low, high)


def is_ready(group: Group, member: Member) -> bool:
    """Return whether a member serves, passes its checks and is warm."""
    if member.lifecycle_state != "InService" or member.health != "Healthy" or not is_warm(group, member):
        return False
    if "ELB" not in group.settings["HealthCheckType"]:
        return True
    used = [arn for arn in group.target_groups if targets.is_used(group.region, arn)]
    return all(targets.state_of(arn, member.instance_id) == "healthy" for arn in used)


def is_warm(group: Group, member: Member) -> bool:
    """Return whether a member's warm-up is over: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-default-instance-warmup.html."""
    if member.instance_id in group.warm:
        return True
    if clock.now() >= member.since + group.warmup:
        group.warm.add(member.instance_id)
        return True
    return False


def rebalance(group: Group) -> None:
    """Have one of the fullest zone replaced if zones differ by more than one and nothing else is under way."""
    if group.suspended & {"AZRebalance", "Launch", "Terminate"} or not group.members:
        return
    if any(member.leaving or member.lifecycle_state in ("Pending", "Terminating") for member in group.members):
        return
    zones = launches.open_zones(group)
    load = Counter(dict.fromkeys(zones, 0))
    load.update(member.zone for member in group.serving if member.zone in zones)
    if load and max(load.values()) - min(load.values()) > 1:
        fullest = max(load, key=lambda zone: load[zone])
        victim = next(member for member in group.serving if member.zone == fullest)
        victim.leaving = "an instance was taken out of service to balance the zones."
