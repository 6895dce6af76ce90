"""Health checks of a group in the living mode: EC2's status checks, and those of its balancers.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
"""

from rehearsal.emulator.corrections.autoscaling.groups import Group, Member
from rehearsal.emulator.corrections.ec2 import hosts
from rehearsal.emulator.corrections.elbv2 import targets
from rehearsal.emulator.living import changes, clock

LOOKS_EVERY = 15.0
"""Seconds between two looks at the members' health. AWS publishes none: an assumption."""

OF_THE_BALANCER = "an instance was taken out of service in response to an ELB system health check failure."
OF_EC2 = (
    "an instance was taken out of service in response to an EC2 health check indicating it has been terminated or "
    "stopped."
)
OF_THE_STATUS = "an instance was taken out of service in response to an EC2 instance status checks failure."
OF_A_USER = "an instance was taken out of service in response to a user health-check."


def look(group: Group) -> None:
    """Look at the members when it is time to, and have those replaced that are unhealthy."""
    if clock.now() - group.looked < LOOKS_EVERY:
        return
    group.looked = clock.now()
    for member in group.members:
        if member.lifecycle_state not in ("Pending", "InService"):
            continue
        checks = member.health == "Healthy" and "HealthCheck" not in group.suspended
        if checks and (why := fault(group, member)):
            member.health, member.fault = "Unhealthy", why
            changes.note("autoscaling")
        if member.health == "Unhealthy" and "ReplaceUnhealthy" not in group.suspended:
            member.leaving = member.fault or OF_A_USER


def fault(group: Group, member: Member) -> str:
    """Why a member is unhealthy; empty where it is healthy. Checks wait for the grace period, a lost state doesn't."""
    if hosts.state_of(group.region, member.instance_id) not in hosts.CODES:
        return OF_EC2
    if member.lifecycle_state == "Pending" or in_grace(group, member):
        return ""
    if hosts.is_impaired(member.instance_id):
        return OF_THE_STATUS
    if "ELB" not in group.settings["HealthCheckType"]:
        return ""
    states = {targets.state_of(arn, member.instance_id) for arn in group.target_groups}
    return OF_THE_BALANCER if "unhealthy" in states else ""


def in_grace(group: Group, member: Member) -> bool:
    """Return whether a member came into service less than the grace period ago.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html
    """
    return bool(clock.now() < member.since + group.settings["HealthCheckGracePeriod"])
