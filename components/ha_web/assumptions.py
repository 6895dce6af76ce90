"""How measured values take the place of assumed ones. No Pulumi here.

A drill that has measured a time gives its value in place of the table's; it is then called measured.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ha_web.assumption_table import TABLE, Assumption
from ha_web.durations import format_duration
from ha_web.errors import nearest

Assumptions = Mapping[str, Assumption]
ASSUMED: Assumptions = {assumption.name: assumption for assumption in TABLE}
"""The table by name, nothing measured."""


def with_measured(measured: Mapping[str, float], table: Iterable[Assumption] = TABLE) -> Assumptions:
    """The table by name, with what a drill has measured in place of what is assumed.

    Args:
        measured: seconds by the assumption's name, such as `{"sessions.failover": 7.5}`.

    Raises ValueError for an unknown name or a negative time: one line a problem.
    """
    known = {assumption.name: assumption for assumption in table}
    problems = [f"measured.{name} is unknown; {nearest(name, known)}" for name in measured if name not in known]
    problems += [
        f"measured.{name} is {seconds!r}; it must be seconds, 0 or more"
        for name, seconds in measured.items()
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0
    ]
    if problems:
        raise ValueError("\n".join(problems))
    found = {}
    for name, assumption in known.items():
        seconds = measured.get(name)
        found[name] = assumption if seconds is None else _measured(assumption, float(seconds))
    return found


def read_measured(text: str) -> dict[str, float]:
    """Measured seconds by name from a drill's JSON file: `{"measured": {"sessions.failover": 7.5}}`.

    Raises ValueError when it isn't one.
    """
    content = json.loads(text)
    measured = content.get("measured") if isinstance(content, dict) else None
    if not isinstance(measured, dict):
        raise ValueError('a drill\'s file is {"measured": {"sessions.failover": 7.5, ...}}')
    return measured


def assumptions_table(assumptions: Assumptions = ASSUMED) -> str:
    """A Markdown table of every assumption: name, time, reason and source."""
    lines = ["| Name | Time | What | Why | Source |", "|---|---|---|---|---|"]
    lines += [
        f"| `{each.name}` | {format_duration(each.seconds)} {each.origin} | {each.what} | {each.reason} "
        f"| <{each.source}> |"
        for each in assumptions.values()
    ]
    return "\n".join(lines) + "\n"


def _measured(assumption: Assumption, seconds: float) -> Assumption:
    reason = f"Measured in a drill, in place of {format_duration(assumption.seconds)}"
    return replace(assumption, seconds=seconds, reason=reason, measured=True)
