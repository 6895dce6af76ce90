"""What executions of plans do is on the timeline, each event once."""

import asyncio
from types import SimpleNamespace
from typing import Any

from rehearsal.live.plans import Plans

ARN = "arn:aws:arc-region-switch::123456789012:plan/site-plan:0123ab"
EVENTS = [
    {"type": "executionStarted"},
    {"type": "stepStarted", "stepName": "prepare"},
    {"type": "stepFailed", "stepName": "prepare", "error": "no answer"},
    {"type": "executionSucceeded"},
]


class Account:
    """An account with a plan in two Regions, one execution, and so many events of it."""

    def __init__(self) -> None:
        self.events = 0
        self.asked = 0

    async def ask_all(self, _service: str, _region: str, operation: str, _key: str, **_: str) -> list[dict[str, Any]]:
        if operation == "list_plans_in_region":
            return [{"arn": ARN, "name": "site-plan"}]
        if operation == "list_plan_executions":
            over = {"endTime": 1} if self.events == len(EVENTS) else {}
            return [{"executionId": "e", "executionRegion": "eu-central-1", **over}] if self.events else []
        self.asked += 1
        return EVENTS[: self.events]


class World:
    """A live plane with nothing but that account."""

    def __init__(self) -> None:
        self.account = Account()
        self.noted: list[tuple[str, str, str]] = []
        regions = [SimpleNamespace(name=name) for name in ("eu-west-1", "eu-central-1")]
        lab: Any = SimpleNamespace(account=self.account, events=self, outline=SimpleNamespace(regions=regions))
        self.plans = Plans(lab)

    def note(self, kind: str, text: str, **fields: str) -> None:
        self.noted.append((kind, text, fields["level"]))

    def look(self, events: int) -> None:
        self.account.events = events
        asyncio.run(self.plans.reconcile())


def test_each_event_of_a_plan_is_told_once() -> None:
    world = World()
    for events in (0, 2, 3, 4, 4):
        world.look(events)
    assert world.noted == [
        ("plan", "site-plan: execution started", "none"),
        ("plan", "site-plan: step started prepare", "none"),
        ("plan", "site-plan: step failed prepare no answer", "bad"),
        ("plan", "site-plan: execution succeeded", "good"),
    ]
    assert world.account.asked == 3, "of what is over nothing more is asked"


def test_what_happened_before_is_not_told() -> None:
    world = World()
    world.look(3)
    world.look(4)
    assert [text for _, text, _ in world.noted] == ["site-plan: execution succeeded"]


def test_what_is_simulated_is_said_where_there_is_a_plan() -> None:
    world = World()
    assert "simulated" not in world.plans.describe()
    world.look(0)
    assert "assumed" in world.plans.describe()["simulated"]
