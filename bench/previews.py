"""Previews of programs with components against the same resources written flat."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from bench import processes, projects, ratios, report
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
POLICIES_TARGET = 1.10
"""What the policy pack may add."""
MOST_A_RESOURCE = 1.0
"""Milliseconds that the policy pack may take for each resource of a large program."""
WARM_SECONDS = 3.0
"""Seconds that a preview may take in which nothing changes."""
SITE_PAIRS = 3
WARM = 3
"""How many previews in which nothing changes."""
SIZES = {1: 5, 8: 2, 30: 1, 59: 3}
"""How many fleets, and how many pairs of previews: the ends decide what a further resource costs. 59 are 2,000."""


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
    found = ratios.measure(replace(site, flags=JUDGED).preview, site.preview, pairs)
    return report.row_of("preview of prod with the policy pack", found, "without", POLICIES_TARGET)


JUDGED = ("--policy-pack", str(CHECKOUT / "policies"))


def profile(site: Program) -> tuple[processes.Parts, processes.Parts]:
    """What each process of a preview of prod uses, without the policy pack and with it."""
    say("Watching the processes of a preview of prod, without the policy pack and with it ...")
    return processes.used_by(site.preview), processes.used_by(replace(site, flags=JUDGED).preview)


def large_row(large: Program, resources: int, start: processes.Used) -> tuple[Row, str]:
    """What the policy pack takes for each resource of a large program, and its memory.

    Args:
        start: what it uses for a program of almost no resources.
    """
    say(f"Judging {resources} resources by the policy pack ...")
    used = processes.used_by(replace(large, flags=JUDGED).preview)["policy pack"]
    each = 1000 * (used.processor - start.processor) / resources
    ratio = Ratio(*[each / MOST_A_RESOURCE] * 3)
    row = Row(
        f"policy pack, each of {resources} resources", each, MOST_A_RESOURCE, "ms", ratio, ratio.median, "allowed", 1.0
    )
    return row, (
        f"policy pack: its process has {start.memory:.0f} MiB at first, {used.memory:.0f} MiB for {resources}; "
        f"{start.processor:.1f} s of processor time go by until it knows its rules"
    )


def warm_row(rig: Rig) -> Row:
    """Previews of a stack that stands, in which nothing changes. It is put up for this, so this is the last row."""
    say("Putting the stack `local` up, then previewing it without a change ...")
    engine = rig.engine(projects.standing(rig.folder / "standing"), "local")
    engine.up(capture=True)
    shown: list[str] = []
    spent = [
        ratios.timed(lambda: shown.append(engine.run("preview", "--stack", "local", capture=True))) for _ in range(WARM)
    ]
    unchanged = re.search(r"(\d+) unchanged", shown[-1])
    if not unchanged or "to create" in shown[-1] or "to update" in shown[-1]:
        raise RuntimeError(f"a preview of what stands plans a change:\n{shown[-1][-1000:]}")
    pairs = [Pair(each, Spent(WARM_SECONDS, each.processor)) for each in spent]
    return report.row_of(f"preview without a change, {unchanged[1]} resources", pairs, "allowed", 1.0)


def fleet_rows(rig: Rig) -> tuple[list[Row], list[str]]:
    """Previews as fleets grow, against flat; what each further resource costs; whether growth is linear; notes."""
    rows: list[Row] = []
    starts: list[processes.Used] = []
    sides: list[list[tuple[int, Spent]]] = [[], []]
    for (both, pairs), size in zip(fleets(rig), SIZES, strict=True):
        say(f"Previewing {size} fleet{'s' if size > 1 else ''}, {both.resources} resources, {pairs} times each ...")
        found = both.measure(pairs)
        rows.append(report.row_of(f"preview of {size} balancers and fleets, {both.resources} resources", found, "flat"))
        for side, spent in zip(sides, ratios.least(found), strict=True):
            side.append((both.resources, spent))
        if not starts:
            starts.append(processes.used_by(replace(both.ours, flags=JUDGED).preview)["policy pack"])
    row, note = large_row(both.ours, both.resources, starts[0])
    rows.append(row)
    more = both.ours.created / both.flat.created - 1
    notes = [note, f"fleets: components are resources of the engine's, too; it registers {more:.0%} more with them"]
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
