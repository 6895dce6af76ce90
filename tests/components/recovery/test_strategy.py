"""AWS's four strategies: what each means, and what keeps it from working."""

from typing import Any

import pytest
from ha_web.recovery.strategy import (
    STANDS,
    Routing,
    Strategy,
    default_load,
    has_cluster,
    needs_promotion,
    routing,
    standby_maximum,
    standby_minimum,
    strategy_notes,
    strategy_problems,
)


def problems(strategy: Strategy | None, **changes: Any) -> list[str]:
    usual: dict[str, Any] = {
        "standby": strategy is not None,
        "durable": True,
        "promotes": False,
        "minimum": 3,
        "maximum": 9,
        "load": 2,
    }
    return strategy_problems(strategy, **{**usual, **changes})


@pytest.mark.parametrize(
    ("strategy", "cluster", "minimum", "maximum", "route"),
    [
        (None, False, 0, 0, Routing.SIMPLE),
        (Strategy.BACKUP_RESTORE, False, 0, 0, Routing.SIMPLE),
        (Strategy.PILOT_LIGHT, True, 0, 12, Routing.FAILOVER),
        (Strategy.WARM_STANDBY, True, 3, 12, Routing.FAILOVER),
        (Strategy.ACTIVE_ACTIVE, True, 6, 12, Routing.LATENCY),
    ],
)
def test_each_strategy_stands_for_this(
    strategy: Strategy | None, cluster: bool, minimum: int, maximum: int, route: Routing
) -> None:
    assert has_cluster(strategy) is cluster
    assert standby_minimum(strategy, minimum=6, zones=3) == minimum
    assert standby_maximum(strategy, 12) == maximum
    assert routing(strategy) is route
    assert STANDS[strategy]


@pytest.mark.parametrize(
    ("minimum", "zones", "servers", "expected"), [(6, 3, None, 3), (6, 2, None, 2), (2, 3, None, 2), (6, 3, 4, 4)]
)
def test_a_warm_standby_has_one_server_a_zone_unless_told_otherwise(
    minimum: int, zones: int, servers: int | None, expected: int
) -> None:
    assert standby_minimum(Strategy.WARM_STANDBY, minimum, zones, servers) == expected


@pytest.mark.parametrize(("minimum", "zones", "load"), [(3, 3, 2), (2, 2, 1), (6, 3, 4), (1, 1, 1)])
def test_the_load_is_what_a_lost_zone_leaves_of_the_minimum(minimum: int, zones: int, load: int) -> None:
    assert default_load(minimum, zones) == load


@pytest.mark.parametrize(
    ("strategy", "durable", "database", "storage", "promotes"),
    [
        (None, False, True, True, False),
        (Strategy.BACKUP_RESTORE, False, True, True, False),
        (Strategy.PILOT_LIGHT, False, False, False, True),
        (Strategy.WARM_STANDBY, True, False, False, False),
        (Strategy.WARM_STANDBY, True, True, False, True),
        (Strategy.WARM_STANDBY, True, False, True, True),
        (Strategy.ACTIVE_ACTIVE, True, False, False, False),
        (Strategy.ACTIVE_ACTIVE, True, True, False, True),
    ],
)
def test_what_one_region_writes_has_to_be_promoted(
    strategy: Strategy | None, durable: bool, database: bool, storage: bool, promotes: bool
) -> None:
    assert needs_promotion(strategy, durable=durable, database=database, storage=storage) is promotes


@pytest.mark.parametrize("strategy", [None, *Strategy])
def test_a_strategy_with_all_it_needs_has_no_problem(strategy: Strategy | None) -> None:
    assert problems(strategy) == []


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            problems(Strategy.BACKUP_RESTORE, standby=False),
            "standby is missing; backup-restore needs a second region for the copies of its backups",
        ),
        (
            problems(Strategy.PILOT_LIGHT, standby=False),
            "standby is missing; pilot-light needs a second region",
        ),
        (
            problems(None, standby=True),
            "strategy is missing; a standby is one of backup-restore, pilot-light, warm-standby, active-active",
        ),
        (
            problems(Strategy.ACTIVE_ACTIVE, durable=False),
            "sessions.durable is false; active-active writes sessions in both regions, and an ElastiCache global "
            "datastore in one only",
        ),
        (
            problems(Strategy.ACTIVE_ACTIVE, minimum=2, load=3),
            "servers.minimum is 2; in active-active each region must carry the load of 3 servers at once",
        ),
        (
            problems(Strategy.WARM_STANDBY, maximum=4, load=5),
            "servers.maximum is 4; one region must carry the load of 5 servers alone",
        ),
        (
            problems(Strategy.WARM_STANDBY, standby_servers=1),
            "standby.servers is 1; surviving a zone needs at least 2",
        ),
        (
            problems(Strategy.PILOT_LIGHT, standby_servers=2),
            "standby.servers is 2; a pilot light has no servers until it is needed; use warm-standby, or leave it out",
        ),
        (
            problems(Strategy.BACKUP_RESTORE, standby_servers=2),
            "standby.servers is 2; backup-restore has no servers until it is needed; use warm-standby, or leave it out",
        ),
        (
            problems(Strategy.ACTIVE_ACTIVE, standby_servers=2),
            "standby.servers is 2; in active-active both regions have servers.minimum; leave it out",
        ),
        (
            problems(Strategy.WARM_STANDBY, automatic_failback=True, promotes=True),
            "failback is automatic; a person must first promote the primary's data again, or all writes since the "
            "failover are lost; it can be automatic where nothing is promoted",
        ),
    ],
)
def test_what_keeps_a_strategy_from_working_is_said_in_one_line(found: list[str], text: str) -> None:
    assert found == [text]


def test_just_enough_servers_are_enough() -> None:
    assert problems(Strategy.ACTIVE_ACTIVE, minimum=3, maximum=3, load=3) == []
    assert problems(Strategy.WARM_STANDBY, standby_servers=2) == []


def test_failback_may_be_automatic_where_nothing_is_promoted() -> None:
    assert problems(Strategy.WARM_STANDBY, automatic_failback=True, promotes=False) == []


def test_all_problems_of_a_strategy_come_at_once() -> None:
    assert len(problems(Strategy.ACTIVE_ACTIVE, standby=False, durable=False, minimum=1, maximum=1, load=3)) == 4


def test_active_active_says_what_is_written_in_one_region_only() -> None:
    assert strategy_notes(Strategy.ACTIVE_ACTIVE, database=True, storage=True) == [
        "the database takes writes in the primary region only; the other reads, until it is promoted",
        "the file system is read-only in the second region until its replication is deleted",
    ]
    assert strategy_notes(Strategy.WARM_STANDBY, database=True, storage=True) == []
    assert strategy_notes(Strategy.ACTIVE_ACTIVE, database=False, storage=False) == []
