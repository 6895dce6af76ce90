"""Plots of a scenario as SVG: who answered and what failed, how fast, and what happened when."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from rehearsal.drill.counting.slices import WIDTH
from rehearsal.drill.report.shape import Mark, Result

LANES = {
    "fault": "Broken",
    "step": "Drill",
    "server": "Servers",
    "balancer": "Balancers",
    "store": "Sessions",
    "database": "Database",
    "role": "Roles",
    "health": "Checks",
    "dns": "DNS",
    "alarm": "Alarms",
    "notice": "Notices",
    "function": "Function",
    "plan": "Plan",
    "release": "Release",
    "scaling": "Scaling",
}
"""Kinds of marks that have a lane, in this order."""
LANE = 17
LONG = 100
"""Seconds from which on times are minutes and seconds."""
MINUS = "\u2212"
SHADES = 3
"""Colours of a region: --a1, --a2, --a3; --b1 ... of the second."""


@dataclass(frozen=True)
class Frame:
    """Where a plot is: its width in units of the picture, and the time that it shows."""

    width: int
    begin: float
    end: float
    zero: float
    """The moment that the axis counts from, seconds since 1970."""
    speed: float
    left: int = 74
    right: int = 14

    def x(self, at: float) -> float:
        """The place of a moment."""
        inner = self.width - self.left - self.right
        share = (at - self.begin) / max(self.end - self.begin, 1e-9)
        return self.left + inner * min(max(share, 0.0), 1.0)

    def ticks(self) -> list[tuple[float, str]]:
        """Places and labels of the time axis, in AWS's seconds from the fault."""
        first, last = ((at - self.zero) * self.speed for at in (self.begin, self.end))
        step = nice((last - first) / (8 if self.width > 500 else 4))
        numbers = range(math.ceil(first / step), math.floor(last / step) + 1)
        label = minutes if last - first >= LONG else clock
        return [(self.x(self.zero + n * step / self.speed), label(n * step)) for n in numbers]


def nice(least: float) -> float:
    """The next round number from `least` on."""
    power: float = 10.0 ** math.floor(math.log10(max(least, 1e-6)))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * 0.999)


def clock(seconds: float) -> str:
    """A time from the fault as an axis names it: `5 s`, `2:30`."""
    return f"{seconds:g} s".replace("-", MINUS) if abs(seconds) < LONG else minutes(seconds)


def minutes(seconds: float) -> str:
    """A time from the fault as minutes and seconds."""
    sign = MINUS if seconds < 0 else ""
    return f"{sign}{int(abs(seconds)) // 60}:{int(abs(seconds)) % 60:02d}"


def shades(results: Iterable[Result], regions: Sequence[str]) -> dict[str, str]:
    """The colour of each zone that answered: a family of shades a region."""
    places = {zone: region for result in results for zone, region in result["places"].items()}
    colours: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for zone in sorted(places, key=lambda each: (regions.index(places[each]) if places[each] in regions else 9, each)):
        family = "a" if places[zone] in regions[:1] else "b"
        seen[family] += 1
        colours[zone] = f"var(--{family}{(seen[family] - 1) % SHADES + 1})"
    return colours


def scenario(result: Result, colours: dict[str, str], width: int) -> str:
    """The three plots of a scenario under each other, in one picture."""
    slices = result["slices"]
    if not slices:
        return ""
    frame = Frame(width, slices[0]["at"], slices[-1]["at"] + WIDTH, result["fault_at"], result["speed"])
    lanes = [kind for kind in LANES if any(mark["kind"] == kind for mark in result["marks"])]
    top, answers, fast = 14, 150, 62
    lanes_top = top + answers + 30 + fast + 22
    height = lanes_top + LANE * len(lanes) + 26
    faults = [mark for mark in result["marks"] if mark["kind"] == "fault"]
    parts = [
        f'<svg class="plot w{width}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(_said(result))}">',
        _grid(frame, top, height - 24),
        _answers(frame, slices, colours, top, answers),
        _latency(frame, slices, top + answers + 30, fast),
        _lanes(frame, result["marks"], lanes, lanes_top),
        *(_fault(frame, mark, top, height - 24) for mark in faults),
        "</svg>",
    ]
    return "".join(parts)


def _said(result: Result) -> str:
    service = result["service"]
    return (
        f"{result['title']}: {service.get('requests', 0)} requests, {service.get('failed', 0)} failed. "
        "The tables below have the figures."
    )


def _grid(frame: Frame, top: int, bottom: int) -> str:
    lines = [
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}"/>'
        f'<text class="tick" x="{x:.1f}" y="{bottom + 15}" text-anchor="middle">{label}</text>'
        for x, label in frame.ticks()
    ]
    return "".join(lines)


