"""Carries plans out: asks, locks, does one step after the other, writes the journal."""

import argparse
import getpass
import os
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ops.core.account import Account
from ops.core.errors import DONE, INTERRUPTED, NOT_DONE, OpsError, reason_of
from ops.core.journal import Entry, Journal
from ops.core.lock import Lock
from ops.core.plan import Plan, Step
from ops.core.stack import Stack, read
from ops.core.terminal import Terminal

Do = Callable[[Step], str]
"""Carries a step out and returns what came of it, in a few words; it must be idempotent. Raises what AWS raises."""

Planner = Callable[[], Plan]
"""Looks, and plans. It is called again when the lock is held: what others did meanwhile is seen."""


@dataclass
class Operator:
    """What an operation works with."""

    stack: Stack
    account: Account
    terminal: Terminal
    options: argparse.Namespace

    @property
    def who(self) -> str:
        """The person, for lock and journal."""
        return f"{getpass.getuser()}@{platform.node()}"


def add_options(parser: argparse.ArgumentParser, *, changes: bool = True) -> None:
    """Add the options that all operations have."""
    of_environment = os.environ.get
    parser.add_argument(
        "--stack",
        default=of_environment("HA_WEB_STACK", "prod"),
        help="the stack; $HA_WEB_STACK, else prod, by default",
    )
    parser.add_argument(
        "--outputs",
        default=of_environment("HA_WEB_OUTPUTS", ""),
        help="its outputs: a file, - for standard input, or s3://REGION/BUCKET, each `up`'s copy; $HA_WEB_OUTPUTS by "
        "default, else the engine is asked",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--policy", action="store_true", help="print the IAM policy that this needs, and ask nothing")
    if changes:
        parser.add_argument("--dry-run", action="store_true", help="print the plan, and change nothing")
        parser.add_argument("--yes", action="store_true", help="don't ask before changing something")
        parser.add_argument("--take-over", action="store_true", help="go on in place of an operation that was killed")


def operator(options: argparse.Namespace) -> Operator:
    """Read the stack and prepare. Raises OpsError."""
    terminal = Terminal(as_json=options.json)
    account = Account(shown=terminal.show)
    with terminal.clock("reading the stack's outputs"):
        stack = read(options.outputs, options.stack, account.get)
    return Operator(stack, account, terminal, options)


def operate(me: Operator, planner: Planner, do: Mapping[str, Do]) -> int:
    """Plan, ask, and do it; return the exit code. Raises OpsError for what ends it before it begins."""
    terminal, options = me.terminal, me.options
    plan = _planned(me, planner)
    if options.dry_run:
        if options.json:
            terminal.document(plan.as_dict())
        else:
            terminal.say("\n".join(plan.lines()))
        return NOT_DONE if plan.refused else DONE
    for line in plan.lines():
        terminal.say(line)
    if not me.stack.records:
        terminal.say("note: the outputs have no operations_buckets: nobody sees that this runs, and no journal is kept")
    if plan.refused:
        if options.json:
            terminal.document({**plan.as_dict(), "outcome": "refused"})
        return NOT_DONE
    if not plan.steps:
        if options.json:
            terminal.document({**plan.as_dict(), "outcome": "nothing to do"})
        return DONE
    if not options.yes and not terminal.agreed("Do it?"):
        raise OpsError("nothing was changed: nobody agreed; --yes does it without asking")
    order = list(reversed(me.stack.regions))  # the standby's first: it works without the primary
    lock = Lock(me.account, me.stack.records, order)
    with lock.held(me.who, plan.operation, take_over=options.take_over):
        code = carry_out(me, _planned(me, planner), do)
    if lock.left:
        terminal.say(f"note: the lock stays, for it could not be deleted ({lock.left}); --take-over goes past it")
    return code


def _planned(me: Operator, planner: Planner) -> Plan:
    with me.terminal.clock("looking"):
        return planner()


def carry_out(me: Operator, plan: Plan, do: Mapping[str, Do]) -> int:
    """Do the steps of a plan, in order, until one fails. Each is in the journal before it begins."""
    terminal = me.terminal
    journal, entry = Journal(me.account, me.stack.records), Entry(plan.operation, me.who, time.time())
    code = DONE
    try:
        for number, step in enumerate(plan.steps, 1):
            began = time.time()
            done: dict[str, Any] = {
                "kind": step.kind,
                "text": step.text,
                "began": began,
                "ended": None,
                "outcome": "under way",
            }
            entry.steps.append(done)
            journal.write(entry)
            try:
                with terminal.clock(step.text):
                    done["outcome"] = do[step.kind](step) or "done"
            except Exception as error:  # the journal must say how it ended, whatever ended it
                done["outcome"], code = f"failed: {reason_of(error)}", NOT_DONE
            done["ended"] = time.time()
            good = code == DONE
            mark = terminal.paint("ok" if good else "FAILED", "good" if good else "bad")
            took = time.time() - began
            terminal.say(f"{number}. {mark}  {step.text}: {done['outcome']} ({took:.0f} s)")
            if not good:
                break
    except KeyboardInterrupt:
        code = INTERRUPTED
        terminal.say("Interrupted. The same command goes on from here.")
    entry.ended = time.time()
    entry.outcome = {DONE: "done", INTERRUPTED: "interrupted"}.get(code, "failed")
    journal.write(entry)
    for region in journal.silent:
        terminal.say(f"note: the journal in {region} could not be written")
    if terminal.as_json:
        terminal.document(entry.as_dict())
    return code
