"""Faults: what is chosen, what is refused, what is noted."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from rehearsal.live.control import Control
from rehearsal.live.events import Events
from rehearsal.live.faults import FaultError, chosen


@pytest.mark.parametrize(("pick", "expected"), [(0, "a"), (0.34, "b"), (0.99, "c"), (1, "c")])
def test_a_number_chooses_the_same_of_the_same(pick: float, expected: str) -> None:
    assert chosen(["c", "a", "b"], pick, "server") == expected


def test_nothing_can_be_chosen_of_nothing() -> None:
    with pytest.raises(FaultError, match="there is no server in eu-west-1"):
        chosen([], 0, "server in eu-west-1")


class FakeServers:
    """The part that control needs for these tests."""

    name = "servers"
    MISTAKES = ("plain-sigterm",)

    def __init__(self) -> None:
        self.lost: list[str] = []
        self.mistakes: set[str] = set()

    def serving(self, region: str) -> list[str]:
        return ["i-2", "i-1"] if region == "eu-west-1" else []

    async def lose(self, instance: str) -> None:
        self.lost.append(instance)

    def settled(self) -> list[str]:
        return ["i-1 boots"] if self.lost else []


@pytest.fixture
def lab(tmp_path: Path) -> Any:
    servers = FakeServers()
    fabric = SimpleNamespace(cuts=[], slowed={})
    return SimpleNamespace(
        folder=tmp_path,
        events=Events(tmp_path / "events.jsonl"),
        parts={"servers": servers},
        part=lambda name: {"servers": servers}[name],
        fabric=fabric,
        again=lambda: None,
    )


def ask(lab: Any, **request: Any) -> dict[str, Any]:
    return asyncio.run(Control(cast(Any, lab)).do(request))


def test_a_fault_is_done_answered_and_noted(lab: Any) -> None:
    answer = ask(lab, do="fault", what="kill-server", region="eu-west-1", pick=0.9)
    assert (answer["ok"], answer["target"]) == (True, "i-2")
    assert lab.part("servers").lost == ["i-2"]
    [event] = lab.events.since(0)
    assert (event["kind"], event["text"], event["subject"]) == ("fault", "kill server: i-2", "i-2")
    assert ask(lab, do="settled") == {"ok": True, "settled": False, "why": ["servers: i-1 boots"]}


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"do": "fault", "what": "kill-server", "region": "mars"}, "there is no server in mars"),
        ({"do": "fault", "what": "flood"}, "flood: no such fault; there are break-function"),
        ({"do": "fault", "what": "kill-server"}, "region"),
        ({"do": "nothing"}, "no such call"),
        ({}, "no such call"),
        ({"do": "pace", "speed": 0}, "speed=0: not above 0"),
        ({"do": "break", "what": "luck"}, "luck: no such mistake"),
    ],
)
def test_what_can_not_be_done_is_refused_with_a_reason(lab: Any, request_: dict[str, Any], said: str) -> None:
    answer = ask(lab, **request_)
    assert answer["ok"] is False
    assert said in answer["error"]


def test_a_mistake_is_made_in_the_part_that_knows_it(lab: Any) -> None:
    assert ask(lab, do="break", what="plain-sigterm")["ok"]
    assert lab.part("servers").mistakes == {"plain-sigterm"}
    ask(lab, do="break", what="plain-sigterm", on=False)
    assert lab.part("servers").mistakes == set()


def test_what_is_no_json_is_refused(lab: Any) -> None:
    assert asyncio.run(Control(cast(Any, lab)).answer(b"nonsense"))["ok"] is False
