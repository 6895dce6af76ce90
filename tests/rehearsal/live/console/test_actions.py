from collections.abc import Mapping
from typing import Any

import pytest

from rehearsal.drill.plane import FAULTS as OF_THE_DRILL
from rehearsal.live.console.actions import ACTIONS, FAULTS, problems

KILL = {"do": "fault", "what": "kill-server", "region": "eu-west-1", "instance": "i-0a12"}


@pytest.mark.parametrize(
    "request_",
    [
        KILL,
        {"do": "fault", "what": "slow-zone", "region": "eu-west-1", "zone": "eu-west-1a", "seconds": 0.3},
        {"do": "heal"},
        {"do": "load", "rate": 0},
        {"do": "pace", "speed": 5},
        {"do": "release", "what": "bad", "region": "eu-west-1"},
    ],
)
def test_what_the_page_asks_for_passes(request_: Mapping[str, Any]) -> None:
    assert problems(request_) == []


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ([], "a request is an object"),
        ({}, "do: None is none of fault, heal"),
        ({"do": ["fault"]}, "do: ['fault'] is none of"),
        ({"do": "credentials", "role": "r", "service": "s"}, "do: 'credentials' is none of"),
        ({"do": "fault", "what": "burn-server"}, "what: 'burn-server' is none of kill-server"),
        ({"do": "fault", "what": "kill-server", "region": "eu-west-1"}, "instance: is missing"),
        (KILL | {"force": True}, "force: is unknown"),
        (KILL | {"instance": "../../etc"}, "instance: '../../etc' is no name"),
        (KILL | {"instance": 7}, "instance: 7 is no name"),
        ({"do": "load", "rate": -1}, "rate: -1 must be from 0 to 5000"),
        ({"do": "load", "rate": float("nan")}, "rate: nan is no number"),
        ({"do": "load", "rate": True}, "rate: True is no number"),
        ({"do": "load", "rate": "many"}, "rate: 'many' is no number"),
    ],
)
def test_anything_else_is_refused_with_the_reason(request_: object, said: str) -> None:
    assert problems(request_)[0].startswith(said)


def test_all_problems_are_told_at_once() -> None:
    assert problems({"do": "fault", "what": "cut-zone", "zone": "", "hard": 1}) == [
        "region: is missing",
        "hard: is unknown",
        "zone: '' is no name",
    ]


def test_every_fault_of_the_drill_has_a_button_of_the_same_name() -> None:
    assert {fault.what for fault in OF_THE_DRILL} <= FAULTS.keys()


def test_the_page_asks_for_nothing_that_gives_keys_away_or_starts_processes() -> None:
    assert ACTIONS.keys() == {"heal", "release", "load", "pace"}
    assert problems({"do": "load", "action": "start", "arguments": ["--help"], "rate": 1}) == [
        "action: is unknown",
        "arguments: is unknown",
    ]
