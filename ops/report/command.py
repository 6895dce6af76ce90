"""Write one page on a stack: topology, objectives beside what was measured, recovery points, operations and drills.

The page is one HTML file that needs nothing else; --json prints the same as a document and writes no file. What drills
have measured is in the documents that they leave (--drill, several times). It only reads.

Exit codes: 0 written, 3 it could not be asked, 130 interrupted.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from ops.core.entry import command
from ops.core.errors import DONE, NOT_ASKED, OpsError
from ops.core.operate import add_options, operator
from ops.report.contents import contents
from ops.report.page import page
from ops.report.sources import JOURNAL, drill, journal
from ops.status.look import look
from ops.status.readings.every import CALLS
from ops.status.verdict import judge

PATIENCE = 20.0
"""Seconds: a report has more time than a person at night."""


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web report", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(options, changes=False)
    options.add_argument("--out", default="", help="the file; report-SITE.html by default")
    options.add_argument("--drill", action="append", default=[], help="what a drill left, drill.json; several times")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    return command(options, "Report", (*CALLS, *JOURNAL), lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    me = operator(options)
    drills = [drill(Path(each)) for each in options.drill]
    with me.terminal.clock("looking at both regions"):
        facts = look(me.stack, me.account, patience=PATIENCE, brief=False)
        told = contents(me.stack, facts, judge(facts), journal(me), drills, time.time())
    if options.json:
        me.terminal.document(told)
        return DONE
    out = Path(options.out or f"report-{me.stack.site}.html")
    try:
        out.write_text(page(told))
    except OSError as error:
        raise OpsError(f"--out {out}: {error.strerror}", NOT_ASKED) from None
    me.terminal.say(f"{out} is written.")
    return DONE
