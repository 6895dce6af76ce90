"""Instance refresh: the members of a group are replaced one after another, each by a new one launched first.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html. A step takes `STEP` seconds
instead of a warm-up; checkpoints, bake time and alarms in the preferences are described but not waited for.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from rehearsal.emulator.corrections import implements, on_reset
from rehearsal.emulator.corrections.autoscaling import capacity
from rehearsal.emulator.corrections.autoscaling.groups import Group, Member, group_named, validation_error
from rehearsal.emulator.wire import AwsError, Call

API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_"

STEP = 0.25
"""Seconds between two replacements."""

ACTIVE = ("Pending", "InProgress", "Cancelling", "RollbackInProgress")

DEFAULTS: dict[str, Any] = {
    "MinHealthyPercentage": 90,
    "MaxHealthyPercentage": 100,
    "SkipMatching": False,
    "AutoRollback": False,
    "ScaleInProtectedInstances": "Wait",
    "StandbyInstances": "Wait",
}
"""https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html"""


@dataclass
class Refresh:
    """One instance refresh. `settings` is what new instances are launched from."""

    group: Group
    preferences: dict[str, Any]
    wanted: dict[str, Any]
    before: dict[str, Any]
    to_replace: list[Member]
    settings: dict[str, Any]
    identifier: str = field(default_factory=lambda: str(uuid4()))
    status: str = "Pending"
    reason: str = ""
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    total: int = 0
    timer: asyncio.TimerHandle | None = None

    def schedule(self) -> None:
        """Let the next step come."""
        self.timer = asyncio.get_running_loop().call_later(STEP, self.step)

    def step(self) -> None:
        """Replace one instance, or finish."""
        self.to_replace = [member for member in self.to_replace if member in self.group.members]
        if self.status == "Cancelling":
            return self.finish("Cancelled")
        if not self.to_replace:
            done = {"RollbackInProgress": "RollbackSuccessful"}
            return self.finish(done.get(self.status, "Successful"))
        if self.status == "Pending":
            self.status = "InProgress"
        try:
            capacity.replace(self.group, self.to_replace.pop(0), "an instance refresh", self.settings)
        except AwsError as error:
            self.reason = error.message
            failed = "RollbackFailed" if self.status == "RollbackInProgress" else "Failed"
            return self.finish(failed)
        return self.schedule()

    def finish(self, status: str) -> None:
        """End with a status. The wanted configuration becomes the group's if the refresh got through."""
        self.status, self.ended = status, datetime.now(UTC)
        if status == "Successful" and self.wanted:
            self.group.settings = self.settings

    def cancel(self) -> None:
        """End at once, because the group goes."""
        if self.timer:
            self.timer.cancel()
        self.finish("Cancelled")

    def describe(self) -> dict[str, Any]:
        """As in DescribeInstanceRefreshes."""
        left = len(self.to_replace)
        return {
            "InstanceRefreshId": self.identifier,
            "AutoScalingGroupName": self.group.name,
            "Status": self.status,
            "StatusReason": self.reason or None,
            "StartTime": self.started,
            "EndTime": self.ended,
            "PercentageComplete": 100 if not self.total else (self.total - left) * 100 // self.total,
            "InstancesToUpdate": left,
            "Preferences": self.preferences,
            "DesiredConfiguration": self.wanted or None,
            "Strategy": "Rolling",
        }


REFRESHES: dict[str, list[Refresh]] = {}
"""By the identifier of the group, the newest first."""


@on_reset
def forget() -> None:
    """Stop and forget all refreshes."""
    for refresh in [refresh for refreshes in REFRESHES.values() for refresh in refreshes]:
        if refresh.timer:
            refresh.timer.cancel()
    REFRESHES.clear()


def active_refresh(group: Group) -> Refresh | None:
    """The refresh that is under way for a group: there is at most one."""
    return next((r for r in REFRESHES.get(group.identifier, []) if r.status in ACTIVE), None)


@implements("autoscaling", "StartInstanceRefresh", see=f"{API}StartInstanceRefresh.html")
def start(call: Call) -> dict[str, Any]:
    """Start a refresh to the group's launch template, or to the wanted one."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    if active_refresh(group):
        raise AwsError(
            "InstanceRefreshInProgress", f"An Instance Refresh is already in progress and blocks the execution of "
            f"this Instance Refresh for {group.name}."
        )  # fmt: skip
    preferences = {**DEFAULTS, **call.parameters.get("Preferences", {})}
    if preferences["AutoRollback"] and not call.parameters.get("DesiredConfiguration"):
        raise validation_error("AutoRollback cannot be true without specifying DesiredConfiguration")
    wanted = call.parameters.get("DesiredConfiguration", {})
    settings = with_configuration(group.settings, wanted)
    template, _ = capacity.template_of(settings, call.region)
    members = [m for m in group.serving if not (preferences["SkipMatching"] and m.template == template)]
    refresh = Refresh(group, preferences, wanted, dict(group.settings), members, settings, total=len(members))
    REFRESHES.setdefault(group.identifier, []).insert(0, refresh)
    refresh.schedule()
    return {"InstanceRefreshId": refresh.identifier}


def with_configuration(settings: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """A group's settings with another launch template or mixed instances policy."""
    if not wanted:
        return dict(settings)
    others = {key: value for key, value in settings.items() if key not in ("LaunchTemplate", "MixedInstancesPolicy")}
    return {**others, **wanted}


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
    template, _ = capacity.template_of(refresh.before, call.region)
    refresh.settings = refresh.before
    refresh.to_replace = [member for member in refresh.group.serving if member.template != template]
    refresh.total = len(refresh.to_replace)
    refresh.status = "RollbackInProgress"
    return {"InstanceRefreshId": refresh.identifier}


def needed(call: Call) -> Refresh:
    """The refresh under way, or the error that there is none."""
    group = group_named(call.region, call.parameters["AutoScalingGroupName"])
    if refresh := active_refresh(group):
        return refresh
    raise AwsError(
        "ActiveInstanceRefreshNotFound", f"No in progress or pending Instance Refresh found for {group.name}"
    )
