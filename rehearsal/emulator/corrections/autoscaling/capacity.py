"""The way of a group to its desired capacity: launch, spread, register, replace, terminate."""

import base64
from collections import Counter
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator.corrections import quotas
from rehearsal.emulator.corrections.autoscaling.groups import Group, Member, groups_of, validation_error
from rehearsal.emulator.corrections.autoscaling.servers import launched
from rehearsal.emulator.corrections.ec2.interfaces import delete_interfaces, primary_interfaces
from rehearsal.emulator.emulators import client

TEMPLATE_SETTINGS = (
    *("ImageId", "InstanceType", "KeyName", "UserData", "IamInstanceProfile", "MetadataOptions", "EbsOptimized"),
    *("BlockDeviceMappings", "Monitoring", "CreditSpecification", "CpuOptions"),
)
"""Settings that a launch template has in common with RunInstances."""


def template_of(settings: dict[str, Any], region: str) -> tuple[dict[str, str], dict[str, Any]]:
    """Resolve a group's launch template: its id, name and version number, and its data.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-templates.html
    """
    mixed = settings.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
    named = mixed.get("LaunchTemplateSpecification") or settings["LaunchTemplate"]
    which = {key: named[key] for key in ("LaunchTemplateId", "LaunchTemplateName") if key in named}
    try:
        found = client("ec2", region).describe_launch_template_versions(
            **which, Versions=[named.get("Version") or "$Default"]
        )["LaunchTemplateVersions"]
    except ClientError as error:
        raise invalid_template(error.response["Error"]["Message"]) from error
    if not found:
        raise invalid_template(f"Version {named.get('Version')} does not exist")
    version = found[0]
    data = dict(version["LaunchTemplateData"])
    for override in mixed.get("Overrides", [])[:1]:
        data["InstanceType"] = override.get("InstanceType", data.get("InstanceType"))
    resolved = {key: version[key] for key in ("LaunchTemplateId", "LaunchTemplateName")}
    return {**resolved, "Version": str(version["VersionNumber"])}, data


def invalid_template(reason: str) -> Exception:
    """The error for a launch template that no instance could be launched from."""
    return validation_error(f"You must use a valid fully-formed launch template. {reason}")


def converge(group: Group, cause: str) -> None:
    """Bring the group to its desired capacity, and its zones into balance."""
    leave_removed_subnets(group, cause)
    while "Launch" not in group.suspended and len(group.serving) < group.desired:
        if refused := quotas.launch_refusal(group.region, template_of(group.settings, group.region)[1]["InstanceType"]):
            group.record("Launching a new EC2 instance", cause, f"{refused} Launching EC2 instance failed.")
            break
        launch(group, cause)
    while "Terminate" not in group.suspended and len(group.serving) > group.desired + group.extra:
        if (victim := to_scale_in(group)) is None:
            break
        terminate(group, victim, cause)
    rebalance(group)


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
        load = Counter(dict.fromkeys(group.zones.values(), 0))
        load.update(member.zone for member in group.serving)
        fullest = max(load, key=lambda zone: load[zone])
        if load[fullest] - min(load.values()) <= 1:
            return
        launch(group, "the zones were out of balance")
        victims = [member for member in group.serving if member.zone == fullest]
        terminate(group, victims[0], "the zones were out of balance")


def emptiest_subnet(group: Group, zone: str | None = None) -> str:
    """The subnet for the next launch: in the zone with the fewest members, or in the given one."""
    load = Counter(member.zone for member in group.serving)
    per_subnet = Counter(member.subnet_id for member in group.serving)
    subnets = [subnet for subnet in group.zones if zone in (None, group.zones[subnet])] or list(group.zones)
    return min(subnets, key=lambda subnet: (load[group.zones[subnet]], per_subnet[subnet]))


