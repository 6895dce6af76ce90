"""Backups on trial, beside what runs.

test    restores the newest recovery point of RESOURCE, or of all, beside it: the database with an instance, files as a
        file system of their own; checks them as the weekly restore tests do; measures how long it takes until they are
        usable; and removes them, also after a failure or an interruption. What is measured is in the journal, from
        which `evidence` has it. What runs is not touched. --remove only removes what a killed test has left.

RESOURCE is `database`, `files`, the name of a resource, or its ARN.

Exit codes: 0 done, 1 not done, not usable or refused, 2 wrong usage, 3 it could not be asked, 4 somebody else is at
work, 130 interrupted.
"""

import argparse
import json
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from ops.core.entry import guarded
from ops.core.errors import DONE, DOWN, NOT_ASKED, OpsError
from ops.core.operate import Operator, add_options, operate, operator
from ops.core.plan import Plan
from ops.restore.calls import policy_of_test
from ops.restore.planning import trial

POLICIES = {"test": policy_of_test}


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web restore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    does = options.add_subparsers(dest="does", required=True, metavar="test")
    one = does.add_parser("test", help="restore the newest recovery points beside what runs, check and remove them")
    add_options(one)
    one.add_argument("resources", nargs="*", metavar="RESOURCE", help="what; all of the region by default")
    one.add_argument("--region", default="", help="the region to restore in; the primary's by default")
    one.add_argument("--remove", action="store_true", help="only remove what a test that was killed has left")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)

    def told() -> int:
        print(json.dumps(POLICIES[options.does](), indent=2))
        return DONE

    return guarded(told if options.policy else lambda: on_trial(operator(options)))


def on_trial(me: Operator, clock: Any = None) -> int:
    """Restore on trial; return the exit code. Raises OpsError."""
    region = me.options.region or me.stack.primary.region
    if region not in me.stack.vaults:
        raise OpsError(
            f"--region is {region}; the stack has vaults in {', '.join(me.stack.vaults) or 'no region'}", DOWN
        )
    if not me.stack.restore_role:
        raise OpsError(f"{me.stack.site}: the outputs have no restore_role; nobody could restore", NOT_ASKED)
    looking, jobs = import_module("ops.backup.look"), import_module("ops.backup.jobs")
    making, testing = import_module("ops.restore.making"), import_module("ops.restore.testing")
    place = looking.Place(me.account, region, me.stack.vaults[region], brief=False)
    waiting = jobs.Waiting(me.terminal.show, clock or jobs.Clock())
    made = making.Making(place, waiting)

    def plan() -> Plan:
        facts = looking.look(me.stack, me.account, brief=False)
        return trial(facts, me.options.resources, region, made.left(), only_remove=me.options.remove)

    with testing.Testing(made, me.stack.restore_role, me.terminal.say) as under_way:
        return operate(me, plan, under_way.do())
