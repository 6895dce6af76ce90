"""What the real provider asks MemoryDB for, for clusters and multi-Region clusters."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin.calls.model import RefusedError
from tests.rehearsal.aws_plugin.asked import calls, of_creation, of_deletion, of_update

CLUSTER = "aws:memorydb/cluster:Cluster"
WORLD = "aws:memorydb/multiRegionCluster:MultiRegionCluster"
STORE = {"name": "web", "aclName": "web", "nodeType": "db.r7g.large", "securityGroupIds": ["sg-1"]}
JOINED: dict[str, Any] = {
    "multiRegionClusterNameSuffix": "web",
    "nodeType": "db.r7g.xlarge",
    "description": "d",
    "engineVersion": "7.3",
    "updateStrategy": "coordinated",
}


def test_the_last_security_group_stays() -> None:
    assert of_update(CLUSTER, STORE, securityGroupIds=["sg-2"])[0]["SecurityGroupIds"] == ["sg-2"]
    nothing: tuple[Any, ...] = ([], None)
    for none in nothing:
        with pytest.raises(RefusedError, match="securityGroupIds"):
            of_update(CLUSTER, STORE, securityGroupIds=none)


def test_what_joins_regions_changes_call_by_call_each_with_the_strategy() -> None:
    change = {
        "call": "UpdateMultiRegionCluster",
        "MultiRegionClusterName": "it",
        "UpdateStrategy": "coordinated",
    }
    assert of_update(WORLD, JOINED, description="e", numShards=2, multiRegionParameterGroupName="p") == [
        {**change, "Description": "e", "EngineVersion": "7.3"},
        {**change, "ShardConfiguration": {"ShardCount": 2}},
        {**change, "MultiRegionParameterGroupName": "p"},
    ]
    assert of_update(WORLD, JOINED, engine="redis") == []
    assert "UpdateStrategy" not in of_creation(WORLD, JOINED)[0]


def test_what_joined_regions_is_deleted_once_its_last_cluster_is_dealt_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    states = [{"MultiRegionClusters": [{"Status": status}]} for status in ("updating", "available")]
    asked = of_deletion(WORLD, JOINED, {"DescribeMultiRegionClusters": states})
    assert calls(asked) == ["DescribeMultiRegionClusters"] * 2 + ["DeleteMultiRegionCluster"]
