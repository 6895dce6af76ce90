import re

import pytest

from rehearsal.drill.plane import BREAKS, FAULTS, SHOWN_BY
from rehearsal.drill.scenarios.catalogue import BY_NAME, SCENARIOS, UnknownScenarioError, chosen
from rehearsal.home import CHECKOUT


def names(*asked: str) -> list[str]:
    return [each.name for each in chosen(list(asked))]


def test_without_a_name_all_are_run_the_control_first() -> None:
    assert names() == list(BY_NAME)
    assert names()[0] == "control"


def test_a_name_brings_the_control_and_a_beginning_all_that_begin_so() -> None:
    assert names("zone") == ["control", "zone"]
    assert names("server") == ["control", "server-killed", "server-frozen", "server-leaking"]
    assert names("ttl-ignored") == ["control", "region", "ttl-ignored"]


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownScenarioError, match="no scenario zoo"):
        chosen(["zoo"])


def test_names_are_unique_and_what_follows_exists() -> None:
    assert len(BY_NAME) == len(SCENARIOS)
    for each in SCENARIOS:
        assert each.promises
        assert not each.then or each.then in BY_NAME
        assert not each.shares or each.shares in BY_NAME


def test_every_fault_that_the_plane_offers_is_used_by_a_scenario() -> None:
    code = "".join(path.read_text() for path in (CHECKOUT / "rehearsal/drill/scenarios").glob("*.py"))
    quoted = set(re.findall(r'"([a-z-]+)"', code))
    assert {each.what for each in FAULTS} - quoted == {"end-process"}


def test_every_mistake_has_scenarios_that_show_its_damage() -> None:
    assert set(SHOWN_BY) == set(BREAKS)
    assert {name for shown in SHOWN_BY.values() for name in shown} <= set(BY_NAME)
