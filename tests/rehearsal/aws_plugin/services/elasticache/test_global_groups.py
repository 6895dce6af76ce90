"""What the real provider asks ElastiCache for, for a global datastore: one setting a call."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.provider.comparison import between
from rehearsal.aws_plugin.provider.refusals import of_entry
from tests.conftest import REGION
from tests.rehearsal.aws_plugin.asked import calls, of_creation, of_update

TOKEN = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
WORLD = {"globalReplicationGroupIdSuffix": "web", "primaryReplicationGroupId": "web"}
SET = {
    **WORLD,
    "cacheNodeType": "cache.m7g.large",
    "engine": "redis",
    "engineVersion": "7.1",
    "automaticFailoverEnabled": True,
}
CHANGE = {"call": "ModifyGlobalReplicationGroup", "GlobalReplicationGroupId": "it", "ApplyImmediately": True}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"cacheNodeType": "cache.m7g.large"}, []),  # the primary's
        ({"cacheNodeType": "cache.r7g.large"}, [{"CacheNodeType": "cache.r7g.large"}]),
        ({"engineVersion": "7.1"}, []),
        (
            {"engineVersion": "8.0", "parameterGroupName": "p"},
            [{"Engine": "redis", "EngineVersion": "8.0", "CacheParameterGroupName": "p"}],
        ),
    ],
)
def test_a_new_datastore_is_told_what_is_not_as_its_primary_brings_it(
    given: dict[str, Any], sent: list[dict[str, Any]]
) -> None:
    primary = {"CacheNodeType": "cache.m7g.large", "Engine": "redis", "EngineVersion": "7.1"}
    created, *asked = of_creation(
        TOKEN, {**WORLD, **given}, {"CreateGlobalReplicationGroup": {"GlobalReplicationGroup": primary}}
    )
    assert created["call"] == "CreateGlobalReplicationGroup"
    assert asked == [{**CHANGE, **each} for each in sent]


def test_an_update_changes_one_setting_a_call() -> None:
    asked = of_update(
        TOKEN, SET, cacheNodeType="cache.r7g.large", engine="valkey", engineVersion="8.2", parameterGroupName="p"
    )
    assert asked == [
        {**CHANGE, "CacheNodeType": "cache.r7g.large"},
        {**CHANGE, "Engine": "valkey", "EngineVersion": "8.2", "CacheParameterGroupName": "p"},
    ]
    assert of_update(TOKEN, {**SET, "parameterGroupName": "p"}, engineVersion="7.2") == [
        {**CHANGE, "Engine": "redis", "EngineVersion": "7.2"}
    ]
    assert calls(of_update(TOKEN, SET, globalReplicationGroupDescription="d")) == ["ModifyGlobalReplicationGroup"]


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"engineVersion": "7.0"}, "engineVersion"),
        ({"parameterGroupName": "p"}, "parameterGroupName"),
        ({"parameterGroupName": "p", "engineVersion": "7.2"}, "parameterGroupName"),
    ],
)
def test_an_older_engine_and_a_group_without_a_newer_line_are_refused(changed: dict[str, Any], path: str) -> None:
    with pytest.raises(RefusedError, match=path):
        of_update(TOKEN, SET, **changed)


def test_a_group_without_a_version_is_refused_of_a_new_datastore() -> None:
    refusals = registry.type_of(TOKEN).refuse
    assert [each.path for each in of_entry(refusals, {**WORLD, "parameterGroupName": "p"})] == ["parameterGroupName"]
    assert of_entry(refusals, {**WORLD, "parameterGroupName": "p", "engineVersion": "8.0"}) == []


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ({"globalReplicationGroupDescription": " "}, {}, {}),
        ({"globalReplicationGroupDescription": "a"}, {}, {"globalReplicationGroupDescription": "DELETE"}),
        ({"engineVersion": "7.1"}, {"engineVersion": "7.x"}, {}),
        ({"engine": "valkey"}, {"engine": "redis"}, {"engine": "UPDATE_REPLACE"}),
    ],
)
def test_what_the_provider_takes_for_no_change_or_for_another_datastore(
    old: dict[str, Any], new: dict[str, Any], changed: dict[str, str]
) -> None:
    assert between(registry.type_of(TOKEN), WORLD | old, {}, WORLD | new, REGION, {}).inputs == changed
