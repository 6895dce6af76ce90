"""Instance refresh: the members of a group are replaced one after another, each by a new one launched first.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html. A step takes `STEP` seconds
instead of a warm-up. Bake time, the delay of checkpoints and the hour without progress pass `PACE` times as fast. In
the living mode, `rolling` has it.
"""

import asyncio
import math
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections.autoscaling import capacity, events, launches
from rehearsal.emulator.corrections.autoscaling.groups import Group, Member
from rehearsal.emulator.corrections.ec2.servers import Health, health_of
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError

STEP = 0.25
"""Seconds between two replacements."""

PACE = 600
"""Seconds at AWS for which one second of the rehearsal stands."""

PATIENCE = 3600
"""Seconds at AWS without a healthy new server after which a refresh fails:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html"""

GRACE = 3
"""Steps until a server that passes no check is found unhealthy, and as many until it is replaced."""

ACTIVE = ("Pending", "InProgress", "Cancelling", "RollbackInProgress", "Baking")
ENDS = {"RollbackInProgress": ("RollbackSuccessful", "RollbackFailed")}
"""How a status ends, well or badly; any other as Successful or Failed."""


@dataclass
class Refresh:
    """One instance refresh. `settings` is what new instances are launched from, `before` what the group had."""

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
    newcomer: Member | None = None
    """A server that has not passed a check yet; the one that it replaces is still the first of `to_replace`."""
    age: int = 0
    progressed: float = -math.inf
    waits_until: float = 0.0
    passed: set[int] = field(default_factory=set)
    """Checkpoints that were waited for."""
    rollback: dict[str, Any] = field(default_factory=dict)
    rung: str = ""
    """The alarm that went off."""
    raised: str = ""
    """The alarm that this refresh's servers raised."""

    def __post_init__(self) -> None:
        self.progressed = self.now()

    def now(self) -> float:
        """Seconds at AWS."""
        return time.monotonic() * PACE

    def schedule(self) -> None:
        """Let the next step come."""
        self.timer = asyncio.get_running_loop().call_later(STEP, self.step)

    def step(self) -> None:
        """Go on by one replacement or one look at a server, or finish."""
        try:
            self._step()
        except AwsError as error:
            self.newcomer, self.group.extra = None, 0
            self.fail(error.message)
        if self.status in ACTIVE:
            self.schedule()

    def _step(self) -> None:
        self.to_replace = [member for member in self.to_replace if member in self.group.members]
        if self.status == "Cancelling":
            self.dismiss_newcomer()
            return self.finish("Cancelled")
        if self.status == "Pending":
            self.status = "InProgress"
        if self.status != "RollbackInProgress" and (alarm := self.alarm()):
            return self.fail(f"The alarm {alarm} is in ALARM state.")
        if self.newcomer:
            return self.look_at(self.newcomer)
        if self.now() >= self.waits_until:
            self.go_on()
        return None

    def go_on(self) -> None:
        """Replace the next one, unless there is none or a checkpoint is reached."""
        if not self.to_replace:
            self.bake()
        elif not self.at_checkpoint():
            self.replace_one()

    def replace_one(self) -> None:
        """Replace one server at once, or launch one that is yet to pass its checks."""
        _, data = launches.template_of(self.settings, self.group.region)
        if health_of(data) != Health.NEVER:
            capacity.replace(self.group, self.to_replace.pop(0), "an instance refresh", self.settings)
            self.progressed = self.now()
            return
        self.group.extra = 1
        old = self.to_replace[0]
        self.newcomer = launches.launch(self.group, "an instance refresh", old.zone, self.settings)
        self.age = 0

    def look_at(self, newcomer: Member) -> None:
        """Give a server that passes no check its time, then replace it by the next that won't."""
        self.age += 1
        if self.now() - self.progressed > PATIENCE:
            self.dismiss_newcomer()
            return self.fail("No new server became healthy for an hour.")
        if self.age == GRACE:
            newcomer.health = "Unhealthy"
        if self.age >= 2 * GRACE:
            self.dismiss_newcomer()
        return None

    def dismiss_newcomer(self) -> None:
        """Terminate the server that is not healthy yet, if there is one."""
        if self.newcomer and self.newcomer in self.group.members:
            cause = "an instance was taken out of service in response to an ELB system health check failure."
            launches.terminate(self.group, self.newcomer, cause)
        self.newcomer, self.group.extra = None, 0

    def at_checkpoint(self) -> bool:
        """Wait at a checkpoint that is reached, once; the last one, of all, is the end and no wait."""
        done = self.percentage
        for checkpoint in self.preferences.get("CheckpointPercentages", []):
            if checkpoint < 100 and checkpoint <= done and checkpoint not in self.passed:
                self.passed.add(checkpoint)
                self.waits_until = self.now() + self.preferences.get("CheckpointDelay", 3600)
                self.go_bad()
                return True
        return False

    def bake(self) -> None:
        """Watch the alarms for the bake time once all is replaced, then end."""
        seconds = self.preferences.get("BakeTime", 0)
        if self.status == "InProgress" and seconds:
            self.status = "Baking"
            self.waits_until = self.now() + seconds
            return self.go_bad()
        return self.finish(ENDS.get(self.status, ("Successful",))[0])

    def go_bad(self) -> None:
        """Raise the first alarm if the new version is one that goes bad later."""
        names = self.alarms
        if names and health_of(launches.template_of(self.settings, self.group.region)[1]) == Health.LATER:
            self.raised = names[0]
            self.tell_cloudwatch("ALARM", "2 datapoints were over the threshold (5.0).")

    def tell_cloudwatch(self, state: str, reason: str) -> None:
        """Set the state of the alarm, as its metric would."""
        request = {"AlarmName": self.raised, "StateValue": state, "StateReason": reason}
        call = emulators.request_for("cloudwatch", "SetAlarmState", self.group.region, **request)
        asyncio.get_running_loop().create_task(emulators.ask(call))

    @property
    def alarms(self) -> list[str]:
        """The alarms that the refresh watches."""
        return list(self.preferences.get("AlarmSpecification", {}).get("Alarms", []))

    def alarm(self) -> str:
        """The first alarm that went off, as of the last look."""
        if self.alarms:
            asyncio.get_running_loop().create_task(self.read_alarms())  # the next step sees it
        return self.rung

    async def read_alarms(self) -> None:
        """Look at the alarms; the emulator that has them answers in its own time."""
        call = emulators.request_for("cloudwatch", "DescribeAlarms", self.group.region, AlarmNames=self.alarms)
        found = call.read(await emulators.ask(call)).get("MetricAlarms", [])
        self.rung = next((each["AlarmName"] for each in found if each.get("StateValue") == "ALARM"), "")

    @property
    def percentage(self) -> int:
        """How much is replaced, in percent."""
        return 100 if not self.total else (self.total - self.remaining) * 100 // self.total

    @property
    def remaining(self) -> int:
        """How many are still to be replaced."""
        return len(self.to_replace)

    def fail(self, reason: str) -> None:
        """Roll back if that is wished for and possible, or end."""
        self.dismiss_newcomer()
        if self.status == "RollbackInProgress" or not self.preferences["AutoRollback"]:
            self.reason = reason
            return self.finish(ENDS.get(self.status, ("", "Failed"))[1])
        return self.go_back(reason)

    def go_back(self, reason: str) -> None:
        """Replace what was replaced by servers of the configuration that the group had and still has."""
        self.dismiss_newcomer()
        self.rollback = {
            "RollbackReason": reason,
            "RollbackStartTime": datetime.now(UTC),
            "PercentageCompleteOnRollback": self.percentage,
            "InstancesToUpdateOnRollback": self.remaining,
        }
        template, _ = launches.template_of(self.before, self.group.region)
        self.settings, self.status, self.reason = self.before, "RollbackInProgress", reason
        self.to_replace = [member for member in self.group.serving if member.template != template]
        self.total, self.waits_until, self.progressed = len(self.to_replace), 0.0, self.now()
        self.tell()

    def tell(self) -> None:
        """Tell EventBridge of the status."""
        events.tell_of_refresh(self.group.arn, self.group.name, self.identifier, self.status)

    def finish(self, status: str) -> None:
        """End with a status. The wanted configuration becomes the group's if the refresh got through."""
        self.status, self.ended = status, datetime.now(UTC)
        if self.raised:
            self.tell_cloudwatch("OK", "1 datapoint was not over the threshold (5.0).")
        if status == "Successful":
            self.group.settings = with_configuration(self.group.settings, self.wanted)
        self.tell()

    def cancel(self) -> None:
        """End at once, because the group goes."""
        if self.timer:
            self.timer.cancel()
        self.finish("Cancelled")

    def describe(self) -> dict[str, Any]:
        """As in DescribeInstanceRefreshes."""
        return {
            "InstanceRefreshId": self.identifier,
            "AutoScalingGroupName": self.group.name,
            "Status": self.status,
            "StatusReason": self.reason or None,
            "StartTime": self.started,
            "EndTime": self.ended,
            "PercentageComplete": self.percentage,
            "InstancesToUpdate": self.remaining,
            "Preferences": self.preferences,
            "DesiredConfiguration": self.wanted or None,
            "RollbackDetails": self.rollback or None,
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


def with_configuration(settings: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """A group's settings with another launch template or mixed instances policy."""
    if not wanted:
        return dict(settings)
    others = {key: value for key, value in settings.items() if key not in ("LaunchTemplate", "MixedInstancesPolicy")}
    return {**others, **wanted}
