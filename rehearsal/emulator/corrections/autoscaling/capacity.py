"""The way of a group to its desired capacity: spread, scale, replace. In the living mode, `living` has it."""

from collections import Counter
from typing import Any

from rehearsal.emulator.corrections.autoscaling import living
from rehearsal.emulator.corrections.autoscaling.groups import GROUPS, Group, Member, groups_of
from rehearsal.emulator.corrections.autoscaling.launches import launch, open_zones, refusal, terminate, to_scale_in
from rehearsal.emulator.emulators import client
from rehearsal.emulator.living import clock


def converge(group: Group, cause: str) -> None:
    """Bring the group to its desired capacity, and its zones into balance."""
    if clock.on():
        return living.converge(group, cause)
    leave_removed_subnets(group, cause)
    while "Launch" not in group.suspended and len(group.serving) < group.desired:
        if refused := refusal(group):
            group.record("Launching a new EC2 instance", cause, f"{refused} Launching EC2 instance failed.")
            break
        launch(group, cause)
    while "Terminate" not in group.suspended and len(group.serving) > group.desired + group.extra:
        if (victim := to_scale_in(group)) is None:
            break
        terminate(group, victim, cause)
    rebalance(group)
    return None


@clock.at_end
def fill() -> None:
    """Bring all groups to their desired capacity at once, after what was under way is done."""
    for group in [*GROUPS.values()]:
        converge(group, "the desired capacity")


def leave_removed_subnets(group: Group, cause: str) -> None:
    """Replace the members in a subnet that the group no longer has."""
    for member in [member for member in group.serving if member.subnet_id not in group.zones]:
        replace(group, member, cause)


def rebalance(group: Group) -> None:
    """Launch in the emptiest zone, then terminate in the fullest, until they differ by one at most.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html#AutoScalingBehavior.InstanceUsage
    """
    if group.extra or group.suspended & {"AZRebalance", "Launch", "Terminate"}:
        return
    while True:
        zones = open_zones(group)
        load = Counter(dict.fromkeys(zones, 0))
        load.update(member.zone for member in group.serving if member.zone in zones)
        fullest = max(load, key=lambda zone: load[zone], default="")
        if not load or load[fullest] - min(load.values()) <= 1:
            return
        launch(group, "the zones were out of balance")
        victims = [member for member in group.serving if member.zone == fullest]
        terminate(group, victims[0], "the zones were out of balance")


def replace(group: Group, member: Member, cause: str, settings: dict[str, Any] | None = None) -> None:
    """Launch a member in the same zone, then terminate the old one."""
    launch(group, cause, member.zone, settings)
    terminate(group, member, cause)


def heal(region: str) -> None:
    """Replace the members of the region's groups that are gone, stopped or unhealthy.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
    """
    if clock.on():
        return  # the next look at the members finds them
    for group in groups_of(region):
        if group.members and "HealthCheck" not in group.suspended:
            check_health(group)
        if group.suspended & {"ReplaceUnhealthy", "Launch", "Terminate"}:
            continue
        for member in [member for member in group.serving if member.health == "Unhealthy"]:
            group.members.remove(member)  # it no longer counts towards the balance of the zones
            launch(group, "an instance was found to be unhealthy")
            group.members.append(member)
            terminate(group, member, "the instance was found to be unhealthy")


def check_health(group: Group) -> None:
    """Mark the members whose instances do not run as unhealthy."""
    found = client("ec2", group.region).describe_instances(
        Filters=[{"Name": "instance-id", "Values": [member.instance_id for member in group.members]}]
    )["Reservations"]
    states = {i["InstanceId"]: i["State"]["Name"] for reservation in found for i in reservation["Instances"]}
    for member in group.serving:
        if states.get(member.instance_id, "terminated") not in ("pending", "running"):
            member.health = "Unhealthy"
