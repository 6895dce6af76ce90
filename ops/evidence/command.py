"""Write a dated file that an auditor can keep: objectives, what was measured, what is backed up and was restored.

It is one HTML file that needs nothing else, with its data and their digest in it; --json prints the data and writes no
file. Measured times of failures are in the documents that drills leave (--drill, several times); those of restores are
AWS Backup's, and those of `restore test` from the journal. What is promised and not shown is said first. It only reads.

Exit codes: 0 all that is promised is shown, 1 written with gaps, 3 it could not be asked, 130 interrupted.
"""

import argparse
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ops.backup.calls import LOOK
from ops.core.entry import command
from ops.core.errors import DONE, DOWN, NOT_ASKED, NOT_DONE, OpsError, explained
from ops.core.operate import Operator, add_options, operator
from ops.core.policy import Call
from ops.evidence.contents import contents
from ops.evidence.page import page
from ops.evidence.restores import of_jobs, of_journal
from ops.report.sources import JOURNAL, drill, journal

DAYS = 30
"""AWS Backup lists the restore jobs of so many days.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRestoreJobs.html"""

CALLS = (*LOOK, *JOURNAL, Call("sts", "get_caller_identity"))


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web evidence", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(options, changes=False)
    options.add_argument("--out", default="", help="the file; evidence-SITE-DATE.html by default")
    options.add_argument("--drill", action="append", default=[], help="what a drill left, drill.json; several times")
    options.add_argument("--days", type=int, default=DAYS, help="within which each type must have passed a test; 30")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    return command(options, "Evidence", CALLS, lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    if options.days < 1:
        raise OpsError(f"--days is {options.days}; at least one day", DOWN)
    drills = [drill(Path(each)) for each in options.drill]
    me = operator(options)
    with me.terminal.clock("looking at both regions"):
        told = _told(me, drills)
    code = NOT_DONE if told["gaps"] else DONE
    if options.json:
        me.terminal.document(told)
        return code
    date = time.strftime("%Y-%m-%d", time.gmtime())
    out = Path(options.out or f"evidence-{me.stack.site}-{date}.html")
    try:
        out.write_text(page(told))
    except OSError as error:
        raise OpsError(f"--out {out}: {error.strerror}", NOT_ASKED) from None
    for gap in told["gaps"]:
        me.terminal.say(f"not shown, or not kept: {gap}")
    me.terminal.say(f"{out} is written.")
    return code


def _told(me: Operator, drills: Sequence[Any]) -> dict[str, Any]:
    looking = import_module("ops.backup.look")
    facts = looking.look(me.stack, me.account)
    if facts.silent and not facts.vaults:  # nothing was seen, which is no evidence of anything
        raise OpsError("; ".join(f"{region}: {reason}" for region, reason in facts.silent.items()), NOT_ASKED)
    unread: list[str] = []
    entries = list(journal(me, unread))
    jobs: list[dict[str, Any]] = []
    for region in facts.vaults:
        place = looking.Place(me.account, region, facts.vaults[region].name)
        since = datetime.now(UTC) - timedelta(days=min(me.options.days, DAYS))
        try:
            jobs += place.pages("list_restore_jobs", "RestoreJobs", ByCreatedAfter=since)
        except (ClientError, BotoCoreError) as error:
            unread.append(f"restore jobs: {explained(error, region)}")
    tested = [*of_jobs(jobs, me.stack.restore_role), *of_journal(entries)]
    return contents(me.stack, facts, _asked(me), tested, entries, drills, unread, me.options.days)


def _asked(me: Operator) -> dict[str, str]:
    """Return who asks, and of which account."""
    try:
        told = me.account.client("sts", (me.stack.standby or me.stack.primary).region).get_caller_identity()
    except (ClientError, BotoCoreError) as error:
        return {"by": explained(error)}
    return {"by": told["Arn"], "account": told["Account"]}
