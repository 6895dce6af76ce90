"""Buckets: who gets in, by policies, ACLs and access points."""

import re
from collections.abc import Iterator

from resilience.aws.parts import parts
from resilience.aws.policy_documents import denies_plain_text, statements
from resilience.aws.types import (
    ACCOUNT_ACCESS_BLOCK,
    BUCKET_ACCESS_POINT,
    BUCKET_ACLS,
    BUCKET_OWNERSHIP,
    BUCKET_POLICY,
    BUCKETS,
    MULTI_REGION_ACCESS_POINT,
)
from resilience.known import is_known, known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Severity, Topic
from resilience.rules.data.buckets import BLOCKS

RULES = Topic()

TAKES_OVER = (
    "s3:deletebucketpolicy",
    "s3:putbucketacl",
    "s3:putbucketpolicy",
    "s3:putencryptionconfiguration",
    "s3:putobjectacl",
)
"""Actions with which another account could take the bucket over.
https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-6"""
PUBLIC_GROUPS = ("/AllUsers", "/AuthenticatedUsers")
ACCOUNT = re.compile(r"\d{12}|arn:aws[a-z-]*:(iam|sts)::\d{12}:")


@RULES.stack_rule(
    "bucket-policy-demands-tls",
    "A bucket refuses requests without TLS.",
    Severity.MEDIUM,
    security_hub("S3.5"),
    *BUCKETS,
)
def demands_tls(bucket: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """By a statement in its policy that denies them."""
    policies = parts(stack, bucket, (BUCKET_POLICY,), "bucket", "id", "bucket")
    if not policies and not known(bucket, "policy"):
        yield "it has no policy that denies requests without aws:SecureTransport"
    documents = [each.get("policy") for each in policies] or [known(bucket, "policy")]
    for document in documents:
        if document and not any(denies_plain_text(each, "s3") for each in statements(document)):
            yield "its policy doesn't deny requests without aws:SecureTransport"


@RULES.rule(
    "bucket-policy-keeps-its-owner-in",
    "A bucket's policy doesn't lock everybody out.",
    Severity.HIGH,
    well_architected("SEC03-BP07", "sec_permissions_analyze_cross_account"),
    BUCKET_POLICY,
)
def keeps_its_owner_in(policy: Resource, _: Config) -> Iterator[str]:
    """Only the account's root user could then put it right."""
    for each in statements(policy.get("policy")):
        if not each.allows and each.for_anybody and not each.conditions and {"*", "s3:*"} & {*each.actions}:
            yield "policy denies everybody everything; name actions, or those who stay out"


@RULES.rule(
    "bucket-policy-not-handed-over",
    "A bucket's policy gives no account the means to take the bucket over.",
    Severity.HIGH,
    security_hub("S3.6"),
    BUCKET_POLICY,
)
def not_handed_over(policy: Resource, _: Config) -> Iterator[str]:
    """Its own account needs no bucket policy for that: IAM says who may."""
    for each in statements(policy.get("policy")):
        named = [name for kind, name in each.principals if kind == "AWS" and ACCOUNT.match(name)]
        for action in TAKES_OVER if named else ():
            if each.allows and ("*" in each.actions or each.grants(action)):
                yield f"policy lets {named[0]} do {action}; leave it to the bucket's account"
                break


@RULES.rule(
    "bucket-acls-off",
    "Access to a bucket is a matter of policies, not of ACLs.",
    Severity.MEDIUM,
    security_hub("S3.12"),
    BUCKET_OWNERSHIP,
    *BUCKET_ACLS,
)
def acls_off(subject: Resource, _: Config) -> Iterator[str]:
    """They are off for a new bucket where the program says nothing.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
    """
    if subject.type != BUCKET_OWNERSHIP:
        yield "an ACL is set; a policy says the same where everybody looks for it"
    elif (owner := subject.get("rule.objectOwnership")) != "BucketOwnerEnforced":
        yield f"rule.objectOwnership is {owner}; BucketOwnerEnforced switches ACLs off"


@RULES.rule(
    "bucket-acl-names-nobody",
    "No ACL of a bucket names everybody.",
    Severity.CRITICAL,
    security_hub("S3.2"),
    *BUCKET_ACLS,
)
def acl_names_nobody(acl: Resource, _: Config) -> Iterator[str]:
    """A canned ACL is told by `bucket-not-public`."""
    for number in range(acl.count("accessControlPolicy.grants")):
        path = f"accessControlPolicy.grants.{number}.grantee.uri"
        if is_known(acl, path) and acl.get(path).endswith(PUBLIC_GROUPS):
            yield f"{path} is {acl.get(path)}"


@RULES.rule(
    "access-point-not-public",
    "An access point of a bucket can't be opened to the public.",
    Severity.CRITICAL,
    security_hub("S3.19"),
    BUCKET_ACCESS_POINT,
    MULTI_REGION_ACCESS_POINT,
)
def access_point_not_public(point: Resource, _: Config) -> Iterator[str]:
    """All four settings are on where nothing is said, and can't be changed later."""
    at = "publicAccessBlockConfiguration" if point.type == BUCKET_ACCESS_POINT else "details.publicAccessBlock"
    off = [block for block in BLOCKS if point.get(f"{at}.{block}") is False]
    if off:
        yield f"{at}: {', '.join(off)} is off; all four should be on"


@RULES.rule(
    "account-buckets-not-public",
    "No bucket of the account can be opened to the public.",
    Severity.HIGH,
    security_hub("S3.1"),
    ACCOUNT_ACCESS_BLOCK,
)
def account_not_public(block: Resource, _: Config) -> Iterator[str]:
    """A setting that the program leaves out is off."""
    off = [name for name in BLOCKS if not block.get(name)]
    if off:
        yield f"{', '.join(off)} is off; all four should be on"
