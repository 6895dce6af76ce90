"""Groups and their members as data, and how they are described."""

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.corrections.autoscaling import events
from rehearsal.emulator.iam.rights import finds
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call

DEFAULTS: dict[str, Any] = {
    "DefaultCooldown": 300,
    "HealthCheckType": "EC2",
    "HealthCheckGracePeriod": 0,
    "TerminationPolicies": ["Default"],
    "NewInstancesProtectedFromScaleIn": False,
    "CapacityRebalance": False,
    "AvailabilityZoneDistribution": {"CapacityDistributionStrategy": "balanced-best-effort"},
    "AvailabilityZoneImpairmentPolicy": {
        "ZonalShiftEnabled": False,
        "ImpairedZoneHealthCheckBehavior": "IgnoreUnhealthy",
    },
    "CapacityReservationSpecification": {"CapacityReservationPreference": "default"},
}
"""https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html"""

PROCESSES = (
    *("Launch", "Terminate", "AddToLoadBalancer", "AlarmNotification", "AZRebalance", "HealthCheck"),
    *("InstanceRefresh", "ReplaceUnhealthy", "ScheduledActions"),
)
"""https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html"""


def validation_error(message: str) -> AwsError:
    """The error with which Auto Scaling refuses nearly everything."""
    return AwsError("ValidationError", message)


@dataclass
class Member:
    """An instance of a group. `template` is the launch template version it was launched from."""

    instance_id: str
    instance_type: str
    zone: str
    zone_id: str
    subnet_id: str
    template: dict[str, str]
    protected: bool
    lifecycle_state: str = "InService"
    health: str = "Healthy"
    leaving: str = ""
    """Why it is to be replaced, once that is allowed."""
    fault: str = ""
    """Why it is unhealthy."""
    since: float = -math.inf
    """When it came into service, by AWS's clock."""
    until: float = 0.0
    """When it ends, if it is terminating."""
    activity: dict[str, Any] = field(default_factory=dict)
    """Its launch or its termination, while that is under way."""

    @property
    def counts(self) -> bool:
        """Return whether it counts towards the desired capacity."""
        return self.lifecycle_state in ("Pending", "InService") and not self.leaving

    def describe(self) -> dict[str, Any]:
        """As in `Instances` of DescribeAutoScalingGroups."""
        return {
            "InstanceId": self.instance_id,
            "InstanceType": self.instance_type,
            "AvailabilityZone": self.zone,
            "AvailabilityZoneId": self.zone_id,
            "LifecycleState": self.lifecycle_state,
            "HealthStatus": self.health,
            "LaunchTemplate": self.template,
            "ProtectedFromScaleIn": self.protected,
        }


