"""Real Valkeys in two Regions: replication, failover, promotion, and what each of them loses."""

from typing import Any

from rehearsal.live.stores.shard import DETECTION, REPLACEMENT
from rehearsal.live.stores.system import PROMOTION
from tests.rehearsal.live.data import inside
from tests.rehearsal.live.stores.scenes import PACE

LATE = 4 * PACE
"""Seconds at AWS that this machine may need more, busy as it may be."""


def scene(name: str) -> Any:
    return inside.run("tests.rehearsal.live.stores.scenes", name)


def test_sessions_are_in_all_zones_and_in_the_other_region_which_takes_no_writes() -> None:
    found = scene("quiet")
    first, denied, *reads, refused = found["said"]
    assert (first, reads) == ("OK", ["1", "1"])
    assert denied.startswith("NOPERM")  # the account's access string holds
    assert refused.startswith("READONLY")
    assert found["settled"] == []
    assert [(s["id"], s["role"], s["writes"]) for s in found["describe"]["stores"]] == [
        ("two", "secondary", False),
        ("one", "primary", True),
    ]


def test_a_lost_primary_is_silent_then_a_replica_takes_over_and_a_new_node_comes() -> None:
    found = scene("lost")
    assert found["during"] == "TimeoutError"
    assert DETECTION <= found["took"] <= DETECTION + LATE
    assert found["after"] == [2, "1", "2"] or found["after"] == [2, "2", "2"]
    assert REPLACEMENT - LATE <= found["replaced"] <= REPLACEMENT + LATE
    assert found["old_has"] == ["2"]
    assert found["reports"] == [
        ["primary", "one", "one-002"],
        ["nodes", {"one-001": "lost"}],
        ["nodes", {"one-001": "available"}],
    ]


def test_a_primary_whose_zone_comes_back_is_a_replica_and_what_only_it_had_is_gone_and_told() -> None:
    found = scene("cut")
    assert found["fenced"].startswith("NOREPLICAS")  # a primary again for itself, but without replicas
    assert (found["ok"], found["both"]) == ("OK", ["1", None])
    assert "bytes of changes that only it had are gone" in found["events"][-1]


def test_the_other_region_is_promoted_when_asked_and_the_former_primary_follows_on_its_return() -> None:
    found = scene("region")
    kept, written, *of_the_former = found["said"]
    assert PROMOTION <= found["took"] <= PROMOTION + LATE
    assert (kept, written) == ("1", "OK")
    assert of_the_former[0] == "2"
    assert of_the_former[1].startswith("READONLY")
    assert found["roles"] == ["primary", "secondary"]
    assert found["reports"][0] == ["promoted", 1, {"primary": "two-001"}]


def test_with_lag_a_lost_primary_takes_the_last_writes_with_it() -> None:
    assert scene("behind") == {"early": None, "late": "1", "after": "1"}


def test_a_full_store_takes_writes_and_lets_others_go() -> None:
    found = scene("full")
    assert found["said"][1] == "OK"
    assert found["used"] > 0.98
    assert found["left"] <= 2


def test_a_frozen_primary_is_taken_out_whole() -> None:
    found = scene("frozen")
    assert DETECTION <= found["took"] <= DETECTION + LATE
    assert found["state"] == "lost"


def test_nodes_and_users_change_while_a_store_runs() -> None:
    found = scene("grown")
    assert found["found"] == "1"
    assert found["refused"].startswith("NOPERM")
    assert found["nodes"] == ["one-001", "one-002", "one-003"]
