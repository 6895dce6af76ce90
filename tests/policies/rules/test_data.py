"""Databases, file systems, tables and buckets: defaults, what can't be set, and what others set."""

from typing import Any

import pytest

from tests.policies.judged import UNKNOWN, judged, resource

INSTANCE = "rds/instance:Instance"
CLUSTER = "rds/cluster:Cluster"
CLUSTER_INSTANCE = "rds/clusterInstance:ClusterInstance"
GROUP = "rds/parameterGroup:ParameterGroup"
CLUSTER_GROUP = "rds/clusterParameterGroup:ClusterParameterGroup"
FILES = "efs/fileSystem:FileSystem"
BUCKET = "s3/bucket:Bucket"
VERSIONING = "s3/bucketVersioning:BucketVersioning"

SECONDARY: dict[str, Any] = {"globalClusterIdentifier": UNKNOWN, "masterUsername": "web"}


def found(name: str, *resources: Any, **config: Any) -> tuple[str, ...]:
    """A rule's messages where all values are known."""
    verdict = judged(name, *resources, **config)
    assert verdict.unknown is None
    return verdict.messages


@pytest.mark.parametrize(
    "name",
    [
        "database-spans-zones",
        "database-point-in-time",
        "database-deletion-protection",
        "database-final-snapshot",
        "database-encrypted",
        "database-refuses-plain-text",
    ],
)
def test_a_read_replica_is_not_judged_by_what_its_source_decides(name: str) -> None:
    assert not found(name, resource(INSTANCE, replicateSourceDb=UNKNOWN, skipFinalSnapshot=True))


@pytest.mark.parametrize("origin", ["snapshotIdentifier", "restoreToPointInTime"])
def test_a_restored_database_is_encrypted_as_its_snapshot_is(origin: str) -> None:
    restored: dict[str, Any] = {origin: UNKNOWN}

    assert not found("database-encrypted", resource(CLUSTER, **restored))


def test_the_secondary_of_a_global_database_must_be_protected_too() -> None:
    """After a failover it is the only one."""
    assert found("database-deletion-protection", resource(CLUSTER, **SECONDARY))
    assert found("database-final-snapshot", resource(CLUSTER, **SECONDARY, skipFinalSnapshot=True))
    assert found("database-encrypted", resource(CLUSTER, **SECONDARY))


def test_the_secondary_of_a_global_database_needs_no_instances_yet() -> None:
    assert not found("database-cluster-spans-zones", resource(CLUSTER, **SECONDARY))


@pytest.mark.parametrize("credential", ["masterPassword", "masterPasswordWoVersion", "manageMasterUserPassword"])
def test_the_primary_of_a_global_database_needs_them(credential: str) -> None:
    primary = resource(CLUSTER, **{**SECONDARY, credential: UNKNOWN})

    assert found("database-cluster-spans-zones", primary) == (
        "it has 0 instance(s); it needs 2, the second in another zone",
    )


@pytest.mark.parametrize(
    "kind",
    [{"dbClusterInstanceClass": "db.m6gd.large"}, {"engineMode": "serverless"}],
)
def test_clusters_without_instances_of_their_own_are_not_counted(kind: dict[str, Any]) -> None:
    assert not found("database-cluster-spans-zones", resource(CLUSTER, **kind))


def test_a_limitless_cluster_has_shards_instead_of_instances() -> None:
    cluster = resource(CLUSTER)

    assert not found(
        "database-cluster-spans-zones",
        cluster,
        resource("rds/shardGroup:ShardGroup", "shards", links={"dbClusterIdentifier": [cluster]}),
    )


def test_two_instances_in_one_zone_go_with_it() -> None:
    cluster = resource(CLUSTER)
    instances = [
        resource(CLUSTER_INSTANCE, name, links={"clusterIdentifier": [cluster]}, availabilityZone="eu-west-1a")
        for name in ("one", "two")
    ]

    [message] = found("database-cluster-spans-zones", cluster, *instances)

    assert "all its 2 instances are in eu-west-1a" in message


