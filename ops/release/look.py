"""Looks at the servers of each region, their version, the release under way, and what was served before."""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from ha_web.release.order import Order, steps_of
from ha_web.release.versions import MOVING, Version, parsed, version_of
from ha_web.release.view import ENDED, view_of

from ops.core.account import Account
from ops.core.errors import explained
from ops.core.policy import calls
from ops.core.stack import Cluster, Stack
from ops.release.facts import Facts, Parameter, Region
from ops.release.history import served

READS = calls(
    {
        "autoscaling": "describe_auto_scaling_groups describe_instance_refreshes",
        "elbv2": "describe_target_health",
        "ssm": "describe_parameters get_parameters get_parameter_history",
        "s3": "get_object",  # the outputs' copy
    }
)

NAMED = "release-"
"""How the names of the parameters begin that hold a version."""

MOST_PARAMETERS = 10
"""https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html"""


def look(stack: Stack, account: Account, *, brief: bool = False) -> Facts:
    """Return what is known of all regions, in the order of a release; one that doesn't answer is silent."""
    found = {role: _region(cluster, account, brief=brief) for role, cluster in stack.clusters.items()}
    idle = {role: bool(each.view) and not (each.view and each.view.servers) for role, each in found.items()}
    order = [role for step in steps_of(Order.STANDBY_FIRST, idle) for role in step]
    return Facts(tuple(found[role] for role in order), {})


def _region(cluster: Cluster, account: Account, *, brief: bool) -> Region:
    def client(service: str) -> Any:
        return account.client(service, cluster.region, brief=brief)

    try:
        return _known(cluster, client("autoscaling"), client("elbv2"), client("ssm"))
    except (ClientError, BotoCoreError) as error:
        return Region(cluster.role, cluster.region, cluster.group, silent=explained(error))


def _known(cluster: Cluster, autoscaling: Any, elbv2: Any, ssm: Any) -> Region:
    # The refresh before the group: one that has ended by then has written its version into the group.
    refreshes = autoscaling.describe_instance_refreshes(AutoScalingGroupName=cluster.group)["InstanceRefreshes"]
    groups = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[cluster.group])["AutoScalingGroups"]
    if not groups:
        return Region(cluster.role, cluster.region, cluster.group, silent=f"there is no group {cluster.group}")
    group, last = groups[0], refreshes[0] if refreshes else None
    targets = [elbv2.describe_target_health(TargetGroupArn=arn) for arn in group.get("TargetGroupARNs", [])]
    wanted = version_of((last or {}).get("DesiredConfiguration") or {}) if last else None
    under_way = last if last and last["Status"] not in ENDED else None
    version = (wanted if under_way else None) or version_of(group) or Version("", "unknown")
    parameter = _parameter(ssm, cluster.group)
    pages = ssm.get_paginator("get_parameter_history").paginate(Name=parameter.name) if parameter else []
    history = served(entry for page in pages for entry in page["Parameters"])
    view = view_of(group, targets, version, under_way)
    return Region(cluster.role, cluster.region, cluster.group, view, parameter, history, last)


def _parameter(ssm: Any, group: str) -> Parameter | None:
    """Return the parameter that names the group's version. The outputs don't have its name."""
    filters = [{"Key": "Name", "Option": "BeginsWith", "Values": [NAMED]}]
    pages = ssm.get_paginator("describe_parameters").paginate(ParameterFilters=filters)
    described = {each["Name"]: each.get("Description", "") for page in pages for each in page["Parameters"]}
    names = [*described]
    for first in range(0, len(names), MOST_PARAMETERS):
        for each in ssm.get_parameters(Names=names[first : first + MOST_PARAMETERS])["Parameters"]:
            if _group_of(each["Value"]) == group:
                return Parameter(each["Name"], described[each["Name"]])
    return None


def _group_of(value: str) -> str:
    try:
        return parsed(value)[0]
    except (ValueError, KeyError, TypeError):  # somebody else's parameter
        return ""


LAUNCHES = calls({"ec2": "describe_launch_template_versions describe_images"})


def gone(account: Account, region: Region, version: Version) -> str:
    """Return why a version can't be launched any more; empty if it can."""
    if version.number in MOVING:
        return f"version {version.number} is no number"
    ec2 = account.client("ec2", region.region)
    found = _described(
        ec2.describe_launch_template_versions, LaunchTemplateId=version.template, Versions=[version.number]
    )
    versions: Sequence[Mapping[str, Any]] = found.get("LaunchTemplateVersions", [])
    if not versions:
        return f"the launch template {version.template} has no version {version.number} any more"
    image = versions[0]["LaunchTemplateData"].get("ImageId", "")
    if image.startswith("ami-") and not _described(ec2.describe_images, ImageIds=[image]).get("Images"):
        return f"version {version.number} starts from the image {image}, which is gone"
    return ""


def _described(operation: Any, **which: Any) -> Mapping[str, Any]:
    """Return what EC2 says of something; an empty answer if it isn't there any more."""
    try:
        found: Mapping[str, Any] = operation(**which)
    except ClientError as error:
        if not error.response["Error"]["Code"].startswith(("InvalidAMIID", "InvalidLaunchTemplate")):
            raise
        return {}
    return found
