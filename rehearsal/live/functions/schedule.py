"""When EventBridge starts what a rule's schedule says. Pure.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

UNITS = {"minute": 60, "hour": 3600, "day": 86400}

RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")

MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
DAYS = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}

FARTHEST = timedelta(days=366 * 5)
"""A cron expression that fits nothing so far ahead fits nothing."""


class ScheduleError(ValueError):
    """A schedule that EventBridge wouldn't take, or that isn't rehearsed."""


@dataclass(frozen=True)
class Rate:
    """Every so many seconds, from when the rule was made."""

    seconds: int

    def after(self, moment: datetime, began: datetime) -> datetime:
        """Return the first minute after a moment in which it is due."""
        passed = (moment - began).total_seconds()
        return began + timedelta(seconds=(passed // self.seconds + 1) * self.seconds)


@dataclass(frozen=True)
class Cron:
    """At the minutes that all fields fit, by UTC."""

    minutes: frozenset[int]
    hours: frozenset[int]
    months: frozenset[int]
    years: frozenset[int]
    is_day: Callable[[datetime], bool]

    def after(self, moment: datetime, _began: datetime) -> datetime:
        """Return the first minute after a moment in which it is due. ScheduleError if there is none."""
        due = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        end = due + FARTHEST
        while due < end:
            if due.year not in self.years or due.month not in self.months or not self.is_day(due):
                due = due.replace(hour=0, minute=0) + timedelta(days=1)
            elif due.hour not in self.hours:
                due = due.replace(minute=0) + timedelta(hours=1)
            elif due.minute not in self.minutes:
                due += timedelta(minutes=1)
            else:
                return due
        raise ScheduleError("it is never due")


def parse(expression: str) -> Rate | Cron:
    """Read a schedule. Raises ScheduleError."""
    if found := RATE.fullmatch(expression):
        return Rate(int(found[1]) * UNITS[found[2]])
    found = CRON.fullmatch(expression)
    if not found:
        raise ScheduleError(f"{expression} is neither rate(...) nor cron(...)")
    minutes, hours, days, months, weekdays, years = found.groups()
    if "?" not in (days, weekdays):
        raise ScheduleError(f"{expression}: one of the days has to be ?")
    return Cron(
        _values(minutes, 0, 59),
        _values(hours, 0, 23),
        _values(months, 1, 12, MONTHS),
        _values(years, 1970, 2199),
        _month_day(days) if weekdays == "?" else _week_day(weekdays),
    )


def _values(field: str, least: int, most: int, names: dict[str, int] | None = None) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        low = least if first == "*" else _number(first, names or {})
        high = most if first == "*" or (step and not last) else _number(last or first, names or {})
        if not least <= low <= most or not least <= high <= most:
            raise ScheduleError(f"{part} is not within {least} to {most}")
        found |= {*range(low, high + 1, int(step or 1))}
    return frozenset(found)


def _number(text: str, names: dict[str, int]) -> int:
    if text.upper() in names:
        return names[text.upper()]
    if not text.isdigit():
        raise ScheduleError(f"{text} is not rehearsed in a schedule")
    return int(text)


def _month_day(field: str) -> Callable[[datetime], bool]:
    """The days of the month; L is the last one."""
    if field == "L":
        return lambda moment: moment.day == calendar.monthrange(moment.year, moment.month)[1]
    days = _values(field, 1, 31)
    return lambda moment: moment.day in days


def _week_day(field: str) -> Callable[[datetime], bool]:
    """The days of the week, 1 for Sunday; 6#3 is the third Friday, 6L the last one."""
    if found := re.fullmatch(r"(\w+)#(\d)", field):
        day, which = _number(found[1], DAYS), int(found[2])
        return lambda moment: _day(moment) == day and (moment.day - 1) // 7 + 1 == which
    if found := re.fullmatch(r"(\w+)L", field):
        day = _number(found[1], DAYS)
        return lambda moment: (
            _day(moment) == day and moment.day + 7 > calendar.monthrange(moment.year, moment.month)[1]
        )
    days = _values(field, 1, 7, DAYS)
    return lambda moment: _day(moment) in days


def _day(moment: datetime) -> int:
    return moment.isoweekday() % 7 + 1
