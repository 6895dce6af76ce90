import json
from typing import Any

from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, Pair, resource
from tests.policies.pairs.encryption import allowing, denying_plain_text

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
TLS_POLICY = denying_plain_text("elasticfilesystem:*")
VERSIONED, CLOSED = resource(BUCKET, versioning=UNKNOWN), resource(BUCKET)
ALL_FOUR: dict[str, Any] = dict.fromkeys(
    ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
)

PARAMETERS = "rds/parameterGroup:ParameterGroup"
CLUSTER_PARAMETERS = "rds/clusterParameterGroup:ClusterParameterGroup"
GLOBAL = "rds/globalCluster:GlobalCluster"
OWNERSHIP = "s3/bucketOwnershipControls:BucketOwnershipControls"
LIFECYCLE = "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ENCRYPTION = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
CLUSTER_OF_THREE = resource(CLUSTER, engine="aurora-postgresql")
NOTICES = "rds/eventSubscription:EventSubscription"
LOGGED, TIDY, KEYED, LOCKED, SAFE = (resource(BUCKET, name) for name in ("logged", "tidy", "keyed", "locked", "safe"))


def in_zones(*zones: str) -> list[Resource]:
    """A cluster with an instance in each of these zones."""
    return [
        CLUSTER_OF_THREE,
        *(
            resource(
                CLUSTER_INSTANCE,
                f"number-{number}",
                links={"clusterIdentifier": [CLUSTER_OF_THREE]},
                availabilityZone=zone,
            )
            for number, zone in enumerate(zones)
        ),
    ]


def parameters(family: str, **values: str) -> Resource:
    """A parameter group."""
    return resource(PARAMETERS, family=family, parameters=[{"name": key, "value": values[key]} for key in values])