def test_aurora_spreads_instances_whose_zone_nobody_names() -> None:
    cluster = resource(CLUSTER)
    instances = [
        resource(CLUSTER_INSTANCE, name, links={"clusterIdentifier": [cluster]}, availabilityZone=UNKNOWN)
        for name in ("one", "two")
    ]

    assert not found("database-cluster-spans-zones", cluster, *instances)


def test_instances_of_another_cluster_do_not_count() -> None:
    cluster, other = resource(CLUSTER), resource(CLUSTER, "other")
    instances = [
        resource(CLUSTER_INSTANCE, "one", links={"clusterIdentifier": [cluster]}),
        resource(CLUSTER_INSTANCE, "two", links={"clusterIdentifier": [other]}),
        resource("neptune/clusterInstance:ClusterInstance", "three", links={"clusterIdentifier": [cluster]}),
    ]

    assert found("database-cluster-spans-zones", cluster, *instances)


@pytest.mark.parametrize("service", ["docdb", "neptune"])
def test_other_clusters_are_judged_by_their_own_instances(service: str) -> None:
    cluster = resource(f"{service}/cluster:Cluster", clusterIdentifier="c")
    instances = [
        resource(f"{service}/clusterInstance:ClusterInstance", name, clusterIdentifier="c") for name in ("one", "two")
    ]

    assert found("database-cluster-spans-zones", cluster)
    assert not found("database-cluster-spans-zones", cluster, *instances)


def test_no_backups_at_all_are_one_finding_and_not_two() -> None:
    assert not found("database-backup-retention", resource(INSTANCE))
    assert not found("database-backup-retention", resource(INSTANCE, backupRetentionPeriod=0.0))
    assert found("database-backup-retention", resource(INSTANCE, backupRetentionPeriod="6"))


def test_retention_at_the_bound_is_long_enough() -> None:
    cluster = resource(CLUSTER, backupRetentionPeriod=14.0)

    assert not found("database-backup-retention", cluster, days=14)
    assert found("database-backup-retention", cluster, days=15)


@pytest.mark.parametrize(
    ("family", "refused"),
    [
        ("postgres15", True),
        ("postgres14", False),
        ("mysql8.4", False),
        ("mysql9.7", True),
        ("mariadb11.8", True),
        ("mariadb11.4", False),
        ("sqlserver-ee-15.0", False),
        ("oracle-ee-19", True),
    ],
)
def test_a_parameter_that_is_not_set_has_the_default_of_its_family(family: str, refused: bool) -> None:
    assert bool(found("database-refuses-plain-text", resource(GROUP, family=family))) is not refused


@pytest.mark.parametrize(
    ("family", "name", "value", "refused"),
    [
        ("aurora-postgresql17", "rds.force_ssl", "0", False),
        ("aurora-postgresql16", "rds.force_ssl", "1", True),
        ("aurora-mysql8.0", "require_secure_transport", "ON", True),
        ("aurora-mysql8.0", "require_secure_transport", "OFF", False),
        ("aurora-mysql8.0", "max_connections", "100", False),
    ],
)
def test_a_cluster_has_the_parameter_in_the_group_of_the_cluster(
    family: str, name: str, value: str, refused: bool
) -> None:
    parameters = [{"name": name, "value": value}]

    assert bool(
        found("database-refuses-plain-text", resource(CLUSTER_GROUP, family=family, parameters=parameters))
    ) is (not refused)
    assert not found("database-refuses-plain-text", resource(GROUP, family=family, parameters=parameters))


@pytest.mark.parametrize(
    ("engine", "refused"),
    [
        ({"engine": "postgres"}, True),
        ({"engine": "postgres", "engineVersion": "13.20"}, False),
        ({"engine": "mysql"}, False),
        ({"engine": "mysql", "parameterGroupName": UNKNOWN}, True),
        ({"engine": "oracle-ee"}, True),
    ],
)
def test_a_database_without_a_parameter_group_has_the_defaults_of_its_engine(
    engine: dict[str, Any], refused: bool
) -> None:
    assert bool(found("database-refuses-plain-text", resource(INSTANCE, **engine))) is not refused


