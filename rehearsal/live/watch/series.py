"""Metrics as CloudWatch keeps them: the values of each minute, and statistics over periods of minutes. Pure."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rehearsal.live.watch.data import Datum, Dimensions

MINUTE = 60

KEPT = 49 * 60
"""Minutes: the longest alarm of ours looks back two days."""

FINE = 30
"""Minutes for which single values are kept, which percentiles need."""

Key = tuple[str, str, str, Dimensions]
"""Region, namespace, name, dimensions in order."""


@dataclass
class Bucket:
    """A minute of a metric."""

    count: int = 0
    sum: float = 0.0
    least: float = math.inf
    most: float = -math.inf
    values: list[float] = field(default_factory=list)

    def add(self, value: float) -> None:
        """Take a value in."""
        self.count += 1
        self.sum += value
        self.least, self.most = min(self.least, value), max(self.most, value)
        self.values.append(value)


@dataclass
class Store:
    """All metrics, by minute since the beginning."""

    metrics: dict[Key, dict[int, Bucket]] = field(default_factory=dict)
    blind: set[int] = field(default_factory=set)
    """Minutes in which this machine was too busy for a single look: that there is no data says nothing."""

    def add(self, datum: Datum, seconds: float) -> None:
        """Take a value in, measured so many seconds after the beginning."""
        minutes = self.metrics.setdefault(key(datum), {})
        minutes.setdefault(int(seconds // MINUTE), Bucket()).add(datum.value)

    def forget(self, seconds: float) -> None:
        """Forget what no alarm looks at any more."""
        now = int(seconds // MINUTE)
        self.blind = {each for each in self.blind if each >= now - KEPT}
        for minutes in self.metrics.values():
            for minute in [each for each in minutes if each < now - KEPT]:
                del minutes[minute]
            for minute, bucket in minutes.items():
                if minute < now - FINE:
                    bucket.values.clear()

    def statistic(self, wanted: Key, statistic: str, period: int, start: int) -> float | None:
        """Return a statistic of a metric over the period that starts at a minute; None without data."""
        minutes = self.metrics.get(wanted, {})
        return of([minutes[each] for each in range(start, start + period // MINUTE) if each in minutes], statistic)

    def minute(self, minute: int) -> Iterator[tuple[Key, Bucket]]:
        """Return all that was measured in a minute."""
        for wanted, minutes in self.metrics.items():
            if minute in minutes:
                yield wanted, minutes[minute]

    def named(self, region: str, namespace: str, name: str) -> Iterator[Key]:
        """Return all metrics of a name, whatever their dimensions."""
        return (each for each in self.metrics if each[:3] == (region, namespace, name))


def key(datum: Datum) -> Key:
    """Return which metric a value is of."""
    return datum.region, datum.namespace, datum.name, tuple(sorted(datum.dimensions))


def of(buckets: list[Bucket], statistic: str) -> float | None:
    """Return a statistic over minutes; None without data.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
    """
    if not buckets:
        return None
    total, count = sum(each.sum for each in buckets), sum(each.count for each in buckets)
    simple = {
        "Sum": total,
        "SampleCount": float(count),
        "Average": total / count,
        "Minimum": min(each.least for each in buckets),
        "Maximum": max(each.most for each in buckets),
    }
    if statistic in simple:
        return simple[statistic]
    if statistic.startswith("p"):
        return percentile((value for each in buckets for value in each.values), float(statistic[1:]))
    raise ValueError(f"the statistic {statistic} is not rehearsed")


def percentile(values: Iterable[float], percent: float) -> float | None:
    """Return the value that so many percent of the values don't exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else None
