"""File systems, disks and tables."""

from collections.abc import Iterator

from resilience.aws.parts import parts
from resilience.aws.policy_documents import denies_plain_text, statements
from resilience.aws.replicas import is_replica
from resilience.aws.types import (
    DB_CLUSTERS,
    DB_INSTANCE,
    DYNAMODB_REPLICA,
    DYNAMODB_TABLE,
    FILE_SYSTEM,
    FILE_SYSTEM_POLICY,
    MOUNT_TARGET,
    SCALING_TARGET,
    VOLUME,
)
from resilience.known import known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

FEWEST_ZONES = 2
SEVERAL_PLACES = well_architected("REL10-BP01", "rel_fault_isolation_multiaz_region_system")
OVER_TLS = "aws:SecureTransport"
OWN_KEY = {FILE_SYSTEM: "kmsKeyId", VOLUME: "kmsKeyId", DYNAMODB_TABLE: "serverSideEncryption.kmsKeyArn"}
ENCRYPTED = {FILE_SYSTEM: "encrypted", VOLUME: "encrypted"}


@RULES.stack_rule(
    "file-system-mounted-in-zones",
    "A file system can be mounted in two zones at least.",
    Severity.HIGH,
    SEVERAL_PLACES,
    FILE_SYSTEM,
)
def file_system_mounted_in_zones(files: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """EFS takes one mount target a zone, so their number is that of the zones; none may be another stack's matter.

    https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html
    """
    if known(files, "availabilityZoneName"):
        return  # another rule's finding; unknown means Regional, where AWS fills it in
    if len(parts(stack, files, (MOUNT_TARGET,), "fileSystemId", "id")) == 1:
        yield f"it has one mount target; servers in {FEWEST_ZONES} zones need one each"


@RULES.stack_rule(
    "file-system-refuses-plain-text",
    "A file system refuses mounts without TLS.",
    Severity.HIGH,
    well_architected("SEC09-BP02", "sec_protect_data_transit_encrypt"),
    FILE_SYSTEM,
)
def file_system_refuses_plain_text(files: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """By a policy on `aws:SecureTransport`; without a policy EFS lets in everyone who reaches it, as they come.

    https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
    """
    policies = parts(stack, files, (FILE_SYSTEM_POLICY,), "fileSystemId", "id")
    if not policies:
        yield f"it has no policy; one on {OVER_TLS} refuses plain text"
    for policy in policies:
        if not any(denies_plain_text(each, "elasticfilesystem") for each in statements(policy.get("policy"))):
            yield f"its policy doesn't deny everybody what comes without {OVER_TLS}; plain text is let in"


@RULES.rule(
    "volume-encrypted",
    "A disk is encrypted.",
    Severity.HIGH,
    security_hub("EC2.3"),
    VOLUME,
)
def volume_encrypted(volume: Resource, _: Config) -> Iterator[str]:
    """A disk from a snapshot is as that is, where nothing is said."""
    if not volume.get("encrypted") and not volume.has("snapshotId"):
        yield "encrypted is off"


@RULES.rule(
    "table-point-in-time",
    "A table can be restored to any second.",
    Severity.CRITICAL,
    security_hub("DynamoDB.2"),
    DYNAMODB_TABLE,
)
def table_point_in_time(table: Resource, _: Config) -> Iterator[str]:
    """Off where nothing is said, in each region for itself."""
    if not table.get("pointInTimeRecovery.enabled"):
        yield "pointInTimeRecovery is off; nothing can be restored"
    for number in range(table.count("replicas")):
        if not table.get(f"replicas.{number}.pointInTimeRecovery"):
            yield f"pointInTimeRecovery is off in the replica in {table.get(f'replicas.{number}.regionName')}"


@RULES.stack_rule(
    "table-capacity-grows",
    "The capacity of a table follows its load.",
    Severity.MEDIUM,
    security_hub("DynamoDB.1"),
    DYNAMODB_TABLE,
)
def table_capacity_grows(table: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Paid by request, or scaled. A table is provisioned where nothing is said."""
    if table.get("billingMode", "PROVISIONED") != "PROVISIONED":
        return
    if not any(_scales(target, table) for target in stack.of_type(SCALING_TARGET)):
        yield "billingMode is PROVISIONED without scaling; requests beyond its capacity are refused"


def _scales(target: Resource, table: Resource) -> bool:
    """Return whether a scaling target is this table, as `table/name`."""
    return target.refers_to(table, "resourceId") or known(target, "resourceId") == f"table/{known(table, 'name')}"


@RULES.stack_rule(
    "table-in-regions",
    "A table is in several regions.",
    Severity.LOW,
    SEVERAL_PLACES,
    DYNAMODB_TABLE,
    regions=Setting(2, "the fewest regions that a table is in, its own included", {"minimum": 1}),
)
def table_in_regions(table: Resource, stack: Stack, config: Config) -> Iterator[str]:
    """Its replicas are in its properties, or resources of their own."""
    others = table.count("replicas") or len(parts(stack, table, (DYNAMODB_REPLICA,), "globalTableArn", "arn"))
    if others + 1 < config["regions"]:
        yield f"it is in {others + 1} region(s); {config['regions']} are wanted"


@RULES.rule(
    "data-own-key",
    "Databases, file systems, disks and tables are encrypted with a key of the customer's.",
    Severity.LOW,
    well_architected("SEC08-BP01", "sec_protect_data_rest_key_mgmt"),
    DB_INSTANCE,
    *DB_CLUSTERS,
    FILE_SYSTEM,
    VOLUME,
    DYNAMODB_TABLE,
)
def own_key(data: Resource, _: Config) -> Iterator[str]:
    """Snapshots under AWS's key can't be copied to another account. What isn't encrypted, other rules find.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
    """
    key = OWN_KEY.get(data.type, "kmsKeyArn" if "neptune" in data.type else "kmsKeyId")
    is_encrypted = data.type == DYNAMODB_TABLE or data.get(ENCRYPTED.get(data.type, "storageEncrypted"))
    if is_encrypted and not data.has(key) and not is_replica(data):
        yield f"{key} is not set; copies to another account need a key of your own"
