"""Scheduled actions in the living mode, by AWS's clock.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from rehearsal.emulator.corrections.autoscaling import living
from rehearsal.emulator.corrections.autoscaling.attachments import KEPT
from rehearsal.emulator.corrections.autoscaling.groups import GROUPS, Group
from rehearsal.emulator.living import changes, clock
from rehearsal.emulator.living.recurrence import is_due
from rehearsal.emulator.resets import on_reset

LONGEST = timedelta(minutes=90)
"""How far back it is looked for actions that were due, at most."""

_seen: list[datetime] = []


@on_reset
@clock.at_start
def forget() -> None:
    """What was due before is past."""
    _seen.clear()


@clock.every_tick
def look() -> None:
    """Carry out what was due in the minutes since the last look."""
    now = clock.wall().replace(second=0, microsecond=0)
    since = max(_seen[0], now - LONGEST) if _seen else now
    _seen[:] = [now]
    while since < now:
        since += timedelta(minutes=1)
        for group in [*GROUPS.values()]:
            for action in [] if "ScheduledActions" in group.suspended else actions(group):
                if is_due(action, since):
                    act(group, action)


def actions(group: Group) -> list[dict[str, Any]]:
    """The scheduled actions of a group."""
    return [value for (kind, of, _), value in sorted(KEPT.items()) if (kind, of) == ("schedule", group.identifier)]


def act(group: Group, action: Mapping[str, Any]) -> None:
    """Set the sizes that an action names, within each other's limits."""
    group.minimum = action.get("MinSize", group.minimum)
    group.maximum = action.get("MaxSize", group.maximum)
    desired = action.get("DesiredCapacity", group.desired)
    group.desired = max(group.minimum, min(group.maximum, desired))
    changes.note("autoscaling")
    living.converge(group, f"a scheduled action {action['ScheduledActionName']} was executed.")
