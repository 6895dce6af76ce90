"""What the real provider asks RDS for, for a global cluster."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin.calls.context import CallError
from tests.rehearsal.aws_plugin.asked import of_creation, of_update, refused

TOKEN = "aws:rds/globalCluster:GlobalCluster"
WORLD = {"globalClusterIdentifier": "world", "engineVersion": "17.7", "deletionProtection": True}
MEMBERS = {
    "globalClusterMembers": [
        {"dbClusterArn": "arn:aws:rds:eu-west-1:123456789012:cluster:db", "isWriter": True},
        {"dbClusterArn": "arn:aws:rds:eu-central-1:123456789012:cluster:standby", "isWriter": False},
    ]
}
KEPT = {"call": "ModifyGlobalCluster", "GlobalClusterIdentifier": "it", "DeletionProtection": True}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {"Engine": "aurora"}),
        ({"engine": "aurora-postgresql", "engineVersion": "17.7"}, {"Engine": "aurora-postgresql"}),
        ({"engine": "aurora-postgresql", "engineVersion": "17.7", "sourceDbClusterIdentifier": "arn:db"}, {}),
    ],
)
def test_engine_and_version_are_the_sources_where_there_is_one(given: dict[str, Any], sent: dict[str, Any]) -> None:
    [asked] = of_creation(TOKEN, {"globalClusterIdentifier": "world", **given})
    assert {name: asked[name] for name in ("Engine",) if name in asked} == sent
    assert ("EngineVersion" in asked) == ("engineVersion" in given and "sourceDbClusterIdentifier" not in given)


def test_a_major_version_is_changed_at_the_global_cluster() -> None:
    major = {"AllowMajorVersionUpgrade": True, "EngineVersion": "18.1", "GlobalClusterIdentifier": "it"}
    assert of_update(TOKEN, WORLD, state=MEMBERS, engineVersion="18.1") == [
        {"call": "ModifyGlobalCluster", **major},
        KEPT,
    ]


def test_a_minor_version_is_changed_member_by_member() -> None:
    message = "ModifyGlobalCluster doesn't support minor version upgrades for Aurora global databases."
    answers = {"ModifyGlobalCluster": [refused("InvalidParameterValue", message), {}]}
    _, *members, last = of_update(TOKEN, WORLD, answers, state=MEMBERS, engineVersion="17.9")
    change = {"call": "ModifyDBCluster", "ApplyImmediately": True, "EngineVersion": "17.9"}
    assert members == [
        {**change, "DBClusterIdentifier": "db"},
        {**change, "DBClusterIdentifier": "standby", "in": "eu-central-1"},
    ]
    assert last == KEPT
    with pytest.raises(CallError):
        of_update(TOKEN, WORLD, {"ModifyGlobalCluster": refused("Other")}, state=MEMBERS, engineVersion="17.9")


def test_any_change_sends_the_protection() -> None:
    assert of_update(TOKEN, WORLD, forceDestroy=True) == [KEPT]
    assert of_update(TOKEN, WORLD, deletionProtection=None) == [{**KEPT, "DeletionProtection": False}]
