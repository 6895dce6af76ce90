"""The safeguards of every bucket: no public access, one owner, encryption, versions, and an end of what expires."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from ha_web.core.policy_documents import document, only_over_tls
from ha_web.core.scope import Scope

UPLOADED = "bucket-owner-full-control"
"""ACL that an object is uploaded with: the provider sends "private" by itself, and a bucket whose owner owns everything
refuses each other one than this.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
"""


@dataclass(frozen=True)
class Guards:
    """The safeguards of a bucket, for resources that must wait for them."""

    closed: aws.s3.BucketPublicAccessBlock
    """A bucket policy waits for it: S3 refuses both changes at once."""
    versions: aws.s3.BucketVersioning
    """Objects, and rules on old versions, wait for it."""
    encrypted: aws.s3.BucketServerSideEncryptionConfiguration

    @property
    def all(self) -> list[pulumi.Resource]:
        """Return all three."""
        return [self.closed, self.versions, self.encrypted]


def guard_bucket(scope: Scope, bucket: aws.s3.Bucket, role: str) -> Guards:
    """Close, encrypt and version the bucket with this role.

    Encrypted with S3's own keys: the log delivery of load balancers takes no other.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    name = f"{scope.name}-{role}"
    aws.s3.BucketOwnershipControls(
        f"{name}-ownership",
        bucket=bucket.id,
        rule={"object_ownership": "BucketOwnerEnforced"},
        **scope.untagged_args(),
    )
    return Guards(
        closed=aws.s3.BucketPublicAccessBlock(
            f"{name}-closed",
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            **scope.untagged_args(),
        ),
        versions=aws.s3.BucketVersioning(
            f"{name}-versioning",
            bucket=bucket.id,
            versioning_configuration={"status": "Enabled"},
            **scope.untagged_args(),
        ),
        encrypted=aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.id,
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
            **scope.untagged_args(),
        ),
    )


def allow_only_tls(scope: Scope, bucket: aws.s3.Bucket, role: str, guards: Guards) -> aws.s3.BucketPolicy:
    """Let nobody ask the bucket with this role in the clear; its policy says nothing else."""
    return aws.s3.BucketPolicy(
        f"{scope.name}-{role}-policy",
        bucket=bucket.id,
        policy=bucket.arn.apply(lambda arn: json.dumps(document(only_over_tls(arn)))),
        **scope.untagged_args(depends_on=[guards.closed]),  # S3 refuses both at once
    )


def expire(
    scope: Scope,
    bucket: aws.s3.Bucket,
    role: str,
    *,
    days: int,
    old_version_days: int,
    after: aws.s3.BucketVersioning,
    unfinished_upload_days: int | None = None,
    prefix: str = "",
) -> None:
    """Delete the objects of the bucket with this role after some days.

    Args:
        days: age of an object, in days, at which it is deleted.
        old_version_days: days that overwritten and deleted objects stay, to be restored from.
        after: the bucket's versioning, which S3 must have before a rule on old versions.
        unfinished_upload_days: days after which the parts of an unfinished upload are deleted; None keeps them.
        prefix: of the keys of these objects; all by default.
    """
    rule: aws.s3.BucketLifecycleConfigurationRuleArgsDict = {
        "id": "expire",
        "status": "Enabled",
        "filter": {"prefix": prefix},
        "expiration": {"days": days},
        "noncurrent_version_expiration": {"noncurrent_days": old_version_days},
    }
    if unfinished_upload_days is not None:
        rule["abort_incomplete_multipart_upload"] = {"days_after_initiation": unfinished_upload_days}
    aws.s3.BucketLifecycleConfiguration(
        f"{scope.name}-{role}-retention",
        bucket=bucket.id,
        rules=[rule],
        **scope.untagged_args(depends_on=[after]),
    )
