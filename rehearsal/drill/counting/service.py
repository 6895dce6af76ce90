"""The service that users had in a window of time: what failed, for how long, who answered, how fast."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rehearsal.drill.load.records import REQUESTS, Record, answered, problem

QUIET = 1.0
"""Seconds (real ones) without a failure at the end of a window, below which nothing can be said to have recovered."""


@dataclass(frozen=True)
class Service:
    """The service in a window. Times are AWS's: those of this machine times the pace."""

    requests: int
    failed: int
    problems: dict[str, int]
    """Why requests failed: `status 503`, `timeout`."""
    recovered: float | None
    """Seconds from the fault until the last request that failed was due; None if they fail to the end."""
    gap: float
    """The longest time in which nobody was answered."""
    outage: float
    """The longest time in which one user got no answer to any request."""
    p50: float
    p99: float
    """Seconds (real ones) until an answer, from when the request was due."""
    regions: dict[str, int]
    zones: dict[str, int]
    """Who answered."""

    @property
    def share(self) -> float:
        """The share of requests that failed."""
        return self.failed / self.requests if self.requests else 0.0


def service(records: Iterable[Record], begin: float, end: float, speed: float = 1.0) -> Service:
    """Judge the requests that were due from `begin`, when the fault came, to `end` (seconds since 1970)."""
    asked = [each for each in records if each["k"] in REQUESTS and begin <= each["t"] < end]
    good = [each for each in asked if answered(each)]
    bad = [each for each in asked if not answered(each)]
    last = max((each["t"] for each in bad), default=begin)
    recovered = None if last > end - QUIET or not good else (last - begin) * speed
    times = sorted(each["l"] for each in good)
    return Service(
        len(asked),
        len(bad),
        dict(Counter(problem(each) for each in bad).most_common()),
        recovered,
        _longest(sorted(min(each["t"] + each["l"], end) for each in good), begin, end) * speed,
        _longest_of_a_user(asked) * speed,
        percentile(times, 0.5),
        percentile(times, 0.99),
        dict(Counter(each["r"] for each in good if "r" in each).most_common()),
        dict(Counter(each["z"] for each in good if "z" in each).most_common()),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share of ordered values is; 0 of none."""
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def _longest(times: Sequence[float], begin: float, end: float) -> float:
    """The longest time between two of `times`, the window's ends included."""
    marks = [begin, *times, end]
    return max(later - earlier for earlier, later in pairwise(marks))


def _longest_of_a_user(asked: Iterable[Record]) -> float:
    """The longest time from a user's failed request to the same user's next answered one."""
    by_user: dict[object, list[Record]] = defaultdict(list)
    for each in asked:
        by_user[each["u"]].append(each)
    longest = 0.0
    for requests in by_user.values():
        since: float | None = None
        for each in sorted(requests, key=lambda one: float(one["t"])):
            if not answered(each):
                since = each["t"] if since is None else since
                longest = max(longest, each["t"] + each["l"] - since)
            elif since is not None:
                longest = max(longest, each["t"] + each["l"] - since)
                since = None
    return longest
