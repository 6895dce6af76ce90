"""Say on one screen whether a zone or a region may be lost now, and why not. It only reads.

Both regions are asked side by side, with short limits; what doesn't answer is reported beside what does. What can't be
read counts as a reason against. Behind the verdict: servers by zone and what carries the load; session store, database
and files with their roles and how far they are behind; what DNS answers; the switch; the failover function; vCPUs for a
failover; certificates; recovery points; who hears of alarms; which alarms are on; the version that each region serves.

With --json, one document: `state` (healthy, degraded, down); `zone` and `region`, each with `may_be_lost` and
`reasons`, region also with `promised` (false where the strategy has no region that takes over); `down`; `warnings`;
`serving` (roles); then the facts: `site`, `strategy`, `regions` by role, `switched`, `dns`, `answer`, `automation`,
`needed`, the objectives in seconds, and `unread` with the reason for each part that couldn't be read.

Exit codes: 0 healthy, 1 degraded, 2 users are not served, 3 it could not be asked, 130 interrupted.
"""

import argparse
import time
from collections.abc import Sequence
from importlib import import_module

from ops.core.entry import command
from ops.core.errors import DONE, DOWN, NOT_DONE
from ops.core.operate import Operator, add_options, operator
from ops.status.facts import Facts
from ops.status.lines import document, lines
from ops.status.readings.every import CALLS
from ops.status.verdict import Verdict, judge

PATIENCE = 3.0
"""Seconds from the last question on, after which a region that hasn't answered is reported as silent."""

EVERY = 5
"""Seconds between two looks of --watch."""

CODES = {"healthy": DONE, "degraded": NOT_DONE, "down": DOWN}

HOME = "\033[H\033[J"
"""To the top left, and the screen empty."""


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web status", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(options, changes=False)
    options.add_argument("--watch", action="store_true", help=f"look again every {EVERY} seconds, on a terminal")
    options.add_argument(
        "--patience",
        type=float,
        default=PATIENCE,
        help=f"seconds that a region may be silent, {PATIENCE:g} by default; with more, calls are tried again",
    )
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    return command(options, "Status", CALLS, lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    me = operator(options)
    again = options.watch and me.terminal.live and not options.json
    verdict = _show(me, HOME if again else "")
    while again:
        time.sleep(EVERY)
        verdict = _show(me, HOME)
    return CODES[verdict.state]


def _show(me: Operator, before: str) -> Verdict:
    look = import_module("ops.status.look").look  # help and policy need neither sockets nor TLS
    facts: Facts = look(me.stack, me.account, patience=me.options.patience, brief=me.options.patience <= PATIENCE)
    verdict = judge(facts)
    if me.options.json:
        me.terminal.document(document(facts, verdict))
        return verdict
    first, *rest = lines(facts, verdict)
    how = {"healthy": "good", "degraded": "warn", "down": "bad"}[verdict.state]
    me.terminal.say("\n".join([before + me.terminal.paint(first, how), *rest]))
    return verdict
