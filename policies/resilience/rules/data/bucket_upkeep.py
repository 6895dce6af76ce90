"""Buckets: logs, lifecycles, keys and locks."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from resilience.aws.parts import parts
from resilience.aws.types import (
    BUCKET_ENCRYPTIONS,
    BUCKET_LIFECYCLES,
    BUCKET_LOCKS,
    BUCKET_LOGGINGS,
    BUCKETS,
    DIRECTORY_BUCKET,
)
from resilience.known import known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

OF_THE_BUCKET = ("bucket", "id", "bucket")


@RULES.stack_rule(
    "bucket-logs-access",
    "Requests to a bucket are logged.",
    Severity.LOW,
    security_hub("S3.9"),
    *BUCKETS,
)
def logs_access(bucket: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """A bucket that takes the logs of others logs nothing itself, or it would log that for ever."""
    takes_logs = any(parts(stack, bucket, BUCKET_LOGGINGS, "targetBucket", "id", "bucket"))
    if takes_logs or known(bucket, "loggings") or known(bucket, "logging"):
        return
    if not parts(stack, bucket, BUCKET_LOGGINGS, *OF_THE_BUCKET):
        yield "no aws:s3/bucketLogging is for it; who read or deleted what can't be told"


@RULES.stack_rule(
    "bucket-has-a-lifecycle",
    "Objects of a bucket, and their old versions, don't stay for ever by accident.",
    Severity.LOW,
    security_hub("S3.13"),
    *BUCKETS,
    DIRECTORY_BUCKET,
)
def has_a_lifecycle(bucket: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Whatever a lifecycle says is fine: somebody has thought of it."""
    if known(bucket, "lifecycleRules"):
        return
    if not parts(stack, bucket, BUCKET_LIFECYCLES, *OF_THE_BUCKET):
        yield "no lifecycle configuration is for it; old versions are kept, and paid for, for ever"


@RULES.rule(
    "bucket-clears-up-uploads",
    "What is left of a failed upload is deleted.",
    Severity.LOW,
    well_architected("OPS07-BP05", "ops_ready_to_support_informed_deploy_decisions"),
    *BUCKET_LIFECYCLES,
)
def clears_up_uploads(lifecycle: Resource, _: Config) -> Iterator[str]:
    """Parts of an upload that never ended can't be seen in a listing, and are paid for."""
    paths = [f"rules.{number}" for number in range(lifecycle.count("rules"))]
    active = [path for path in paths if lifecycle.get(f"{path}.status") == "Enabled"]
    if not any(lifecycle.has(f"{path}.abortIncompleteMultipartUpload") for path in active):
        yield "no rule that is on has abortIncompleteMultipartUpload"


@RULES.stack_rule(
    "bucket-own-key",
    "A bucket is encrypted with a key in KMS.",
    Severity.LOW,
    security_hub("S3.17"),
    *BUCKETS,
)
def own_key(bucket: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """S3's own encryption opens to everyone who may read. Load balancers write their logs to no other."""
    for each in parts(stack, bucket, BUCKET_ENCRYPTIONS, *OF_THE_BUCKET):
        kinds = [
            each.get(f"rules.{number}.applyServerSideEncryptionByDefault.sseAlgorithm")
            for number in range(each.count("rules"))
        ]
        if any(str(kind).startswith("aws:kms") for kind in kinds):
            return
    yield "its default encryption is S3's own; aws:kms also asks who may use the key"


@RULES.stack_rule(
    "bucket-locked",
    "Objects of a bucket that a team names can't be deleted before their time.",
    Severity.MEDIUM,
    security_hub("S3.15"),
    *BUCKETS,
    buckets=Setting(
        [], "names of the resources that must be locked; `*` stands for anything", {"items": {"type": "string"}}
    ),
)
def locked(bucket: Resource, stack: Stack, config: Config) -> Iterator[str]:
    """S3 Object Lock: for backups and evidence; nobody is asked to lock logs."""
    if not any(fnmatchcase(bucket.name, pattern) for pattern in config["buckets"]):
        return
    if known(bucket, "objectLockEnabled") is not True and not parts(stack, bucket, BUCKET_LOCKS, *OF_THE_BUCKET):
        yield "objectLockEnabled is off; whoever has the credentials can delete what it keeps"
