from typing import Any

from tests.policies.judged import UNKNOWN, Pair, resource
from tests.policies.pairs.encryption import allowing

INSTANCE = "rds/instance:Instance"
CLUSTER = "rds/cluster:Cluster"
CLUSTER_INSTANCE = "rds/clusterInstance:ClusterInstance"
FILES = "efs/fileSystem:FileSystem"
MOUNT_TARGET = "efs/mountTarget:MountTarget"
FILES_POLICY = "efs/fileSystemPolicy:FileSystemPolicy"
VOLUME = "ebs/volume:Volume"
TABLE = "dynamodb/table:Table"
BUCKET = "s3/bucket:Bucket"
VERSIONING = "s3/bucketVersioning:BucketVersioning"
BUCKET_POLICY = "s3/bucketPolicy:BucketPolicy"
ACCESS_BLOCK = "s3/bucketPublicAccessBlock:BucketPublicAccessBlock"

CLUSTER_OF_TWO = resource(CLUSTER, engine="aurora-postgresql")
FILES_OVER_TLS = resource(FILES)
TLS_POLICY = '{"Statement": [{"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}'
VERSIONED, CLOSED = resource(BUCKET, versioning=UNKNOWN), resource(BUCKET)
ALL_FOUR: dict[str, Any] = dict.fromkeys(
    ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
)

