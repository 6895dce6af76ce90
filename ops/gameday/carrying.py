"""Carries an experiment out: asks the site, starts it, asks until all is answered again, ends what takes too long."""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ha_web.failover.runtime.apply import Clock
from ha_web.recovery.durations import format_duration

from ops.core.errors import OpsError
from ops.core.operate import Do, Operator
from ops.core.plan import Step
from ops.gameday.document import MISSED, document
from ops.gameday.measuring import Asker, failed, is_calm, recovered
from ops.gameday.planning import CALM, CONTROL, START, STOP, WATCH, WRITE, Expected

ENDED = ("completed", "stopped", "failed", "cancelled")
"""States of an experiment that has ended.
https://docs.aws.amazon.com/fis/latest/APIReference/API_ExperimentState.html"""

EVERY = 5.0
"""Seconds between two looks at the experiment."""

Write = Callable[[dict[str, Any]], str]
"""Keeps a document; returns where."""


@dataclass
class Carrying:
    """An experiment under way."""

    me: Operator
    scenario: str
    wanted: Expected
    breaks: str
    write: Write
    asker: Asker
    experiment: str = ""
    """Its id; of one that runs already from the beginning."""
    clock: Clock = field(default_factory=Clock)
    began: float = field(default_factory=time.time)
    fault_at: float = 0.0
    void: str = ""
    marks: list[dict[str, Any]] = field(default_factory=list)

    def do(self) -> dict[str, Do]:
        """Return what carries each kind of step out."""
        return {CONTROL: self._control, START: self._start, WATCH: self._watch, WRITE: self._write}

    @property
    def _fis(self) -> Any:
        return self.me.account.client("fis", self.me.stack.game_day["region"])

    def _mark(self, kind: str, text: str) -> None:
        self.marks.append({"at": self.clock.epoch(), "kind": kind, "text": text})

    def _control(self, _step: Step) -> str:
        self.clock.sleep(CALM)
        bad = failed(self.asker.done)
        if bad or not self.asker.done:
            reason = bad[0].problem if bad else "no request ended"
            raise OpsError(
                f"{len(bad)} of {len(self.asker.done)} requests failed before anything was broken ({reason})"
            )
        return f"{len(self.asker.done)} requests, none failed"

    def _start(self, _step: Step) -> str:
        template = self.me.stack.game_day["templates"][self.scenario]
        made = self._fis.start_experiment(
            clientToken=str(uuid.uuid4()), experimentTemplateId=template, tags={"ha-web:who": self.me.who[:256]}
        )["experiment"]
        self.experiment, self.fault_at = made["id"], self.clock.epoch()
        self._mark("fault", f"{self.scenario}: experiment {self.experiment}")
        return self.experiment

    def _watch(self, _step: Step) -> str:
        """Ask until the experiment has ended and all is answered again, or it takes far longer than is promised."""
        self.fault_at = self.fault_at or self.clock.epoch()
        until, state = self.fault_at + self.wanted.limit, ""
        while True:
            state = self._state(state)
            now = self.clock.epoch()
            calm = is_calm(self.asker.done, now, CALM)
            if state in ENDED and calm and now > self.fault_at + CALM:
                break
            if now > until and not calm:
                self._end(state)
                break
            bad = len(failed(self.asker.done))
            self.me.terminal.show(f"experiment {state}, {len(self.asker.done)} requests, {bad} failed")
            self.clock.sleep(EVERY)
        if state == "failed":
            self.void = "the experiment failed: the service's console says why"
        took = recovered(self.asker.done, self.fault_at)
        return f"all were served again after {format_duration(round(took))}" if took else "no request failed"

    def _state(self, before: str) -> str:
        found = self._fis.get_experiment(id=self.experiment)["experiment"]["state"]
        if found["status"] != before:
            self._mark("experiment", f"{found['status']}: {found.get('reason', '')}")
        return str(found["status"])

    def _end(self, state: str) -> None:
        self._mark("step", "users were not served again in time: the experiment is ended")
        if state not in ENDED:
            self._fis.stop_experiment(id=self.experiment)

    def _write(self, _step: Step) -> str:
        found = document(
            self.me.stack,
            self.scenario,
            [*self.asker.done],
            self.wanted,
            breaks=self.breaks,
            began=self.began,
            fault_at=self.fault_at,
            ended=self.clock.epoch(),
            every=self.asker.every,
            void=self.void,
            marks=self.marks,
        )
        where = self.write(found)
        if found["verdict"] == MISSED or self.void:
            raise OpsError(f"{found['verdict']}: {found['why'] or 'what is promised was not kept'}; {where}")
        return f"{found['verdict']}; {where}"


def ending(me: Operator) -> Mapping[str, Do]:
    """Return what ends experiments."""
    fis = me.account.client("fis", me.stack.game_day["region"])

    def stop(step: Step) -> str:
        fis.stop_experiment(id=step.about["id"])
        return "what it changed is being put back"

    return {STOP: stop}
