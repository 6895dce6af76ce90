"""Previews of programs with components against the same resources written flat."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from bench import projects, ratios, report
from bench.ratios import Pair, Point, Ratio, Spent
from bench.report import Row, say
from bench.rig import Key, Program, Rig, differences, of_provider, planned
from rehearsal.home import CHECKOUT

STACK = "prod"
COMPONENTS_TARGET = 1.10
"""The issue's: components cost a tenth at most."""
SITE_TARGET = 1.05
"""What the Site may add to the parts that it has."""
GROWTH_TARGET = 1.25
"""Linear, less what one run of a busy machine lets slopes vary."""
SITE_PAIRS = 3
SIZES = {1: 5, 10: 2, 40: 1, 74: 5}
"""How many fleets, and how many pairs of previews: the ends decide what a further resource costs. 74 are 2,000."""


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
        return ratios.measure(self.ours.preview, self.flat.preview, pairs)


def site(rig: Rig) -> tuple[Both, set[str]]:
    """The whole program with prod's settings and its flat twin; the types of its resources."""
    project = projects.site(rig.folder / "site")
    both, keys = _checked(rig, project, projects.flat(project, rig.folder / "site-flat", rig.emulator))
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

    The others are the same constructor calls in a loop; `Program.preview` compares their number.
    """
    folders = {size: projects.fleets(rig.folder / f"fleets-{size}", size) for size in SIZES}

    def write(size: int) -> Path:
        return projects.flat(folders[size], rig.folder / f"fleets-{size}-flat", rig.emulator)

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


def parts_row(rig: Rig, site: Program, pairs: int = SITE_PAIRS) -> Row:
    """The preview of prod against the parts of its Site without it: one resource fewer, and all of no parent."""
    say(f"Previewing prod with its Site and the parts alone, {pairs} times each ...")
    alone = Program(rig.engine(projects.parts(rig.folder / "parts"), STACK), site.created - 1)
    found = ratios.measure(site.preview, alone.preview, pairs)
    return report.row_of("preview of prod with its Site", found, "its parts", SITE_TARGET)


def policies_row(site: Program, pairs: int = SITE_PAIRS) -> Row:
    """The preview of prod judged by the policy pack, against the same without. A finding that stops it is an error."""
    say(f"Previewing prod with the policy pack and without, {pairs} times each ...")
    judged = replace(site, flags=("--policy-pack", str(CHECKOUT / "policies")))
    return report.row_of(
        "preview of prod with the policy pack", ratios.measure(judged.preview, site.preview, pairs), "without"
    )


def fleet_rows(rig: Rig) -> tuple[list[Row], list[str]]:
    """Previews as fleets grow, against flat; what each further resource costs; whether growth is linear; notes."""
    rows: list[Row] = []
    sides: list[list[tuple[int, Spent]]] = [[], []]
    for (both, pairs), size in zip(fleets(rig), SIZES, strict=True):
        say(f"Previewing {size} fleet{'s' if size > 1 else ''}, {both.resources} resources, {pairs} times each ...")
        found = both.measure(pairs)
        rows.append(report.row_of(f"preview of {size} balancers and fleets, {both.resources} resources", found, "flat"))
        for side, spent in zip(sides, ratios.least(found), strict=True):
            side.append((both.resources, spent))
    more = both.ours.created / both.flat.created - 1
    notes = [f"fleets: components are resources of the engine's, too; it registers {more:.0%} more with them"]
    try:
        return [*rows, *growth_rows(*sides)], notes
    except ValueError as error:
        return rows, [*notes, f"growth was not measured: {error}"]


def growth_rows(ours: list[tuple[int, Spent]], flat: list[tuple[int, Spent]]) -> list[Row]:
    """What each further resource costs against flat, and at the end against at the start.

    Raises:
        ValueError: the times make no sense.
    """
    clock, processor = (
        [[Point(resources, spent[kind]) for resources, spent in side] for side in (ours, flat)] for kind in (0, 1)
    )
    slopes = [ratios.slope(side[0], side[-1]) for side in clock]
    used = [ratios.slope(side[0], side[-1]) for side in processor]
    steps = [a / b for a, b in zip(*map(ratios.slopes, clock), strict=True)]
    each = Ratio(slopes[0] / slopes[1], min(steps), max(steps))
    rows = [
        Row("each further resource", slopes[0], slopes[1], "ms", each, used[0] / used[1], "flat", COMPONENTS_TARGET)
    ]
    for name, by_clock, by_processor in zip(("components", "flat"), clock, processor, strict=True):
        first, *_, last = ratios.slopes(by_clock)
        growth = ratios.growth(by_clock)
        target = GROWTH_TARGET if name == "components" else None
        once = Ratio(growth, growth, growth)
        what = f"growth, {name}: each resource at the end"
        rows.append(Row(what, last, first, "ms", once, ratios.growth(by_processor), "at the start", target))
    return rows
