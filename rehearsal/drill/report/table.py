"""The report for a terminal."""

import textwrap
from collections.abc import Iterator

from rehearsal import terminal
from rehearsal.drill.report import words
from rehearsal.drill.report.shape import Drill, Result

HEAD = ("scenario", "objective", "computed", "measured", "failed", "lost", "verdict")


def table(drill: Drill) -> str:
    """The table of a drill, and a line for each promise that was missed."""
    lines = [_cells(each) for each in drill["results"]]
    widths = [max(len(line[column]) for line in [HEAD, *lines]) for column in range(len(HEAD))]
    shown = [terminal.bold(_line(HEAD, widths)), *(_line(line, widths) for line in lines)]
    return "\n".join([*shown, "", *_missed(drill), *_void(drill), words.verdict(drill)])


def _cells(result: Result) -> tuple[str, ...]:
    row = words.first(result)
    times = (
        (words.value(row["objective"], row["unit"]), words.value(row["computed"], row["unit"]), words.measured(row))
        if row
        else (words.NONE,) * 3
    )
    failed = f"{result['service']['failed']:,}" if result["service"] else words.NONE
    return (result["title"], *times, failed, words.lost(result), words.VERDICTS[result["verdict"]])


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    """A line: what is read from the left on the left, numbers on the right."""
    ends = (0, len(cells) - 1)
    padded = [
        text.ljust(width) if number in ends else text.rjust(width)
        for number, (text, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()


def _missed(drill: Drill) -> Iterator[str]:
    for result in drill["results"]:
        for row in result["rows"]:
            if row["verdict"] == "missed":
                allowed = [
                    f"{name} {words.value(row[name], row['unit'])}"  # type: ignore[literal-required]
                    for name in ("objective", "computed")
                    if row[name] is not None  # type: ignore[literal-required]
                ]
                found = f"{row['what']}: {words.measured(row)} ({', '.join(allowed)})"
                said = f"MISSED  {result['title']}: {found}; {row['why']}"
                yield from textwrap.wrap(said, terminal.width(), subsequent_indent=" " * 8)


def _void(drill: Drill) -> Iterator[str]:
    for result in drill["results"]:
        if result["verdict"] in ("void", "not run"):
            said = f"{words.VERDICTS[result['verdict']]}  {result['title']}: {result['why']}"
            yield from textwrap.wrap(said, terminal.width(), subsequent_indent=" " * 8)
