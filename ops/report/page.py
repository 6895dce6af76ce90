"""The page of the report."""

from collections.abc import Mapping
from html import escape
from typing import Any

from ops.report.parts import MARK, OBJECTIVES, cell, document, objective_cells, rows_of, section, time_cell


def page(told: Mapping[str, Any]) -> str:
    """Return the page."""
    parts = [
        f"<h1>{escape(told['site'])}</h1>",
        f'<p class="soft">{escape(told["strategy"])} · as of {escape(told["made"])}</p>',
        f'<p class="verdict {escape(told["state"])}"><strong>{escape(told["answer"])}</strong></p>',
        *(f"<p>{escape(remark)}</p>" for remark in told["remarks"]),
        rows_of(told["whole"]),
        "<h2>Regions</h2>",
        f'<div class="regions">{"".join(_region(each) for each in told["regions"])}</div>',
        *section(
            "Objectives", OBJECTIVES, told["objectives"], objective_cells, "No objective and no worst case is known."
        ),
        *section("Recovery points", BACKUPS, told["backups"], _backup, "No recovery point is known."),
        *section("Operations and drills", TIMELINE, told["timeline"], _event, "Nothing was done yet."),
    ]
    return document(f"{told['site']}: {told['state']}", parts)


def _region(region: Mapping[str, Any]) -> str:
    serves = " · serves" if region["serves"] else ""
    head = f"<h3>{escape(region['role'])} · {escape(region['region'])}{serves}</h3>"
    silent = f'<p class="no">{escape(region["silent"])}</p>' if region["silent"] else ""
    return f'<section class="card">{head}{silent}{rows_of(region["rows"])}</section>'


BACKUPS = ("Resource", "Kind", "Region", "Age", "Objective", "")
TIMELINE = ("When", "What", "Who", "Outcome", "Took")


def _backup(row: Mapping[str, Any]) -> list[str]:
    texts = [cell(row[key]) for key in ("resource", "kind", "region")]
    return [*texts, time_cell(row["age"]), time_cell(row["objective"]), f"<td>{MARK[row['kept']]}</td>"]


def _event(row: Mapping[str, Any]) -> list[str]:
    return [*(cell(row[key]) for key in ("when", "what", "who", "outcome")), time_cell(row["took"])]
