"""The scenarios of a lost region: what is waited for before anything is broken."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from rehearsal.drill.scenarios import regions


class FakeStage:
    """A stage whose function is busy with an older run for so many looks."""

    primary, standby = "eu-west-1", "eu-central-1"
    outputs = {
        "failover_function": "failover",
        "failover_switch": "switch",
        "clusters": {"standby": {"region": "eu-central-1"}},
    }
    computed = SimpleNamespace(seconds=lambda *_: 281.0)

    def __init__(self, looks: int) -> None:
        self.looks = looks
        self.did: list[str] = []
        self.course = SimpleNamespace(facts={})
        self.plane = self.cloud = self
        self.noted = 0
        """Looks until the function has seen the primary healthy."""

    async def do(self, what: str, **_: Any) -> dict[str, Any]:
        self.did.append(what)
        self.looks -= 1
        functions = [{"name": "other", "running": True}, {"name": "failover", "running": self.looks > 0}]
        return {"describe": {"parts": {"functions": {"functions": functions}}}}

    async def ask(self, _service: str, region: str, operation: str, **given: Any) -> dict[str, Any]:
        assert (region, operation, given["Prefix"]) == ("eu-central-1", "list_objects_v2", "primary-seen")
        self.did.append("look")
        self.noted -= 1
        return {} if self.noted > 0 else {"Contents": [{"Key": "primary-seen"}]}

    async def fault(self, what: str, **_: Any) -> None:
        self.did.append(what)

    async def wait(self, _: float) -> None:
        return

    async def watch(self, *_: float) -> None:
        return

    def step(self, _: str) -> None:
        return

    async def until(self, what: Any, most: float) -> float | None:
        for second in range(int(most)):
            if await what():
                return float(second)
        return None

    async def must(self, text: str, what: Any, most: float) -> None:
        if await self.until(what, most) is None:
            raise RuntimeError(text)

    async def events(self, *_: Any) -> list[dict[str, Any]]:
        return [{"at": 1.0, "text": "ALARM: failover fails"}]


def test_the_region_is_not_cut_while_an_older_run_of_the_function_watches() -> None:
    stage = FakeStage(looks=3)
    asyncio.run(regions.dead_function(stage))  # type: ignore[arg-type]
    assert stage.did == ["break-function", "describe", "describe", "describe", "cut-region", "heal"]


def test_a_run_that_does_not_end_is_said() -> None:
    with pytest.raises(RuntimeError, match="a run of the function from before still goes on"):
        asyncio.run(regions.dead_function(FakeStage(looks=10_000)))  # type: ignore[arg-type]


def test_the_region_is_not_cut_before_the_function_has_seen_it_healthy() -> None:
    stage = FakeStage(looks=0)
    stage.noted = 2
    asyncio.run(regions.automatic(stage))  # type: ignore[arg-type]
    assert stage.did == ["look", "look", "cut-region"]
