"""What was measured, as a table for people and as JSON for machines."""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

from bench.processes import Parts, Used
from bench.ratios import Pair, Ratio, medians, ratio_of


@dataclass(frozen=True)
class Row:
    """One line: what was measured, both values by the clock with their unit, and the target for their ratio if any."""

    what: str
    ours: float
    other: float
    unit: str
    ratio: Ratio
    processor: float
    """The ratio of processor time."""
    against: str
    target: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the ratio is within the target; None without one."""
        return None if self.target is None else self.ratio.median <= self.target


def row_of(what: str, pairs: Sequence[Pair], against: str, target: float | None = None) -> Row:
    """A row of times in seconds."""
    ours, other = (side.clock for side in medians(pairs))
    return Row(what, ours, other, "s", ratio_of(pairs), ratio_of(pairs, processor=True).median, against, target)


HEAD = ("what", "ours", "other", "ratio [min-max]", "of CPU", "target", "met")


def table(rows: Sequence[Row]) -> str:
    """The rows below each other, in columns."""
    lines: list[tuple[str, ...]] = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    digits = 1 if row.unit == "ms" else 2
    single = row.ratio.least == row.ratio.most
    return (
        row.what,
        f"{row.ours:.{digits}f} {row.unit}",
        f"{row.other:.{digits}f} {row.unit} {row.against}",
        f"{row.ratio.median:.2f}" if single else str(row.ratio),
        f"{row.processor:.2f}",
        "" if row.target is None else f"<= {row.target:.2f}",
        {None: "", True: "yes", False: "NO"}[row.met],
    )


def profile_table(without: Parts, judged: Parts) -> str:
    """Where the processor time of a preview goes, process by process, and the most memory of each."""
    lines: list[tuple[str, ...]] = [
        ("where a preview of prod goes", "processor", "memory", "with the policy pack", "memory")
    ]
    for part in {**judged, **without}:
        cells = [text for each in (without, judged) for text in _used(each.get(part))]
        lines.append((part, *cells))
    whole = [sum(used.processor for used in each.values()) for each in (without, judged)]
    lines.append(("all", f"{whole[0]:.2f} s", "", f"{whole[1]:.2f} s", ""))
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def _used(used: Used | None) -> tuple[str, str]:
    return (f"{used.processor:.2f} s", f"{used.memory:.0f} MiB") if used else ("", "")


def machine() -> dict[str, Any]:
    """Where it was measured."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "pulumi": metadata.version("pulumi"),
        "pulumi_aws": metadata.version("pulumi-aws"),
        "system": f"{platform.system()} {platform.machine()}",
    }


def machine_line() -> str:
    """Where it was measured, in one line."""
    about = machine()
    return (
        f"{about['cores']} cores (load {about['load']}), {about['system']}, Python {about['python']}, "
        f"pulumi {about['pulumi']}, pulumi-aws {about['pulumi_aws']}"
    )


def as_json(rows: Sequence[Row], notes: Sequence[str]) -> dict[str, Any]:
    """All of it, for machines."""
    return {"machine": machine(), "rows": [{**asdict(row), "met": row.met} for row in rows], "notes": list(notes)}


def say(line: str) -> None:
    """Progress: on stderr, so that the table can be piped."""
    print(line, file=sys.stderr, flush=True)
