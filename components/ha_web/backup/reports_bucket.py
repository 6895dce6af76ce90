"""The bucket that AWS Backup writes its reports to."""

import json

import pulumi
import pulumi_aws as aws

from ha_web.backup.audit_controls import reports_policy
from ha_web.core.private_bucket import expire, guard_bucket
from ha_web.core.regions import partition_of
from ha_web.core.scope import Scope
from ha_web.core.tags import NO_BACKUP_REPORTS

RETENTION_DAYS = 400
"""A year and a month, so that a yearly audit finds the whole year. Our choice: S3 itself deletes nothing."""

OLD_VERSION_DAYS = 30
"""Overwritten and deleted reports can be restored for a month."""


def create_reports_bucket(scope: Scope, *, keep: bool) -> aws.s3.Bucket:
    """Create a private, encrypted, versioned bucket, which AWS refuses to delete with reports in it if `keep`.

    Encrypted with S3's own keys: a key of our own would have to let in the role that delivers reports, and
    that role doesn't exist before the first framework or report plan.
    """
    bucket = aws.s3.Bucket(
        f"{scope.name}-reports", force_destroy=not keep, **scope.regional_args("reports", no_backup=NO_BACKUP_REPORTS)
    )
    guards = guard_bucket(scope, bucket, "reports")
    expire(
        scope,
        bucket,
        "reports",
        days=RETENTION_DAYS,
        old_version_days=OLD_VERSION_DAYS,
        after=guards.versions,
    )
    return bucket


def allow_reports(scope: Scope, bucket: aws.s3.Bucket, after: list[pulumi.Resource]) -> None:
    """Let AWS Backup write to the bucket.

    Args:
        after: resources that make AWS create the role that writes; S3 refuses a policy that names a missing role.
    """
    account = aws.get_caller_identity_output(opts=scope.invoke_opts()).account_id
    partition = partition_of(scope.region)
    aws.s3.BucketPolicy(
        f"{scope.name}-reports-policy",
        bucket=bucket.id,
        policy=pulumi.Output.all(bucket.arn, account).apply(
            lambda known: json.dumps(reports_policy(known[0], partition=partition, account=known[1]))
        ),
        **scope.untagged_args(depends_on=after),
    )
