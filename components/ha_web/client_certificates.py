"""Clients of a load balancer that must show a certificate (mutual TLS), like Cloudflare in front of a site."""

import json
from typing import Any, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.policy_documents import document
from ha_web.protocols import BalancerType, Carriage
from ha_web.scope import Scope
from ha_web.tags import NO_BACKUP_REPLACEABLE

KEY = "authorities.pem"


class ClientCertificatesArgs(TypedDict):
    """Which certificates of clients are good."""

    ca_bundle: pulumi.Input[str]
    """The authorities (PEM, at most 25) that must have signed them. `origin_pull_ca()` has Cloudflare's."""


def client_certificates_problem(args: ClientCertificatesArgs | None, way: Carriage) -> str | None:
    """Where there is no TLS at the listener of an application load balancer, or no certificate in the text."""
    if args is None:
        return None
    if not way.tls or way.type is not BalancerType.APPLICATION:
        return "client_certificates is given; only an application load balancer with TLS can ask for them"
    bundle = args["ca_bundle"]
    if isinstance(bundle, str) and "-----BEGIN CERTIFICATE-----" not in bundle:
        return "client_certificates.ca_bundle has no certificate in PEM"
    return None


def create_trust_store(scope: Scope, args: ClientCertificatesArgs) -> aws.lb.TrustStore:
    """The authorities, from a private bucket of its own, which has nothing that the program doesn't have.

    A changed bundle is a new version of the object, and so an update of the store in place. Health checks of the
    balancer are not affected: there it is the client.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html
    """
    options = scope.regional("authorities", no_backup=NO_BACKUP_REPLACEABLE)
    bucket = aws.s3.Bucket(f"{scope.name}-authorities", force_destroy=True, **options)
    settings = _close(scope, bucket)
    bundle = aws.s3.BucketObject(
        f"{scope.name}-authorities-bundle",
        bucket=bucket.bucket,
        key=KEY,
        content=args["ca_bundle"],
        content_type="application/x-pem-file",
        **scope.untagged(depends_on=settings),  # an object from before versioning would have no version
    )
    return aws.lb.TrustStore(
        f"{scope.name}-ts",
        ca_certificates_bundle_s3_bucket=bucket.bucket,
        ca_certificates_bundle_s3_key=bundle.key,
        ca_certificates_bundle_s3_object_version=bundle.version_id,
        **scope.regional("ts"),
    )


def mutual_authentication(store: aws.lb.TrustStore | None) -> Any:
    """What the listener asks of clients: a certificate in force, of an authority in the store; or nothing."""
    if store is None:
        return None
    return {"mode": "verify", "trust_store_arn": store.arn, "ignore_client_certificate_expiry": False}


def _close(scope: Scope, bucket: aws.s3.Bucket) -> list[pulumi.Resource]:
    """Private, versioned, encrypted, over TLS only: whoever writes here lets himself in there."""
    closed = aws.s3.BucketPublicAccessBlock(
        f"{scope.name}-authorities-closed",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        **scope.untagged(),
    )
    versions = aws.s3.BucketVersioning(
        f"{scope.name}-authorities-versioning",
        bucket=bucket.id,
        versioning_configuration={"status": "Enabled"},
        **scope.untagged(),
    )
    encrypted = aws.s3.BucketServerSideEncryptionConfiguration(
        f"{scope.name}-authorities-encryption",
        bucket=bucket.id,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
        **scope.untagged(),
    )
    policy = aws.s3.BucketPolicy(
        f"{scope.name}-authorities-policy",
        bucket=bucket.id,
        policy=bucket.arn.apply(_only_over_tls),
        **scope.untagged(depends_on=[closed]),  # S3 refuses both at once
    )
    return [versions, encrypted, policy]


def _only_over_tls(bucket_arn: str) -> str:
    deny = {
        "Sid": "OnlyOverTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, f"{bucket_arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps(document(deny))
