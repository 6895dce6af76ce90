"""What cancelling and going back would do, by what is under way and what was served."""

import pytest

from ops.core.plan import Plan
from ops.release.facts import Region
from ops.release.planning import Wish, planned_cancel, planned_rollback
from tests.ops.release.regions import facts, region, silent


def kinds(plan: Plan) -> list[tuple[str, str]]:
    return [(step.kind, f"{step.about['role']} {step.about.get('version', '')}".strip()) for step in plan.steps]


@pytest.mark.parametrize(
    ("standby", "primary", "expected"),
    [
        # both serve the bad version: the standby first
        (
            region("standby", 5, 4),
            region("primary", 7, 6),
            [("replace", "standby 4"), ("write", "standby 4"), ("replace", "primary 6"), ("write", "primary 6")],
        ),
        # a release is under way in one region: AWS's own rollback, and the other region is left to a person
        (region("standby", 5, 4), region("primary", 6, refresh="InProgress", wanted=7), [("roll back", "primary")]),
        (region("standby", 5, 4), region("primary", 6, refresh="Baking", wanted=7), [("roll back", "primary")]),
        # it goes back already
        (region("standby", 5), region("primary", 6, refresh="RollbackInProgress", wanted=7), [("wait", "primary")]),
        # a way back that was interrupted is gone on with, not rolled back to the bad version
        (
            region("standby", 4, 5, 4),
            region("primary", 7, 6, refresh="InProgress", wanted=6),
            [("wait", "primary"), ("write", "primary 6")],
        ),
        # a release was cancelled: all servers get the version that new ones start from
        (region("standby", 5), region("primary", 6, 5, runs=(6, 7)), [("replace", "primary 6")]),
        # the refresh of a way back has ended, and nobody wrote that down
        (
            region("standby", 5, launches=4),
            region("primary", 6, 7, 6),
            [("write", "standby 4")],
        ),
        # an `up` died before it wrote down that its release had ended
        (region("standby", 4), region("primary", 6, 5, launches=7), [("replace", "primary 6")]),
        # AWS went back from the primary's release by itself: its version is the good one, the standby's the bad one
        (
            region("standby", 5, 4),
            region("primary", 6, 5, refresh="RollbackSuccessful", wanted=7),
            [("replace", "standby 4"), ("write", "standby 4")],
        ),
        # a release was cancelled before it had replaced a server
        (region("standby", 4, 5, 4), region("primary", 6, 5, refresh="Cancelled", wanted=7), []),
        # once more changes nothing
        (region("standby", 4, 5, 4), region("primary", 6, 7, 6), []),
        # the first version
        (region("standby", 1), region("primary", 1), []),
        (silent("standby"), region("primary", 7, 6), [("replace", "primary 6"), ("write", "primary 6")]),
    ],
)
def test_the_way_back(standby: Region, primary: Region, expected: list[tuple[str, str]]) -> None:
    assert kinds(planned_rollback(facts(standby, primary), Wish())) == expected


def test_one_region_goes_back_alone_and_further() -> None:
    found = facts(region("standby", 5, 4, 3), region("primary", 7, 6))
    plan = planned_rollback(found, Wish(back=2, only="standby", stack="dev"))
    assert kinds(plan) == [("replace", "standby 3"), ("write", "standby 3")]
    assert plan.notes == (
        "until the program is mended, tell Pulumi: "
        "pulumi config set --stack dev --path 'ha-web:release.versions.standby' 3",
    )


def test_a_release_that_came_to_nothing_counts_as_one_to_go_back() -> None:
    primary = region("primary", 6, 5, refresh="RollbackSuccessful", wanted=7)
    plan = planned_rollback(facts(primary), Wish(back=2, only="primary"))
    assert kinds(plan) == [("replace", "primary 5"), ("write", "primary 5")]


def test_a_version_that_cannot_be_launched_is_refused_with_what_helps() -> None:
    found = facts(region("standby", 5, 4), region("primary", 7, 6), primary_6="its image is gone")
    [reason] = planned_rollback(found, Wish()).refused
    assert reason == "eu-west-1: its image is gone; --back 2 tries the one before, --only leaves it"


@pytest.mark.parametrize(
    ("standby", "primary", "note"),
    [
        (
            region("standby", 5, 4),
            region("primary", 6, refresh="InProgress", wanted=7),
            "--only standby` takes it back",
        ),
        (region("standby", 4, 5, 4), region("primary", 6, 7, 6), "eu-central-1: serves version 4 again already since"),
        (
            region("standby", 5),
            region("primary", 6, 5, refresh="RollbackSuccessful", wanted=7),
            "version 6 again already since 2026-11-29 10:15 UTC; the release of version 7 came to nothing",
        ),
        (region("standby", 1), region("primary", 7, 6), "nothing is known to have been served 1 before 1"),
        (silent("standby"), region("primary", 7, 6), "can't be read, and is left as it is: doesn't answer"),
    ],
)
def test_what_is_left_is_said(standby: Region, primary: Region, note: str) -> None:
    assert note in " ".join(planned_rollback(facts(standby, primary), Wish()).notes)


@pytest.mark.parametrize(
    ("primary", "expected"),
    [
        (region("primary", 6), []),
        (region("primary", 6, refresh="Successful", wanted=6), []),
        (region("primary", 6, refresh="InProgress", wanted=7), [("cancel", "primary")]),
        (region("primary", 6, refresh="Cancelling", wanted=7), [("wait", "primary")]),
        (region("primary", 6, refresh="RollbackInProgress", wanted=7), [("wait", "primary")]),
    ],
)
def test_only_a_release_that_goes_on_is_cancelled(primary: Region, expected: list[tuple[str, str]]) -> None:
    plan = planned_cancel(facts(region("standby", 5), primary), Wish())
    assert kinds(plan) == expected
    assert any("replaced stay so" in note for note in plan.notes) is (("cancel", "primary") in expected)
