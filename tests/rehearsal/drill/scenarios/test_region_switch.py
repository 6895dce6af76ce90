"""The scenario of Region switch: a plan of Region switch that a drill starts and follows."""

import asyncio
from random import Random
from types import SimpleNamespace
from typing import Any

from rehearsal.drill.course import Course
from rehearsal.drill.scenarios import region_switch, regions
from rehearsal.drill.stage import Stage
from rehearsal.drill.verdicts import Computed, Verdict
from tests.rehearsal.drill.simulated import outputs


class Account:
    """An account whose plan's execution goes through these states."""

    def __init__(self, *states: str) -> None:
        self.states = [*states]

    async def ask(self, service: str, region: str, operation: str, **given: str) -> dict[str, Any]:
        assert (service, region, operation) == ("arc-region-switch", "eu-central-1", "get_plan_execution")
        assert given == {"planArn": "p", "executionId": "e"}
        return {"executionState": self.states.pop(0)}


def followed(*states: str) -> Course:
    """The course after an execution was followed."""
    nobody: Any = None
    account: Any = Account(*states)
    course = Course(0.0)
    stage = Stage(nobody, nobody, account, outputs(), Random(1), 100.0, course)
    asyncio.run(region_switch.follow(stage, "p", "e"))
    return course


def test_a_plan_that_goes_no_further_is_not_done() -> None:
    assert "plan done" not in followed("inProgress", "pausedByFailedStep").facts


def test_a_plan_that_is_done_is_noted_with_its_time() -> None:
    done = followed("inProgress", "completed").facts["plan done"]
    assert done is not None
    assert done > 0


def test_what_a_person_started_takes_all_but_noticing_and_deciding() -> None:
    made = outputs()
    times = {"operator.decides": 1800, "region-switch.steps": 60, "servers.boot": 180, "alias.ttl": 60}
    terms = [{"name": name, "seconds": seconds, "text": name} for name, seconds in times.items()]
    made["recovery"]["region"]["recovery"]["terms"] = terms
    measured: Any = SimpleNamespace(service=SimpleNamespace(recovered=301.0))
    row = regions.by_hand(measured, Computed.of(made))
    assert (row.computed, row.verdict) == (300, Verdict.MISSED)
