"""Figures a second, for plots and for the console: requests, failures, latency, who answered."""

import math
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rehearsal.drill.counting.service import percentile
from rehearsal.drill.load.records import REQUESTS, Record, answered, problem


@dataclass
class Second:
    """The requests that were due in a second (real one)."""

    at: int
    """Seconds since 1970."""
    answered: int = 0
    failed: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)
    zones: Counter[str] = field(default_factory=Counter)
    servers: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Count a request."""
        if not answered(record):
            self.failed += 1
            self.problems[problem(record)] += 1
            return
        self.answered += 1
        self.latencies.append(record["l"])
        for counter, name in ((self.regions, "r"), (self.zones, "z"), (self.servers, "s")):
            if name in record:
                counter[record[name]] += 1

    def plain(self) -> dict[str, Any]:
        """The figures as JSON has them."""
        ordered = sorted(self.latencies)
        return {
            "at": self.at,
            "answered": self.answered,
            "failed": self.failed,
            "p50": round(percentile(ordered, 0.5), 4),
            "p99": round(percentile(ordered, 0.99), 4),
            "problems": dict(self.problems),
            "regions": dict(self.regions),
            "zones": dict(self.zones),
            "servers": dict(self.servers),
        }


def seconds(records: Iterable[Record], begin: float, end: float) -> list[Second]:
    """The seconds of a window, empty ones included."""
    found = {at: Second(at) for at in range(math.floor(begin), math.ceil(end))}
    for record in records:
        if record["k"] in REQUESTS and (second := found.get(math.floor(record["t"]))) and begin <= record["t"] < end:
            second.add(record)
    return list(found.values())


class Window:
    """The last seconds of a load that goes on, a second after the other."""

    def __init__(self, kept: int = 300) -> None:
        self._seconds: deque[Second] = deque(maxlen=kept)

    def add(self, records: Iterable[Record]) -> None:
        """Count new records: each belongs to the second in which its request was due, which may be long ago."""
        for record in records:
            if record["k"] in REQUESTS:
                self._second(math.floor(record["t"])).add(record)

    def _second(self, at: int) -> Second:
        if not self._seconds:
            self._seconds.append(Second(at))
        while self._seconds[-1].at < at:
            self._seconds.append(Second(self._seconds[-1].at + 1))
        back = self._seconds[-1].at - at
        return self._seconds[-1 - back] if back < len(self._seconds) else Second(at)

    def plain(self) -> list[dict[str, Any]]:
        """The figures of each second, the oldest first."""
        return [each.plain() for each in self._seconds]
