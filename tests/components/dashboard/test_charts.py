"""The charts of a region."""

from typing import Any

import pytest
from ha_web.dashboard.charts import Objectives, Place, charts_of, failover_function, health_checks
from ha_web.dashboard.widgets import Chart

NONE = Objectives()


def place(**args: Any) -> Place:
    given: dict[str, Any] = {"role": "primary", "region": "eu-west-1", "balancer": "app/web/1"}
    return Place(**{**given, "target_group": "targetgroup/web/2", "zones": ["eu-west-1a", "eu-west-1b"], **args})


def names(chart: Chart) -> set[str]:
    return {line.metric.name for line in chart.lines}


ALL: dict[str, Any] = {
    "group": "web",
    "minimum": 3,
    "nodes": ["s-001", "s-002"],
    "instances": ["db-1"],
    "session_lag": True,
    "database_lag": True,
    "vault": "vault",
}


def test_all_that_a_region_has_is_shown_and_no_more() -> None:
    alone = {"traffic", "errors", "latency", "hosts"}
    assert set(charts_of(place(), NONE)) == alone
    assert set(charts_of(place(**ALL), NONE)) == {
        *alone,
        *("servers", "session-load", "session-lag", "database-load", "database-lag"),
        *("session-region-lag", "database-region-lag", "backups", "backup-failures"),
    }


def test_a_network_load_balancer_counts_connections_and_knows_no_errors_of_users() -> None:
    shown = charts_of(place(kind="network", balancer="net/web/1"), NONE)
    assert set(shown) == {"traffic", "hosts"}
    assert {line.metric.namespace for line in shown["traffic"].lines} == {"AWS/NetworkELB"}


def test_a_release_shows_in_servers_that_start_and_end() -> None:
    servers = charts_of(place(**ALL), NONE)["servers"]
    assert {"GroupPendingInstances", "GroupTerminatingInstances"} <= names(servers)
    assert [mark.value for mark in servers.marks] == [3]


@pytest.mark.parametrize(
    ("chart", "failure", "seconds", "value"),
    [
        ("session-lag", "zone", 5, 5),
        ("session-region-lag", "region", 60, 60),
        ("database-region-lag", "region", 60, 60_000),
    ],
)
def test_declared_data_loss_is_a_line_in_the_charts_unit(
    chart: str, failure: str, seconds: float, value: float
) -> None:
    shown = charts_of(place(**ALL), Objectives({failure: seconds}))[chart]
    assert value in {mark.value for mark in shown.marks if mark.label.startswith("objective")}
    without = charts_of(place(**ALL), NONE)[chart]
    assert not [mark for mark in without.marks if mark.label.startswith("objective")]


def test_thresholds_that_are_given_are_the_lines() -> None:
    shown = charts_of(place(**ALL, thresholds={"latency_seconds": 0.2}), NONE)
    assert [mark.value for mark in shown["latency"].marks] == [0.2]


def test_memorydb_nodes_are_told_by_cluster_and_node() -> None:
    lines = charts_of(place(**ALL, cluster="sessions"), NONE)["session-load"].lines
    assert {line.metric.namespace for line in lines} == {"AWS/MemoryDB"}
    assert all(line.metric.dimensions["ClusterName"] == "sessions" for line in lines)


def test_health_checks_are_asked_where_route_53_has_their_metrics() -> None:
    shown = health_checks({"primary": "check-1"})
    assert (shown.region, names(shown)) == ("us-east-1", {"HealthCheckStatus"})


def test_the_function_is_shown_with_what_fails_of_it() -> None:
    shown = failover_function("failover", "eu-central-1")
    assert (shown.region, names(shown)) == ("eu-central-1", {"Invocations", "Errors", "Throttles"})
