"""Data: names and ports that everybody knows, keys of one's own, and what else catalogues ask."""

from collections.abc import Iterator

from resilience.aws.parameters import parameter
from resilience.aws.parts import parts
from resilience.aws.replicas import is_replica
from resilience.aws.types import (
    BACKUP_PLAN,
    CERTIFICATE,
    DB_CLUSTER,
    DB_INSTANCE,
    DB_PARAMETER_GROUP,
    DB_SNAPSHOT_COPIES,
    EBS_SNAPSHOT_COPY,
    FILE_SYSTEM,
    IMAGE_COPY,
    KEY,
    KEY_POLICY,
    QUEUE,
    REPORT_PLAN,
)
from resilience.known import known, known_items
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Severity, Topic

RULES = Topic()

AT_REST = well_architected("SEC08-BP02", "sec_protect_data_rest_encrypt")
BACKUP_POLICY = "aws:efs/backupPolicy:BackupPolicy"
PORTS = {"mysql": 3306, "mariadb": 3306, "postgres": 5432, "oracle": 1521, "sqlserver": 1433}
"""By the beginning of an engine's name (behind `aurora-`), its usual port."""
ADMINISTRATORS = ("admin", "administrator", "postgres", "root")
KEYS = {
    EBS_SNAPSHOT_COPY: "kmsKeyId",
    IMAGE_COPY: "kmsKeyId",
    **dict.fromkeys(DB_SNAPSHOT_COPIES, "kmsKeyId"),
    "aws:memorydb/snapshot:Snapshot": "kmsKeyArn",
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": "kmsKeyId",
    "aws:rds/clusterActivityStream:ClusterActivityStream": "kmsKeyId",
    "aws:imagebuilder/component:Component": "kmsKeyId",
    "aws:s3/bucketObject:BucketObject": "kmsKeyId",
    "aws:s3/bucketObjectv2:BucketObjectv2": "kmsKeyId",
    "aws:s3/objectCopy:ObjectCopy": "kmsKeyId",
    QUEUE: "kmsMasterKeyId",
}
"""By type, the property that names a key."""
RECIPE = "aws:imagebuilder/imageRecipe:ImageRecipe"
DISTRIBUTION = "aws:imagebuilder/distributionConfiguration:DistributionConfiguration"


@RULES.rule(
    "copy-own-key",
    "Copies, images and messages are encrypted with a key of the account's own.",
    Severity.LOW,
    AT_REST,
    *KEYS,
    RECIPE,
    DISTRIBUTION,
)
def copy_own_key(copy: Resource, _: Config) -> Iterator[str]:
    """Of Image Builder: the disks of a recipe, and what a region gets."""
    if copy.type == RECIPE:
        paths = [f"blockDeviceMappings.{n}.ebs.kmsKeyId" for n in range(copy.count("blockDeviceMappings"))]
    elif copy.type == DISTRIBUTION:
        paths = [
            f"distributions.{number}.amiDistributionConfiguration.kmsKeyId"
            for number in range(copy.count("distributions"))
            if copy.has(f"distributions.{number}.amiDistributionConfiguration")
        ]
    else:
        paths = [KEYS[copy.type]]
    for path in paths:
        if not copy.has(path):
            yield f"{path} is not set"


@RULES.rule(
    "database-own-port",
    "A database listens at a port that isn't its engine's usual one.",
    Severity.LOW,
    security_hub("RDS.23"),
    DB_INSTANCE,
    DB_CLUSTER,
)
def own_port(database: Resource, _: Config) -> Iterator[str]:
    """Security groups close both; scanners try the usual one."""
    engine = str(database.get("engine", "")).removeprefix("aurora-")
    usual = next((port for name, port in PORTS.items() if engine.startswith(name)), None)
    if usual and database.get("port", usual) == usual and not is_replica(database):
        yield f"port is {usual}, which everybody tries first"


