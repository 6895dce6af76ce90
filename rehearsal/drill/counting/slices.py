"""Figures by the half second, for plots: requests, failures, latency, who answered."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rehearsal.drill.counting.service import percentile
from rehearsal.drill.load.records import REQUESTS, Record, answered, problem

WIDTH = 0.5
"""Seconds (real ones) of a slice."""


@dataclass
class Slice:
    """The requests that were due in a slice of time."""

    at: float
    """Its begin, seconds since 1970."""
    answered: int = 0
    failed: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)
    zones: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Count a request."""
        if not answered(record):
            self.failed += 1
            self.problems[problem(record)] += 1
            return
        self.answered += 1
        self.latencies.append(record["l"])
        for counter, name in ((self.regions, "r"), (self.zones, "z")):
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
        }


def slices(records: Iterable[Record], begin: float, end: float, width: float = WIDTH) -> list[Slice]:
    """The slices of a window, empty ones included; what is left at its end is in none."""
    found = [Slice(begin + number * width) for number in range(max(0, math.floor((end - begin) / width)))]
    for record in records:
        if record["k"] in REQUESTS and 0 <= (number := math.floor((record["t"] - begin) / width)) < len(found):
            found[number].add(record)
    return found
