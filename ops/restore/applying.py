"""What a restore after damage would do. No calls here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ha_web.database.rules import TIME_FORM, is_cluster_snapshot, is_restore_time, restored_name_problem
from ha_web.recovery.durations import format_duration

from ops.backup.facts import Point, short
from ops.core.errors import DOWN, OpsError
from ops.core.plan import Plan, Step

SETTING, LOSES_NOTHING, UP, BESIDE, SERVES = "setting", "loses nothing", "up", "beside", "serves"
START_FILES, FILES_RESTORED = "start files", "files restored"
"""Kinds of steps."""


@dataclass(frozen=True)
class Database:
    """The database as it is before a restore."""

    settings: Mapping[str, Any]
    """Of the stack's file."""
    writes: bool
    """Whether the primary's region has the writer."""
    region: str
    earliest: str
    """Times between which it can be restored, as RDS says them; empty where it can't be."""
    latest: str
    standing: Sequence[str] = ()
    """Names of restored databases that stand already."""
    serving: str = ""
    """Of them, the one that servers use now; empty for the first."""

    @property
    def restored(self) -> Mapping[str, str]:
        """Return what the stack's file restores, by name."""
        return {name: str(what) for name, what in (self.settings.get("restored") or {}).items()}


def chosen_name(given: str, restored: Mapping[str, str], to: str) -> str:
    """Return the name of a restored database: as given, that of the same time or snapshot, or the next free one."""
    same = next((name for name, what in restored.items() if what == to), "")
    numbers = [int(found[1]) for name in restored if (found := re.fullmatch(r"r(\d+)", name))]
    return given or same or f"r{max(numbers, default=0) + 1}"


def database(known: Database, to: str, given: str) -> Plan:
    """Return the plan of a database that is restored beside the one that serves. Raises OpsError for wrong usage.

    Args:
        to: a time in UTC, or the ARN of a cluster snapshot.
        given: its name; empty for one that is free.
    """
    if not is_restore_time(to) and not is_cluster_snapshot(to):
        raise OpsError(f"--to is {to}; {TIME_FORM}, or give the ARN of a cluster snapshot", DOWN)
    name = chosen_name(given, known.restored, to)
    if restored_name_problem(name):
        raise OpsError(f"--name is {name}; write 1 to 10 lower-case letters and digits, a letter first", DOWN)
    refused = [] if known.writes else [f"{known.region} hasn't the writer; `failback` first, and then this"]
    if known.restored.get(name, to) != to:
        refused.append(f"--name is {name}, which is restored to {known.restored[name]} already; take another")
    outside = is_restore_time(to) and not known.earliest <= to <= known.latest
    if outside and name not in known.restored:
        window = f"it can be restored from {known.earliest} to {known.latest}" if known.latest else "it has no backups"
        refused.append(f"--to is {to}; {window}; for what is older give the ARN of a snapshot")
    last = next((each for each in reversed(list(known.restored)) if each != name), None)
    if name not in known.restored and last not in (None, known.settings.get("serving")):
        refused.append(
            f"{last} is in the stack's file and doesn't serve, so {name} would be restored from it; "
            f"take it out first: `pulumi config rm --path 'ha-web:database.restored.{last}'`"
        )
    operation = f"restore apply database {name}"
    if name in known.standing:
        return Plan(operation, notes=(f"{name} stands already; `restore serve {name}` lets it serve",))
    steps = []
    if name not in known.restored:
        about = {"path": f"restored.{name}", "value": to}
        steps.append(Step(SETTING, f"write database.restored.{name}: {to} into the stack's file", about))
    steps += [
        Step(LOSES_NOTHING, "check that `pulumi up` replaces and deletes nothing that holds data", {"creates": name}),
        Step(UP, f"`pulumi up`: restore {name} beside what serves, about an hour for each TiB"),
        Step(BESIDE, f"check that {name} can be used", {"name": name}),
    ]
    note = f"the site goes on with the database that it has; when you have looked at {name}: `restore serve {name}`"
    return Plan(operation, tuple(steps), (note,), tuple(refused))


def serve(known: Database, name: str) -> Plan:
    """Return the plan of letting a restored database serve. Raises OpsError for one that isn't there."""
    if name not in known.restored:
        have = ", ".join(known.restored) or "none"
        raise OpsError(f"NAME is {name}; restored databases of the stack's file: {have}", DOWN)
    refused = [] if known.writes else [f"{known.region} hasn't the writer; `failback` first, and then this"]
    if name not in known.standing:
        refused.append(f"{name} doesn't stand yet; `restore apply database` with its time goes on")
    steps = []
    if known.settings.get("serving") != name:
        text = f"write database.serving: {name} into the stack's file"
        steps.append(Step(SETTING, text, {"path": "serving", "value": name}))
    elif known.serving == name:
        return Plan(f"restore serve {name}")
    steps += [
        Step(LOSES_NOTHING, "check that `pulumi up` replaces and deletes nothing that holds data"),
        Step(UP, f"`pulumi up`: servers that use {name}, one after the other; a copy of it for the other region"),
        Step(SERVES, f"check that servers use {name}", {"name": name}),
    ]
    note = "what users wrote into the other database since stays there, for you to carry over"
    return Plan(f"restore serve {name}", tuple(steps), (note,), tuple(refused))


def files(
    file_system: str, region: str, point: Point | None, now: float, running: Mapping[str, str], done: bool
) -> Plan:
    """Return the plan of files that are restored into a directory of their own file system.

    Args:
        point: the newest recovery point that is old enough; None if there is none.
        running: restore jobs that run into this file system already, by recovery point.
        done: whether one of this recovery point has ended well within a day.
    """
    operation = "restore apply files"
    if point is None:
        reason = f"EFS {short(file_system)} has no recovery point in {region} that is old enough"
        return Plan(operation, refused=(reason,))
    if done:
        return Plan(operation, notes=("this recovery point was restored within a day: see aws-backup-restore_…",))
    about = {"arn": file_system, "point": point.arn, "region": region, "job": running.get(point.arn, "")}
    age = format_duration(round(now - point.made))
    text = f"restore EFS {short(file_system)}, as it was {age} ago, into a directory beside the application's"
    begin = [] if about["job"] else [Step(START_FILES, text, about)]
    wait = Step(FILES_RESTORED, "wait until they are restored, about 11 s for each GiB", about)
    return Plan(operation, (*begin, wait))
