"""Buckets."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from resilience.aws.parts import parts
from resilience.aws.policy_documents import everyone, statements
from resilience.aws.tags import needs_no_backup
from resilience.aws.types import (
    BUCKET_ACLS,
    BUCKET_POLICY,
    BUCKET_REPLICATION,
    BUCKET_VERSIONINGS,
    BUCKETS,
    PUBLIC_ACCESS_BLOCK,
)
from resilience.known import known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read")
INLINE_VERSIONING = ("versioning.enabled", "versionings.0.enabled")
INLINE_REPLICATION = ("replicationConfiguration", "replicationConfigurations.0")


@RULES.stack_rule(
    "bucket-versioned",
    "A bucket keeps the versions of its objects.",
    Severity.HIGH,
    security_hub("S3.14"),
    *BUCKETS,
)
def versioned(bucket: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """By a resource of its own, or (the old way) a property of the bucket.

    Where the program doesn't set that property, a preview doesn't know it: AWS fills it in.
    """
    versionings = parts(stack, bucket, BUCKET_VERSIONINGS, "bucket", "id", "bucket")
    for versioning in versionings:
        status = versioning.get("versioningConfiguration.status")
        if status != "Enabled":
            yield f"versioningConfiguration.status is {status}; Enabled keeps what is overwritten or deleted"
    if not versionings and not any(known(bucket, path) for path in INLINE_VERSIONING):
        yield "it has no versioning; what is overwritten or deleted is gone"


@RULES.rule(
    "bucket-not-public",
    "A bucket can't be opened to the public.",
    Severity.CRITICAL,
    security_hub("S3.8"),
    PUBLIC_ACCESS_BLOCK,
    *BUCKET_ACLS,
    *BUCKETS,
)
def not_public(subject: Resource, _: Config) -> Iterator[str]:
    """A public access block without one of its four settings has it off; an ACL is private where nothing is said."""
    if subject.type == PUBLIC_ACCESS_BLOCK:
        off = [block for block in BLOCKS if not subject.get(block)]
        if off:
            yield f"{', '.join(off)} is off; all four should be on"
    elif subject.get("acl") in PUBLIC_ACLS:
        yield f"acl is {subject.get('acl')}; private, and a policy for those who may read"


@RULES.rule(
    "bucket-policy-closed",
    "A bucket's policy names who may use it.",
    Severity.CRITICAL,
    security_hub("S3.2"),
    BUCKET_POLICY,
)
def policy_closed(policy: Resource, _: Config) -> Iterator[str]:
    """A condition closes it: on the account, on the organization, on addresses that aren't the whole internet."""
    for each in statements(policy.get("policy")):
        if everyone(each) and not any(condition.narrows_addresses for condition in each.conditions):
            yield 'policy allows Principal "*"; name accounts, or set a condition on the account that must hold'
            return


@RULES.rule(
    "bucket-keeps-objects",
    "A bucket isn't deleted with objects in it.",
    Severity.HIGH,
    well_architected("REL09-BP01", "rel_backing_up_data_identified_backups_data"),
    *BUCKETS,
)
def keeps_objects(bucket: Resource, _: Config) -> Iterator[str]:
    """But for one whose tags say that it needs no backup: a key that ends in `backup`, a value that begins with no."""
    if bucket.get("forceDestroy") and not needs_no_backup(bucket.get("tags", {})):
        yield "forceDestroy is on; with the bucket, all objects and their versions are gone"


@RULES.stack_rule(
    "bucket-replicated",
    "A bucket that a team names is copied to another one.",
    Severity.MEDIUM,
    security_hub("S3.7"),
    *BUCKETS,
    buckets=Setting(
        [], "names of the resources that must be copied; `*` stands for anything", {"items": {"type": "string"}}
    ),
)
def replicated(bucket: Resource, stack: Stack, config: Config) -> Iterator[str]:
    """Nobody is asked to copy logs."""
    if not any(fnmatchcase(bucket.name, pattern) for pattern in config["buckets"]):
        return
    copied = any(known(bucket, path) for path in INLINE_REPLICATION)
    if not copied and not parts(stack, bucket, (BUCKET_REPLICATION,), "bucket", "id", "bucket"):
        yield "it has no replication; the team's config names it as one that must be copied"
