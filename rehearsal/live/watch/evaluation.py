"""When an alarm goes off: M of N periods breach its threshold, and what missing data means. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"

FURTHER = 2
"""Periods before the last N at which CloudWatch looks for data, too: the page's tables have five for three."""

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


@dataclass(frozen=True)
class Condition:
    """What an alarm looks for."""

    threshold: float
    comparison: str
    periods: int
    needed: int
    """Of the periods, that have to breach (DatapointsToAlarm)."""
    missing: str = "missing"
    """`missing`, `ignore`, `breaching` or `notBreaching`."""

    def breaches(self, value: float) -> bool:
        """Tell whether a value breaches the threshold."""
        return COMPARISONS[self.comparison](value, self.threshold)


def evaluate(points: Sequence[float | None], condition: Condition, state: str) -> str:
    """Return the state after these points, the oldest first: the last N periods and FURTHER ones before them."""
    there = [(age, condition.breaches(value)) for age, value in enumerate(reversed(points)) if value is not None]
    if not there:
        return {"missing": INSUFFICIENT, "breaching": ALARM, "notBreaching": OK}.get(condition.missing, state)
    recent = there[: condition.periods]
    breaching = sum(breach for _, breach in recent)
    lacking = condition.periods - len(recent)
    if condition.missing == "breaching":
        breaching += lacking
    if breaching >= condition.needed:
        return ALARM
    if lacking == 0 or condition.missing in ("breaching", "notBreaching"):
        return OK
    if len(recent) >= condition.needed or len(recent) - breaching > condition.periods - condition.needed:
        return OK
    if condition.missing == "missing" and _is_old(recent, condition.needed):
        return ALARM
    return state if condition.missing == "ignore" or breaching else OK


def _is_old(recent: Sequence[tuple[int, bool]], needed: int) -> bool:
    """Tell whether it has breached for as long as needed, with nothing but silence in between (same page)."""
    return all(breach for _, breach in recent) and recent[-1][0] + 1 >= needed
