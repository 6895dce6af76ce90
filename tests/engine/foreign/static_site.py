"""Pages in a bucket behind CloudFront."""

import json

import pulumi
import pulumi_aws as aws

pages = aws.s3.Bucket("pages", tags={"backup": "no: the pages are in git"})
aws.s3.BucketVersioning("pages", bucket=pages.id, versioning_configuration={"status": "Enabled"})
aws.s3.BucketPublicAccessBlock(
    "pages",
    bucket=pages.id,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
access = aws.cloudfront.OriginAccessControl(
    "pages", origin_access_control_origin_type="s3", signing_behavior="always", signing_protocol="sigv4"
)
site = aws.cloudfront.Distribution(
    "site",
    enabled=True,
    default_root_object="index.html",
    origins=[
        {
            "origin_id": "pages",
            "domain_name": pages.bucket_regional_domain_name,
            "origin_access_control_id": access.id,
        }
    ],
    default_cache_behavior={
        "target_origin_id": "pages",
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": ["GET", "HEAD"],
        "cached_methods": ["GET", "HEAD"],
    },
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={"cloudfront_default_certificate": True},
)


def reading(bucket: str, distribution: str) -> str:
    """A policy that lets the distribution read, and nobody come without TLS."""
    read = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"{bucket}/*",
        "Condition": {"StringEquals": {"AWS:SourceArn": distribution}},
    }
    plain = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket, f"{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [read, plain]})


aws.s3.BucketPolicy(
    "pages",
    bucket=pages.id,
    policy=pulumi.Output.all(pages.arn, site.arn).apply(lambda arns: reading(*arns)),
)
