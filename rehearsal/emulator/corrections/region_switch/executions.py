"""Executions of plans as data: their steps, their events, and how they are described."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any

from rehearsal.emulator.corrections.region_switch import SERVICE, missing, now
from rehearsal.emulator.corrections.region_switch.checks import BLOCKS
from rehearsal.emulator.corrections.region_switch.timer import Timer
from rehearsal.emulator.living import changes
from rehearsal.emulator.resets import on_reset

ENDED = frozenset({"completed", "completedWithExceptions", "canceled", "failed", "planExecutionTimedOut"})
"""States of an execution that is over: https://docs.aws.amazon.com/arc-region-switch/latest/api/API_AbbreviatedExecution.html"""

DONE = frozenset({"completed", "skipped"})
"""States of a step after which the next one begins."""


@dataclass
class Step:
    """A step of an execution."""

    name: str
    kind: str
    configuration: dict[str, Any]
    inner: list[Step] = field(default_factory=list)
    """Those that a parallel step carries out at once."""
    status: str = "notStarted"
    mode: str = ""
    wanted_mode: str = ""
    """What somebody said for this step alone."""
    skip: bool = False
    """Whether somebody wants it skipped."""
    approval: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    work: asyncio.Future[Any] | None = None
    """What it does now."""

    @classmethod
    def of(cls, given: dict[str, Any]) -> Step:
        """Return the step that a plan describes."""
        configuration = given["executionBlockConfiguration"][BLOCKS[given["executionBlockType"]]]
        inner = [cls.of(each) for each in configuration.get("steps", [])]
        return cls(given["name"], given["executionBlockType"], configuration, inner)

    def describe(self) -> dict[str, Any]:
        """As in `stepStates` of GetPlanExecution."""
        times = {"startTime": self.started, "endTime": self.ended, "stepMode": self.mode or None}
        known = {key: value for key, value in times.items() if value is not None}
        return {"name": self.name, "status": self.status, **known}


@dataclass
class Execution:
    """An execution of a plan; `plan` is the plan as it was then."""

    plan: dict[str, Any]
    target: str
    """The Region that the action is about."""
    activating: str
    deactivating: str
    action: str
    mode: str
    comment: str
    token: str
    steps: list[Step]
    identity: str
    state: str = "pending"
    pausing: bool = False
    """Whether somebody wants it to pause after the step that is carried out now."""
    excepted: bool = False
    """Whether somebody had a step skipped."""
    started: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    ended: datetime | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    timer: Timer = field(default_factory=Timer)
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    """Whether it waits for a person."""
    task: asyncio.Task[None] | None = None
    key: str = ""
    """An access key of the plan's role."""

    @property
    def arn(self) -> str:
        """The plan's."""
        return str(self.plan["arn"])

    def all_steps(self) -> Iterator[Step]:
        """Yield all steps, those within parallel ones after them."""
        for step in self.steps:
            yield step
            yield from step.inner

    def step(self, name: str) -> Step:
        """Return a step; ResourceNotFoundException if there is none."""
        for step in self.all_steps():
            if step.name == name:
                return step
        raise missing(f"step {name} of execution {self.identity}")

    def become(self, state: str) -> None:
        """Change the state."""
        self.state, self.updated = state, now()
        self.ended = self.updated if state in ENDED else None

    def tell(self, kind: str, description: str = "", step: Step | None = None, error: str = "", *on: str) -> None:
        """Note an event; `on` are ARNs of resources that it is about."""
        identity = str(len(self.events) + 1)
        event: dict[str, Any] = {"eventId": identity, "timestamp": now(), "type": kind}
        if self.events:
            event["previousEventId"] = self.events[-1]["eventId"]
        if step is not None:
            event |= {"stepName": step.name, "executionBlockType": step.kind}
        given = {"description": description, "error": error, "resources": [*on]}
        self.events.append({**event, **{key: value for key, value in given.items() if value}})
        self.updated = event["timestamp"]
        changes.note(SERVICE)

    def summary(self) -> dict[str, Any]:
        """As in ListPlanExecutions."""
        known: dict[str, Any] = {"comment": self.comment or None, "endTime": self.ended}
        if self.ended is not None and self.state.startswith("completed"):
            known["actualRecoveryTime"] = f"PT{max(0, round((self.ended - self.started).total_seconds()))}S"
        return {
            "planArn": self.arn,
            "executionId": self.identity,
            "version": self.plan["version"],
            "updatedAt": self.updated,
            "startTime": self.started,
            "mode": self.mode,
            "executionState": self.state,
            "executionAction": self.action,
            "executionRegion": self.target,
            **{key: value for key, value in known.items() if value is not None},
        }


EXECUTIONS: dict[str, Execution] = {}
"""By identifier."""


@on_reset
def forget() -> None:
    """Forget all executions, and end those that are under way."""
    for execution in EXECUTIONS.values():
        if execution.task is not None:
            execution.task.cancel()
    EXECUTIONS.clear()


def new_identity(region: str) -> str:
    """Return an identifier: `eu-central-1/0123456789abcdef`, by the pattern that the API has for one."""
    return f"{region}/{token_hex(8)}"


def execution_of(arn: str, identity: str) -> Execution:
    """Return an execution of a plan; ResourceNotFoundException if there is none."""
    found = EXECUTIONS.get(identity)
    if found is None or found.arn != arn:
        raise missing(f"execution {identity} of {arn}")
    return found


def active(arn: str) -> Execution | None:
    """Return the execution of a plan that isn't over."""
    return next((each for each in EXECUTIONS.values() if each.arn == arn and each.state not in ENDED), None)
