"""What a page says: objectives beside what was measured, recovery points, what was done and when."""

from typing import Any

import pytest

from ops.report.contents import shown
from ops.status.facts import PRIMARY, Backup
from tests.ops.report.told import ENTRY, NOW, drill, result, told
from tests.ops.status.healthy import of


def row(of_failure: str, what: str, *drills: dict[str, Any]) -> dict[str, Any]:
    found = [each for each in told(*drills)["objectives"] if (each["failure"], each["what"]) == (of_failure, what)]
    return {key: found[0][key] for key in ("declared", "computed", "measured", "kept")}


SERVED, LOST = "all users are served again", "age of what is lost"


@pytest.mark.parametrize(
    ("drills", "measured", "kept"),
    [
        ((), None, None),
        ((drill(result("zone", 70.0)),), 70.0, True),
        ((drill(result("zone", 70.0)), drill(result("zone", 121.0))), 121.0, False),  # the worst counts
        ((drill(result("zone-slow", 500.0)),), None, None),  # another failure
        ((drill(result("zone", 70.0), verdict="void"),), None, None),
        ((drill(result("zone", 70.0, "void")),), None, None),
        ((drill(result("zone", 70.0), mistakes=("redispatch",)),), None, None),
    ],
)
def test_an_objective_is_held_against_the_worst_that_was_measured(
    drills: tuple[dict[str, Any], ...], measured: float | None, kept: bool | None
) -> None:
    assert row("zone", SERVED, *drills) == {"declared": 120.0, "computed": 84, "measured": measured, "kept": kept}


def test_what_was_not_declared_is_neither_kept_nor_missed() -> None:
    assert row("zone", LOST)["declared"] == 5.0
    assert row("region", LOST, drill(result("region", 200.0))) == {
        "declared": None,
        "computed": 30,
        "measured": None,
        "kept": None,
    }


def test_operations_and_drills_are_one_timeline_and_what_both_journals_have_is_one() -> None:
    line = told(drill(result("zone", 70.0), result("region", 90.0)))["timeline"]
    assert [(each["what"], each["outcome"], each["took"]) for each in line] == [
        ("failover", "done", 60.0),
        ("drill: zone, region", "met", 1200.0),
    ]
    [unfinished] = told(entries=({**ENTRY, "ended": None, "outcome": "under way"},))["timeline"]
    assert (unfinished["at"], unfinished["took"]) == (NOW - 600, None)


@pytest.mark.parametrize(("age", "kept"), [(7200.0, True), (7201.0, False), (None, False)])
def test_a_recovery_point_is_held_against_its_objective(age: float | None, kept: bool) -> None:
    known = of(PRIMARY, backups=(Backup("orders", "Aurora", age),))
    [mine] = [each for each in told(facts=known)["backups"] if each["region"] == "eu-west-1"]
    assert (mine["objective"], mine["kept"]) == (7200.0, kept)


def test_the_verdict_comes_with_its_state() -> None:
    assert (told()["state"], told()["answer"]) == ("healthy", "May I lose a zone now? yes.  A region? yes.")


@pytest.mark.parametrize(("seconds", "text"), [(0.44, "0.4s"), (84, "84s"), (200.4, "3m20s")])
def test_durations_are_shown_shortly(seconds: float, text: str) -> None:
    assert shown(seconds) == text
