"""The bucket that reports about backups are written into."""

import json

import pulumi
import pulumi_aws as aws

from ha_web.backup.audit_controls import reports_policy
from ha_web.core.private_bucket import guard_bucket
from ha_web.core.regions import partition_of
from ha_web.core.scope import Scope
from ha_web.core.tags import NO_BACKUP_REPORTS

RETENTION_DAYS = 400
"""A year and a month, so that a yearly audit finds the whole year. Ours: AWS keeps for ever."""


def create_reports_bucket(scope: Scope, *, keep: bool) -> aws.s3.Bucket:
    """A private, encrypted, versioned bucket. Unless `keep` is False, AWS refuses to delete it with reports in it.

    Encrypted with S3's own keys: with a key of one's own the role that delivers reports would need rights on it, and
    that role doesn't exist before the first framework or report plan.
    """
    bucket = aws.s3.Bucket(
        f"{scope.name}-reports", force_destroy=not keep, **scope.regional_args("reports", no_backup=NO_BACKUP_REPORTS)
    )
    guards = guard_bucket(scope, bucket, "reports")
    aws.s3.BucketLifecycleConfiguration(
        f"{scope.name}-reports-retention",
        bucket=bucket.id,
        rules=[
            {
                "id": "expire",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "expiration": {"days": RETENTION_DAYS},
                "noncurrent_version_expiration": {"noncurrent_days": 30},
            }
        ],
        **scope.untagged_args(depends_on=[guards.versions]),
    )
    return bucket


def allow_reports(scope: Scope, bucket: aws.s3.Bucket, after: list[pulumi.Resource]) -> None:
    """Let AWS Backup write into the bucket. after: what makes AWS create the role that writes; S3 refuses a policy for
    a role that isn't there."""
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
