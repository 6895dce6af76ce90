"""The operations on groups and their processes."""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.autoscaling import capacity, launches
from rehearsal.emulator.corrections.autoscaling.groups import (
    DEFAULTS,
    GROUPS,
    PROCESSES,
    Group,
    group_named,
    groups_of,
    validation_error,
)
from rehearsal.emulator.corrections.autoscaling.refresh import active_refresh
from rehearsal.emulator.corrections.autoscaling.tags import tags_by_key
from rehearsal.emulator.emulators import client
from rehearsal.emulator.wire import AwsError, Call

API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_"

KEPT = (
    *("DefaultCooldown", "HealthCheckType", "HealthCheckGracePeriod", "PlacementGroup", "TerminationPolicies"),
    *("NewInstancesProtectedFromScaleIn", "CapacityRebalance", "MaxInstanceLifetime", "DesiredCapacityType"),
    *("LaunchTemplate", "MixedInstancesPolicy", "DefaultInstanceWarmup", "InstanceMaintenancePolicy", "Context"),
    *("AvailabilityZoneDistribution", "AvailabilityZoneImpairmentPolicy", "CapacityReservationSpecification"),
    *("DeletionProtection", "InstanceLifecyclePolicy", "ServiceLinkedRoleARN"),
)
"""Settings that are described as they were given."""


@implements("autoscaling", "CreateAutoScalingGroup", see=f"{API}CreateAutoScalingGroup.html")
def create(call: Call) -> dict[str, Any]:
    """Create a group and launch its instances."""
    given = call.parameters
    name = given["AutoScalingGroupName"]
    if (call.region, name) in GROUPS:
        raise AwsError("AlreadyExists", f"AutoScalingGroup by this name already exists - {name}")
    if not given.keys() & {"LaunchTemplate", "MixedInstancesPolicy"}:
        raise validation_error("Valid requests must contain either LaunchTemplate or MixedInstancesPolicy")
    group = Group(
        name=name,
        region=call.region,
        settings={**DEFAULTS, **{key: given[key] for key in KEPT if key in given}},
        zones=zones_of(given.get("VPCZoneIdentifier", ""), call.region),
        minimum=given["MinSize"],
        maximum=given["MaxSize"],
        desired=given.get("DesiredCapacity", given["MinSize"]),
        target_groups=list(given.get("TargetGroupARNs", [])),
        tags=tags_by_key(given.get("Tags", []), name),
    )
    check_sizes(group)
    check_target_groups(group.target_groups, call.region)
    launches.template_of(group.settings, call.region)
    capacity.converge(group, "the group was created")
    GROUPS[call.region, name] = group
    return {}


@implements("autoscaling", "UpdateAutoScalingGroup", see=f"{API}UpdateAutoScalingGroup.html")
def update(call: Call) -> dict[str, Any]:
    """Change settings; what runs already is not touched by a new launch template."""
    given = call.parameters
    group = group_named(call.region, given["AutoScalingGroupName"])
    settings = {**group.settings, **{key: given[key] for key in KEPT if key in given}}
    if "LaunchTemplate" in given:
        settings.pop("MixedInstancesPolicy", None)
    elif "MixedInstancesPolicy" in given:
        settings.pop("LaunchTemplate", None)
    launches.template_of(settings, call.region)
    minimum, maximum = given.get("MinSize", group.minimum), given.get("MaxSize", group.maximum)
    desired = given.get("DesiredCapacity", max(minimum, min(maximum, group.desired)))
    changed = Group(group.name, call.region, settings, group.zones, minimum, maximum, desired, [])
    check_sizes(changed)
    if given.get("VPCZoneIdentifier"):
        group.zones = zones_of(given["VPCZoneIdentifier"], call.region)
    group.settings, group.minimum, group.maximum, group.desired = settings, minimum, maximum, desired
    capacity.converge(group, "the group was updated")
    return {}