@dataclass
class Group:
    """An Auto Scaling group. `settings` has the API's names; `zones` maps subnets to zone names."""

    name: str
    region: str
    settings: dict[str, Any]
    zones: dict[str, str]
    minimum: int
    maximum: int
    desired: int
    target_groups: list[str]
    tags: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    suspended: set[str] = field(default_factory=set)
    metrics: set[str] = field(default_factory=set)
    activities: list[dict[str, Any]] = field(default_factory=list)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    identifier: str = field(default_factory=lambda: str(uuid4()))
    extra: int = 0
    """Servers beyond the desired capacity: what a refresh has launched and waits for."""
    launches_from: dict[str, Any] = field(default_factory=dict)
    """Settings of a refresh that is under way, from which all new servers are launched."""
    limits: tuple[int, int] | None = None
    """The healthy percentages, least and most, of a refresh that is under way."""
    warmup_of_refresh: float | None = None
    """Seconds of warm-up while a refresh is under way that names them."""
    looked: float = -math.inf
    """When the health of its members was looked at last, by AWS's clock."""
    warm: set[str] = field(default_factory=set)
    """Instances whose warm-up is over."""

    @property
    def arn(self) -> str:
        """Amazon Resource Name."""
        prefix = f"arn:aws:autoscaling:{self.region}:{ACCOUNT}:autoScalingGroup"
        return f"{prefix}:{self.identifier}:autoScalingGroupName/{self.name}"

    @property
    def warmup(self) -> float:
        """Seconds of warm-up: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-default-instance-warmup.html."""
        if self.warmup_of_refresh is not None:
            return self.warmup_of_refresh
        return float(max(0, self.settings.get("DefaultInstanceWarmup", 0)))

    @property
    def serving(self) -> list[Member]:
        """The members that count towards the desired capacity."""
        return [member for member in self.members if member.counts]

    def member(self, instance_id: str) -> Member:
        """The member with this instance id."""
        for member in self.members:
            if member.instance_id == instance_id:
                return member
        raise validation_error(f"The instance {instance_id} is not part of Auto Scaling group {self.name}.")

    def record(self, description: str, cause: str, failure: str = "") -> dict[str, Any]:
        """Note a scaling activity, and why it failed, if it did.

        EventBridge is told of a launch that fails, but not of the next try that fails the same way: AWS waits longer
        and longer between them, and here they come at every tick.
        """
        again = bool(failure and self.activities and self.activities[0].get("StatusMessage") == failure)
        now = datetime.now(UTC)
        activity = {"ActivityId": str(uuid4()), "AutoScalingGroupName": self.name, "AutoScalingGroupARN": self.arn}
        times = {"StartTime": now, "EndTime": now, "StatusCode": "Successful", "Progress": 100, "Details": "{}"}
        failed = {"StatusCode": "Failed", "StatusMessage": failure} if failure else {}
        self.activities.insert(0, {**activity, **times, "Description": description, "Cause": cause, **failed})
        if failure and not again:
            events.tell_of_failed_launch(self.activities[0])
        return self.activities[0]

    def describe(self) -> dict[str, Any]:
        """As in DescribeAutoScalingGroups."""
        return {
            **self.settings,
            "AutoScalingGroupName": self.name,
            "AutoScalingGroupARN": self.arn,
            "MinSize": self.minimum,
            "MaxSize": self.maximum,
            "DesiredCapacity": self.desired,
            "AvailabilityZones": sorted(set(self.zones.values())),
            "VPCZoneIdentifier": ",".join(self.zones),
            "LoadBalancerNames": [],
            "TargetGroupARNs": self.target_groups,
            "TrafficSources": [{"Identifier": arn, "Type": "elbv2"} for arn in self.target_groups],
            "Instances": [member.describe() for member in self.members],
            "CreatedTime": self.created,
            "SuspendedProcesses": [
                {"ProcessName": name, "SuspensionReason": "User suspended"} for name in sorted(self.suspended)
            ],
            "EnabledMetrics": [{"Metric": name, "Granularity": "1Minute"} for name in sorted(self.metrics)],
            "Tags": [self.tags[key] for key in sorted(self.tags)],
            "ServiceLinkedRoleARN": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/"
            "AWSServiceRoleForAutoScaling",
        }


GROUPS: dict[tuple[str, str], Group] = {}
"""By region and name."""


@on_reset
def forget() -> None:
    """Forget all groups; their instances go with moto's EC2."""
    GROUPS.clear()


@finds("autoscaling")
def arn_named(call: Call) -> str | None:
    """The ARN of the group that a call is about."""
    name = call.parameters.get("AutoScalingGroupName")
    group = GROUPS.get((call.region, name)) if name else None
    return group.arn if group else None


def group_named(region: str, name: str) -> Group:
    """The group, or the error that AWS gives."""
    if (region, name) not in GROUPS:
        raise validation_error(f"AutoScalingGroup name not found - AutoScalingGroup {name} not found")
    return GROUPS[region, name]


def groups_of(region: str) -> list[Group]:
    """All groups of a region, by name."""
    return [group for (where, _), group in sorted(GROUPS.items()) if where == region]
