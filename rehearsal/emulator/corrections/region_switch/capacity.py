"""How many servers each group of a plan had, as Region switch samples it while all is well.

It has to know that of a Region that doesn't answer any more. AWS says that it looks at the most of the last 24 hours
and evaluates a plan every 30 minutes, not how often it samples: here it does with each evaluation.
https://docs.aws.amazon.com/r53recovery/latest/dg/ec2-auto-scaling-block.html
"""

from collections import defaultdict
from collections.abc import Iterable

from rehearsal.emulator.corrections.autoscaling.groups import GROUPS, Group
from rehearsal.emulator.living import clock, cuts
from rehearsal.emulator.resets import on_reset

KEPT = 86_400.0
"""Seconds at AWS."""

SAMPLES: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
"""By ARN of the group: when, and how many instances were in service."""


@on_reset
def forget() -> None:
    """Forget all samples."""
    SAMPLES.clear()


def group_of(arn: str) -> Group | None:
    """Return the group of an ARN."""
    return next((each for each in GROUPS.values() if each.arn == arn), None)


def sample(arns: Iterable[str]) -> None:
    """Note how many instances of each group are in service now, where its Region answers."""
    for arn in arns:
        group = group_of(arn)
        if group is None or cuts.region_is_cut(group.region):
            continue
        serving = sum(member.lifecycle_state == "InService" for member in group.members)
        kept = [each for each in SAMPLES[arn] if each[0] >= clock.now() - KEPT]
        SAMPLES[arn] = [*kept, (clock.now(), serving)]


def most(arn: str) -> int | None:
    """Return the most of the last 24 hours; None where nothing is known."""
    return max((count for at, count in SAMPLES[arn] if at >= clock.now() - KEPT), default=None)