def test_documentdb_speaks_tls_unless_it_is_told_not_to() -> None:
    group = "docdb/clusterParameterGroup:ClusterParameterGroup"
    off = resource(group, family="docdb5.0", parameters=[{"name": "tls", "value": "disabled"}])

    assert not found("database-refuses-plain-text", resource(group, family="docdb5.0"))
    assert found("database-refuses-plain-text", off)


def test_a_parameter_that_is_not_known_yet_is_told() -> None:
    group = resource(GROUP, family="postgres14", parameters=[{"name": "rds.force_ssl", "value": UNKNOWN}])

    assert judged("database-refuses-plain-text", group).unknown == "parameters.0.value"


def test_a_cluster_over_zones_in_the_default_subnets_is_public() -> None:
    of_three: dict[str, Any] = {"dbClusterInstanceClass": "db.m6gd.large"}

    assert found("database-not-public", resource(CLUSTER, **of_three))
    assert not found("database-not-public", resource(CLUSTER, **of_three, dbSubnetGroupName=UNKNOWN))
    assert not found("database-not-public", resource(CLUSTER))


def test_oracle_knows_no_authentication_by_role() -> None:
    assert not found("database-iam-authentication", resource(INSTANCE, engine="oracle-ee"))
    assert found("database-iam-authentication", resource(INSTANCE, engine="postgres"))


def test_neptune_has_a_word_of_its_own_for_exported_logs() -> None:
    cluster = resource("neptune/cluster:Cluster", enableCloudwatchLogsExports=["audit"])

    assert not found("database-logs-exported", cluster)


def test_storage_that_may_not_grow_is_found() -> None:
    assert found("database-storage-grows", resource(INSTANCE, engine="mysql", maxAllocatedStorage=0.0))
    assert not found("database-storage-grows", resource(INSTANCE, engine="custom-oracle-ee"))


def test_a_file_system_whose_mount_targets_are_elsewhere_is_not_judged_by_them() -> None:
    assert not found("file-system-mounted-in-zones", resource(FILES))


def test_a_file_system_in_one_zone_is_one_finding_and_not_two() -> None:
    files = resource(FILES, id="fs-1", availabilityZoneName="eu-west-1a")

    assert not found(
        "file-system-mounted-in-zones", files, resource("efs/mountTarget:MountTarget", fileSystemId="fs-1")
    )


def test_a_policy_that_lets_plain_text_in_is_found() -> None:
    files = resource(FILES)
    policy = resource("efs/fileSystemPolicy:FileSystemPolicy", links={"fileSystemId": [files]}, policy="{}")

    assert found("file-system-refuses-plain-text", files, policy)


def test_a_policy_that_is_not_known_yet_is_told() -> None:
    files = resource(FILES)
    policy = resource("efs/fileSystemPolicy:FileSystemPolicy", links={"fileSystemId": [files]}, policy=UNKNOWN)

    assert judged("file-system-refuses-plain-text", files, policy).unknown == "policy"


def test_a_disk_from_a_snapshot_is_encrypted_as_that_is() -> None:
    assert not found("volume-encrypted", resource("ebs/volume:Volume", snapshotId=UNKNOWN))


def test_each_region_of_a_table_has_its_own_backups() -> None:
    table = resource(
        "dynamodb/table:Table",
        pointInTimeRecovery={"enabled": True},
        replicas=[{"regionName": "eu-central-1", "pointInTimeRecovery": True}, {"regionName": "us-east-1"}],
    )

    assert found("table-point-in-time", table) == ("pointInTimeRecovery is off in the replica in us-east-1",)


def test_a_replica_may_be_a_resource_of_its_own() -> None:
    table = resource("dynamodb/table:Table")
    replica = resource("dynamodb/tableReplica:TableReplica", links={"globalTableArn": [table]})

    assert not found("table-in-regions", table, replica)
    assert not found("table-in-regions", table, regions=1)