@implements("autoscaling", "DeleteAutoScalingGroup", see=f"{API}DeleteAutoScalingGroup.html")
def delete(call: Call) -> dict[str, Any]:
    """Delete a group: an empty one, or by force with its instances."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    if group.members and not call.parameters.get("ForceDelete"):
        raise AwsError(
            "ResourceInUse",
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
            "still in the group.",
        )
    if running := active_refresh(group):
        running.cancel()
    for member in list(group.members):
        launches.deregister(group, [member], group.target_groups)
        launches.end(group, member)
    del GROUPS[call.region, group.name]
    return {}


@implements("autoscaling", "DescribeAutoScalingGroups", see=f"{API}DescribeAutoScalingGroups.html")
def describe(call: Call) -> dict[str, Any]:
    """Describe groups, by name and by the filters on tags."""
    names = call.parameters.get("AutoScalingGroupNames", [])
    filters = call.parameters.get("Filters", [])
    found = [group for group in groups_of(call.region) if not names or group.name in names]
    return {"AutoScalingGroups": [group.describe() for group in found if all(matches(group, f) for f in filters)]}


def matches(group: Group, wanted: dict[str, Any]) -> bool:
    """Tell whether a group's tags satisfy a filter: `tag-key`, `tag-value` or `tag:<key>`."""
    name, values = wanted["Name"], wanted["Values"]
    if name == "tag-key":
        return bool(group.tags.keys() & set(values))
    if name == "tag-value":
        return any(tag["Value"] in values for tag in group.tags.values())
    tag = group.tags.get(name.removeprefix("tag:"))
    return tag is not None and tag["Value"] in values


@implements("autoscaling", "SuspendProcesses", see=f"{API}SuspendProcesses.html")
def suspend(call: Call) -> dict[str, Any]:
    """Suspend processes; all of them where none is named."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    group.suspended |= processes(call)
    return {}


@implements("autoscaling", "ResumeProcesses", see=f"{API}ResumeProcesses.html")
def resume(call: Call) -> dict[str, Any]:
    """Resume processes, and do what was left undone."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    group.suspended -= processes(call)
    capacity.heal(call.region)
    capacity.converge(group, "processes were resumed")
    return {}


def processes(call: Call) -> set[str]:
    """The processes that a call names."""
    named = set(call.parameters.get("ScalingProcesses") or PROCESSES)
    if unknown := named - set(PROCESSES):
        raise validation_error(f"Unknown process type(s): {', '.join(sorted(unknown))}")
    return named


def check_sizes(group: Group) -> None:
    """Refuse sizes that contradict each other."""
    if group.minimum > group.maximum:
        raise validation_error(
            f"Max bound, {group.maximum}, must be greater than or equal to min bound, {group.minimum}"
        )
    if not group.minimum <= group.desired <= group.maximum:
        raise validation_error(
            f"Desired capacity:{group.desired} must be between the specified min size:{group.minimum} and max "
            f"size:{group.maximum}"
        )


def zones_of(identifier: str, region: str) -> dict[str, str]:
    """The zone of each subnet in a VPCZoneIdentifier; the subnets must be of one VPC."""
    subnets = [subnet.strip() for subnet in identifier.split(",") if subnet.strip()]
    if not subnets:
        raise validation_error("At least one Availability Zone or VPC Subnet is required.")
    try:
        found = client("ec2", region).describe_subnets(SubnetIds=subnets)["Subnets"]
    except ClientError as error:
        raise validation_error(error.response["Error"]["Message"]) from error
    if len({subnet["VpcId"] for subnet in found}) > 1:
        raise validation_error("You must use subnets from the same VPC.")
    zones = {subnet["SubnetId"]: str(subnet["AvailabilityZone"]) for subnet in found}
    return {subnet: zones[subnet] for subnet in subnets}


def check_target_groups(arns: list[str], region: str) -> None:
    """Refuse target groups that do not exist."""
    for arn in arns:
        try:
            client("elbv2", region).describe_target_groups(TargetGroupArns=[arn])
        except ClientError as error:
            raise validation_error(
                f"Provided Target Groups may not be valid. Please ensure they exist and try again: {arn}"
            ) from error
