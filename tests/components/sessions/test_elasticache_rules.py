import pytest
from ha_web.sessions.elasticache_rules import node_id, store_problems

NIGHT, SUNDAY = "03:00-04:00", "sun:04:30-sun:05:30"


def problems(nodes: int = 2, days: int = 7, node_type: str | None = "cache.t4g.small") -> list[str]:
    return store_problems(nodes, days, NIGHT, SUNDAY, node_type)


@pytest.mark.parametrize("nodes", [2, 3, 6])
def test_two_to_six_nodes_are_fine(nodes: int) -> None:
    assert problems(nodes=nodes) == []


@pytest.mark.parametrize(
    ("problem", "found"),
    [
        (problems(nodes=1), "nodes is 1; surviving a zone needs at least 2"),
        (problems(nodes=0), "nodes is 0; surviving a zone needs at least 2"),
        (problems(nodes=7), "nodes is 7; a replication group has at most 6"),
        (problems(days=0), "snapshot_retention_days is 0; snapshots are kept 1 to 35 days"),
        (problems(days=36), "snapshot_retention_days is 36; snapshots are kept 1 to 35 days"),
        (problems(node_type="t4g.small"), 'node_type is "t4g.small"; ElastiCache\'s node types start with "cache."'),
    ],
)
def test_each_impossible_store_is_named_with_its_value_and_the_reason(problem: list[str], found: str) -> None:
    assert problem == [found]


def test_all_problems_are_told_at_once() -> None:
    assert len(store_problems(1, 0, "night", "sunday", "t4g.small")) == 5


def test_nodes_are_counted_from_001() -> None:
    assert [node_id("sessions-1", number) for number in (1, 2)] == ["sessions-1-001", "sessions-1-002"]
