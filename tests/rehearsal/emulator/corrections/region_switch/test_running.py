"""Executions of plans in the living mode: they take AWS's time, wait for what lives, and need no Region that is cut."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rehearsal.emulator import process
from tests.conftest import clients
from tests.rehearsal.emulator.corrections.region_switch.planned import ACTIVATED, LEFT, Planned, parallel

pytestmark = pytest.mark.xdist_group("emulator-region-switch")
SPEED = 100.0


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[process.Emulator]:
    home = tmp_path_factory.mktemp("region-switch")
    yield process.start(home)
    process.stop(home)


@pytest.fixture(scope="module")
def site(emulator: process.Emulator) -> Planned:
    """Everything is made before it lives."""
    site = Planned(clients(emulator), "site")
    assert all((site.groups, site.functions, site.clusters))
    return site


@pytest.fixture
def living(site: Planned, emulator: process.Emulator) -> Iterator[process.Emulator]:
    assert site.groups
    emulator.live(SPEED)
    yield emulator
    emulator.report(cut=[])
    emulator.rest()


class World:
    """What the live plane would report: servers that run, promotions, and what functions answer in turn."""

    def __init__(self, emulator: process.Emulator, site: Planned, answers: list[dict[str, Any]] | None = None) -> None:
        self.emulator, self.site, self.answers = emulator, site, answers or []
        self.boots = True
        self.invoked: list[dict[str, Any]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "World":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            with contextlib.suppress(process.EmulatorError):
                self._step()
            time.sleep(0.05)

    def _step(self) -> None:
        pending = [each for each in self.site.group()["Instances"] if each["LifecycleState"] == "Pending"]
        if self.boots and pending:
            found = [{"region": ACTIVATED, "id": each["InstanceId"], "state": "running"} for each in pending]
            self.emulator.report(instances=found)
        for wish in self.emulator.ask("GET", "wishes"):
            became: dict[str, Any] = {}
            if wish["service"] == "lambda":
                if not self.answers:
                    continue
                self.invoked.append(wish)
                became = self.answers.pop(0)
            self.emulator.report(promoted=[{"wish": wish["number"], **became}])


def until(what: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "not reached"
        time.sleep(0.05)


GOOD, BAD = {"ok": True, "payload": '"done"'}, {"ok": False, "payload": '{"errorMessage": "no"}'}


def test_a_function_that_fails_is_invoked_again_after_the_interval(living: process.Emulator, site: Planned) -> None:
    with World(living, site, [BAD, GOOD]) as world:
        execution = site.start(site.plan(site.invocation()))
        assert site.state(execution) == "inProgress"
        until(lambda: site.state(execution) == "completed")
    events = site.arc.list_plan_execution_events(**execution, name="function")["items"]
    started, failed, answered, _ = events
    assert (answered["timestamp"] - started["timestamp"]).total_seconds() >= 60
    assert (failed["error"], answered["description"]) == ('{"errorMessage": "no"}', 'the function answered "done"')
    assert {each["region"] for each in world.invoked} == {ACTIVATED}
    assert execution["executionId"] in world.invoked[0]["details"]["payload"]


def test_a_function_that_fails_until_the_time_is_up_pauses_the_execution(
    living: process.Emulator, site: Planned
) -> None:
    with World(living, site, [BAD] * 9) as world:
        execution = site.start(site.plan(site.invocation()))
        until(lambda: site.state(execution) == "pausedByFailedStep")
    assert 2 <= len(world.invoked) <= 3  # each minute of three, where this machine keeps up


def test_a_cut_off_region_stops_a_switchover_and_no_failover(living: process.Emulator, site: Planned) -> None:
    arn = site.plan(parallel("prepare", site.capacity(timeoutMinutes=60), site.database()))
    with World(living, site) as world:
        world.boots = False
        time.sleep(0.5)  # a look at the groups while both Regions answer
        living.report(cut=[LEFT])
        execution = site.start(arn, "graceful")
        until(lambda: site.steps(execution)["database"] == "failed")
        until(lambda: len(site.group()["Instances"]) == 3)
        assert site.errors(execution)[0] == f"NoAnswer: rds in {LEFT} does not answer"
        assert site.steps(execution)["capacity"] == "running"  # servers that don't serve yet
        world.boots = True
        until(lambda: site.state(execution) == "pausedByFailedStep")
        site.arc.update_plan_execution(**execution, action="switchToUngraceful")
        until(lambda: site.state(execution) == "completed")
    assert site.writer == site.clusters[1]
    assert site.steps(execution) == dict.fromkeys(("prepare", "capacity", "database"), "completed")


def test_an_execution_pauses_after_its_step_and_goes_on(living: process.Emulator, site: Planned) -> None:
    with World(living, site) as world:
        execution = site.start(site.plan(site.invocation("first"), site.invocation("second")))
        until(lambda: site.steps(execution)["first"] == "running")
        site.arc.update_plan_execution(**execution, action="pause")
        world.answers.append(GOOD)
        until(lambda: site.state(execution) == "pausedByOperator")
        assert site.steps(execution)["second"] == "notStarted"
        site.arc.update_plan_execution(**execution, action="resume")
        until(lambda: site.steps(execution)["second"] == "running")
        site.arc.cancel_plan_execution(**execution)
    assert (site.state(execution), site.steps(execution)["second"]) == ("canceled", "canceled")
