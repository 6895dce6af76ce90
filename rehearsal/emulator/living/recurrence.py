"""When a scheduled action is due: cron's format, as Auto Scaling has it.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMES = {name: number for number, name in enumerate(DAYS)} | {name: number for number, name in enumerate(MONTHS, 1)}


def is_due(action: Mapping[str, Any], minute: datetime) -> bool:
    """Return whether an action is due in a minute: once at its start, or as often as its recurrence says."""
    start, end = (_aware(action.get(key)) for key in ("StartTime", "EndTime"))
    if (start and minute < start.replace(second=0, microsecond=0)) or (end and minute > end):
        return False
    if recurrence := action.get("Recurrence"):
        return matches(recurrence, minute.astimezone(ZoneInfo(action.get("TimeZone") or "UTC")))
    return start is not None and minute == start.replace(second=0, microsecond=0)


def _aware(given: datetime | None) -> datetime | None:
    """A time as it was given; without a zone it is UTC."""
    return given.replace(tzinfo=UTC) if given is not None and given.tzinfo is None else given


def matches(recurrence: str, at: datetime) -> bool:
    """Return whether a time is in a recurrence: minute, hour, day of the month, month, day of the week.

    With both kinds of days given, either is enough, as cron has it.
    """
    minute, hour, day, month, weekday = recurrence.split()
    if not (_in(minute, at.minute, 0, 59) and _in(hour, at.hour, 0, 23) and _in(month, at.month, 1, 12)):
        return False
    by_day = _in(day, at.day, 1, 31)
    by_weekday = any(_in(weekday, number, 0, 7) for number in {at.isoweekday(), at.isoweekday() % 7})  # Sunday is both
    return by_day and by_weekday if "*" in (day[0], weekday[0]) else by_day or by_weekday


def _in(field: str, value: int, lowest: int, highest: int) -> bool:
    """Return whether a field of a recurrence has a value: `*`, `5`, `1-5`, `*/10`, `1,3`, names of days and months."""
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        low = lowest if first == "*" else _number(first)
        high = highest if first == "*" or (step and not last) else _number(last or first)
        if low <= value <= high and (value - low) % int(step or 1) == 0:
            return True
    return False


def _number(text: str) -> int:
    return NAMES[text.lower()] if text.lower() in NAMES else int(text)
