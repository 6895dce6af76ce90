"""What the real provider asks RDS for, for a cluster: at its creation, in updates, when it is deleted."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.provider.comparison import between
from tests.conftest import REGION
from tests.rehearsal.aws_plugin.asked import of_creation, of_deletion, of_reading, of_update, refused

TOKEN = "aws:rds/cluster:Cluster"
CLUSTER: dict[str, Any] = {
    "clusterIdentifier": "db",
    "engine": "aurora-postgresql",
    "engineVersion": "17.7",
    "backupRetentionPeriod": 7,
    "performanceInsightsEnabled": True,
    "skipFinalSnapshot": True,
}
ACTUAL = {"engineVersionActual": "17.7", "arn": "arn:aws:rds:eu-west-1:123456789012:cluster:db"}
CHANGE = {"call": "ModifyDBCluster", "DBClusterIdentifier": "it"}


def test_a_member_of_a_global_cluster_gets_insights_in_a_second_call() -> None:
    alone = of_creation(TOKEN, CLUSTER)
    assert [(each["call"], each.get("EnablePerformanceInsights")) for each in alone] == [("CreateDBCluster", True)]
    created, changed = of_creation(TOKEN, {**CLUSTER, "globalClusterIdentifier": "world"})
    assert "EnablePerformanceInsights" not in created
    assert changed == {**CHANGE, "ApplyImmediately": True, "EnablePerformanceInsights": True}


@pytest.mark.parametrize(
    "source",
    [{"snapshotIdentifier": "s"}, {"restoreToPointInTime": {"sourceClusterIdentifier": "a"}}],
)
def test_a_restored_cluster_gets_afterwards_what_a_restore_takes_not(source: dict[str, Any]) -> None:
    scaling = {"minCapacity": 1, "maxCapacity": 2}
    given = {**CLUSTER, **source, "masterPasswordWo": "p", "serverlessv2ScalingConfiguration": scaling}
    restored, changed = of_creation(TOKEN, given)
    assert {"BackupRetentionPeriod", "EnablePerformanceInsights", "ServerlessV2ScalingConfiguration"} & set(
        restored
    ) == set()
    assert changed == {
        **CHANGE,
        "ApplyImmediately": True,
        "BackupRetentionPeriod": 7,
        "MasterUserPassword": "p",
        "ServerlessV2ScalingConfiguration": {"MinCapacity": 1, "MaxCapacity": 2},
    }


@pytest.mark.parametrize(
    ("old", "state", "changed", "sent"),
    [
        ({}, {}, {"engineVersion": "17.9"}, {"EngineVersion": "17.9"}),
        # an upgrade that waits for its window is sent again
        ({}, {"engineVersionActual": "17.5"}, {"port": 1}, {"Port": 1, "EngineVersion": "17.7"}),
        ({"allowMajorVersionUpgrade": True}, {}, {"port": 1}, {"Port": 1, "AllowMajorVersionUpgrade": True}),
        ({"masterPassword": "a"}, {}, {"port": 1}, {"Port": 1}),
        ({"masterPassword": "a"}, {}, {"masterPassword": "b"}, {"MasterUserPassword": "b"}),
        ({"masterPassword": "a"}, {}, {"masterPassword": None}, {}),
        (
            {},
            {},
            {"databaseInsightsMode": "advanced"},
            {"DatabaseInsightsMode": "advanced", "EnablePerformanceInsights": True},
        ),
        ({"domain": "d"}, {}, {"domainIamRoleName": "r"}, {"Domain": "d", "DomainIAMRoleName": "r"}),
        ({}, {}, {"enableLocalWriteForwarding": True}, {"EnableLocalWriteForwarding": True}),
    ],
)
def test_an_update_sends_what_changed_and_what_goes_with_it(
    old: dict[str, Any], state: dict[str, Any], changed: dict[str, Any], sent: dict[str, Any]
) -> None:
    assert of_update(TOKEN, CLUSTER | old, state=ACTUAL | state, **changed) == [{**CHANGE, **sent}]


def test_a_replica_is_promoted_and_a_member_leaves_although_it_has_left() -> None:
    old = {**CLUSTER, "replicationSourceIdentifier": "arn:a"}
    assert [each["call"] for each in of_update(TOKEN, old, state=ACTUAL, replicationSourceIdentifier=None)] == [
        "PromoteReadReplicaDBCluster"
    ]
    old = {**CLUSTER, "globalClusterIdentifier": "world"}
    gone = {"RemoveFromGlobalCluster": refused("InvalidParameterValue", "db is not found in global cluster world")}
    [left] = of_update(TOKEN, old, gone, state=ACTUAL, globalClusterIdentifier=None)
    assert left["call"] == "RemoveFromGlobalCluster"
    with pytest.raises(RefusedError, match="can't be added"):
        of_update(TOKEN, old, state=ACTUAL, globalClusterIdentifier="another")


def test_a_deletion_takes_it_out_of_the_global_cluster_before_anything_is_refused() -> None:
    given = {**CLUSTER, "globalClusterIdentifier": "world"}
    asked = of_deletion(TOKEN, given, **ACTUAL)
    assert [each["call"] for each in asked] == ["RemoveFromGlobalCluster", "DeleteDBCluster"]
    answers = {"DeleteDBCluster": AssertionError("was asked")}
    with pytest.raises(RuntimeError, match="finalSnapshotIdentifier"):
        of_deletion(TOKEN, {**given, "skipFinalSnapshot": False}, answers, **ACTUAL)


def test_a_protection_that_the_program_did_not_ask_for_is_turned_off() -> None:
    answers = {"DeleteDBCluster": [refused("InvalidParameterCombination", "please disable deletion protection"), {}]}
    asked = of_deletion(TOKEN, {**CLUSTER, "applyImmediately": True}, answers, **ACTUAL)
    assert [each["call"] for each in asked] == ["DeleteDBCluster", "ModifyDBCluster", "DeleteDBCluster"]
    assert asked[1]["DeletionProtection"] is False
    for given in ({"applyImmediately": True, "deletionProtection": True}, {"applyImmediately": False}):
        answers = {"DeleteDBCluster": [refused("InvalidParameterCombination", "disable deletion protection"), {}]}
        with pytest.raises(CallError):
            of_deletion(TOKEN, {**CLUSTER, **given}, answers, **ACTUAL)


@pytest.mark.parametrize(
    ("given", "described", "read"),
    [
        ("17.7", {"EngineVersion": "17.7"}, "17.7"),
        ("17", {"EngineVersion": "17.9"}, "17"),  # the line is as given
        ("17.7", {"EngineVersion": "17.9"}, "17.9"),
        ("17.9", {"EngineVersion": "17.7", "PendingModifiedValues": {"EngineVersion": "17.9"}}, "17.9"),
    ],
)
def test_the_version_is_as_given_while_aws_has_it_or_will(given: str, described: dict[str, Any], read: str) -> None:
    answers = {"DescribeDBClusters": {"DBClusters": [described]}}
    found = of_reading(TOKEN, {**CLUSTER, "engineVersion": given}, answers) or {}
    assert (found["engineVersion"], found["engineVersionActual"]) == (read, described["EngineVersion"])


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ({"snapshotIdentifier": "a"}, {}, {}),
        ({"snapshotIdentifier": "a"}, {"snapshotIdentifier": "b"}, {"snapshotIdentifier": "UPDATE_REPLACE"}),
        ({"serverlessv2ScalingConfiguration": {"minCapacity": 1, "maxCapacity": 2}}, {}, {}),
        ({"storageType": "a"}, {"storageType": "b"}, {"storageType": "UPDATE"}),
        (
            {"engine": "postgres", "storageType": "a"},
            {"engine": "postgres", "storageType": "b"},
            {"storageType": "UPDATE_REPLACE"},
        ),
    ],
)
def test_what_the_provider_takes_for_no_change_or_for_another_cluster(
    old: dict[str, Any], new: dict[str, Any], changed: dict[str, str]
) -> None:
    assert between(registry.type_of(TOKEN), CLUSTER | old, {}, CLUSTER | new, REGION, {}).inputs == changed
