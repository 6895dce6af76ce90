"""The file: a page for a person, and in it the data, with a digest."""

from collections.abc import Mapping
from html import escape
from typing import Any

from ops.backup.facts import FOLLOWS
from ops.evidence.contents import canonical
from ops.report.parts import MARK, OBJECTIVES, cell, document, objective_cells, rows_of, section, time_cell

COVERAGE = ("Resource", "Type", "Of", "In the vault of", "Newest", "Objective", "")
VAULTS = ("Region", "Vault", "Recovery points", "Lock")
TESTS = ("When", "What", "Who", "Took", "Outcome", "")
EXERCISES = ("When", "What", "Who", "Outcome", "Took")

RESULT = {True: '<span class="yes">passed</span>', False: '<span class="no">failed</span>', None: "-"}

SOURCES = """\
Objectives and computed worst cases are those of the stack's outputs. Measured times of failures come from the drills
that were given; of restores, from the jobs of AWS Backup (it keeps 30 days of them) and from the journal of operations.
Recovery points, locks and failed jobs are what AWS Backup answered when this was made. What isn't listed was not
measured; a worst case is a sum of settings and of AWS's intervals, and no measurement."""


def page(told: Mapping[str, Any]) -> str:
    """Return the file."""
    gaps, asked = told["gaps"], told["asked"]
    said = "Each promise is measured and kept, and each backup restored on trial." if not gaps else _count(len(gaps))
    of = [
        ("Site", told["site"]),
        ("As of", told["made"]),
        ("Account", asked.get("account", "")),
        ("Asked by", asked.get("by", "")),
        ("Strategy", told["strategy"]),
        *((role.capitalize(), region) for role, region in told["regions"].items()),
    ]
    parts = [
        "<h1>Evidence of recovery</h1>",
        f'<p class="soft">{escape(told["site"])} · {escape(told["made"])}</p>',
        f'<p class="verdict {"degraded" if gaps else "healthy"}"><strong>{said}</strong></p>',
        *([f"<ul>{''.join(f'<li>{escape(gap)}</li>' for gap in gaps)}</ul>"] if gaps else []),
        rows_of((name, text) for name, text in of if text),
        *section("Objectives and measurements", OBJECTIVES, told["objectives"], objective_cells, "None is declared."),
        *section("What is backed up", COVERAGE, told["coverage"], _covered, "Nothing is backed up."),
        *section("Vaults", VAULTS, told["vaults"], _vault, "There is no vault."),
        *section(f"Restores of the last {told['days']} days", TESTS, told["tests"], _test, "None was tried."),
        *section("Failovers, moves and drills", EXERCISES, told["exercises"], _exercise, "There was none."),
        "<h2>Where this is from</h2>",
        f"<p>{escape(SOURCES)}</p>",
        f'<p class="soft">SHA-256 of the data in this file, as JSON with sorted keys: {told["digest"]}</p>',
        f'<script type="application/json" id="data">{_embedded(told)}</script>',
    ]
    return document(f"Evidence of recovery: {told['site']}, {told['made']}", parts)


def _count(gaps: int) -> str:
    return "One thing is not shown, or not kept:" if gaps == 1 else f"{gaps} things are not shown, or not kept:"


def _embedded(told: Mapping[str, Any]) -> str:
    """Return the data as a script may hold it: nothing in it can end the script."""
    return canonical({key: value for key, value in told.items() if key != "digest"}).replace("<", "\\u003c")


def _covered(row: Mapping[str, Any]) -> list[str]:
    texts = [cell(row[key]) for key in ("resource", "kind", "home", "vault")]
    mark = escape(row["how"]) if row["how"] == FOLLOWS else MARK[row["kept"]]
    return [*texts, time_cell(row["age"], "none"), time_cell(row["objective"]), f"<td>{mark}</td>"]


def _vault(row: Mapping[str, Any]) -> list[str]:
    return [cell(row[key]) for key in ("region", "name", "points", "lock")]


def _test(row: Mapping[str, Any]) -> list[str]:
    what = cell(f"{row['kind']} {row['resource']}")
    end = [time_cell(row["took"]), cell(row["outcome"]), f"<td>{RESULT[row['passed']]}</td>"]
    return [cell(row["when"]), what, cell(row["by"]), *end]


def _exercise(row: Mapping[str, Any]) -> list[str]:
    return [*(cell(row[key]) for key in ("when", "what", "who", "outcome")), time_cell(row["took"])]
