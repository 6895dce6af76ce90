"""Worst cases as a stack output and as a table."""

import math
from collections.abc import Mapping

from ha_web.recovery.assumptions import ASSUMED, Assumptions
from ha_web.recovery.costs import strategy_cost
from ha_web.recovery.durations import format_duration
from ha_web.recovery.facts import Facts
from ha_web.recovery.objectives import shown
from ha_web.recovery.prices import AS_OF
from ha_web.recovery.strategy import STANDS, Strategy
from ha_web.recovery.terms import Sum, WorstCase
from ha_web.recovery.worst_cases import Failure, worst_case


def recovery_summary(cases: Mapping[Failure, WorstCase]) -> dict[str, dict[str, object]]:
    """Return the stack output `recovery`, for JSON: for each failure both sums with their terms, and a readable line.

    `seconds` is None for a recovery that never ends, or the loss of all data.
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


def line(case: WorstCase) -> str:
    """Return a worst case in a line: duration, sum, data loss, notes."""
    seconds, lost = case.recovery.seconds, case.data_loss.seconds
    if math.isinf(seconds):
        return f"not recovered: {case.recovery.text}"
    loses = f"loses {_lost(case.data_loss)}" if lost else "loses nothing"
    parts = [f"within {format_duration(seconds)} ({case.recovery.text})", loses, *case.notes]
    return "; ".join(parts)


def _lost(total: Sum) -> str:
    """Return a data loss in words: `typically 1s` where AWS bounds it nowhere."""
    if math.isinf(total.seconds):
        return "all"
    return f"typically {format_duration(total.seconds)}" if total.typical else format_duration(total.seconds)


def _plain(total: Sum, kind: str) -> dict[str, object]:
    return {
        "seconds": None if math.isinf(total.seconds) else total.seconds,
        "text": shown(total, kind),
        "terms": [term.plain() for term in total.terms],
    }


def recovery_table(facts: Facts, assumptions: Assumptions = ASSUMED) -> str:
    """Return a Markdown table with a row for each strategy, computed for the site `facts`.

    active-active is computed with durable sessions, which it needs.
    """
    lines = [
        "| Strategy | In the second region | A lost region is recovered within | and loses | Costs more a month |",
        "|---|---|---|---|---|",
    ]
    lines += [_row(facts, strategy, assumptions) for strategy in (None, *Strategy)]
    note = (
        "Sums of settings, of AWS's own intervals and of assumed times, worst cases but for what is typical: that AWS "
        f"bounds nowhere. Costs at rest, by list prices as known in {AS_OF}, with 100 GiB in the database."
    )
    return "\n".join([*lines, "", note]) + "\n"


def _row(facts: Facts, strategy: Strategy | None, assumptions: Assumptions) -> str:
    site = facts.with_strategy(strategy)
    case = worst_case(site, Failure.REGION, assumptions)
    cells = [
        f"`{strategy}`" if strategy else "none",
        STANDS[strategy],
        format_duration(case.recovery.seconds),
        _lost(case.data_loss),
        strategy_cost(facts, strategy).text if strategy else "nothing",
    ]
    return f"| {' | '.join(cells)} |"
