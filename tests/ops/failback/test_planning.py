"""What a failback would do: stores before the switch, and nothing that is done already."""

from typing import Any

import pytest
from ha_web.failover.runtime.plan import Group, Role

from ops.failback.planning import DATABASE, SESSIONS, Facts, Follower, Options, planned
from tests.components.standby import config

CONFIG = config(1)
MOVED = {SESSIONS: Follower(Role.SECONDARY, 0.2), DATABASE: Follower(Role.SECONDARY)}
BACK = {SESSIONS: Follower(Role.PRIMARY), DATABASE: Follower(Role.PRIMARY)}


def facts(**changed: Any) -> Facts:
    """After a failover: users and stores are at the standby."""
    given: dict[str, Any] = {
        "config": CONFIG,
        "region": "eu-west-1",
        "answers": True,
        "switched": True,
        "group": Group(2, 3, 6, 3),
        "serving": 3,
        "stores": MOVED,
        "rule": "schedule",
        "leads_to": ("standby",),
    }
    return Facts(**{**given, **changed})


def kinds(options: Options | None = None, **changed: Any) -> list[str]:
    return [step.kind for step in planned(facts(**changed), options or Options()).steps]


def test_stores_go_back_before_the_switch_and_the_automation_is_away_meanwhile() -> None:
    assert kinds() == ["disarm", "sessions", "database", "switch", "arm", "arrival"]


def test_behind_cloudflare_the_session_store_goes_last_because_users_follow_it() -> None:
    bare = config(1, switch=None, beacon=None)
    assert kinds(config=bare, switched=False, leads_to=None, rule="") == ["database", "sessions", "arrival"]


def test_the_primary_gets_as_many_servers_as_serve_in_the_standby() -> None:
    plan = planned(facts(group=Group(2, 2, 4, 2), serving=9), Options())
    assert [(step.kind, dict(step.about)) for step in plan.steps[:2]] == [("disarm", {}), ("servers", {"servers": 4})]


@pytest.mark.parametrize(
    ("changed", "left"),
    [
        ({"stores": {**MOVED, SESSIONS: Follower(Role.PRIMARY)}}, ["disarm", "database", "switch", "arm", "arrival"]),
        ({"stores": BACK}, ["disarm", "switch", "arm", "arrival"]),
        ({"stores": BACK, "armed": False}, ["switch", "arm", "arrival"]),
        ({"stores": BACK, "switched": False, "leads_to": ("primary",), "armed": False}, ["arm"]),
        ({"stores": BACK, "switched": False, "leads_to": ("primary",)}, []),
        ({"stores": BACK, "switched": False}, ["arrival"]),
    ],
)
def test_what_is_back_by_hand_or_by_an_interrupted_run_is_left_out(changed: dict[str, Any], left: list[str]) -> None:
    assert kinds(**changed) == left


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"answers": False}, "the primary in eu-west-1 doesn't answer; --force"),
        (
            {"stores": {SESSIONS: Follower(Role.SECONDARY, 4.5)}},
            "the session store of eu-west-1 is 4.5 s behind; --force",
        ),
        ({"stores": {SESSIONS: Follower(Role.SECONDARY)}}, "nobody measured how far the session store"),
        ({"stores": {SESSIONS: Follower(Role.UNKNOWN)}}, "the session store of eu-west-1 is not available"),
        ({"group": None}, "there is no Auto Scaling group in eu-west-1"),
    ],
)
def test_what_is_not_well_refuses_it_unless_forced(changed: dict[str, Any], reason: str) -> None:
    [refused] = planned(facts(**changed), Options()).refused
    assert reason in refused
    assert planned(facts(**changed), Options(force=True)).refused == ()


def test_a_database_that_does_not_follow_is_refused_even_by_force() -> None:
    [refused] = planned(facts(stores={DATABASE: Follower(Role.ALONE)}), Options(force=True)).refused
    assert "the database of eu-west-1 doesn't follow" in refused


def test_a_standbys_session_store_that_stands_alone_is_given_up_only_if_a_person_says_so() -> None:
    alone: dict[str, Any] = {"alone": True, "stores": {DATABASE: Follower(Role.SECONDARY)}}
    [refused] = planned(facts(**alone), Options()).refused
    assert "--give-up-sessions" in refused
    given_up = kinds(Options(give_up_sessions=True), **alone)
    assert given_up == ["disarm", "database", "switch", "delete sessions", "arm", "arrival"]


def test_files_are_given_up_only_once_they_are_copied_and_up_is_left_to_a_person() -> None:
    kept: dict[str, Any] = {"files": Role.ALONE, "kept": True, "stores": BACK}
    plan = planned(facts(**kept), Options())
    assert "files" not in [step.kind for step in plan.steps]
    assert any("--files-copied" in note for note in plan.notes)
    assert any("`pulumi up --refresh`" in note for note in plan.notes)
    assert kinds(Options(files_copied=True), **kept) == ["disarm", "switch", "files", "arm", "arrival"]
