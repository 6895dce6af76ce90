"""The operations on instance refreshes: start, describe, cancel, roll back."""

from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.autoscaling import launches
from rehearsal.emulator.corrections.autoscaling.groups import Group, group_named, validation_error
from rehearsal.emulator.corrections.autoscaling.refresh import REFRESHES, Refresh, active_refresh, with_configuration
from rehearsal.emulator.corrections.autoscaling.rolling import RollingRefresh
from rehearsal.emulator.living import clock
from rehearsal.emulator.wire import AwsError, Call

API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_"

DEFAULTS: dict[str, Any] = {
    "MinHealthyPercentage": 90,
    "MaxHealthyPercentage": 100,
    "SkipMatching": False,
    "AutoRollback": False,
    "ScaleInProtectedInstances": "Wait",
    "StandbyInstances": "Wait",
}
"""https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html"""

MOVING = ("$Latest", "$Default")


@implements("autoscaling", "StartInstanceRefresh", see=f"{API}StartInstanceRefresh.html")
def start(call: Call) -> dict[str, Any]:
    """Start a refresh to the group's launch template, or to the wanted one."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    if active_refresh(group):
        raise AwsError(
            "InstanceRefreshInProgress", f"An Instance Refresh is already in progress and blocks the execution of "
            f"this Instance Refresh for {group.name}."
        )  # fmt: skip
    preferences = {**DEFAULTS, **of_the_policy(group), **call.parameters.get("Preferences", {})}
    wanted = call.parameters.get("DesiredConfiguration", {})
    check_rollback(preferences, wanted, group.settings)
    settings = with_configuration(group.settings, wanted)
    template, _ = launches.template_of(settings, call.region)
    members = [m for m in group.serving if not (preferences["SkipMatching"] and m.template == template)]
    kind = RollingRefresh if clock.on() else Refresh
    refresh = kind(group, preferences, wanted, dict(group.settings), members, settings, total=len(members))
    REFRESHES.setdefault(group.identifier, []).insert(0, refresh)
    refresh.schedule()
    return {"InstanceRefreshId": refresh.identifier}


def of_the_policy(group: Group) -> dict[str, int]:
    """The healthy percentages of a group's maintenance policy, which a refresh has if it names none.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-instance-refresh-default-values.html
    """
    policy = group.settings.get("InstanceMaintenancePolicy") or {}
    return {key: value for key, value in policy.items() if value >= 0}


def check_rollback(preferences: dict[str, Any], wanted: dict[str, Any], settings: dict[str, Any]) -> None:
    """Refuse a rollback for which nothing would say what to go back to.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html
    """
    if not preferences["AutoRollback"]:
        return
    if not wanted:
        raise validation_error("AutoRollback cannot be true without specifying DesiredConfiguration")
    for which in (settings, wanted):
        if version_of(which) in MOVING:
            raise validation_error(f"AutoRollback cannot be used with the launch template version {version_of(which)}")


def version_of(settings: dict[str, Any]) -> str:
    """The version that settings name, `$Default` where they name none."""
    mixed = settings.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {}).get("LaunchTemplateSpecification")
    named = mixed or settings.get("LaunchTemplate", {})
    return str(named.get("Version") or "$Default")


@implements("autoscaling", "DescribeInstanceRefreshes", see=f"{API}DescribeInstanceRefreshes.html")
def describe(call: Call) -> dict[str, Any]:
    """Describe the refreshes of a group, the newest first."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    wanted = call.parameters.get("InstanceRefreshIds", [])
    found = REFRESHES.get(group.identifier, [])
    return {"InstanceRefreshes": [r.describe() for r in found if not wanted or r.identifier in wanted]}


@implements("autoscaling", "CancelInstanceRefresh", see=f"{API}CancelInstanceRefresh.html")
def cancel(call: Call) -> dict[str, Any]:
    """Stop replacing; what was replaced stays."""
    refresh = needed(call)
    refresh.status = "Cancelling"
    return {"InstanceRefreshId": refresh.identifier}


@implements("autoscaling", "RollbackInstanceRefresh", see=f"{API}RollbackInstanceRefresh.html")
def roll_back(call: Call) -> dict[str, Any]:
    """Replace what was replaced by instances of the configuration that the group had and still has."""
    refresh = needed(call)
    if not refresh.wanted:
        raise AwsError("IrreversibleInstanceRefresh", "The instance refresh has no desired configuration.")
    if version_of(refresh.before) in MOVING:
        raise AwsError("IrreversibleInstanceRefresh", "The group's launch template version is no number.")
    refresh.go_back("A user asked for a rollback.")
    return {"InstanceRefreshId": refresh.identifier}


def needed(call: Call) -> Refresh:
    """The refresh under way, or the error that there is none."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    if refresh := active_refresh(group):
        return refresh
    raise AwsError(
        "ActiveInstanceRefreshNotFound", f"No in progress or pending Instance Refresh found for {group.name}"
    )
