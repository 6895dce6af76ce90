"""Launching and terminating members: from a launch template to a registered instance, and back."""

import base64
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator.corrections import quotas
from rehearsal.emulator.corrections.autoscaling.groups import Group, Member, validation_error
from rehearsal.emulator.corrections.ec2 import hosts
from rehearsal.emulator.corrections.ec2.interfaces import delete_interfaces, primary_interfaces
from rehearsal.emulator.corrections.ec2.servers import launched
from rehearsal.emulator.corrections.elbv2 import targets as balanced
from rehearsal.emulator.corrections.zonal_shifts import shifted_zone
from rehearsal.emulator.emulators import client
from rehearsal.emulator.living import changes, clock, cuts

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


def refusal(group: Group) -> str:
    """Why nothing can be launched, by the account's quotas; empty where something can."""
    return quotas.launch_refusal(group.region, template_of(group.settings, group.region)[1]["InstanceType"]) or ""


def emptiest_subnet(group: Group, zone: str | None = None) -> str:
    """The subnet for the next launch: in the zone with the fewest members, or in the given one."""
    load = Counter(member.zone for member in group.serving)
    per_subnet = Counter(member.subnet_id for member in group.serving)
    subnets = [subnet for subnet in open_subnets(group) if zone in (None, group.zones[subnet])] or list(group.zones)
    return min(subnets, key=lambda subnet: (load[group.zones[subnet]], per_subnet[subnet]))


def open_zones(group: Group) -> set[str]:
    """The zones of a group that are not cut off, and that no zonal shift keeps it out of.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-zonal-shift.html
    """
    away = shifted_zone(group.region, group.arn)
    return {zone for zone in group.zones.values() if zone != away and not cuts.zone_is_cut(zone)}


def open_subnets(group: Group) -> list[str]:
    """The subnets in zones that launch something; a group that is to be balanced only waits for all of them.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-availability-zone-balanced.html
    """
    found = [subnet for subnet in group.zones if group.zones[subnet] in open_zones(group)]
    strategy = group.settings.get("AvailabilityZoneDistribution", {}).get("CapacityDistributionStrategy")
    return [] if strategy == "balanced-only" and len(found) < len(group.zones) else found


def launch(group: Group, cause: str, zone: str | None = None, settings: dict[str, Any] | None = None) -> Member:
    """Launch one instance from the group's launch template (or from that in `settings`) and register it."""
    template, data = template_of(settings or group.launches_from or group.settings, group.region)
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
    activity = group.record(f"Launching a new EC2 instance: {member.instance_id}", cause)
    if clock.on():
        hosts.launched(group.region, member.instance_id)
        member.lifecycle_state, member.activity = "Pending", activity
        begin(activity)
    elif "AddToLoadBalancer" not in group.suspended:
        register(group, [member], group.target_groups)
    return member


def begin(activity: dict[str, Any]) -> None:
    """Let an activity be under way."""
    activity |= {"StatusCode": "InProgress", "Progress": 50}
    activity.pop("EndTime", None)
    for service in ("autoscaling", "ec2"):
        changes.note(service)


def finish(member: Member) -> None:
    """Let a member's activity be over."""
    member.activity |= {"StatusCode": "Successful", "Progress": 100, "EndTime": datetime.now(UTC)}
    member.activity = {}
    for service in ("autoscaling", "ec2", "elbv2"):
        changes.note(service)


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
    targets = [{"Id": member.instance_id} for member in members if member.lifecycle_state == "InService"]
    for arn in target_groups if targets else ():
        client("elbv2", group.region).register_targets(TargetGroupArn=arn, Targets=targets)
        balanced.registered(arn, [target["Id"] for target in targets])


def deregister(group: Group, members: list[Member], target_groups: list[str]) -> None:
    """Take members out of target groups; one that is deleted already needs no more."""
    targets = [{"Id": member.instance_id} for member in members]
    for arn in target_groups if targets else ():
        try:
            held = balanced.held(group.region, arn, {target["Id"] for target in targets})
            client("elbv2", group.region).deregister_targets(TargetGroupArn=arn, Targets=targets)
            balanced.deregistered(group.region, arn, held)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("TargetGroupNotFound", "InvalidTarget"):
                raise


def terminate(group: Group, member: Member, cause: str) -> None:
    """Take a member out of the target groups and terminate it; in the living mode once it is drained."""
    activity = group.record(f"Terminating EC2 instance: {member.instance_id}", cause)
    serves = member.lifecycle_state == "InService"
    member.lifecycle_state, member.activity = "Terminating", activity
    deregister(group, [member], group.target_groups)
    if not clock.on():
        return end(group, member)
    runs = hosts.state_of(group.region, member.instance_id) in hosts.CODES
    delays = [balanced.delay_of(group.region, arn) for arn in group.target_groups] if serves and runs else []
    member.until = clock.now() + max(delays, default=0.0)
    return begin(activity)


def end(group: Group, member: Member) -> None:
    """Terminate a member's instance; the group has it no more."""
    group.members.remove(member)
    interfaces = primary_interfaces(group.region, [member.instance_id])
    client("ec2", group.region).terminate_instances(InstanceIds=[member.instance_id])
    delete_interfaces(group.region, interfaces)
    finish(member)


def to_scale_in(group: Group) -> Member | None:
    """Choose what to terminate by the default policy: fullest zone, then oldest launch template version.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
    """
    load = Counter(member.zone for member in group.serving)
    candidates = [member for member in group.serving if not member.protected]
    oldest_first = sorted(candidates, key=lambda member: int(member.template["Version"]))
    return max(oldest_first, key=lambda member: load[member.zone], default=None)
