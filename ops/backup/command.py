"""Recovery points of a stack: how old they are, and new ones on demand.

status  shows each protected resource in the vaults of both regions: the newest moment that can be restored, against the
        objective for corrupted data; then the vaults' locks, and jobs that failed within a day. It only reads.
start   backs RESOURCE up now, or all of a region: before a risky change. It waits and shows percent; whoever stops
        waiting stops nothing, and the same command waits on.
copy    copies the newest recovery point of RESOURCE, or of all, into the other region's vault.

RESOURCE is `database`, `files`, the name of a resource, or its ARN.

Exit codes: 0 all is within its objective, or done; 1 something isn't, or not done; 2 wrong usage; 3 it could not be
asked; 4 somebody else is at work; 130 interrupted.
"""

import argparse
import json
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from ops.backup.calls import COPY, LOOK, START, policy
from ops.backup.facts import Facts, document
from ops.backup.planning import backup, copy
from ops.backup.verdict import lines, problems, rows
from ops.core.entry import guarded
from ops.core.errors import DONE, DOWN, NOT_ASKED, NOT_DONE, OpsError
from ops.core.operate import Operator, add_options, operate, operator
from ops.core.plan import Plan

NEEDS = {"status": LOOK, "start": START, "copy": COPY}


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    does = options.add_subparsers(dest="does", required=True, metavar="status|start|copy")
    add_options(does.add_parser("status", help="recovery points against their objective"), changes=False)
    for name, about in (("start", "back up now"), ("copy", "copy into the other region's vault")):
        one = does.add_parser(name, help=about)
        add_options(one)
        one.add_argument("resources", nargs="*", metavar="RESOURCE", help="what; all of the region by default")
        one.add_argument("--keep", type=int, metavar="DAYS", help="how long to keep it; 35, or what the lock asks for")
        where = "to copy into; the other one" if name == "copy" else "to back up in; the primary's"
        one.add_argument("--region", default="", help=f"the region {where} by default")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)

    def told() -> int:
        print(json.dumps(policy(f"Backup{options.does.capitalize()}", NEEDS[options.does]), indent=2))
        return DONE

    return guarded(told if options.policy else lambda: backups(operator(options)))


def backups(me: Operator, clock: Any = None) -> int:
    """Do what the options ask for; return the exit code. Raises OpsError."""
    if not me.stack.vaults:
        raise OpsError(f"{me.stack.site}: the stack has no backup vault", NOT_ASKED)
    return status(me) if me.options.does == "status" else on_demand(me, clock)


def status(me: Operator) -> int:
    """Show the recovery points; return the exit code."""
    with me.terminal.clock("looking at both vaults"):
        facts = _look(me)
    if not facts.vaults:
        raise OpsError("; ".join(f"{region}: {reason}" for region, reason in facts.silent.items()), NOT_ASKED)
    wrong = problems(facts)
    if me.options.json:
        me.terminal.document({**document(facts), "problems": wrong, "resources": [vars(row) for row in rows(facts)]})
    else:
        first, *rest = lines(facts)
        me.terminal.say("\n".join([me.terminal.paint(first, "bad" if wrong else "good"), *rest]))
    return NOT_DONE if wrong else DONE


def _look(me: Operator) -> Facts:
    found: Facts = import_module("ops.backup.look").look(me.stack, me.account)
    return found


def on_demand(me: Operator, clock: Any = None) -> int:
    """Back up, or copy; return the exit code. Raises OpsError."""
    region, copies = _region(me), me.options.does == "copy"
    if me.options.keep is not None and me.options.keep < 1:
        raise OpsError(f"--keep is {me.options.keep}; at least one day", DOWN)
    carrying, jobs = import_module("ops.backup.carrying"), import_module("ops.backup.jobs")
    place_in = import_module("ops.backup.look").Place
    facts = _look(me)
    if region in facts.silent:
        raise OpsError(f"{region}: {facts.silent[region]}", NOT_ASKED)

    def plan() -> Plan:
        if not copies:
            running = {}
            if region in facts.vaults:
                running = carrying.running_backups(place_in(me.account, region, facts.vaults[region].name))
            return backup(facts, me.options.resources, region, running, me.options.keep)
        known: dict[str, tuple[str, str]] = {}
        for other, vault in facts.vaults.items():
            if other != region and region in facts.vaults:
                place = place_in(me.account, other, vault.name)
                known |= carrying.copies(place, facts.vaults[region].arn)
        return copy(facts, me.options.resources, region, known, me.options.keep)

    waiting = jobs.Waiting(me.terminal.show, clock or jobs.Clock())
    return operate(me, plan, carrying.Carrying(me.account, facts, waiting).do())


def _region(me: Operator) -> str:
    """Return the region that is meant. Raises OpsError for one without a vault."""
    regions, primary = list(me.stack.vaults), me.stack.primary.region
    others = [region for region in regions if region != primary]
    usual = others[0] if others and me.options.does == "copy" else primary
    region = me.options.region or usual
    if region not in regions:
        raise OpsError(f"--region is {region}; the stack has vaults in {', '.join(regions)}", DOWN)
    return region
