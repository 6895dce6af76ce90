"""Plans of backups and copies on demand."""

from dataclasses import replace

import pytest

from ops.backup.facts import Facts
from ops.backup.planning import backup, copy
from ops.core.errors import OpsError
from tests.ops.backup.test_verdict import AWAY, DATABASE, FILES, GOOD, HOME, VAULTS


def test_all_begin_before_any_is_waited_for() -> None:
    plan = backup(GOOD, [], HOME, {}, None)
    assert [step.text for step in plan.steps] == [
        "back up Aurora site-db into the vault of eu-west-1, kept for 35 days",
        "back up EFS fs-1 into the vault of eu-west-1, kept for 35 days",
        "wait until Aurora site-db is backed up",
        "wait until EFS fs-1 is backed up",
    ]


@pytest.mark.parametrize("name", ["database", "site-db", DATABASE])
def test_a_resource_is_known_by_several_names(name: str) -> None:
    assert {step.about["arn"] for step in backup(GOOD, [name], HOME, {}, None).steps} == {DATABASE}


def test_a_backup_that_runs_is_waited_for_and_not_begun_again() -> None:
    plan = backup(GOOD, ["files"], HOME, {FILES: "JOB"}, None)
    assert [(step.kind, step.about["job"]) for step in plan.steps] == [("backed up", "JOB")]


def test_one_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(OpsError, match="RESOURCE is queue; eu-west-1 has site-db, fs-1 to back up"):
        backup(GOOD, ["queue"], HOME, {}, None)


@pytest.mark.parametrize(("shortest", "longest", "days"), [(7, 365, 35), (40, 365, 40), (1, 14, 14), (None, None, 35)])
def test_it_is_kept_for_a_month_or_as_the_lock_asks(shortest: int | None, longest: int | None, days: int) -> None:
    facts = replace(GOOD, vaults={HOME: replace(VAULTS[HOME], shortest=shortest, longest=longest)})
    assert backup(facts, ["files"], HOME, {}, None).steps[0].about["days"] == days


@pytest.mark.parametrize(
    ("facts", "days", "said"),
    [
        (GOOD, 3, "--keep is 3; the lock of the vault in eu-west-1 takes 7 to 365 days"),
        (replace(GOOD, vaults={AWAY: VAULTS[AWAY]}), None, "eu-west-1 has no vault of the stack; eu-central-1 has"),
        (replace(GOOD, silent={HOME: "doesn't answer"}), None, "eu-west-1: doesn't answer"),
        (replace(GOOD, protected=()), None, "eu-west-1 has nothing to back up"),
    ],
)
def test_what_can_not_be_done_is_refused(facts: Facts, days: int | None, said: str) -> None:
    assert backup(facts, [], HOME, {}, days).refused == (said,)


def test_newest_points_are_copied_unless_they_were() -> None:
    newest = GOOD.newest(DATABASE, HOME)
    assert newest is not None
    jobs = {newest.arn: ("JOB", "COMPLETED")}
    plan = copy(replace(GOOD, points=GOOD.points[:1]), ["database"], AWAY, jobs, None)
    assert (plan.steps, plan.refused) == ((), ())
    assert plan.notes == ("the newest recovery point of Aurora site-db has been copied to eu-central-1 already",)
    under_way = copy(GOOD, ["database"], AWAY, {newest.arn: ("JOB", "RUNNING")}, None)
    assert [(step.kind, step.about["job"]) for step in under_way.steps] == [("copied", "JOB")]
    fresh = copy(GOOD, ["files"], AWAY, {}, None)
    assert fresh.steps[0].text == "copy the newest recovery point of EFS fs-1 from eu-west-1 to eu-central-1"


def test_a_copy_of_nothing_is_refused() -> None:
    bare = replace(GOOD, points=())
    said = "EFS fs-1 has no recovery point in eu-west-1; `backup start` makes one"
    assert copy(bare, ["files"], AWAY, {}, None).refused == (said,)
    one = replace(GOOD, vaults={HOME: VAULTS[HOME]})
    assert copy(one, [], HOME, {}, None).refused == ("the stack has one vault; there is nothing to copy from",)
