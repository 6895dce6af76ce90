"""Real PostgreSQLs in two Regions under writes: what was acknowledged is never lost inside a Region."""

from typing import Any

from rehearsal.live.databases.cluster import FAILOVER, REPLACEMENT
from rehearsal.live.databases.system import PROMOTION
from tests.rehearsal.live.data import inside
from tests.rehearsal.live.databases.scenes import PACE

LATE = 5 * PACE
"""Seconds at AWS that this machine may need more, busy as it may be."""


def scene(name: str) -> Any:
    return inside.run("tests.rehearsal.live.databases.scenes", name)


def test_orders_are_in_both_regions_and_one_takes_writes() -> None:
    found = scene("quiet")
    assert found["count"] > 20
    assert found["kept"] == [True, True]
    assert found["clusters"] == [["eu-central-1", "secondary", False], ["eu-west-1", "primary", True]]
    assert "eu-central-1.cluster.rds.amazonaws.com" not in found["names"]  # a secondary has no writer to lead to
    assert found["names"]["all.global.rds.amazonaws.com"] == found["names"]["eu-west-1.cluster.rds.amazonaws.com"]
    assert found["settled"] == []


def test_a_lost_writer_loses_nothing_that_was_acknowledged_and_comes_back_as_a_reader() -> None:
    found = scene("lost")
    assert FAILOVER <= found["took"] <= FAILOVER + LATE
    assert found["count"] > 50
    assert (found["lost"], found["there"]) == (0, 0)
    assert found["replaced"] >= REPLACEMENT - FAILOVER - 6 * PACE  # the writing went on for so long
    assert ["primary", "eu-west-1", "eu-west-1-2"] in found["reports"]
    assert found["reports"][-1] == ["nodes", {"eu-west-1-1": "available"}]


def test_a_lost_reader_holds_commits_up_for_a_moment_only() -> None:
    found = scene("reader")
    assert found["gap"] < 3
    assert found["count"] > 100


def test_a_writer_whose_zone_is_cut_acknowledges_nothing_that_is_lost() -> None:
    found = scene("cut")
    assert found["lost"] == 0
    assert "eu-west-1-1 was the writer once; it gets a copy and reads" in found["events"]


def test_the_other_region_takes_writes_when_asked_and_the_former_primary_follows_on_its_return() -> None:
    found = scene("region")
    assert PROMOTION <= found["took"] <= PROMOTION + LATE
    assert min(found["counts"]) > 20
    assert found["lost"] == [0, 0]  # nothing was written while the replication lagged
    assert found["roles"] == ["primary", "secondary"]
    assert found["reports"][0] == ["promoted", 1, {"writer": "eu-central-1-1"}]
    assert found["names"] == ["eu-central-1.cluster.rds.amazonaws.com"]


def test_a_switchover_loses_nothing_although_the_regions_replicate_asynchronously() -> None:
    found = scene("switchover")
    assert found["count"] > 50
    assert (found["lost"], found["roles"]) == (0, ["primary", "secondary"])


def test_a_failover_that_is_asked_for_moves_the_writer_and_loses_nothing() -> None:
    found = scene("asked")
    assert found["moved"]
    assert found["count"] > 50
    assert found["lost"] == 0
