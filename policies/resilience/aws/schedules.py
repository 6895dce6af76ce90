"""The longest gap of a schedule, from AWS's cron and rate expressions.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
RATE_HOURS = {"minute": 1 / 60, "hour": 1, "day": 24}
START, SPAN = date(2027, 1, 1), timedelta(days=800)
"""Two years and a bit: long enough to see a yearly schedule twice."""


def longest_gap(expression: str) -> float | None:
    """The most hours between one run and the next; None for an expression that can't be parsed."""
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression.strip())
    if rate:
        return int(rate[1]) * RATE_HOURS[rate[2]]
    fields = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) \S+\)", expression.strip())
    if not fields:
        return None
    try:
        return _gap(*fields.groups())
    except ValueError:
        return None


def _gap(minute: str, hour: str, day: str, month: str, weekday: str) -> float | None:
    times = sorted(h + m / 60 for h in _numbers(hour, 0, 23) for m in _numbers(minute, 0, 59))
    days = [each.toordinal() for each in _days(day, _numbers(month, 1, 12, MONTHS), weekday)]
    if not times or len(days) < 2:
        return None
    within = [after - before for before, after in pairwise(times)]
    nights = [(after - before) * 24 - times[-1] + times[0] for before, after in pairwise(days)]
    return max([*within, *nights])


def _days(day: str, months: set[int], weekday: str) -> Iterator[date]:
    """The days that fit. A last, a nearest or an n-th day is one a month; which one makes no difference here."""
    once = bool(re.search(r"[LW#]", day + re.sub("WED", "", weekday)))
    numbers = _numbers("1" if once else day, 1, 31)
    weekdays = _numbers("*" if once else weekday, 1, 7, DAYS)
    for offset in range(SPAN.days):
        each = START + timedelta(days=offset)
        if each.month in months and each.day in numbers and each.isoweekday() % 7 + 1 in weekdays:
            yield each


def _numbers(field: str, low: int, high: int, names: tuple[str, ...] = ()) -> set[int]:
    """The numbers that a field stands for.

    Raises:
        ValueError: it is none that AWS knows.
    """
    found: set[int] = set()
    for part in field.upper().split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if first in ("*", "?"):
            begin, end = low, high
        else:
            begin = _number(first, names)
            end = _number(last, names) if last else (high if step else begin)
        found |= set(range(begin, end + 1, int(step or 1)))
    return found


def _number(text: str, names: tuple[str, ...]) -> int:
    return names.index(text) + 1 if text in names else int(text)
