"""Parts of pages: one HTML file that needs nothing else, light or dark, on a phone too."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{body}
</body>
</html>
"""
MARK = {True: '<span class="yes">kept</span>', False: '<span class="no">missed</span>', None: "-"}


def document(title: str, parts: Iterable[str]) -> str:
    """Return a whole page."""
    return PAGE.format(title=escape(title), style=STYLE.read_text(), body="\n".join(parts))


def rows_of(rows: Iterable[Sequence[str]]) -> str:
    """Return names beside their texts."""
    inner = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows)
    return f"<dl>{inner}</dl>"


def section(
    title: str, heads: Sequence[str], rows: Sequence[Any], cells: Callable[[Any], Sequence[str]], otherwise: str
) -> list[str]:
    """Return a heading and a table; a sentence where there are no rows."""
    if not rows:
        return [f"<h2>{title}</h2>", f'<p class="soft">{otherwise}</p>']
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(cells(row))}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return [f"<h2>{title}</h2>", f'<div class="wide">{table}</div>']


def cell(text: object) -> str:
    """Return a cell."""
    return f"<td>{escape(str(text))}</td>"


def time_cell(seconds: float | None, otherwise: str = "-") -> str:
    """Return a cell with a duration."""
    return f'<td class="number">{otherwise if seconds is None else shown(seconds)}</td>'


OBJECTIVES = ("Failure", "What", "Objective", "Worst case", "Measured", "")


def objective_cells(row: Mapping[str, Any]) -> list[str]:
    """Return the cells of an objective."""
    times = [time_cell(row["declared"]), time_cell(row["computed"], "no bound"), time_cell(row["measured"])]
    return [cell(row["failure"]), cell(row["what"]), *times, f"<td>{MARK[row['kept']]}</td>"]
