"""Worst cases for people and for stack outputs. No Pulumi here."""

import math
from collections.abc import Mapping

from ha_web.durations import format_duration
from ha_web.objectives import shown
from ha_web.recovery_terms import Sum, WorstCase
from ha_web.worst_cases import Failure


def recovery_summary(cases: Mapping[Failure, WorstCase]) -> dict[str, dict[str, object]]:
    """The stack output `recovery`: for each failure both sums with their terms, and a line for people. JSON-able.

    `seconds` is None for what never ends, or loses all.
    """
    return {
        failure.value: {
            "recovery": _plain(case.recovery, "recovery"),
            "data_loss": _plain(case.data_loss, "data_loss"),
            "notes": [*case.notes],
            "line": line(case),
        }
        for failure, case in cases.items()
    }


def summary_lines(cases: Mapping[Failure, WorstCase]) -> list[str]:
    """A line for each failure, for the end of `make up`."""
    return [f"{failure.value:<10} {line(case)}" for failure, case in cases.items()]


def line(case: WorstCase) -> str:
    """One worst case in a line: what it takes, what it loses, the sum."""
    seconds, lost = case.recovery.seconds, case.data_loss.seconds
    if math.isinf(seconds):
        return f"not recovered: {case.recovery.text}"
    loses = "loses nothing" if not lost else f"loses {'all' if math.isinf(lost) else format_duration(lost)}"
    parts = [f"within {format_duration(seconds)} ({case.recovery.text})", loses, *case.notes]
    return "; ".join(parts)


def _plain(total: Sum, kind: str) -> dict[str, object]:
    return {
        "seconds": None if math.isinf(total.seconds) else total.seconds,
        "text": shown(total, kind),
        "terms": [term.plain() for term in total.terms],
    }
