"""Roles, zones and lags, from what AWS answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.status.readings.data import READINGS
from tests.ops.status.readings.answers import read

ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:db"


def group(role: str = "", **changes: Any) -> dict[str, Any]:
    member = {"GlobalReplicationGroupInfo": {"GlobalReplicationGroupId": "g", "GlobalReplicationGroupMemberRole": role}}
    nodes = [{"PreferredAvailabilityZone": f"eu-west-1{letter}"} for letter in "aab"]
    plain = {"Status": "available", "AutomaticFailover": "enabled", "NodeGroups": [{"NodeGroupMembers": nodes}]}
    return {"ReplicationGroups": [{**plain, **(member if role else {}), **changes}]}


def measured(value: float) -> dict[str, Any]:
    return {"MetricDataResults": [{"Id": "lag", "Values": [value, 99.0]}]}


@pytest.mark.parametrize(
    ("told", "role", "lag"), [("PRIMARY", "primary", None), ("SECONDARY", "secondary", 1.5), ("", "alone", None)]
)
def test_a_replication_group_has_its_role_and_only_a_secondary_a_lag(told: str, role: str, lag: float | None) -> None:
    found = read(READINGS, "sessions", describe_replication_groups=group(told), get_metric_data=measured(1.5))
    assert (found.kind, found.status, found.role, found.lag) == ("ElastiCache", "available", role, lag)
    assert dict(found.zones) == {"eu-west-1a": 2, "eu-west-1b": 1}
    assert not found.zonal


def test_a_group_that_does_not_fail_over_is_lost_with_a_zone() -> None:
    assert read(READINGS, "sessions", describe_replication_groups=group(AutomaticFailover="disabled")).zonal


def test_where_elasticache_has_no_such_group_memorydb_is_asked() -> None:
    shards = [{"Nodes": [{"AvailabilityZone": "eu-west-1a"}, {"AvailabilityZone": "eu-west-1b"}]}]
    cluster = {"Status": "available", "Shards": shards, "MultiRegionClusterName": "both"}
    found = read(
        READINGS,
        "sessions",
        describe_replication_groups="ReplicationGroupNotFoundFault",
        describe_clusters={"Clusters": [cluster]},
    )
    assert (found.kind, found.role, dict(found.zones)) == ("MemoryDB", "primary", {"eu-west-1a": 1, "eu-west-1b": 1})


@pytest.mark.parametrize(
    ("members", "role", "lag"),
    [
        ([{"DBClusterArn": ARN, "IsWriter": True}], "primary", None),
        ([{"DBClusterArn": ARN, "IsWriter": False}], "secondary", 0.25),
        ([{"DBClusterArn": "another", "IsWriter": True}], "alone", None),
    ],
)
def test_a_database_is_what_its_global_database_says(
    members: list[dict[str, Any]], role: str, lag: float | None
) -> None:
    standing = {"DBInstanceStatus": "available", "AvailabilityZone": "eu-west-1a"}
    found = read(
        READINGS,
        "database",
        describe_db_clusters={"DBClusters": [{"DBClusterArn": ARN, "Status": "available"}]},
        describe_db_instances={"DBInstances": [standing, {**standing, "DBInstanceStatus": "creating"}]},
        describe_global_clusters={"GlobalClusters": [{"GlobalClusterMembers": members}]},
        get_metric_data=measured(250.0),  # milliseconds
    )
    assert (found.role, found.lag, dict(found.zones)) == (role, lag, {"eu-west-1a": 1})
    assert found.zonal  # its other instance doesn't stand yet


def test_a_database_without_an_instance_is_not_available() -> None:
    clusters = {"DBClusters": [{"DBClusterArn": ARN, "Status": "available"}]}
    none: dict[str, Any] = {
        "describe_db_instances": {"DBInstances": []},
        "describe_global_clusters": {"GlobalClusters": []},
    }
    assert read(READINGS, "database", describe_db_clusters=clusters, **none).status == "without an instance"


def end(**changes: Any) -> dict[str, Any]:
    plain = {"Status": "ENABLED", "FileSystemId": "fs-1", "Region": "eu-west-1"}
    replication = {
        "SourceFileSystemId": "fs-2",
        "SourceFileSystemRegion": "eu-central-1",
        "SourceFileSystemArn": "arn",
        "OriginalSourceFileSystemArn": "arn",
        "CreationTime": datetime.now(UTC),
        "Destinations": [{**plain, **changes}],
    }
    return {"Replications": [replication]}


@pytest.mark.parametrize(
    ("replications", "role", "status"),
    [
        (end(), "secondary", "available"),
        (end(Status="PAUSED"), "secondary", "not replicated (PAUSED)"),
        (end(FileSystemId="fs-3"), "primary", "available"),
        ("ReplicationNotFound", "alone", "available"),
    ],
)
def test_a_file_system_is_what_its_replication_says(replications: Any, role: str, status: str) -> None:
    plain = {
        "OwnerId": "1",
        "CreationToken": "t",
        "FileSystemId": "fs-1",
        "CreationTime": datetime.now(UTC),
        "LifeCycleState": "available",
        "NumberOfMountTargets": 3,
        "SizeInBytes": {"Value": 1},
        "PerformanceMode": "generalPurpose",
        "Tags": [],
    }
    told = {"describe_file_systems": {"FileSystems": [plain]}, "describe_replication_configurations": replications}
    found = read(READINGS, "files", **told)
    assert (found.role, found.status, found.zonal) == (role, status, False)


def test_a_file_system_is_as_far_behind_as_its_last_replication() -> None:
    seen = datetime.now(UTC) - timedelta(minutes=5)
    plain = {"OwnerId": "1", "CreationToken": "t", "FileSystemId": "fs-1", "CreationTime": seen}
    rest = {"NumberOfMountTargets": 3, "SizeInBytes": {"Value": 1}, "PerformanceMode": "generalPurpose", "Tags": []}
    found = read(
        READINGS,
        "files",
        describe_file_systems={"FileSystems": [{**plain, **rest, "LifeCycleState": "available"}]},
        describe_replication_configurations=end(LastReplicatedTimestamp=seen),
    )
    assert found.lag == pytest.approx(300, abs=5)
