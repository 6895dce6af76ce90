"""The arithmetic of the benchmark. Every number is a ratio of two times of the same run on the same machine."""

import itertools
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Spent(NamedTuple):
    """Seconds by the clock, and of processor time, which other work on the machine disturbs less."""

    clock: float
    processor: float


class Pair(NamedTuple):
    """What both sides took, one right after the other."""

    ours: Spent
    other: Spent


@dataclass(frozen=True)
class Ratio:
    """What pairs say together: the median, and how far single pairs were from it."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:.2f} [{self.least:.2f}-{self.most:.2f}]"


class Point(NamedTuple):
    """A program of so many resources, and the seconds that it took."""

    resources: int
    seconds: float


def measure(ours: Callable[[], Spent], other: Callable[[], Spent], pairs: int) -> list[Pair]:
    """What both take, `pairs` times, alternating: who goes first changes, so that a drift in load favours nobody."""
    found = []
    for number in range(pairs):
        if number % 2:
            second = other()
            found.append(Pair(ours(), second))
        else:
            first = ours()
            found.append(Pair(first, other()))
    return found


def timed(action: Callable[[], object]) -> Spent:
    """What the action takes; its processor time is that of the child processes that it starts and waits for."""
    began, used = time.perf_counter(), _children()
    action()
    return Spent(time.perf_counter() - began, _children() - used)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ratio_of(pairs: Sequence[Pair], processor: bool = False) -> Ratio:
    """The median of the pairs' ratios with the least and the most. Above 1: ours took longer.

    Args:
        pairs: at least one.
        processor: of processor time; else by the clock.

    Raises:
        ValueError: there is no pair.
    """
    ratios = [pair.ours[processor] / pair.other[processor] for pair in pairs]
    if not ratios:
        raise ValueError("no pair was measured")
    return Ratio(statistics.median(ratios), min(ratios), max(ratios))


def medians(pairs: Sequence[Pair]) -> Pair:
    """The median of each side, for people to read; ratios come from `ratio_of`."""
    sides = [Spent(*map(statistics.median, zip(*side, strict=True))) for side in zip(*pairs, strict=True)]
    return Pair(*sides)


def least(pairs: Sequence[Pair]) -> Pair:
    """The least of each side, for slopes: other work on the machine only ever adds to a time."""
    sides = [Spent(*map(min, zip(*side, strict=True))) for side in zip(*pairs, strict=True)]
    return Pair(*sides)


def slope(start: Point, end: Point) -> float:
    """Milliseconds that each further resource takes between two sizes.

    Raises:
        ValueError: the sizes are the same.
    """
    if start.resources == end.resources:
        raise ValueError(f"both points have {start.resources} resources; a slope needs two sizes")
    return 1000 * (end.seconds - start.seconds) / (end.resources - start.resources)


def slopes(points: Sequence[Point]) -> list[float]:
    """The slope of each step between points in the order of their sizes."""
    ordered = sorted(points)
    return [slope(start, end) for start, end in itertools.pairwise(ordered)]


def growth(points: Sequence[Point]) -> float:
    """The last step's slope against the first's: 1 is linear, 2 that a resource costs twice as much at the end.

    Raises:
        ValueError: fewer than three points, or the first step is not above zero (the machine was too busy to tell).
    """
    steps = slopes(points)
    if len(steps) < 2:
        raise ValueError(f"{len(points)} sizes were measured; growth needs three")
    if steps[0] <= 0:
        raise ValueError(f"the first step took {steps[0]:.1f} ms a resource; the machine is too busy to measure on")
    return steps[-1] / steps[0]
