"""An experiment is started, watched and ended, with the service and the clock made up."""

from typing import Any

import pytest
from ha_web.failover.runtime.apply import Clock

from ops.core.errors import DONE, NOT_DONE
from ops.core.operate import carry_out
from ops.gameday.carrying import Carrying
from ops.gameday.measuring import Asked, Asker
from ops.gameday.planning import Facts, expected, planned
from tests.components.standby import Standby
from tests.ops.failover.fakes import operator
from tests.ops.gameday.told import with_experiments


class Service:
    """FIS, whose experiment runs for so many seconds by the clock of the test."""

    def __init__(self, lasts: float, ends: str = "completed") -> None:
        self.lasts, self.ends, self.calls = lasts, ends, []  # type: ignore[var-annotated]  # names of calls
        self.now = 0.0
        self.began: float | None = None

    def start_experiment(self, **params: Any) -> Any:
        self.calls.append(params["experimentTemplateId"])
        self.began = self.now
        return {"experiment": {"id": "EXP1"}}

    def get_experiment(self, **_: Any) -> Any:
        over = self.now > (self.began or 0.0) + self.lasts
        return {"experiment": {"state": {"status": self.ends if over else "running", "reason": "so it is"}}}

    def stop_experiment(self, **params: Any) -> None:
        self.calls.append(f"stop {params['id']}")


class Site:
    """Answers, but for some seconds after the experiment has begun."""

    def __init__(self, service: Service, fails_for: float) -> None:
        self.service, self.fails_for = service, fails_for
        self.asker = Asker("http://site.example/", 1.0)
        self.epoch = 0.0

    def second(self) -> None:
        began = self.service.began
        bad = began is not None and self.service.now < began + self.fails_for
        self.asker.done.append(Asked(self.epoch + self.service.now, 0.1, "timeout" if bad else ""))
        self.service.now += 1


def run(monkeypatch: pytest.MonkeyPatch, service: Service, fails_for: float, **facts: Any) -> tuple[int, Any]:
    """Carry the experiment of a zone out; the exit code, and the document."""
    site, written = Site(service, fails_for), []

    def sleep(seconds: float) -> None:
        for _ in range(int(seconds)):
            site.second()

    me = operator(Standby(), of=with_experiments(records={}))
    monkeypatch.setattr(me.account, "client", lambda *_, **__: service)

    def write(found: dict[str, Any]) -> str:
        written.append(found)
        return "kept"

    known = Facts("A zone.", facts.get("running", {}))
    carrying = Carrying(
        *(me, "zone", expected(me.stack, "zone"), "A zone.", write, site.asker),
        experiment=known.running.get("zone", ""),
        clock=Clock(lambda: -1.0, sleep, lambda: service.now),  # a clock that is not that of requests
        began=0.0,
    )
    code = carry_out(me, planned("zone", me.stack, known), carrying.do())
    return code, written[0] if written else None


def test_it_is_watched_until_it_has_ended_and_all_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(lasts=600)
    code, found = run(monkeypatch, service, fails_for=30)
    assert (code, found["verdict"], service.calls) == (DONE, "met", ["EXT1"])
    assert 29 <= found["results"][0]["rows"][0]["measured"] <= 31
    assert found["took"] > 600
    assert [mark["kind"] for mark in found["results"][0]["marks"]] == ["fault", "experiment", "experiment"]


def test_one_that_takes_too_long_is_ended_and_said_to_have_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(lasts=3_600)
    code, found = run(monkeypatch, service, fails_for=3_600)
    assert (code, found["verdict"], service.calls) == (NOT_DONE, "missed", ["EXT1", "stop EXP1"])
    assert found["took"] < 2 * 120 + 60 + 60


def test_nothing_is_broken_while_requests_fail_anyway(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(lasts=10)
    service.began = 0.0  # somebody else breaks something
    code, found = run(monkeypatch, service, fails_for=100)
    assert (code, found, service.calls) == (NOT_DONE, None, [])


def test_an_experiment_that_fails_is_void(monkeypatch: pytest.MonkeyPatch) -> None:
    code, found = run(monkeypatch, Service(lasts=5, ends="failed"), fails_for=0)
    assert (code, found["verdict"]) == (NOT_DONE, "void")


def test_one_that_runs_is_watched_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(lasts=60)
    code, found = run(monkeypatch, service, fails_for=0, running={"zone": "EXP0"})
    assert (code, found["verdict"], service.calls) == (DONE, "met", [])
