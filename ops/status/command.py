"""Say on one screen whether a zone or a region may be lost now, and why not. It only reads.

Both regions are asked side by side, with short limits; what doesn't answer is reported beside what does. What can't be
read counts as a reason against. Behind the verdict: servers by zone and what carries the load; session store, database
and files with their roles and how far they are behind; how many of Route 53's checkers reach each region; what DNS
answers; the switch; the failover function; vCPUs for a failover; certificates; recovery points; who hears of alarms;
which alarms are on; the version that each region serves.

With --json, one document: `state` (healthy, degraded, down); `zone` and `region`, each with `may_be_lost` and
`reasons`, region also with `promised` (false where the strategy has no region that takes over); `down`; `warnings`;
`serving` (roles); then the facts: `site`, `strategy`, `regions` by role, `switched`, `dns`, `answer`, `automation`,
`needed`, the objectives in seconds, and `unread` with the reason for each part that couldn't be read.

Exit codes: 0 healthy, 1 degraded, 2 users are not served, 3 it could not be asked, 130 interrupted.
"""

import argparse
import math
import time
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from ops.core.entry import command
from ops.core.errors import DONE, DOWN, NOT_DONE
from ops.core.operate import Operator, add_options, operator
from ops.status.facts import Facts
from ops.status.lines import document, first_line, lines
from ops.status.readings.every import CALLS
from ops.status.verdict import Verdict, judge

PATIENCE = 3.0
"""Seconds from the last question on, after which a region that hasn't answered is reported as silent."""

EVERY = 5
"""Seconds between two looks of --watch."""

CODES = {"healthy": DONE, "degraded": NOT_DONE, "down": DOWN}


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web status", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(options, changes=False)
    options.add_argument(
        "--watch",
        action="store_true",
        help=f"look again every {EVERY} seconds; not on a terminal, print a line each time the answer is another",
    )
    options.add_argument(
        "--patience",
        type=_seconds,
        default=PATIENCE,
        help=f"seconds that a region may be silent, {PATIENCE:g} by default; with more, calls are tried again",
    )
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    return command(options, "Status", CALLS, lambda: _run(options))


def _seconds(text: str) -> float:
    """Return a number of seconds. Raises ArgumentTypeError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds above 0")
    return seconds


def _run(options: argparse.Namespace) -> int:
    me = operator(options)
    if options.watch and not options.json:
        _watch(me)
    facts, verdict = _look(me)
    if options.json:
        me.terminal.document(document(facts, verdict))
    else:
        me.terminal.say("\n".join(_report(me, facts, verdict)))
    return CODES[verdict.state]


def _watch(me: Operator) -> NoReturn:
    """Look again and again, until somebody interrupts it."""
    before = ""
    while True:
        facts, verdict = _look(me)
        at = time.strftime("%H:%M:%S UTC", time.gmtime())
        if me.terminal.live:
            me.terminal.screen(_report(me, facts, verdict), f"looked at {at}, again every {EVERY} s; Ctrl-C ends it")
        elif (told := f"{verdict.state}: {first_line(verdict)}") != before:
            me.terminal.say(f"{at} {told}")
            before = told
        time.sleep(EVERY)


def _look(me: Operator) -> tuple[Facts, Verdict]:
    look = import_module("ops.status.look").look  # help and policy need neither sockets nor TLS
    with me.terminal.clock("looking at both regions"):
        facts: Facts = look(me.stack, me.account, patience=me.options.patience, brief=me.options.patience <= PATIENCE)
    return facts, judge(facts)


def _report(me: Operator, facts: Facts, verdict: Verdict) -> list[str]:
    first, *rest = lines(facts, verdict)
    return [me.terminal.paint(first, {"healthy": "good", "degraded": "warn", "down": "bad"}[verdict.state]), *rest]
