"""Who may read the switch. No Pulumi here."""

from collections.abc import Sequence
from typing import Any

from ha_web.policy_documents import Document, document, only_over_tls


def switch_policy(bucket_arn: str, key: str, ranges: Sequence[str]) -> Document:
    """Route 53's health checkers read the one object; nobody speaks to the bucket without TLS.

    A policy that is limited to fixed source addresses isn't public to S3, so all of Block Public Access stays on.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    checkers: dict[str, Any] = {
        "Sid": "HealthCheckersRead",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"{bucket_arn}/{key}",
        "Condition": {"IpAddress": {"aws:SourceIp": sorted(ranges)}},
    }
    return document(checkers, only_over_tls(bucket_arn))
