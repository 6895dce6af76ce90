import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rehearsal.drill import drill as module
from rehearsal.drill import users as users_module
from rehearsal.drill.drill import Director, Settings, busy, overall
from rehearsal.drill.plane import Plane
from rehearsal.drill.report.shape import Drill
from rehearsal.drill.scenarios.catalogue import BY_NAME
from rehearsal.drill.scenarios.scenario import Scenario
from rehearsal.drill.stage import Cloud, Stage
from rehearsal.drill.users import Users
from rehearsal.drill.verdicts import none_failed, none_lost, recovers
from rehearsal.emulator.process import Emulator
from tests.rehearsal.drill.fake import FakePlane
from tests.rehearsal.drill.simulated import outputs


async def quick(stage: Stage) -> None:
    stage.begin()
    await stage.wait(1.5)


async def breaks(stage: Stage) -> None:
    await stage.fault("kill-server", region=stage.primary, pick=stage.random.random())
    await stage.wait(3)


async def leaks(stage: Stage) -> None:
    await stage.fault("leak-server", region=stage.primary)


CONTROL = Scenario("control", "Nothing", "Nothing.", quick, (none_failed("x"), none_lost("x")), pace=1)
KILLED = Scenario("server-killed", "Killed", "One.", breaks, (recovers("server"),), pace=1)
LEAKS = Scenario("server-leaking", "Leaks", "One.", leaks, (recovers("server"),), pace=1)


class Account(Cloud):
    """An account that has nothing but a switch."""

    moved = False

    async def ask(self, service: str, region: str, operation: str, **params: Any) -> dict[str, Any]:
        assert operation == "list_objects_v2", (service, region, params)
        return {"Contents": [{"Key": "standby-serves"}]} if self.moved else {}


def run(
    home: Path, scenarios: Sequence[Scenario], mistakes: Sequence[str] = (), *, moved: bool = False, **plane: Any
) -> tuple[Drill, list[dict[str, Any]]]:
    async def main() -> tuple[Drill, list[dict[str, Any]]]:
        async with FakePlane(home) as fake:
            for name, value in plane.items():
                setattr(fake, name, value)
            client = Plane(home)
            users = Users(client, home / "live", "www.example.com", home / "ca", 7, 10)
            settings = Settings(7, 100, mistakes=mistakes)
            account = Account(Emulator(pid=0, port=1))
            account.moved = moved
            director = Director(client, users, account, outputs(), settings, lambda _: None)
            try:
                drill = await director.run(scenarios)
            finally:
                await client.aclose()
        return drill, fake.calls

    return asyncio.run(main())


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAD", 0.2)
    monkeypatch.setattr(module, "INTERVAL", 0.1)
    monkeypatch.setattr(module, "SETTLING", 0.5)
    monkeypatch.setattr(users_module, "COMING_IN", 0.6)


def test_what_is_broken_is_measured_from_the_fault_and_healed(tmp_path: Path) -> None:
    drill, calls = run(tmp_path, [CONTROL, KILLED])
    assert [each["verdict"] for each in drill["results"]] == ["met", "met"]
    assert drill["verdict"] == "met"
    (row,) = drill["results"][1]["rows"]
    assert row["measured"] == pytest.approx(0.8, abs=0.15)
    assert drill["results"][1]["target"] == "i-1"
    did = [call["do"] for call in calls]
    assert "heal" in did[did.index("fault") :]
    assert did[-1] == "pace"
    assert calls[-1]["speed"] == 1.0


def test_the_same_seed_picks_the_same_target(tmp_path: Path) -> None:
    picks = []
    for folder in ("a", "b"):
        _, calls = run(tmp_path / folder, [KILLED])
        picks += [call["pick"] for call in calls if call["do"] == "fault"]
    assert picks[0] == picks[1]


def test_a_control_that_is_not_clean_makes_the_drill_void_and_ends_it(tmp_path: Path) -> None:
    drill, calls = run(tmp_path, [CONTROL, KILLED], failing=float("inf"))
    assert drill["verdict"] == "void"
    assert "status 503" in drill["why"]
    assert len(drill["results"]) == 1
    assert "fault" not in [call["do"] for call in calls]


def test_a_site_that_does_not_get_well_is_not_judged(tmp_path: Path) -> None:
    drill, _ = run(tmp_path, [KILLED], settled=False)
    assert drill["results"][0]["verdict"] == "void"
    assert "servers: none" in drill["results"][0]["why"]


def test_a_fault_that_can_not_be_made_is_void_and_the_others_go_on(tmp_path: Path) -> None:
    drill, _ = run(tmp_path, [CONTROL, LEAKS, KILLED])
    assert [each["verdict"] for each in drill["results"]] == ["met", "void", "met"]
    assert "nothing leaks" in drill["why"]


def test_nothing_is_broken_where_no_user_is(tmp_path: Path) -> None:
    drill, calls = run(tmp_path, [KILLED], moved=True)
    assert drill["results"][0]["verdict"] == "void"
    assert "users are at the standby" in drill["results"][0]["why"]
    assert "fault" not in [call["do"] for call in calls]


def test_users_who_were_left_at_the_standby_can_be_brought_back(tmp_path: Path) -> None:
    control, failback = (replace(BY_NAME[name], run=quick, pace=1) for name in ("control", "failback"))
    drill, _ = run(tmp_path, [control, failback], moved=True)
    assert [each["why"] for each in drill["results"]] == ["", ""]
    drill, _ = run(tmp_path, [control, failback])
    assert [each["verdict"] for each in drill["results"]] == ["met", "not run"]


def test_mistakes_are_made_before_and_taken_back_after(tmp_path: Path) -> None:
    drill, calls = run(tmp_path, [CONTROL], ["redispatch", "auto-failback"])
    assert drill["mistakes"] == ["redispatch", "auto-failback"]
    assert [call["on"] for call in calls if call["do"] == "break"] == [True, False]


def test_a_busy_machine_is_named_with_what_helps() -> None:
    assert busy(3.9, 2) == ""
    assert busy(7.25, 2) == "; this machine was busy (load 7.2 on 2 processors): end what else runs, or FASTEST=2"


def test_what_a_stack_lacks_is_not_run() -> None:
    switch, by_person = BY_NAME["region-switch"], outputs()
    assert "Region switch" in switch.needs(outputs())
    terms = by_person["recovery"]["region"]["recovery"]["terms"]
    terms += [{**terms[0], "name": name} for name in ("operator.decides", "region-switch.steps")]
    assert switch.needs(by_person) == ""
    assert BY_NAME["region"].needs(by_person) == "a person starts this stack's failover"
    assert BY_NAME["region"].needs(outputs(failover_function=None)) == "the stack has no failover function"
    assert BY_NAME["region"].needs(outputs()) == ""


def test_a_missed_promise_weighs_more_than_what_could_not_be_judged(tmp_path: Path) -> None:
    drill, _ = run(tmp_path, [CONTROL, KILLED, LEAKS], breaks_for=20.0)
    assert overall(drill["results"])[0] == "missed"
