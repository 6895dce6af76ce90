"""What the real provider asks ElastiCache for, for a replication group, and what it takes for no change."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.provider.comparison import between
from rehearsal.aws_plugin.provider.refusals import of_entry
from tests.conftest import REGION
from tests.rehearsal.aws_plugin.asked import calls, of_creation, of_deletion, of_reading, of_update, refused

TOKEN = "aws:elasticache/replicationGroup:ReplicationGroup"
GROUP: dict[str, Any] = {
    "replicationGroupId": "web",
    "description": "d",
    "engine": "valkey",
    "engineVersion": "8.2",
    "nodeType": "cache.m7g.large",
    "automaticFailoverEnabled": True,
    "numCacheClusters": 3,
}
MEMBER = {"replicationGroupId": "web", "description": "d", "globalReplicationGroupId": "gxeiz-web"}
CHANGE = {"call": "ModifyReplicationGroup", "ReplicationGroupId": "it"}


def test_a_members_failover_is_the_datastores() -> None:
    assert of_creation(TOKEN, GROUP)[0]["AutomaticFailoverEnabled"] is True
    [asked] = of_creation(TOKEN, {**MEMBER, "automaticFailoverEnabled": True, "multiAzEnabled": True})
    assert (asked["MultiAZEnabled"], asked.get("AutomaticFailoverEnabled")) == (True, None)


@pytest.mark.parametrize(
    ("state", "changed"),
    [({}, {"automaticFailoverEnabled": "UPDATE"}), ({"globalReplicationGroupId": "gxeiz-web"}, {})],
)
def test_of_a_member_the_datastores_settings_are_no_change(state: dict[str, str], changed: dict[str, str]) -> None:
    new = {**GROUP, "automaticFailoverEnabled": False}
    found = between(registry.type_of(TOKEN), GROUP, state, new, REGION, {})
    assert found.inputs == changed
    older = between(registry.type_of(TOKEN), GROUP, state, {**GROUP, "engineVersion": "7.2"}, REGION, {})
    assert older.replaces == ([] if state else ["engineVersion"])


@pytest.mark.parametrize(
    ("args", "argument"),
    [
        ({"authTokenUpdateStrategy": "DELETE", "authToken": "x"}, "authToken"),
        ({"authTokenUpdateStrategy": "ROTATE"}, "authTokenUpdateStrategy"),
    ],
)
def test_a_strategy_for_a_token_goes_with_a_token_or_takes_it_away(args: dict[str, Any], argument: str) -> None:
    assert [each.path for each in of_entry(registry.type_of(TOKEN).refuse, {**GROUP, **args})] == [argument]


def test_the_first_backups_are_of_the_primary() -> None:
    nodes = [{"CacheClusterId": f"web-00{n}", "CurrentRole": role} for n, role in ((1, "replica"), (2, "primary"))]
    described = {"DescribeReplicationGroups": {"ReplicationGroups": [{"NodeGroups": [{"NodeGroupMembers": nodes}]}]}}
    _, asked = of_update(TOKEN, GROUP, described, snapshotRetentionLimit=7)
    assert asked == {**CHANGE, "SnapshotRetentionLimit": 7, "SnapshottingClusterId": "web-002"}
    assert of_update(TOKEN, {**GROUP, "snapshotRetentionLimit": 1}, snapshotRetentionLimit=7) == [
        {**CHANGE, "SnapshotRetentionLimit": 7}
    ]
    shards = {"DescribeReplicationGroups": {"ReplicationGroups": [{"ClusterEnabled": True}]}}
    assert "SnapshottingClusterId" not in of_update(TOKEN, GROUP, shards, snapshotRetentionLimit=7)[1]


def test_valkey_comes_with_a_version() -> None:
    old = {**GROUP, "engine": "redis", "engineVersion": "7.1"}
    with pytest.raises(RefusedError, match="engineVersion"):
        of_update(TOKEN, old, engine="valkey")
    assert of_update(TOKEN, old, engine="valkey", engineVersion="8.2") == [
        {**CHANGE, "Engine": "valkey", "EngineVersion": "8.2"}
    ]


def test_a_token_changes_with_its_strategy_and_goes_when_users_come() -> None:
    old = {**GROUP, "authToken": "a" * 16, "authTokenUpdateStrategy": "SET"}
    [asked] = of_update(TOKEN, old, authTokenUpdateStrategy="ROTATE")
    assert (asked["AuthToken"], asked["AuthTokenUpdateStrategy"], asked["ApplyImmediately"]) == (
        "a" * 16,
        "ROTATE",
        True,
    )
    gone: dict[str, Any] = {"authToken": None, "authTokenUpdateStrategy": "DELETE", "userGroupIds": ["users"]}
    assert of_update(TOKEN, old, **gone) == [
        {**CHANGE, "UserGroupIdsToAdd": ["users"], "AuthTokenUpdateStrategy": "DELETE"}
    ]


def test_a_member_leaves_before_it_is_deleted_and_its_parameters_go_after_it() -> None:
    state = {"parameterGroupName": "global-datastore-web"}
    deleted = ["DeleteReplicationGroup"]
    member = ["DisassociateGlobalReplicationGroup", *deleted, "DeleteCacheParameterGroup"]
    assert calls(of_deletion(TOKEN, GROUP, **state)) == deleted
    assert calls(of_deletion(TOKEN, MEMBER, **state)) == member
    gone = {"DeleteCacheParameterGroup": refused("CacheParameterGroupNotFound")}
    assert calls(of_deletion(TOKEN, MEMBER, gone, **state)) == member


def test_what_waits_for_its_window_is_read_as_what_it_will_be() -> None:
    answers = {
        "DescribeReplicationGroups": {
            "ReplicationGroups": [
                {
                    "MemberClusters": ["web-001"],
                    "NodeGroups": [{"NodeGroupMembers": []}],
                    "AutomaticFailover": "disabled",
                    "PendingModifiedValues": {"AutomaticFailoverStatus": "enabled"},
                }
            ]
        },
        "DescribeCacheClusters": {
            "CacheClusters": [
                {"CacheNodeType": "cache.m7g.large", "PendingModifiedValues": {"CacheNodeType": "cache.r7g.large"}}
            ]
        },
    }
    found = of_reading(TOKEN, GROUP, answers) or {}
    assert (found["automaticFailoverEnabled"], found["nodeType"]) == (True, "cache.r7g.large")
