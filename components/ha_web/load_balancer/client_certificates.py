"""Mutual TLS: clients of a load balancer that must present a certificate, like Cloudflare in front of a site."""

from typing import Any, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.private_bucket import UPLOADED, allow_only_tls, guard_bucket
from ha_web.core.scope import Scope
from ha_web.core.tags import NO_BACKUP_REPLACEABLE
from ha_web.load_balancer.protocols import BalancerType, Transport

KEY = "authorities.pem"


class ClientCertificatesArgs(TypedDict):
    """Certificates that the load balancer accepts from clients."""

    ca_bundle: pulumi.Input[str]
    """Certificates (PEM, at most 25) of the authorities that sign them; `origin_pull_ca()` for Cloudflare."""


def client_certificates_problem(args: ClientCertificatesArgs | None, transport: Transport) -> str | None:
    """Return a line if the listener can't ask for certificates, or the bundle has none; else None."""
    if args is None:
        return None
    if not transport.tls or transport.type is not BalancerType.APPLICATION:
        return "client_certificates is given; only an application load balancer with TLS can ask for them"
    bundle = args["ca_bundle"]
    if isinstance(bundle, str) and "-----BEGIN CERTIFICATE-----" not in bundle:
        return "client_certificates.ca_bundle has no certificate in PEM"
    return None


def create_trust_store(scope: Scope, args: ClientCertificatesArgs) -> aws.lb.TrustStore:
    """Create a trust store of the authorities, and the private bucket that AWS reads the bundle from.

    A changed bundle is a new version of the object, which updates the store in place. Health checks are not affected:
    there the load balancer is the client.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html
    """
    options = scope.regional_args("authorities", no_backup=NO_BACKUP_REPLACEABLE)
    bucket = aws.s3.Bucket(f"{scope.name}-authorities", force_destroy=True, **options)
    guards = guard_bucket(scope, bucket, "authorities")
    policy = allow_only_tls(scope, bucket, "authorities", guards)
    bundle = aws.s3.BucketObject(
        f"{scope.name}-authorities-bundle",
        bucket=bucket.bucket,
        key=KEY,
        content=args["ca_bundle"],
        content_type="application/x-pem-file",
        acl=UPLOADED,
        **scope.untagged_args(
            depends_on=[*guards.all, policy]
        ),  # an object from before versioning would have no version
    )
    return aws.lb.TrustStore(
        f"{scope.name}-ts",
        ca_certificates_bundle_s3_bucket=bucket.bucket,
        ca_certificates_bundle_s3_key=bundle.key,
        ca_certificates_bundle_s3_object_version=bundle.version_id,
        **scope.regional_args("ts"),
    )


def mutual_authentication(store: aws.lb.TrustStore | None) -> Any:
    """Return the listener's setting: a valid certificate of an authority in the store, or None without a store."""
    if store is None:
        return None
    return {"mode": "verify", "trust_store_arn": store.arn, "ignore_client_certificate_expiry": False}
