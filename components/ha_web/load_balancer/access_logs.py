"""The bucket that a load balancer writes its access logs to."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from ha_web.core.policy_documents import Document, document, only_over_tls
from ha_web.core.private_bucket import expire, guard_bucket
from ha_web.core.regions import region_of
from ha_web.core.scope import Scope
from ha_web.core.tags import NO_BACKUP_LOGS
from ha_web.load_balancer.protocols import BalancerType

RETENTION_DAYS = 90
"""Long enough for an investigation, short enough for personal data (addresses). Our choice: S3 itself deletes
nothing."""

OLD_VERSION_DAYS = 7
"""Overwritten and deleted logs can be restored for a week."""


def create_log_bucket(scope: Scope, balancer: BalancerType, *, keep: bool) -> tuple[aws.s3.Bucket, aws.s3.BucketPolicy]:
    """Create a private, encrypted, versioned bucket, and the policy that the balancer must wait for.

    **Holds state.** Unless `keep` is False, AWS refuses to delete it while there are logs in it.
    """
    bucket = aws.s3.Bucket(
        f"{scope.name}-logs", force_destroy=not keep, **scope.regional_args("logs", no_backup=NO_BACKUP_LOGS)
    )
    guards = guard_bucket(scope, bucket, "logs")
    expire(
        scope,
        bucket,
        "logs",
        days=RETENTION_DAYS,
        old_version_days=OLD_VERSION_DAYS,
        unfinished_upload_days=OLD_VERSION_DAYS,
        after=guards.versions,
    )
    caller = aws.get_caller_identity_output(opts=scope.invoke_opts())
    region = region_of(scope.region, scope.parent)
    policy = aws.s3.BucketPolicy(
        f"{scope.name}-logs-policy",
        bucket=bucket.id,
        policy=pulumi.Output.all(bucket.arn, caller.account_id, caller.arn).apply(
            lambda known: _policy_text(balancer, *known, region=region)
        ),
        **scope.untagged_args(depends_on=[guards.closed]),  # S3 refuses both changes at once
    )
    return bucket, policy


def _policy_text(balancer: BalancerType, bucket_arn: str, account: str, caller_arn: str, *, region: str) -> str:
    partition = caller_arn.split(":")[1]
    return json.dumps(delivery_policy(balancer, bucket_arn, partition=partition, region=region, account=account))


def delivery_policy(balancer: BalancerType, bucket_arn: str, *, partition: str, region: str, account: str) -> Document:
    """Return the bucket's policy: only log delivery for this account and region may write, and only over TLS.

    An Application Load Balancer's logs come from a service that does not name their source in every request. Where it
    does, the source must be a load balancer of this account and region; where it doesn't, the account in the object's
    key limits it. A plain condition would refuse the latter, and the balancer could not be created.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
    """
    logs = f"{bucket_arn}/AWSLogs/{account}/*"
    of_account = {"StringEquals": {"aws:SourceAccount": account}}
    if balancer is BalancerType.APPLICATION:
        source = f"arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/*"
        delivery = [
            _allow_delivery(
                "logdelivery.elasticloadbalancing.amazonaws.com",
                "s3:PutObject",
                logs,
                {"ArnLikeIfExists": {"aws:SourceArn": source}},
            ),
        ]
    else:
        service = "delivery.logs.amazonaws.com"
        from_here = of_account | _like(f"arn:{partition}:logs:{region}:{account}:*")
        owned = {"StringEquals": {"aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control"}}
        delivery = [
            _allow_delivery(service, "s3:GetBucketAcl", bucket_arn, from_here),
            _allow_delivery(service, "s3:PutObject", logs, from_here | owned),
        ]
    return document(*delivery, only_over_tls(bucket_arn))


def _allow_delivery(service: str, action: str, resource: str, condition: dict[str, Any]) -> dict[str, Any]:
    return {
        "Sid": f"Delivery{action.removeprefix('s3:')}",
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": resource,
        "Condition": condition,
    }


def _like(source_arn: str) -> dict[str, Any]:
    return {"ArnLike": {"aws:SourceArn": source_arn}}
