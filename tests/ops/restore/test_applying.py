"""Plans of restores after damage."""

from dataclasses import replace
from typing import Any

import pytest

from ops.backup.facts import Point
from ops.core.errors import OpsError
from ops.restore.applying import Database, chosen_name, database, files, serve

TIME = "2026-11-29T10:15:00Z"
SNAPSHOT = "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:awsbackup:job-1"
KNOWN = Database({"instances": 2}, True, "eu-west-1", "2026-11-16T00:00:00Z", "2026-11-29T23:55:00Z")
WITH_R1 = replace(KNOWN, settings={"restored": {"r1": TIME}})
FILES = "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1"
POINT = Point("point", FILES, "EFS", "eu-west-1", 0.0)


def kinds(plan: Any) -> list[str]:
    return [step.kind for step in plan.steps]


@pytest.mark.parametrize("to", [TIME, SNAPSHOT])
def test_a_database_is_restored_by_a_setting_once_nothing_would_be_lost(to: str) -> None:
    plan = database(KNOWN, to, "")
    assert (plan.operation, plan.refused) == ("restore apply database r1", ())
    assert kinds(plan) == ["setting", "loses nothing", "up", "beside"]
    assert plan.steps[0].about == {"path": "restored.r1", "value": to}


def test_what_was_begun_goes_on_and_what_stands_is_left() -> None:
    assert kinds(database(WITH_R1, TIME, "")) == ["loses nothing", "up", "beside"]
    done = database(replace(WITH_R1, standing=("r1",)), TIME, "r1")
    assert done.steps == ()
    assert done.notes == ("r1 stands already; `restore serve r1` lets it serve",)


@pytest.mark.parametrize(
    ("known", "to", "name", "said"),
    [
        (KNOWN, "2026-11-01T00:00:00Z", "", "it can be restored from 2026-11-16T00:00:00Z to 2026-11-29T23:55:00Z"),
        (KNOWN, "2026-11-30T00:00:00Z", "", "for what is older give the ARN of a snapshot"),
        (replace(KNOWN, latest="", earliest=""), TIME, "", "it has no backups"),
        (replace(KNOWN, writes=False), TIME, "", "eu-west-1 hasn't the writer; `failback` first, and then this"),
        (WITH_R1, SNAPSHOT, "r1", f"--name is r1, which is restored to {TIME} already; take another"),
        (WITH_R1, SNAPSHOT, "", "r1 is in the stack's file and doesn't serve, so r2 would be restored from it"),
    ],
)
def test_what_would_fail_or_restore_something_else_is_refused(known: Database, to: str, name: str, said: str) -> None:
    [refused] = database(known, to, name).refused
    assert said in refused


@pytest.mark.parametrize(
    ("to", "name", "said"),
    [
        ("yesterday", "", "--to is yesterday; write a time in UTC, like 2026-11-29T10:15:00Z, or give the ARN"),
        (TIME, "R-1", "--name is R-1; write 1 to 10 lower-case letters and digits, a letter first"),
    ],
)
def test_wrong_usage_names_the_option(to: str, name: str, said: str) -> None:
    with pytest.raises(OpsError, match=said):
        database(KNOWN, to, name)


def test_a_name_is_the_next_that_is_free() -> None:
    assert chosen_name("", {}, TIME) == "r1"
    assert chosen_name("", {"r1": "other", "r7": "another"}, TIME) == "r8"
    assert chosen_name("", {"night": TIME}, TIME) == "night"
    assert chosen_name("mine", {}, TIME) == "mine"


def test_a_database_that_stands_may_serve() -> None:
    standing = replace(WITH_R1, standing=("r1",))
    assert kinds(serve(standing, "r1")) == ["setting", "loses nothing", "up", "serves"]
    begun = replace(standing, settings={**WITH_R1.settings, "serving": "r1"})
    assert kinds(serve(begun, "r1")) == ["loses nothing", "up", "serves"]
    assert serve(replace(begun, serving="r1"), "r1").steps == ()
    assert serve(WITH_R1, "r1").refused == ("r1 doesn't stand yet; `restore apply database` with its time goes on",)
    with pytest.raises(OpsError, match="NAME is r2; restored databases of the stack's file: r1"):
        serve(standing, "r2")


def test_files_are_restored_once_and_one_that_runs_is_waited_for() -> None:
    plan = files(FILES, "eu-west-1", POINT, 7200.0, {}, False)
    assert plan.steps[0].text == "restore EFS fs-1, as it was 2h ago, into a directory beside the application's"
    assert kinds(plan) == ["start files", "files restored"]
    assert kinds(files(FILES, "eu-west-1", POINT, 7200.0, {"point": "JOB"}, False)) == ["files restored"]
    assert files(FILES, "eu-west-1", POINT, 7200.0, {}, True).steps == ()
    said = "EFS fs-1 has no recovery point in eu-west-1 that is old enough"
    assert files(FILES, "eu-west-1", None, 7200.0, {}, False).refused == (said,)
