"""What every bucket of ours has: no public access, one owner, encryption, versions."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope


@dataclass(frozen=True)
class Guards:
    """A bucket's guards, for what has to wait for them."""

    closed: aws.s3.BucketPublicAccessBlock
    """Before a policy: S3 refuses both at once."""
    versions: aws.s3.BucketVersioning
    """Before objects and rules on old versions."""
    encrypted: aws.s3.BucketServerSideEncryptionConfiguration

    @property
    def all(self) -> list[pulumi.Resource]:
        """All of them."""
        return [self.closed, self.versions, self.encrypted]


def guard_bucket(scope: Scope, bucket: aws.s3.Bucket, role: str) -> Guards:
    """Close, encrypt and version the bucket with this role.

    S3's own keys: access logs of a balancer, deliveries of reports and checks from outside know no other.
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
