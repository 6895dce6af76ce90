"""Target tracking: what a policy wants by the metric of the last minutes, and what all of a group's want together.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

MINUTES_ABOVE = 3
MINUTES_BELOW = 15
"""Minutes on one side of its threshold until an alarm of target tracking goes off."""

MARGIN = 0.9
"""The threshold of the lower one, of the target: as the alarms are that AWS makes for a policy ("AlarmHigh" and
"AlarmLow")."""


@dataclass(frozen=True)
class Wish:
    """What a policy wants: a capacity in proportion, and whether its alarms let it rise or fall to that."""

    policy: str
    capacity: int
    rises: bool
    falls: bool


def wish(
    policy: str, target: float, minutes: Sequence[float] | None, longer: Sequence[float] | None, ready: int
) -> Wish:
    """Weigh the metric's last minutes, and the longer time; None is for too few data.

    ready: servers that serve and are warm. The others count once they are: their metrics don't yet.
    """
    if not minutes:
        return Wish(policy, 0, rises=False, falls=False)
    rises = all(value > target for value in minutes)
    falls = bool(longer) and all(value < MARGIN * target for value in longer or [])
    return Wish(policy, math.ceil(max(1, ready) * minutes[-1] / target), rises, falls)


def decide(wishes: Sequence[Wish], desired: int, *, all_ready: bool) -> tuple[int, Wish] | None:
    """Weigh what all policies want: out to the most that one wants, in if all agree and nobody is warming up."""
    if rising := [each for each in wishes if each.rises]:
        most = max(rising, key=lambda each: each.capacity)
        return (most.capacity, most) if most.capacity > desired else None
    if wishes and all_ready and all(each.falls for each in wishes):
        most = max(wishes, key=lambda each: each.capacity)
        return (most.capacity, most) if most.capacity < desired else None
    return None