PAIRS = {
    "database-spans-zones": Pair(
        good=resource(INSTANCE, multiAz=True),
        bad=resource(INSTANCE),
        says="multiAz is off",
    ),
    "database-cluster-spans-zones": Pair(
        good=[
            CLUSTER_OF_TWO,
            *(
                resource(CLUSTER_INSTANCE, name, links={"clusterIdentifier": [CLUSTER_OF_TWO]}, availabilityZone=zone)
                for name, zone in (("one", "eu-west-1a"), ("two", "eu-west-1b"))
            ),
        ],
        bad=[
            resource(CLUSTER, clusterIdentifier="shop"),
            resource(CLUSTER_INSTANCE, "one", clusterIdentifier="shop"),
        ],
        says="it has 1 instance(s)",
    ),
    "database-storage-grows": Pair(
        good=resource(INSTANCE, engine="postgres", maxAllocatedStorage=200.0),
        bad=resource(INSTANCE, engine="postgres"),
        says="maxAllocatedStorage is not set",
    ),
    "database-minor-upgrades": Pair(
        good=resource(CLUSTER_INSTANCE),
        bad=resource(CLUSTER_INSTANCE, autoMinorVersionUpgrade=False),
        says="autoMinorVersionUpgrade is off",
    ),
    "database-logs-exported": Pair(
        good=resource(CLUSTER, enabledCloudwatchLogsExports=["postgresql"]),
        bad=resource(CLUSTER),
        says="enabledCloudwatchLogsExports is empty",
    ),
    "database-iam-authentication": Pair(
        good=resource(CLUSTER, engine="aurora-mysql", iamDatabaseAuthenticationEnabled=True),
        bad=resource(CLUSTER, engine="aurora-mysql"),
        says="iamDatabaseAuthenticationEnabled is off",
    ),
    "database-not-public": Pair(
        good=resource(INSTANCE),
        bad=resource(INSTANCE, publiclyAccessible=True),
        says="publiclyAccessible is on",
    ),
    "database-point-in-time": Pair(
        good=resource(INSTANCE, backupRetentionPeriod=1.0),
        bad=resource(INSTANCE),
        says="backupRetentionPeriod is 0",
    ),
    "database-backup-retention": Pair(
        good=resource(CLUSTER, backupRetentionPeriod=7.0),
        bad=resource(CLUSTER),
        says="is 1; at least 7 days",
    ),
    "database-deletion-protection": Pair(
        good=resource(CLUSTER, deletionProtection=True),
        bad=resource(CLUSTER),
        says="deletionProtection is off",
    ),
    "database-final-snapshot": Pair(
        good=resource(INSTANCE),
        bad=resource(INSTANCE, skipFinalSnapshot=True),
        says="skipFinalSnapshot is on",
    ),
    "database-encrypted": Pair(
        good=resource(INSTANCE, storageEncrypted=True),
        bad=resource(INSTANCE),
        says="storageEncrypted is off",
    ),
    "database-refuses-plain-text": Pair(
        good=resource(
            "rds/parameterGroup:ParameterGroup",
            family="postgres14",
            parameters=[{"name": "rds.force_ssl", "value": "1"}],
        ),
        bad=resource("rds/parameterGroup:ParameterGroup", family="postgres14", parameters=[]),
        says="rds.force_ssl is not set for postgres 14",
    ),
    "file-system-encrypted": Pair(
        good=resource(FILES, encrypted=True),
        bad=resource(FILES),
        says="encrypted is off",
    ),
    "file-system-spans-zones": Pair(
        good=resource(FILES),
        bad=resource(FILES, availabilityZoneName="eu-west-1a"),
        says="availabilityZoneName is set",
    ),
    "file-system-mounted-in-zones": Pair(
        good=[
            FILES_OVER_TLS,
            resource(MOUNT_TARGET, "a", links={"fileSystemId": [FILES_OVER_TLS]}, fileSystemId=UNKNOWN),
            resource(MOUNT_TARGET, "b", links={"fileSystemId": [FILES_OVER_TLS]}, fileSystemId=UNKNOWN),
        ],
        bad=[resource(FILES, id="fs-1"), resource(MOUNT_TARGET, "a", fileSystemId="fs-1")],
        says="one mount target",
    ),
    "file-system-refuses-plain-text": Pair(
        good=[FILES_OVER_TLS, resource(FILES_POLICY, links={"fileSystemId": [FILES_OVER_TLS]}, policy=TLS_POLICY)],
        bad=resource(FILES),
        says="it has no policy",
    ),
    "file-system-throughput": Pair(
        good=resource(FILES, throughputMode="elastic"),
        bad=resource(FILES),
        says="throughputMode is bursting",
    ),
    "volume-encrypted": Pair(
        good=resource(VOLUME, encrypted=True),
        bad=resource(VOLUME),
        says="encrypted is off",
    ),
    "volume-final-snapshot": Pair(
        good=resource(VOLUME, finalSnapshot=True),
        bad=resource(VOLUME),
        says="finalSnapshot is off",
    ),
    "table-point-in-time": Pair(
        good=resource(TABLE, pointInTimeRecovery={"enabled": True}),
        bad=resource(TABLE),
        says="pointInTimeRecovery is off",
    ),
    "table-deletion-protection": Pair(
        good=resource(TABLE, deletionProtectionEnabled=True),
        bad=resource(TABLE),
        says="deletionProtectionEnabled is off",
    ),
    "table-capacity-grows": Pair(
        good=resource(TABLE, billingMode="PAY_PER_REQUEST"),
        bad=resource(TABLE, name="carts"),
        says="PROVISIONED without scaling",
    ),
    "table-in-regions": Pair(
        good=resource(TABLE, replicas=[{"regionName": "eu-central-1"}]),
        bad=resource(TABLE),
        says="1 region(s); 2 are wanted",
    ),
    "data-own-key": Pair(
        good=resource(INSTANCE, storageEncrypted=True, kmsKeyId=UNKNOWN),
        bad=resource(INSTANCE, storageEncrypted=True),
        says="kmsKeyId is not set",
    ),
    "bucket-versioned": Pair(
        good=[
            VERSIONED,
            resource(VERSIONING, links={"bucket": [VERSIONED]}, versioningConfiguration={"status": "Enabled"}),
        ],
        bad=resource(BUCKET, versioning=UNKNOWN),
        says="it has no versioning",
    ),
    "bucket-not-public": Pair(
        good=resource(ACCESS_BLOCK, **ALL_FOUR),
        bad=resource(ACCESS_BLOCK, **{**ALL_FOUR, "ignorePublicAcls": False}),
        says="ignorePublicAcls is off",
    ),
    "bucket-has-access-block": Pair(
        good=[CLOSED, resource(ACCESS_BLOCK, links={"bucket": [CLOSED]})],
        bad=resource(BUCKET),
        says="no public access block",
    ),
    "bucket-policy-closed": Pair(
        good=resource(BUCKET_POLICY, policy=allowing("*", IpAddress={"aws:SourceIp": ["203.0.113.0/24"]})),
        bad=resource(BUCKET_POLICY, policy=allowing("*", IpAddress={"aws:SourceIp": ["0.0.0.0/0"]})),
        says='policy allows Principal "*"',
    ),
    "bucket-keeps-objects": Pair(
        good=resource(BUCKET, forceDestroy=False),
        bad=resource(BUCKET, forceDestroy=True, tags={"Backup": "daily"}),
        says="forceDestroy is on",
    ),
    "bucket-replicated": Pair(
        good=[
            CLOSED,
            resource("s3/bucketReplicationConfig:BucketReplicationConfig", links={"bucket": [CLOSED]}),
        ],
        bad=resource(BUCKET, "invoices", replicationConfiguration=UNKNOWN),
        says="no replication",
        config={"buckets": ["subject", "invoice*"]},
    ),
}
