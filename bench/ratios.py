"""The arithmetic of the benchmark. Every number is a ratio of two times of the same run on the same machine."""

import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Pair(NamedTuple):
    """Seconds that both sides took, one right after the other."""

    ours: float
    other: float

    @property
    def ratio(self) -> float:
        """Above 1: ours took longer."""
        return self.ours / self.other


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


def measure(ours: Callable[[], float], other: Callable[[], float], pairs: int) -> list[Pair]:
    """Seconds of both, `pairs` times, alternating: who goes first changes, so that a drift in load favours nobody."""
    found = []
    for number in range(pairs):
        if number % 2:
            second = other()
            found.append(Pair(ours(), second))
        else:
            first = ours()
            found.append(Pair(first, other()))
    return found


def timed(action: Callable[[], object]) -> float:
    """Seconds that the action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def ratio_of(pairs: Sequence[Pair]) -> Ratio:
    """The median of the pairs' ratios with the least and the most; of medians or of sums it would hide the spread.

    Raises:
        ValueError: there is no pair.
    """
    ratios = [pair.ratio for pair in pairs]
    if not ratios:
        raise ValueError("no pair was measured")
    return Ratio(statistics.median(ratios), min(ratios), max(ratios))


def medians(pairs: Sequence[Pair]) -> Pair:
    """The median seconds of each side, for people to read; ratios come from `ratio_of`."""
    return Pair(statistics.median(p.ours for p in pairs), statistics.median(p.other for p in pairs))


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
