"""What several nodes' checks say together, and which nodes DNS has."""

import pytest

from rehearsal.live.balancers.health import NodeState, Probe, View, healthy_in, lacking, merged, published

HEALTHY: View = ("healthy", "", "")
TIMEOUT: View = ("unhealthy", "Target.Timeout", "Request timed out")
NEW: View = ("initial", "Elb.InitialHealthChecking", "")


@pytest.mark.parametrize(
    ("views", "together"),
    [
        ([HEALTHY, HEALTHY, TIMEOUT], HEALTHY),
        ([TIMEOUT, TIMEOUT, HEALTHY], TIMEOUT),
        ([TIMEOUT, HEALTHY], TIMEOUT),
        ([NEW, HEALTHY], HEALTHY),
        ([NEW, NEW, HEALTHY], NEW),
        ([], None),
    ],
)
def test_what_most_nodes_say_holds(views: list[View], together: View | None) -> None:
    assert merged(views) == together


def test_a_group_without_servers_is_well_only_where_none_is_wanted() -> None:
    assert lacking(["healthy", "unhealthy", "initial"], wanted=False) == "2 of 3 targets not healthy"
    assert lacking([], wanted=True) == "0 of 0 targets not healthy"
    assert lacking([], wanted=False) == lacking(["healthy"], wanted=True) == ""


def node(number: int, *, reachable: bool = True, enough: bool = True, away: bool = False) -> NodeState:
    return NodeState(f"zone {number}", f"203.0.113.{number}", reachable, enough, away)


@pytest.mark.parametrize(
    ("nodes", "answer"),
    [
        ([node(1), node(2)], (["203.0.113.1", "203.0.113.2"], True)),
        ([node(1, enough=False), node(2)], (["203.0.113.2"], True)),
        ([node(1), node(2, reachable=False)], (["203.0.113.1"], True)),
        ([node(1, away=True), node(2)], (["203.0.113.2"], True)),
        ([node(1, away=True), node(2, enough=False)], (["203.0.113.1", "203.0.113.2"], False)),
        ([node(1, enough=False), node(2, reachable=False)], (["203.0.113.1", "203.0.113.2"], False)),
        ([], ([], False)),
    ],
)
def test_a_node_that_can_not_serve_leaves_dns_unless_none_can(
    nodes: list[NodeState], answer: tuple[list[str], bool]
) -> None:
    assert published(nodes) == answer


def test_targets_are_counted_by_zone_or_all() -> None:
    states, zones = {"a": "healthy", "b": "unhealthy", "c": "healthy"}, {"a": "1", "b": "1", "c": "2"}
    assert healthy_in(states, zones, "1") == (1, 2)
    assert healthy_in(states, zones, None) == (2, 3)


def test_a_node_is_given_up_after_three_failures_and_back_after_one_answer() -> None:
    probe = Probe()
    assert [probe.heard(False) for _ in range(4)] == [False, False, True, False]
    assert not probe.reachable
    assert probe.heard(True)
    assert probe.reachable
