"""Metrics by AWS's clock: what was put in each minute, for those who decide by it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.emulator.living import clock
from rehearsal.emulator.resets import on_reset

MINUTE = 60.0

KEPT = 20
"""Minutes."""

Key = tuple[str, str, str, frozenset[tuple[str, str]]]
"""Region, namespace, name, dimensions."""


@dataclass
class Minute:
    """The data of a minute."""

    total: float = 0.0
    count: float = 0

    @property
    def average(self) -> float:
        """The mean of the data."""
        return self.total / self.count


@dataclass
class Series:
    """A metric: its data by minute.

    Minutes begin half a minute before the first datum: one that comes once a minute may come a little early or late.
    """

    minutes: dict[int, Minute] = field(default_factory=dict)
    first: float | None = None

    def number(self, now: float) -> int:
        """The number of the minute that a time is in."""
        return int((now - (now if self.first is None else self.first) + MINUTE / 2) // MINUTE)

    def add(self, now: float, total: float, count: float = 1) -> None:
        """Take data into its minute, and forget the oldest."""
        self.first = now if self.first is None else self.first
        number = self.number(now)
        minute = self.minutes.setdefault(number, Minute())
        minute.total, minute.count = minute.total + total, minute.count + count
        for old in [each for each in self.minutes if each < number - KEPT]:
            del self.minutes[old]

    def last(self, now: float, count: int) -> list[Minute] | None:
        """The last so many whole minutes, the oldest first; None where data of one is missing."""
        number = self.number(now)
        wanted = range(number - count, number)
        return [self.minutes[each] for each in wanted] if all(each in self.minutes for each in wanted) else None


SERIES: defaultdict[Key, Series] = defaultdict(Series)


@on_reset
@clock.at_start
@clock.at_end
def forget() -> None:
    """Forget all data."""
    SERIES.clear()


def put(region: str, namespace: str, datum: Mapping[str, Any]) -> None:
    """Take a datum as PutMetricData has it: a value, values with their counts, or a set of statistics.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
    """
    named = {each["Name"]: each["Value"] for each in datum.get("Dimensions", [])}
    mine = series(region, namespace, datum["MetricName"], named)
    if statistics := datum.get("StatisticValues"):
        return mine.add(clock.now(), float(statistics["Sum"]), float(statistics["SampleCount"]))
    values = datum.get("Values") or [datum.get("Value", 0.0)]
    for value, count in zip(values, datum.get("Counts") or [1.0] * len(values), strict=True):
        mine.add(clock.now(), float(value) * float(count), float(count))
    return None


def series(region: str, namespace: str, name: str, dimensions: Mapping[str, str]) -> Series:
    """The data of a metric."""
    return SERIES[region, namespace, name, frozenset(dimensions.items())]