@pytest.mark.parametrize(
    ("type_", "props"),
    [
        (INSTANCE, {}),
        ("neptune/cluster:Cluster", {"storageEncrypted": True, "kmsKeyArn": UNKNOWN}),
        (FILES, {"encrypted": True, "kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1"}),
        ("dynamodb/table:Table", {"serverSideEncryption": {"enabled": True, "kmsKeyArn": UNKNOWN}}),
    ],
)
def test_a_key_of_ones_own_is_any_key_and_not_asked_of_what_is_not_encrypted(type_: str, props: dict[str, Any]) -> None:
    assert not found("data-own-key", resource(type_, **props))


def test_versions_may_be_a_property_of_the_bucket() -> None:
    assert not found("bucket-versioned", resource(BUCKET, versioning={"enabled": True}))
    assert not found("bucket-versioned", resource("s3/bucketV2:BucketV2", versionings=[{"enabled": True}]))
    assert found("bucket-versioned", resource(BUCKET, versioning={"enabled": False}))


def test_suspended_versions_are_none() -> None:
    bucket = resource(BUCKET, bucket="logs")
    versioning = resource(VERSIONING, bucket="logs", versioningConfiguration={"status": "Suspended"})

    assert found("bucket-versioned", bucket, versioning) == (
        "versioningConfiguration.status is Suspended; Enabled keeps what is overwritten or deleted",
    )


def test_versions_of_another_bucket_do_not_count() -> None:
    bucket, other = resource(BUCKET), resource(BUCKET, "other")
    versioning = resource(VERSIONING, links={"bucket": [other]}, versioningConfiguration={"status": "Enabled"})

    assert found("bucket-versioned", bucket, versioning)


def test_an_access_block_that_says_nothing_blocks_nothing() -> None:
    [message] = found("bucket-not-public", resource("s3/bucketPublicAccessBlock:BucketPublicAccessBlock"))

    assert message.startswith("blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets is off")


def test_public_acls_are_found_wherever_they_are_set() -> None:
    assert found("bucket-not-public", resource(BUCKET, acl="public-read"))
    assert found("bucket-not-public", resource("s3/bucketAclV2:BucketAclV2", acl="authenticated-read"))
    assert not found("bucket-not-public", resource(BUCKET, acl="private"))
    assert not found("bucket-not-public", resource(BUCKET))


@pytest.mark.parametrize("tags", [{"backup": "false"}, {"ha-web:backup": "no: logs"}, {"Backup": "None"}])
def test_a_bucket_that_needs_no_backup_may_go_with_its_objects(tags: dict[str, str]) -> None:
    assert not found("bucket-keeps-objects", resource(BUCKET, forceDestroy=True, tags=tags))


@pytest.mark.parametrize("tags", [{}, {"backup": "true"}, {"backup": "normal"}, {"team": "no"}])
def test_any_other_may_not(tags: dict[str, str]) -> None:
    assert found("bucket-keeps-objects", resource(BUCKET, forceDestroy=True, tags=tags))


def test_nobody_must_copy_a_bucket_that_no_team_names() -> None:
    assert not found("bucket-replicated", resource(BUCKET))
    assert not found("bucket-replicated", resource(BUCKET), buckets=["invoices"])


def test_a_bucket_may_have_its_replication_in_itself() -> None:
    bucket = resource(BUCKET, replicationConfiguration={"role": UNKNOWN, "rules": []})

    assert not found("bucket-replicated", bucket, buckets=["*"])


@pytest.mark.parametrize("by_link", [True, False])
def test_a_table_may_be_scaled(by_link: bool) -> None:
    table = resource("dynamodb/table:Table", name="carts")
    links = {"resourceId": [table]} if by_link else {}
    target = resource("appautoscaling/target:Target", links=links, resourceId=UNKNOWN if by_link else "table/carts")

    assert not found("table-capacity-grows", table, target)


def test_another_table_that_is_scaled_does_not_count() -> None:
    table = resource("dynamodb/table:Table", name="carts")

    assert found("table-capacity-grows", table, resource("appautoscaling/target:Target", resourceId="table/orders"))


def test_provisioned_throughput_of_a_file_system_is_a_choice() -> None:
    assert not found("file-system-throughput", resource(FILES, throughputMode="provisioned"))