def statement(effect: str, principal: Any, *actions: str) -> str:
    """A bucket's policy of one statement."""
    said = {"Effect": effect, "Principal": principal, "Action": [*actions], "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [said]})


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
    "database-commits-to-disk": Pair(
        good=parameters("postgres16", synchronous_commit="on"),
        bad=parameters("mysql8.4", innodb_flush_log_at_trx_commit="2"),
        says="innodb_flush_log_at_trx_commit is 2",
    ),
    "database-replica-read-only": Pair(
        good=parameters("mysql8.4", read_only="{TrueIfReplica}"),
        bad=parameters("mysql8.4", read_only="0"),
        says="read_only is 0",
    ),
    "database-readers-span-zones": Pair(
        good=in_zones("eu-west-1a", "eu-west-1b", "eu-west-1c"),
        bad=in_zones("eu-west-1a", "eu-west-1b", "eu-west-1b"),
        says="2 of its 3 instances are in eu-west-1b",
    ),
    "database-engine-supported": Pair(
        good=resource(CLUSTER, engine="aurora-postgresql", engineVersion="16.8"),
        bad=resource(INSTANCE, engine="mysql", engineVersion="5.7.44"),
        says="engineVersion of mysql is 5.7.44",
    ),
    "global-database-encrypted": Pair(
        good=resource(GLOBAL, sourceDbClusterIdentifier=UNKNOWN),
        bad=resource(GLOBAL, engine="aurora-mysql"),
        says="storageEncrypted is off",
    ),
    "global-database-protected": Pair(
        good=resource(GLOBAL, engine="aurora-mysql", deletionProtection=True),
        bad=resource(GLOBAL, engine="aurora-mysql"),
        says="deletionProtection is off",
    ),
    "database-failures-told": Pair(
        good=[
            resource(CLUSTER),
            resource(NOTICES, sourceType="db-cluster", eventCategories=["failure", "maintenance", "failover"]),
        ],
        bad=[resource(CLUSTER), resource(NOTICES, sourceType="db-cluster", eventCategories=["failover"])],
        says="no aws:rds/eventSubscription of db-cluster",
    ),
    "database-monitored": Pair(
        good=resource(INSTANCE, monitoringInterval=60.0),
        bad=resource(INSTANCE),
        says="monitoringInterval is 0",
    ),
    "database-copies-tags": Pair(
        good=resource(CLUSTER, copyTagsToSnapshot=True),
        bad=resource(CLUSTER),
        says="copyTagsToSnapshot is off",
    ),
    "database-proxy-speaks-tls": Pair(
        good=resource("rds/proxy:Proxy", requireTls=True),
        bad=resource("rds/proxy:Proxy"),
        says="requireTls is off",
    ),
    "database-certificate-authority": Pair(
        good=resource(INSTANCE, caCertIdentifier="rds-ca-rsa2048-g1"),
        bad=resource(INSTANCE, caCertIdentifier="rds-ca-2019"),
        says="caCertIdentifier is rds-ca-2019",
    ),
    "database-shows-its-load": Pair(
        good=resource(INSTANCE, performanceInsightsEnabled=True),
        bad=resource(INSTANCE),
        says="performanceInsightsEnabled is off",
    ),
    "database-insights-own-key": Pair(
        good=resource(INSTANCE, performanceInsightsEnabled=True, performanceInsightsKmsKeyId=UNKNOWN),
        bad=resource(INSTANCE, performanceInsightsEnabled=True),
        says="performanceInsightsKmsKeyId is not set",
    ),
    "database-audits-connections": Pair(
        good=resource(
            CLUSTER_PARAMETERS,
            family="aurora-mysql8.0",
            parameters=[{"name": "server_audit_logging", "value": "1"}],
        ),
        bad=resource(CLUSTER_PARAMETERS, family="aurora-mysql8.0"),
        says="server_audit_logging is off",
    ),
    "database-logs-queries": Pair(
        good=parameters("postgres16", log_min_duration_statement="1000"),
        bad=parameters("postgres16", log_statement="none"),
        says="log_statement and log_min_duration_statement",
    ),
    "database-snapshot-not-public": Pair(
        good=resource("rds/snapshot:Snapshot", sharedAccounts=["111122223333"]),
        bad=resource("rds/clusterSnapshot:ClusterSnapshot", sharedAccounts=["all"]),
        says="sharedAccounts has all",
    ),
    "access-point-bounded": Pair(
        good=resource("efs/accessPoint:AccessPoint", rootDirectory={"path": "/site"}),
        bad=resource("efs/accessPoint:AccessPoint"),
        says="rootDirectory.path is /",
    ),
    "access-point-has-a-user": Pair(
        good=resource("efs/accessPoint:AccessPoint", posixUser={"uid": 1000.0, "gid": 1000.0}),
        bad=resource("efs/accessPoint:AccessPoint"),
        says="posixUser is missing",
    ),
    "file-system-policy-closed": Pair(
        good=resource(FILES_POLICY, policy=allowing("*", Bool={"elasticfilesystem:AccessedViaMountTarget": "true"})),
        bad=resource(FILES_POLICY, policy=allowing("*")),
        says='policy allows Principal "*"',
    ),
    "bucket-policy-demands-tls": Pair(
        good=[SAFE, resource(BUCKET_POLICY, links={"bucket": [SAFE]}, policy=denying_plain_text("s3:*"))],
        bad=[SAFE, resource(BUCKET_POLICY, links={"bucket": [SAFE]}, policy=denying_plain_text("s3:PutObject"))],
        says="doesn't deny requests without aws:SecureTransport",
    ),
    "bucket-policy-keeps-its-owner-in": Pair(
        good=resource(BUCKET_POLICY, policy=denying_plain_text("s3:*")),
        bad=resource(BUCKET_POLICY, policy=statement("Deny", "*", "s3:*")),
        says="denies everybody everything",
    ),
    "bucket-policy-not-handed-over": Pair(
        good=resource(BUCKET_POLICY, policy=statement("Allow", {"AWS": "111122223333"}, "s3:PutObject")),
        bad=resource(BUCKET_POLICY, policy=statement("Allow", {"AWS": "111122223333"}, "s3:Put*")),
        says="policy lets 111122223333 do s3:putbucketacl",
    ),
    "bucket-acls-off": Pair(
        good=resource(OWNERSHIP, rule={"objectOwnership": "BucketOwnerEnforced"}),
        bad=resource(OWNERSHIP, rule={"objectOwnership": "ObjectWriter"}),
        says="rule.objectOwnership is ObjectWriter",
    ),
    "bucket-acl-names-nobody": Pair(
        good=resource("s3/bucketAcl:BucketAcl", accessControlPolicy={"grants": [{"grantee": {"id": "1"}}]}),
        bad=resource(
            "s3/bucketAcl:BucketAcl",
            accessControlPolicy={"grants": [{"grantee": {"uri": "http://acs.amazonaws.com/groups/global/AllUsers"}}]},
        ),
        says="AllUsers",
    ),
    "access-point-not-public": Pair(
        good=resource("s3/accessPoint:AccessPoint"),
        bad=resource("s3/accessPoint:AccessPoint", publicAccessBlockConfiguration={"blockPublicPolicy": False}),
        says="blockPublicPolicy is off",
    ),
    "account-buckets-not-public": Pair(
        good=resource("s3/accountPublicAccessBlock:AccountPublicAccessBlock", **ALL_FOUR),
        bad=resource("s3/accountPublicAccessBlock:AccountPublicAccessBlock", blockPublicAcls=True),
        says="restrictPublicBuckets is off",
    ),
    "bucket-logs-access": Pair(
        good=[LOGGED, resource("s3/bucketLogging:BucketLogging", links={"bucket": [LOGGED]})],
        bad=resource(BUCKET),
        says="no aws:s3/bucketLogging",
    ),
    "bucket-has-a-lifecycle": Pair(
        good=[TIDY, resource(LIFECYCLE, links={"bucket": [TIDY]})],
        bad=resource(BUCKET),
        says="no lifecycle configuration",
    ),
    "bucket-clears-up-uploads": Pair(
        good=resource(
            LIFECYCLE,
            rules=[{"status": "Enabled", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7.0}}],
        ),
        bad=resource(
            LIFECYCLE,
            rules=[{"status": "Disabled", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7.0}}],
        ),
        says="no rule that is on",
    ),
    "bucket-own-key": Pair(
        good=[
            KEYED,
            resource(
                ENCRYPTION,
                links={"bucket": [KEYED]},
                rules=[{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}],
            ),
        ],
        bad=resource(BUCKET),
        says="its default encryption is S3's own",
    ),
    "bucket-locked": Pair(
        good=resource(BUCKET, "evidence", objectLockEnabled=True),
        bad=resource(BUCKET, "evidence"),
        says="objectLockEnabled is off",
        config={"buckets": ["evid*"]},
    ),
}
