"""Plans of game days."""

from dataclasses import replace
from typing import Any

import pytest

from ops.gameday.planning import MARGIN, UNKNOWN_LIMIT, Facts, expected, planned, stopping, told
from tests.ops.gameday.told import with_experiments

WELL = Facts("Zone eu-west-1a is without power for 10 minutes.", {})


def kinds(**args: Any) -> list[str]:
    plan = planned("zone", with_experiments(), replace(WELL, **args))
    return [step.kind for step in plan.steps]


@pytest.mark.parametrize(
    ("scenario", "promised", "limit", "text"),
    [
        ("zone", 120, 2 * 120 + MARGIN, "all users are served again within 90s computed and 2m declared"),
        ("server-killed", 12, 2 * 12 + MARGIN, "all users are served again within 12s computed"),
        ("region", None, UNKNOWN_LIMIT, "nothing is promised"),
    ],
)
def test_what_is_expected_is_what_the_outputs_promise(
    scenario: str, promised: float | None, limit: float, text: str
) -> None:
    wanted = expected(with_experiments(), scenario)
    assert (wanted.promised, wanted.limit, told(wanted)) == (promised, limit, text)


def test_the_terms_that_nobody_guarantees_are_kept() -> None:
    assert expected(with_experiments(), "zone").assumed == (
        "90s until clients use the other zones' addresses (assumed)",
    )
    assert expected(with_experiments(), "server-killed").assumed == ()


def test_the_site_is_asked_before_something_is_broken_and_after() -> None:
    assert kinds() == ["control", "start", "watch", "write"]
    [note] = planned("zone", with_experiments(), WELL).notes
    assert note.startswith("expected: all users are served again within 90s computed and 2m declared (90s = ")


def test_an_experiment_that_runs_is_watched_and_not_started_again() -> None:
    assert kinds(running={"zone": "EXP1"}, zone=("a zone is lost",)) == ["watch", "write"]


@pytest.mark.parametrize(
    ("facts", "scenario", "reason", "force_helps"),
    [
        ({"zone": ("no server is left",)}, "zone", "a zone may not be lost now: no server is left", True),
        ({"zone": ("no server is left",)}, "server-killed", "a zone may not be lost now: no server is left", True),
        ({"region": ("sessions lag",)}, "region", "a region may not be lost now: sessions lag", True),
        ({"down": ("nobody answers",)}, "zone", "users aren't served now: nobody answers", True),
        ({"moved": True}, "zone", "users are at the standby, and the primary is what would be broken", True),
        ({"breaks": ""}, "zone", "its template is gone: `pulumi up` makes it again", False),
        ({"running": {"region": "EXP1"}}, "zone", "region runs in this stack (EXP1): one thing is broken", False),
    ],
)
def test_what_would_be_an_outage_or_tell_nothing_is_refused(
    facts: dict[str, Any], scenario: str, reason: str, force_helps: bool
) -> None:
    known = replace(WELL, **facts)
    [refused] = planned(scenario, with_experiments(), known).refused
    assert refused.startswith(reason)
    assert bool(planned(scenario, with_experiments(), known, force=True).refused) is not force_helps


def test_a_reason_of_the_region_does_not_keep_a_zone_from_being_lost() -> None:
    assert planned("zone", with_experiments(), replace(WELL, region=("sessions lag",))).refused == ()


def test_without_a_second_region_its_experiment_is_refused() -> None:
    alone = with_experiments(game_day={**with_experiments().game_day, "survives_region": False})
    assert planned("region", alone, WELL, force=True).refused == ("no cluster in a second region takes over",)


def test_everything_that_runs_is_ended() -> None:
    plan = stopping({"zone": "EXP1", "region": "EXP2"})
    assert [(step.kind, step.about["id"]) for step in plan.steps] == [("stop", "EXP1"), ("stop", "EXP2")]
    assert stopping({}).steps == ()
