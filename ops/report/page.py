"""The page: one HTML file that needs nothing else, light or dark, on a phone too."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from ops.report.contents import shown

STYLE = Path(__file__).with_name("page.css")
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{site}: {state}</title>
<style>
{style}</style>
</head>
<body>
{body}
</body>
</html>
"""
MARK = {True: '<span class="yes">kept</span>', False: '<span class="no">missed</span>', None: "-"}


def page(told: Mapping[str, Any]) -> str:
    """Return the page."""
    parts = [
        f"<h1>{escape(told['site'])}</h1>",
        f'<p class="soft">{escape(told["strategy"])} · as of {escape(told["made"])}</p>',
        f'<p class="verdict {escape(told["state"])}"><strong>{escape(told["answer"])}</strong></p>',
        *(f"<p>{escape(remark)}</p>" for remark in told["remarks"]),
        _rows(told["whole"]),
        "<h2>Regions</h2>",
        f'<div class="regions">{"".join(_region(each) for each in told["regions"])}</div>',
        *_section("Objectives", OBJECTIVES, told["objectives"], _objective, "No objective and no worst case is known."),
        *_section("Recovery points", BACKUPS, told["backups"], _backup, "No recovery point is known."),
        *_section("Operations and drills", TIMELINE, told["timeline"], _event, "Nothing was done yet."),
    ]
    return PAGE.format(
        **{key: escape(told[key]) for key in ("site", "state")}, style=STYLE.read_text(), body="\n".join(parts)
    )


def _rows(rows: Iterable[Sequence[str]]) -> str:
    inner = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows)
    return f"<dl>{inner}</dl>"


def _region(region: Mapping[str, Any]) -> str:
    serves = " · serves" if region["serves"] else ""
    head = f"<h3>{escape(region['role'])} · {escape(region['region'])}{serves}</h3>"
    silent = f'<p class="no">{escape(region["silent"])}</p>' if region["silent"] else ""
    return f'<section class="card">{head}{silent}{_rows(region["rows"])}</section>'


OBJECTIVES = ("Failure", "What", "Objective", "Worst case", "Measured", "")
BACKUPS = ("Resource", "Kind", "Region", "Age", "Objective", "")
TIMELINE = ("When", "What", "Who", "Outcome", "Took")


def _section(title: str, heads: Sequence[str], rows: Sequence[Any], cells: Any, otherwise: str) -> list[str]:
    if not rows:
        return [f"<h2>{title}</h2>", f'<p class="soft">{otherwise}</p>']
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(cells(row))}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return [f"<h2>{title}</h2>", f'<div class="wide">{table}</div>']


def _cell(text: object) -> str:
    return f"<td>{escape(str(text))}</td>"


def _time(seconds: float | None, otherwise: str = "-") -> str:
    return f'<td class="number">{otherwise if seconds is None else shown(seconds)}</td>'


def _objective(row: Mapping[str, Any]) -> list[str]:
    times = [_time(row["declared"]), _time(row["computed"], "no bound"), _time(row["measured"])]
    return [_cell(row["failure"]), _cell(row["what"]), *times, f"<td>{MARK[row['kept']]}</td>"]


def _backup(row: Mapping[str, Any]) -> list[str]:
    texts = [_cell(row[key]) for key in ("resource", "kind", "region")]
    return [*texts, _time(row["age"]), _time(row["objective"]), f"<td>{MARK[row['kept']]}</td>"]


def _event(row: Mapping[str, Any]) -> list[str]:
    return [*(_cell(row[key]) for key in ("when", "what", "who", "outcome")), _time(row["took"])]
