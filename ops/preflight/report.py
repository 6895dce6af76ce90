"""The report: a line a check for people, or JSON for tools. No SDK here."""

import json
from collections.abc import Iterator, Sequence

from ops.preflight.lines import Line, Verdict
from ops.preflight.needs import Site

COLOURS = {Verdict.OK: "32", Verdict.WILL_FAIL: "31;1", Verdict.CANT_TELL: "33"}
WIDTH = max(map(len, Verdict)) + 2


def text(site: Site, lines: Sequence[Line], *, emulated: bool, colour: bool) -> str:
    """Return the report for people."""
    where = "the emulated AWS, which is no account of yours" if emulated else "AWS"
    head = f"Preflight of the stack {site.stack} in {' and '.join(site.regions)}, against {where}"
    return "\n".join([head, "", *_rows(lines, colour), "", summary(lines)])


def _rows(lines: Sequence[Line], colour: bool) -> Iterator[str]:
    places = max((len(line.region) for line in lines), default=0) + 2
    for line in lines:
        verdict = f"{line.verdict:{WIDTH}}"
        shown = f"\x1b[{COLOURS[line.verdict]}m{verdict}\x1b[0m" if colour else verdict
        yield f"{shown}{line.region or 'account':{places}}{line.subject}: {line.text}"
        if line.mend:
            yield f"{'':{WIDTH}}{'':{places}}-> {line.mend}"


def summary(lines: Sequence[Line]) -> str:
    """Return how many lines have each verdict."""
    counts = {verdict: sum(line.verdict is verdict for line in lines) for verdict in Verdict}
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items()) + "."


def as_json(site: Site, lines: Sequence[Line], *, emulated: bool) -> str:
    """Return the report for tools."""
    found = [
        {
            "verdict": line.verdict.value,
            "region": line.region or None,
            "subject": line.subject,
            "text": line.text,
            "mend": line.mend or None,
        }
        for line in lines
    ]
    return json.dumps({"stack": site.stack, "emulated": emulated, "lines": found}, indent=2, ensure_ascii=False)