@RULES.rule(
    "database-own-administrator",
    "A database's administrator has a name of its own.",
    Severity.LOW,
    security_hub("RDS.25"),
    DB_INSTANCE,
    DB_CLUSTER,
)
def own_administrator(database: Resource, _: Config) -> Iterator[str]:
    """Half of what one has to guess."""
    name = "masterUsername" if database.type == DB_CLUSTER else "username"
    if database.get(name) in ADMINISTRATORS:
        yield f"{name} is {database.get(name)}"


@RULES.rule(
    "database-can-be-turned-back",
    "An Aurora MySQL cluster can be turned back by hours.",
    Severity.LOW,
    security_hub("RDS.14"),
    DB_CLUSTER,
)
def turned_back(cluster: Resource, _: Config) -> Iterator[str]:
    """Without a restore. A member of a global database can't."""
    able = cluster.get("engine") == "aurora-mysql" and not cluster.has("globalClusterIdentifier")
    if able and not cluster.get("backtrackWindow"):
        yield "backtrackWindow is 0"


@RULES.rule(
    "database-parameters-sound",
    "A database's logs, rows and connections are set as AWS advises.",
    Severity.LOW,
    well_architected("OPS07-BP05", "ops_ready_to_support_informed_deploy_decisions"),
    DB_PARAMETER_GROUP,
)
def parameters_sound(group: Resource, _: Config) -> Iterator[str]:
    """https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Recommendations.html"""
    if parameter(group, "log_output") == "table":
        yield "log_output is table; in a file the log is exported and slows nothing down"
    if parameter(group, "innodb_default_row_format") in ("compact", "redundant"):
        yield f"innodb_default_row_format is {parameter(group, 'innodb_default_row_format')}; dynamic is needed"
    if parameter(group, "max_user_connections") not in (None, "0"):
        yield f"max_user_connections is {parameter(group, 'max_user_connections')}; 0 leaves it to the memory"


@RULES.stack_rule(
    "file-system-backs-itself-up",
    "A file system is backed up without a plan, too.",
    Severity.LOW,
    security_hub("EFS.7"),
    FILE_SYSTEM,
)
def backs_itself_up(files: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """A plan of the program's own (`stateful-resource-backed-up`) does better."""
    for each in parts(stack, files, (BACKUP_POLICY,), "fileSystemId", "id"):
        if each.get("backupPolicy.status") in ("ENABLED", "ENABLING"):
            return
    yield "no aws:efs/backupPolicy has it on"


@RULES.stack_rule(
    "backup-is-reported",
    "Somebody gets a report of what was backed up.",
    Severity.LOW,
    well_architected("REL09-BP04", "rel_backing_up_data_periodic_recovery_testing_data"),
    BACKUP_PLAN,
)
def is_reported(_: Resource, stack: Stack, __: Config) -> Iterator[str]:
    """By AWS Backup Audit Manager; once a stack is enough."""
    if not stack.of_type(REPORT_PLAN):
        yield "no aws:backup/reportPlan is in the stack"


@RULES.rule(
    "certificate-without-wildcard",
    "A certificate is for named hosts.",
    Severity.LOW,
    well_architected("SEC09-BP02", "sec_protect_data_transit_encrypt"),
    CERTIFICATE,
)
def without_wildcard(certificate: Resource, _: Config) -> Iterator[str]:
    """Whoever gets its key is every host of the domain."""
    names = [known(certificate, "domainName"), *known_items(certificate, "subjectAlternativeNames")]
    for name in names:
        if str(name).startswith("*."):
            yield f"it is for {name}"


@RULES.stack_rule(
    "key-has-a-policy",
    "A key has a policy of the program's own.",
    Severity.LOW,
    well_architected("SEC08-BP01", "sec_protect_data_rest_key_mgmt"),
    KEY,
)
def key_has_a_policy(key: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """AWS's leaves all to IAM."""
    if not known(key, "policy") and not key.links.get("policy") and not parts(stack, key, (KEY_POLICY,), "keyId", "id"):
        yield "policy is not set; IAM alone says who may use it"
