"""The table of strategies for a README: what stands, what it recovers, what it costs more. No Pulumi here."""

import math

from ha_web.assumptions import ASSUMED, Assumptions
from ha_web.costs import strategy_cost
from ha_web.durations import format_duration
from ha_web.prices import AS_OF
from ha_web.recovery_facts import Facts
from ha_web.strategy import STANDS, Strategy
from ha_web.worst_cases import Failure, worst_case


def recovery_table(facts: Facts, assumptions: Assumptions = ASSUMED) -> str:
    """A Markdown table with a row for each strategy, computed for the site `facts`.

    active-active is computed with durable sessions, without which it can't be.
    """
    lines = [
        "| Strategy | In the second region | A lost region is recovered within | and loses | Costs more a month |",
        "|---|---|---|---|---|",
    ]
    lines += [_row(facts, strategy, assumptions) for strategy in (None, *Strategy)]
    note = f"Worst cases; costs at rest, by list prices as known in {AS_OF}."
    return "\n".join([*lines, "", note]) + "\n"


def _row(facts: Facts, strategy: Strategy | None, assumptions: Assumptions) -> str:
    site = facts.with_strategy(strategy)
    case = worst_case(site, Failure.REGION, assumptions)
    lost = case.data_loss.seconds
    cells = [
        f"`{strategy}`" if strategy else "none",
        STANDS[strategy],
        format_duration(case.recovery.seconds),
        "all" if math.isinf(lost) else format_duration(lost),
        strategy_cost(facts, strategy).text if strategy else "nothing",
    ]
    return f"| {' | '.join(cells)} |"


def with_table(page: str, name: str, table: str) -> str:
    """A page with a table between the lines `<!-- name -->` and `<!-- end of name -->`, in place of what was there.

    Raises ValueError when the page has no such lines.
    """
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, found, rest = page.partition(start)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"the page has no {start.strip()} and {end}")
    return f"{before}{start}\n{table.strip()}\n\n{end}{after}"
