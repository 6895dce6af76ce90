"""Backups on trial beside what runs, and what is restored after damage.

test    restores the newest recovery point of RESOURCE, or of all, beside it: the database with an instance, files as a
        file system of their own; checks them as the weekly restore tests do; measures how long it takes until they are
        usable; and removes them, also after a failure or an interruption. What is measured is in the journal, from
        which `evidence` has it. What runs is not touched. --remove only removes what a killed test has left.
apply   restores the database to a time (--to) beside the one that serves, or files (--before) into a directory of
        their file system. Nothing that serves is touched.
serve   lets a restored database serve: servers are replaced by such as use it, and with a standby it gets a global
        database and a copy there of its own.

RESOURCE is `database`, `files`, the name of a resource, or its ARN. The database is restored by the program itself, so
that it is in Pulumi's state: `apply database` and `serve` write into the stack's file and run `pulumi up`, in the
folder of the program. They stop before it if it would replace or delete anything that holds data. With the state lost,
bring that back first.

Exit codes: 0 done, 1 not done, not usable or refused, 2 wrong usage, 3 it could not be asked, 4 somebody else is at
work, 130 interrupted.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from ha_web.database.rules import TIME_FORM, is_restore_time

from ops.core.entry import guarded
from ops.core.errors import DONE, DOWN, NOT_ASKED, OpsError
from ops.core.operate import Operator, add_options, operate, operator
from ops.core.plan import Plan
from ops.restore import applying
from ops.restore.calls import policy_of_apply, policy_of_serve, policy_of_test
from ops.restore.planning import trial

POLICIES = {"test": policy_of_test, "apply": policy_of_apply, "serve": policy_of_serve}


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web restore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    does = options.add_subparsers(dest="does", required=True, metavar="test|apply|serve")
    test = does.add_parser("test", help="restore the newest recovery points beside what runs, check and remove them")
    add_options(test)
    test.add_argument("resources", nargs="*", metavar="RESOURCE", help="what; all of the region by default")
    test.add_argument("--region", default="", help="the region to restore in; the primary's by default")
    test.add_argument("--remove", action="store_true", help="only remove what a test that was killed has left")
    apply = does.add_parser("apply", help="restore the database or files beside what serves, after damage")
    add_options(apply)
    apply.add_argument("what", choices=("database", "files"), help="what was damaged")
    apply.add_argument("--to", default="", metavar="TIME", help="of the database: UTC, or the ARN of a snapshot")
    apply.add_argument("--name", default="", help="of the database: what it is called; the next free r1, r2 by default")
    apply.add_argument("--before", default="", metavar="TIME", help="of files: UTC; the newest backup by default")
    serve = does.add_parser("serve", help="let a restored database serve")
    add_options(serve)
    serve.add_argument("name", metavar="NAME", help="of the restored database")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)

    def told() -> int:
        print(json.dumps(POLICIES[options.does](), indent=2))
        return DONE

    return guarded(told if options.policy else lambda: restore(operator(options)))


def restore(me: Operator, clock: Any = None) -> int:
    """Do what the options ask for; return the exit code. Raises OpsError."""
    if me.options.does == "test":
        return on_trial(me, clock)
    if me.options.does == "apply" and me.options.what == "files":
        return apply_files(me, clock)
    return of_database(me, clock)


def on_trial(me: Operator, clock: Any = None) -> int:
    """Restore on trial; return the exit code. Raises OpsError."""
    place, waiting = _place(me, me.options.region), _waiting(me, clock)
    making, testing = import_module("ops.restore.making"), import_module("ops.restore.testing")
    looking, made = import_module("ops.backup.look"), making.Making(place, waiting)

    def plan() -> Plan:
        facts = looking.look(me.stack, me.account)
        return trial(facts, me.options.resources, place.region, made.left(), only_remove=me.options.remove)

    with testing.Testing(made, me.stack.restore_role, me.terminal.say) as under_way:
        return operate(me, plan, under_way.do())


def of_database(me: Operator, clock: Any = None) -> int:
    """Restore the database beside the one that serves, or let a restored one serve. Raises OpsError."""
    options, work = me.options, import_module("ops.restore.apply")
    if options.does == "apply" and (options.before or not options.to):
        raise OpsError("apply database: give --to, a time in UTC or the ARN of a snapshot, and no --before", DOWN)
    program = import_module("ops.restore.program").Program(options.stack)
    place, waiting = _place(me, ""), _waiting(me, clock)

    def outputs() -> Mapping[str, Any]:
        found: Mapping[str, Any] = work.outputs_of(program)
        return found

    def plan() -> Plan:
        known = work.known_of(me.stack, place, program, outputs())
        if options.does == "serve":
            return applying.serve(known, options.name)
        return applying.database(known, options.to, options.name)

    return operate(me, plan, work.ApplyingDatabase(place, waiting, program, outputs).do())


def apply_files(me: Operator, clock: Any = None) -> int:
    """Restore files into a directory of their file system. Raises OpsError."""
    options, work = me.options, import_module("ops.restore.apply")
    if options.to or options.name:
        raise OpsError("apply files: give --before, a time in UTC, and neither --to nor --name", DOWN)
    before, place, waiting = _before(options.before), _place(me, ""), _waiting(me, clock)
    looking, now = import_module("ops.backup.look"), datetime.now(UTC).timestamp()
    if not me.stack.primary.files:
        raise OpsError(f"{me.stack.site}: the stack has no files", NOT_ASKED)
    told = place.client("efs").describe_file_systems(FileSystemId=me.stack.primary.files)["FileSystems"]
    arn = str(told[0]["FileSystemArn"])

    def plan() -> Plan:
        known = looking.read_points(place, ByResourceArn=arn)
        points = [point for point in known if point.made <= (before or now) and not point.continuous]
        point = max(points, key=lambda each: float(each.made), default=None)
        running, done = work.restores_into(place, arn, point)
        return applying.files(arn, place.region, point, now, running, done)

    return operate(me, plan, work.ApplyingFiles(place, waiting, me.stack.restore_role).do())


def _before(text: str) -> float | None:
    """Return a time in UTC in seconds since 1970. Raises OpsError for anything else."""
    if not text:
        return None
    if not is_restore_time(text):
        raise OpsError(f"--before is {text}; {TIME_FORM}", DOWN)
    return datetime.fromisoformat(text).timestamp()


def _place(me: Operator, given: str) -> Any:
    """Return the region that is meant, with its vault. Raises OpsError for one without a vault."""
    region = given or me.stack.primary.region
    if region not in me.stack.vaults:
        known = ", ".join(me.stack.vaults) or "no region"
        raise OpsError(f"--region is {region}; the stack has vaults in {known}", DOWN)
    if not me.stack.restore_role:
        raise OpsError(f"{me.stack.site}: the outputs have no restore_role; nobody could restore", NOT_ASKED)
    looking = import_module("ops.backup.look")
    return looking.Place(me.account, region, me.stack.vaults[region])


def _waiting(me: Operator, clock: Any) -> Any:
    jobs = import_module("ops.backup.jobs")
    return jobs.Waiting(me.terminal.show, clock or jobs.Clock())
