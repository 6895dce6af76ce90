"""An instance refresh in the living mode: it waits until new servers are really ready, by the group's own rules.

It marks as many as its healthy percentages allow; the group launches others in their place and lets them go (`living`).
https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
"""

import asyncio
from typing import Any

from rehearsal.emulator.corrections.autoscaling import launches, living
from rehearsal.emulator.corrections.autoscaling.groups import Member
from rehearsal.emulator.corrections.autoscaling.refresh import ACTIVE, PATIENCE, REFRESHES, Refresh
from rehearsal.emulator.living import changes, clock

CAUSE = "an instance was taken out of service in response to an instance refresh."


class RollingRefresh(Refresh):
    """A refresh whose steps wait for real health."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.marked: list[Member] = []
        self.fewest = self.total

    def now(self) -> float:
        """Seconds at AWS."""
        return clock.now()

    def schedule(self) -> None:
        """Let the next step come."""
        self.timer = asyncio.get_running_loop().call_later(clock.interval(), self.step)

    def _step(self) -> None:
        group = self.group
        self.to_replace = [m for m in self.to_replace if m in group.members and m.lifecycle_state != "Terminating"]
        if self.status == "Cancelling":
            return self.finish("Cancelled")
        if self.status == "Pending":
            self.status = "InProgress"
            self.govern(self.settings)
        if self.status != "RollbackInProgress" and (alarm := self.alarm()):
            return self.fail(f"The alarm {alarm} is in ALARM state.")
        self.count()
        if self.now() < self.waits_until:
            return None
        if self.to_replace and self.now() - max(self.progressed, self.waits_until) > PATIENCE:
            return self.fail("No new server became healthy for an hour.")
        if self.is_settled():
            self.go_on()
        return None

    def govern(self, settings: dict[str, Any]) -> None:
        """Let the group launch from these settings, and replace as this refresh says."""
        given = self.preferences
        self.group.launches_from = settings
        self.group.limits = (given["MinHealthyPercentage"], given["MaxHealthyPercentage"])
        default = self.group.settings.get("DefaultInstanceWarmup", -1)
        otherwise = default if default >= 0 else self.group.settings["HealthCheckGracePeriod"]
        self.group.warmup_of_refresh = float(given.get("InstanceWarmup", otherwise))

    def is_settled(self) -> bool:
        """Return whether all that was marked is gone and each newcomer is ready."""
        going = [m for m in self.marked if m in self.group.members and m.lifecycle_state != "Terminating"]
        return not going and not self.unready and len(self.group.serving) >= self.group.desired

    @property
    def newcomers(self) -> list[Member]:
        """The members that are not to be replaced."""
        return [m for m in self.group.serving if m not in self.to_replace]

    @property
    def unready(self) -> list[Member]:
        """Those of them that don't serve yet."""
        return [m for m in self.newcomers if not living.is_ready(self.group, m)]

    def count(self) -> None:
        """Count those that are still to be replaced, or replaced by one that isn't ready: the fewest so far."""
        found = len(self.to_replace) + (len(self.unready) if self.marked else 0)
        if found < self.fewest:
            self.fewest, self.progressed = found, self.now()

    @property
    def remaining(self) -> int:
        """How many are still to be replaced."""
        return self.fewest

    def replace_one(self) -> None:
        """Mark as many as may be replaced at once."""
        low, high = living.bounds(self.group)
        desired = self.group.desired
        for member in self.to_replace[: max(1, high - desired if high > desired else desired - low)]:
            member.leaving = CAUSE
            self.marked.append(member)

    def go_bad(self) -> None:
        """Leave it to the servers: their alarms go off by what is measured of them."""

    def dismiss_newcomer(self) -> None:
        """Let those that are marked stay, and those go that came in their place and aren't ready."""
        for member in self.marked:
            if member.leaving == CAUSE:
                member.leaving = ""
        self.marked.clear()
        too_many = max(0, len(self.group.serving) - self.group.desired)
        for member in self.unready[:too_many]:
            launches.terminate(self.group, member, CAUSE)

    def go_back(self, reason: str) -> None:
        """Replace what was replaced by servers of the configuration that the group had and still has."""
        super().go_back(reason)
        self.fewest = self.total
        self.govern(self.before)

    def finish(self, status: str) -> None:
        """End with a status; the group's own rules hold again."""
        self.dismiss_newcomer()
        self.group.launches_from, self.group.limits, self.group.warmup_of_refresh = {}, None, None
        super().finish(status)
        changes.note("autoscaling")


@clock.at_end
def end() -> None:
    """Cancel what is under way: what waits for health would wait for ever."""
    for refresh in [each for refreshes in REFRESHES.values() for each in refreshes]:
        if isinstance(refresh, RollingRefresh) and refresh.status in ACTIVE:
            refresh.cancel()
