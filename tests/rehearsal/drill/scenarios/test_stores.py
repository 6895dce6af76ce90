"""What is run on a stack depends on where its sessions are."""

from typing import Any

import pytest

from rehearsal.drill.scenarios.catalogue import BY_NAME
from rehearsal.drill.scenarios.scenario import durable


def outputs(endpoint: str) -> dict[str, Any]:
    return {"clusters": {"primary": {"session_endpoint": endpoint}}}


MEMORYDB = outputs("clustercfg.primary-cluster.abc123.memorydb.eu-west-1.amazonaws.com")
ELASTICACHE = outputs("master.primary.abc123.euw1.cache.amazonaws.com")


def test_a_stores_name_says_whether_sessions_are_durable() -> None:
    assert durable(MEMORYDB)
    assert not durable(ELASTICACHE)


@pytest.mark.parametrize("name", ["session-primary-killed", "session-primary-frozen", "session-store-full", "zone"])
def test_failures_of_a_store_are_run_on_both_kinds(name: str) -> None:
    assert BY_NAME[name].needs(MEMORYDB) == BY_NAME[name].needs(ELASTICACHE) == ""


def test_lag_inside_a_region_is_not_made_where_it_loses_nothing() -> None:
    scenario = BY_NAME["session-primary-killed-lagging"]
    assert scenario.needs(ELASTICACHE) == ""
    assert "MemoryDB" in scenario.needs(MEMORYDB)
