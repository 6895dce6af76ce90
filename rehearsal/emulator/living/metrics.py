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
    count: int = 0

    @property
    def average(self) -> float:
        """The mean of the data."""
        return self.total / self.count


@dataclass
class Series:
    """A metric: its data by minute."""

    minutes: dict[int, Minute] = field(default_factory=dict)

    def add(self, now: float, value: float) -> None:
        """Take a datum into its minute, and forget the oldest."""
        number = int(now // MINUTE)
        minute = self.minutes.setdefault(number, Minute())
        minute.total, minute.count = minute.total + value, minute.count + 1
        for old in [each for each in self.minutes if each < number - KEPT]:
            del self.minutes[old]

    def last(self, now: float, count: int) -> list[Minute] | None:
        """The last so many whole minutes, the oldest first; None where data of one is missing."""
        number = int(now // MINUTE)
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
    """Take a datum as PutMetricData has it; a set of statistics counts by its sum."""
    named = {each["Name"]: each["Value"] for each in datum.get("Dimensions", [])}
    values = datum.get("Values") or [datum.get("Value", datum.get("StatisticValues", {}).get("Sum"))]
    for value in values:
        if value is not None:
            series(region, namespace, datum["MetricName"], named).add(clock.now(), float(value))


def series(region: str, namespace: str, name: str, dimensions: Mapping[str, str]) -> Series:
    """The data of a metric."""
    return SERIES[region, namespace, name, frozenset(dimensions.items())]
