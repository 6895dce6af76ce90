"""Servers by zone, and the vCPUs that a failover could have."""

from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from ops.core.stack import Cluster, Stack
from ops.preflight.quotas import NO_VALUE, vcpu_quota
from ops.status.facts import STANDBY, Fleet, Quota
from ops.status.reading import Ask, Reading, calls

RECENT = timedelta(minutes=15)
"""Usage is published every five minutes: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/
CloudWatch-Quotas-Visualize-Alarms.html"""


def group_of(ask: Ask, cluster: Cluster) -> dict[str, Any]:
    """Return the Auto Scaling group. Raises LookupError if it is gone."""
    found = ask("autoscaling", "describe_auto_scaling_groups", AutoScalingGroupNames=[cluster.group])
    if not found["AutoScalingGroups"]:
        raise LookupError(f"there is no Auto Scaling group {cluster.group}")
    group: dict[str, Any] = found["AutoScalingGroups"][0]
    return group


def servers(ask: Ask, _stack: Stack, cluster: Cluster) -> Fleet:
    """Return the fleet: a server counts where it is in service and the balancer finds it healthy."""
    group = group_of(ask, cluster)
    health = ask("elbv2", "describe_target_health", TargetGroupArn=cluster.target_group)["TargetHealthDescriptions"]
    healthy = {each["Target"]["Id"] for each in health if each["TargetHealth"]["State"] == "healthy"}
    serving = dict.fromkeys(sorted(group["AvailabilityZones"]), 0)
    versions: dict[str, int] = {}
    for server in group["Instances"]:
        version = str(server.get("LaunchTemplate", {}).get("Version", "?"))
        versions[version] = versions.get(version, 0) + 1
        if server["LifecycleState"] == "InService" and server["InstanceId"] in healthy:
            serving[server["AvailabilityZone"]] = serving.get(server["AvailabilityZone"], 0) + 1
    return Fleet(
        *(group["MinSize"], group["DesiredCapacity"], group["MaxSize"], serving),
        version=str(template_of(group).get("Version", "")),
        versions=versions,
    )


def template_of(group: dict[str, Any]) -> dict[str, Any]:
    """Return which launch template a group starts servers from."""
    mixed = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {}).get("LaunchTemplateSpecification")
    found: dict[str, Any] = group.get("LaunchTemplate") or mixed or {}
    return found


def quota(ask: Ask, _stack: Stack, cluster: Cluster) -> Quota | None:
    """Return the vCPUs of the servers' family; None for a family whose quota isn't known here."""
    kind = _type_of(ask, group_of(ask, cluster))
    code = vcpu_quota(kind)
    if code is None:
        return None
    [found] = ask("ec2", "describe_instance_types", InstanceTypes=[kind])["InstanceTypes"]
    which = {"ServiceCode": "ec2", "QuotaCode": code}
    try:
        told = ask("service-quotas", "get_service_quota", **which)
    except ClientError as error:
        if error.response["Error"]["Code"] != NO_VALUE:
            raise
        told = ask("service-quotas", "get_aws_default_service_quota", **which)
    metric = told["Quota"].get("UsageMetric", {})
    used = _usage(ask, metric) if metric else None
    return Quota(float(told["Quota"]["Value"]), used, int(found["VCpuInfo"]["DefaultVCpus"]))


def _type_of(ask: Ask, group: dict[str, Any]) -> str:
    if group["Instances"] and "InstanceType" in group["Instances"][0]:
        return str(group["Instances"][0]["InstanceType"])
    template = template_of(group)
    which = {"LaunchTemplateId": template["LaunchTemplateId"], "Versions": [str(template.get("Version", "$Default"))]}
    [version] = ask("ec2", "describe_launch_template_versions", **which)["LaunchTemplateVersions"]
    overrides = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {}).get("Overrides") or [{}]
    return str(version["LaunchTemplateData"].get("InstanceType") or overrides[0]["InstanceType"])


def _usage(ask: Ask, metric: dict[str, Any]) -> float | None:
    now = datetime.now(UTC)
    found = ask(
        "cloudwatch",
        "get_metric_statistics",
        Namespace=metric["MetricNamespace"],
        MetricName=metric["MetricName"],
        Dimensions=[{"Name": name, "Value": value} for name, value in metric["MetricDimensions"].items()],
        StartTime=now - RECENT,
        EndTime=now,
        Period=300,
        Statistics=["Maximum"],
    )["Datapoints"]
    newest = max(found, key=lambda point: point["Timestamp"], default=None)
    return float(newest["Maximum"]) if newest else None


def zone_ids(ask: Ask, _stack: Stack, _cluster: Cluster) -> dict[str, str]:
    """Return the ids of the zones by name: names differ from account to account, and operations take ids."""
    zones = ask("ec2", "describe_availability_zones")["AvailabilityZones"]
    return {each["ZoneName"]: each["ZoneId"] for each in zones}


def away(ask: Ask, _stack: Stack, cluster: Cluster) -> dict[str, str]:
    """Return the ids of the zones that users are kept out of, with until when: by a person, a practice run or AWS."""
    try:
        found = ask("arc-zonal-shift", "get_managed_resource", resourceIdentifier=cluster.balancer)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return {}  # zonal shift is off
        raise
    shifts = {each["awayFrom"]: "until the zone is well, by AWS" for each in found.get("autoshifts", [])}
    ends = {each["awayFrom"]: f"until {each['expiryTime']:%Y-%m-%d %H:%M} UTC" for each in found.get("zonalShifts", [])}
    return {**shifts, **ends}


READINGS = (
    Reading("away", calls(arc_zonal_shift="get_managed_resource"), away),
    Reading("zones", calls(ec2="describe_availability_zones"), zone_ids),
    Reading(
        "servers",
        calls(autoscaling="describe_auto_scaling_groups", elbv2="describe_target_health"),
        servers,
    ),
    Reading(
        "quota",
        calls(
            autoscaling="describe_auto_scaling_groups",
            ec2="describe_instance_types describe_launch_template_versions",
            service_quotas="get_service_quota get_aws_default_service_quota",
            cloudwatch="get_metric_statistics",
        ),
        quota,
        lambda _stack, cluster: cluster.role == STANDBY,
    ),
)
