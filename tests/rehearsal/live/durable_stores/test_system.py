"""Real Valkeys: nothing that was acknowledged is lost with nodes, zones or all of them; two Regions that both write."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rehearsal.live.stores.shard import REPLACEMENT, SHORTEST_DETECTION
from tests.rehearsal.live.data import inside
from tests.rehearsal.live.durable_stores.scenes import PACE, SCENES

LATE = 4.0
"""Seconds here that this machine may need more, busy as it may be."""


@pytest.fixture(scope="module")
def scenes() -> dict[str, Any]:
    """What all scenes say: they are played at once, for each waits most of the time."""
    with ThreadPoolExecutor(len(SCENES)) as threads:
        said = threads.map(lambda name: inside.run("tests.rehearsal.live.durable_stores.scenes", name), SCENES)
        return dict(zip(SCENES, said, strict=True))


def test_what_only_the_log_has_is_there_after_the_primary_is_lost(scenes: dict[str, Any]) -> None:
    found = scenes["lost"]
    accepted, denied = found["said"]
    assert (accepted, found["counted"], found["during"]) == ("OK", [2, 3, 4, 5, 6], "TimeoutError")
    assert denied.startswith("NOPERM")  # the account's access string holds
    assert found["moved"] == "1"  # a replica sends clients to the primary by a name that TLS is good for
    assert found["after"] == 7
    assert SHORTEST_DETECTION <= found["took"] <= SHORTEST_DETECTION + LATE


def test_a_lost_node_comes_back_and_all_have_the_same(scenes: dict[str, Any]) -> None:
    found = scenes["lost"]
    assert found["replaced"] <= REPLACEMENT / PACE + LATE
    assert found["found"] == ["7", "7", "7"]
    assert found["reports"][:2] == [["nodes", {"one-0001-001": "lost"}], ["nodes", {"one-0001-001": "available"}]]


def test_when_all_nodes_are_lost_the_log_has_everything(scenes: dict[str, Any]) -> None:
    found = scenes["everything"]
    assert found["k"] == "1"
    assert any(text.endswith("replaced, from the log") for text in found["events"])


def test_an_isolated_primary_acknowledges_nothing_and_comes_back_as_a_replica(scenes: dict[str, Any]) -> None:
    found = scenes["cut"]
    assert found["isolated"] == "TimeoutError"
    assert found["ok"] == 2
    assert not isinstance(found["former"], int)  # it doesn't count on by itself
    assert (found["now"], found["k"]) == (3, ["3", "3", "3"])


def test_a_frozen_primary_a_failover_that_is_asked_for_a_new_node_and_other_rights(scenes: dict[str, Any]) -> None:
    found = scenes["asked"]
    assert SHORTEST_DETECTION <= found["took"] <= SHORTEST_DETECTION + LATE
    assert found["again"]
    assert found["found"] == "1"
    assert found["refused"].startswith("NOPERM")
    assert found["nodes"] == ["one-0001-001", "one-0001-002", "one-0001-003"]


def test_a_full_store_takes_writes_and_lets_others_go(scenes: dict[str, Any]) -> None:
    found = scenes["full"]
    assert found["said"] == "OK"
    assert found["used"] > 0.98
    assert found["left"] <= 2


def test_each_region_gets_what_the_other_changes_and_no_ttl(scenes: dict[str, Any]) -> None:
    found = scenes["together"]
    assert found["ttl"].startswith("NOPERM")
    first = found["first"]
    assert (first["s"], first["h"], first["l"], first["gone"]) == ("1", {"a": "1", "b": "1"}, ["x"], {"a": "1"})


def test_a_region_that_was_cut_off_catches_up_and_the_last_writer_wins(scenes: dict[str, Any]) -> None:
    found = scenes["together"]
    assert found["apart"] == ["early", "late", None]
    assert found["lag"] > 0.4
    last = found["last"]
    assert last["s"] == "late"
    assert last["h"] == {"a": "2", "b": "6"}  # field by field; of two counts of one field the later one stays
    assert (last["l"], last["gone"]) == (["x", "y"], {})
    assert last["only-here"] == {"a": "1"}  # what nobody else changed gets through, however late
    assert found["both"] == {"a": "20", "b": "20"}


def test_a_full_store_of_several_regions_refuses_writes_for_nothing_may_go(scenes: dict[str, Any]) -> None:
    assert scenes["together"]["refused"].startswith("OOM")
