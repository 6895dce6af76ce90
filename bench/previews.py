"""Previews of programs with components against the same resources written flat."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench import projects, ratios, report
from bench.ratios import Pair, Point, Ratio
from bench.report import Row, say
from bench.rig import Key, Program, Rig, differences, of_provider, planned

STACK = "prod"
COMPONENTS_TARGET = 1.10
"""The issue's: components cost a tenth at most."""
GROWTH_TARGET = 1.25
"""Linear, less what one run of a busy machine lets slopes vary."""
SITE_PAIRS = 5
SIZES = {1: 3, 10: 3, 40: 2, 74: 1}
"""How many fleets, and how many pairs of previews: small ones are noisier. 74 have about 2,000 resources."""


class DifferError(RuntimeError):
    """The flat program doesn't plan what the components do; the message lists the first differences."""


@dataclass(frozen=True)
class Both:
    """A program with components and its flat twin."""

    ours: Program
    flat: Program
    resources: int

    def measure(self, pairs: int) -> list[Pair]:
        """Previews of both, alternating."""
        return ratios.measure(self.ours.seconds, self.flat.seconds, pairs)


def site(rig: Rig) -> tuple[Both, set[str]]:
    """The whole program with prod's settings and its flat twin; the types of its resources."""
    project = projects.site(rig.folder / "site")
    both, keys = _checked(rig, project, projects.flat(project, rig.folder / "site-flat", rig.emulator.endpoint))
    return both, {type_ for type_, _ in keys}


def _checked(rig: Rig, project: Path, flat: Path) -> tuple[Both, set[Key]]:
    """Both programs, once their previews have been found to plan the same."""
    ours, other = rig.engine(project, STACK), rig.engine(flat, STACK)
    plan, flat_plan = planned(ours), planned(other)
    found = differences(of_provider(plan), of_provider(flat_plan))
    if found:
        raise DifferError(
            "\n".join([f"{project.name} and its flat program differ in {len(found)} places:", *found[:10]])
        )
    keys = set(of_provider(plan))
    return Both(Program(ours, len(plan)), Program(other, len(flat_plan)), len(keys)), keys


def fleets(rig: Rig) -> Iterator[tuple[Both, int]]:
    """So many fleets as `SIZES` says, with the number of pairs to measure. The first is compared resource by resource.

    The others are the same constructor calls in a loop; `Program.seconds` compares their number.
    """
    folders = {size: projects.fleets(rig.folder / f"fleets-{size}", size) for size in SIZES}

    def write(size: int) -> Path:
        return projects.flat(folders[size], rig.folder / f"fleets-{size}-flat", rig.emulator.endpoint)

    with ThreadPoolExecutor(2) as pool:
        flats = dict(zip(SIZES, pool.map(write, SIZES), strict=True))
    [first, *_] = SIZES
    one, _ = _checked(rig, folders[first], flats[first])
    for size, pairs in SIZES.items():
        ours, flat = rig.engine(folders[size], STACK), rig.engine(flats[size], STACK)
        created = [1 + (each.created - 1) * size // first for each in (one.ours, one.flat)]
        yield Both(Program(ours, created[0]), Program(flat, created[1]), one.resources * size // first), pairs


def site_row(both: Both, pairs: int = SITE_PAIRS) -> Row:
    """The preview of prod against flat."""
    say(f"Previewing prod with its components and flat, {both.resources} resources, {pairs} times each ...")
    what = f"preview of prod, {both.resources} resources"
    return report.row_of(what, both.measure(pairs), "flat", COMPONENTS_TARGET)


def fleet_rows(rig: Rig) -> list[Row]:
    """Previews as fleets grow, against flat; what each further resource costs; whether growth is linear."""
    rows, ours, flat = [], [], []
    for (both, pairs), size in zip(fleets(rig), SIZES, strict=True):
        say(f"Previewing {size} fleet{'s' if size > 1 else ''}, {both.resources} resources, {pairs} times each ...")
        found = both.measure(pairs)
        row = report.row_of(f"preview of {size} balancers and fleets, {both.resources} resources", found, "flat")
        rows.append(row)
        ours.append(Point(both.resources, row.ours))
        flat.append(Point(both.resources, row.other))
    return [*rows, _slope_row(ours, flat), *_growth_rows(ours, "components"), *_growth_rows(flat, "flat")]


def _slope_row(ours: list[Point], flat: list[Point]) -> Row:
    each = [ratios.slope(points[0], points[-1]) for points in (ours, flat)]
    steps = [a / b for a, b in zip(ratios.slopes(ours), ratios.slopes(flat), strict=True)]
    ratio = Ratio(each[0] / each[1], min(steps), max(steps))
    return Row("each further resource", each[0], each[1], "ms", ratio, "flat", COMPONENTS_TARGET)


def _growth_rows(points: list[Point], name: str) -> Iterator[Row]:
    """The last step's slope against the first step's."""
    steps, growth = ratios.slopes(points), ratios.growth(points)
    target = GROWTH_TARGET if name == "components" else None
    what = f"growth, {name}: a resource at the end"
    yield Row(what, steps[-1], steps[0], "ms", Ratio(growth, growth, growth), "at the start", target)