def launch(group: Group, cause: str, zone: str | None = None, settings: dict[str, Any] | None = None) -> Member:
    """Launch one instance from the group's launch template (or from that in `settings`) and register it."""
    template, data = template_of(settings or group.settings, group.region)
    subnet = emptiest_subnet(group, zone)
    try:
        instance = client("ec2", group.region).run_instances(
            MinCount=1, MaxCount=1, SubnetId=subnet, **launch_parameters(group, template, data)
        )["Instances"][0]
    except ClientError as error:
        raise invalid_template(error.response["Error"]["Message"]) from error
    member = Member(
        instance_id=instance["InstanceId"],
        instance_type=instance["InstanceType"],
        zone=group.zones[subnet],
        zone_id=zone_id_of(subnet, group.region),
        subnet_id=subnet,
        template=template,
        protected=bool(group.settings["NewInstancesProtectedFromScaleIn"]),
    )
    group.members.append(member)
    launched(member.instance_id, data)
    if "AddToLoadBalancer" not in group.suspended:
        register(group, [member], group.target_groups)
    group.record(f"Launching a new EC2 instance: {member.instance_id}", cause)
    return member


def launch_parameters(group: Group, template: dict[str, str], data: dict[str, Any]) -> dict[str, Any]:
    """The parameters of RunInstances, as Auto Scaling derives them from a launch template and the group's tags."""
    interface = (data.get("NetworkInterfaces") or [{}])[0]
    tags = {
        tag["Key"]: tag["Value"]
        for specification in data.get("TagSpecifications", [])
        if specification["ResourceType"] == "instance"
        for tag in specification["Tags"]
    }
    tags |= {key: tag["Value"] for key, tag in group.tags.items() if tag["PropagateAtLaunch"]}
    tags |= {
        "aws:autoscaling:groupName": group.name,
        "aws:ec2launchtemplate:id": template["LaunchTemplateId"],
        "aws:ec2launchtemplate:version": template["Version"],
    }
    wanted = {key: data[key] for key in TEMPLATE_SETTINGS if data.get(key) not in (None, "", [], {})}
    if "UserData" in wanted:
        wanted["UserData"] = base64.b64decode(wanted["UserData"])  # the client encodes it again
    if groups := data.get("SecurityGroupIds") or interface.get("Groups"):
        wanted["SecurityGroupIds"] = groups
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    return {**wanted, "TagSpecifications": [{"ResourceType": "instance", "Tags": pairs}]}


def zone_id_of(subnet: str, region: str) -> str:
    """The id of the zone that a subnet is in."""
    found = client("ec2", region).describe_subnets(SubnetIds=[subnet])["Subnets"][0]
    return str(found["AvailabilityZoneId"])


def register(group: Group, members: list[Member], target_groups: list[str]) -> None:
    """Register members with target groups."""
    targets = [{"Id": member.instance_id} for member in members if member.counts]
    for arn in target_groups if targets else ():
        client("elbv2", group.region).register_targets(TargetGroupArn=arn, Targets=targets)


def deregister(group: Group, members: list[Member], target_groups: list[str]) -> None:
    """Take members out of target groups; one that is deleted already needs no more."""
    targets = [{"Id": member.instance_id} for member in members]
    for arn in target_groups if targets else ():
        try:
            client("elbv2", group.region).deregister_targets(TargetGroupArn=arn, Targets=targets)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("TargetGroupNotFound", "InvalidTarget"):
                raise


def terminate(group: Group, member: Member, cause: str) -> None:
    """Take a member out of the target groups and terminate it."""
    group.members.remove(member)
    deregister(group, [member], group.target_groups)
    interfaces = primary_interfaces(group.region, [member.instance_id])
    client("ec2", group.region).terminate_instances(InstanceIds=[member.instance_id])
    delete_interfaces(group.region, interfaces)
    group.record(f"Terminating EC2 instance: {member.instance_id}", cause)


def replace(group: Group, member: Member, cause: str, settings: dict[str, Any] | None = None) -> None:
    """Launch a member in the same zone, then terminate the old one."""
    launch(group, cause, member.zone, settings)
    terminate(group, member, cause)


def to_scale_in(group: Group) -> Member | None:
    """Choose what to terminate by the default policy: fullest zone, then oldest launch template version.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
    """
    load = Counter(member.zone for member in group.serving)
    candidates = [member for member in group.serving if not member.protected]
    oldest_first = sorted(candidates, key=lambda member: int(member.template["Version"]))
    return max(oldest_first, key=lambda member: load[member.zone], default=None)


def heal(region: str) -> None:
    """Replace the members of the region's groups that are gone, stopped or unhealthy.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
    """
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