def _answers(frame: Frame, slices: Sequence[dict[str, Any]], colours: dict[str, str], top: int, height: int) -> str:
    """Answers a second stacked by zone, with what failed on top."""
    most = nice(max(1.0, *((each["answered"] + each["failed"]) / WIDTH for each in slices)))
    scale = height / most
    bottoms = [0.0] * len(slices)
    parts = [_title(frame, top, "requests/s"), _y_axis(frame, top, height, most)]
    layers = [
        (zone, colour, [each["zones"].get(zone, 0) / WIDTH for each in slices]) for zone, colour in colours.items()
    ]
    rest = [max(0, each["answered"] - sum(each["zones"].values())) / WIDTH for each in slices]
    if any(rest):
        layers.append(("answered", "var(--other)", rest))
    layers.append(("failed", "url(#failed)", [each["failed"] / WIDTH for each in slices]))
    for name, colour, values in layers:
        if not any(values):
            continue
        tops = [below + value for below, value in zip(bottoms, values, strict=True)]
        path = _area(frame, slices, bottoms, tops, top + height, scale)
        parts.append(f'<path d="{path}" fill="{colour}"><title>{escape(name)}</title></path>')
        bottoms = tops
    return "".join(parts)


def _area(
    frame: Frame, slices: Sequence[dict[str, Any]], below: list[float], above: list[float], base: float, scale: float
) -> str:
    """A band of steps, drawn only where it has a height."""
    path, start = [], None
    for number in range(len(slices) + 1):
        there = number < len(slices) and above[number] > below[number]
        if there and start is None:
            start = number
        elif not there and start is not None:
            path.append(_band(frame, slices, range(start, number), below, above, base, scale))
            start = None
    return "".join(path)


def _band(
    frame: Frame,
    slices: Sequence[dict[str, Any]],
    numbers: range,
    below: list[float],
    above: list[float],
    base: float,
    scale: float,
) -> str:
    points = []
    for values, order in ((above, numbers), (below, reversed(numbers))):
        for number in order:
            y = f"{base - values[number] * scale:.1f}"
            ends = [frame.x(slices[number]["at"]), frame.x(slices[number]["at"] + WIDTH)]
            for x in ends if values is above else reversed(ends):
                points.append(f"{x:.1f} {y}")
    return f"M{'L'.join(points)}Z"


def _latency(frame: Frame, slices: Sequence[dict[str, Any]], top: int, height: int) -> str:
    """The 50th and 99th percentile of answers, on a scale of powers of ten from 1 ms to 100 s."""

    def y(seconds: float) -> float:
        share = (math.log10(min(max(seconds, 0.001), 100)) + 3) / 5
        return top + height * (1 - share)

    parts = [_title(frame, top, "latency")]
    for seconds, label in ((0.001, "1 ms"), (0.1, "0.1 s"), (10, "10 s")):
        parts.append(_rule(frame, y(seconds), label))
    for name in ("p50", "p99"):
        path, pen = [], "M"
        for each in slices:
            if not each["answered"]:
                pen = "M"
                continue
            path.append(f"{pen}{frame.x(each['at'] + WIDTH / 2):.1f} {y(each[name]):.1f}")
            pen = "L"
        parts.append(f'<path class="{name}" d="{"".join(path)}"><title>{name}</title></path>')
    return "".join(parts)


def _lanes(frame: Frame, marks: Sequence[Mark], lanes: Sequence[str], top: int) -> str:
    parts = []
    for number, kind in enumerate(lanes):
        y = top + LANE * number + LANE / 2
        parts.append(_rule(frame, y, LANES[kind], "lane"))
        for mark in marks:
            if mark["kind"] == kind and frame.begin <= mark["at"] <= frame.end:
                said = f"{clock(round((mark['at'] - frame.zero) * frame.speed, 1))}: {mark['text']}"
                parts.append(
                    f'<circle class="mark {kind}" cx="{frame.x(mark["at"]):.1f}" cy="{y}" r="4">'
                    f"<title>{escape(said)}</title></circle>"
                )
    return "".join(parts)


def _fault(frame: Frame, mark: Mark, top: int, bottom: int) -> str:
    if not frame.begin <= mark["at"] <= frame.end:
        return ""
    x = frame.x(mark["at"])
    return (
        f'<path class="faultline" d="M{x:.1f} {top}V{bottom}"/>'
        f'<path class="flag" d="M{x - 5:.1f} {top - 9}h10l-5 9z"><title>{escape(mark["text"])}</title></path>'
    )


def _title(frame: Frame, top: int, text: str) -> str:
    return f'<text class="name" x="{frame.left}" y="{top - 4}">{text}</text>'


def _y_axis(frame: Frame, top: int, height: int, most: float) -> str:
    lines = []
    for share in (0, 0.5, 1):
        y = top + height * (1 - share)
        lines.append(_rule(frame, y, f"{most * share:g}"))
    return "".join(lines)


def _rule(frame: Frame, y: float, label: str, kind: str = "grid") -> str:
    """A line from left to right with its label."""
    return (
        f'<line class="{kind}" x1="{frame.left}" x2="{frame.width - frame.right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="tick" x="{frame.left - 6}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
    )
