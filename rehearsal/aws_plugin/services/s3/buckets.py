"""S3: buckets, and their settings, which are resources of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rehearsal.aws_plugin.calls.clients import code
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.entry import AutoName, Call, Hook, HookContext, Read, Tags, Type

BUCKET = {"Bucket": "{bucket}"}
PRIVATE = "{acl || 'private'}"
"""The access list that the provider sends where the program gives none."""

OWNED = ("expectedBucketOwner",)
"""What the provider's code replaces for, although its schema doesn't say so."""

SIZE = "{transitionDefaultMinimumObjectSize || 'all_storage_classes_128K'}"
BLOCKED = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
VERSIONS = Call(
    "PutBucketVersioning", BUCKET, rename={"versioningConfiguration": "VersioningConfiguration"}, whole=True
)

HOSTED_ZONES = {
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
    "eu-west-3": "Z3R1K369G5AVDG",
    "eu-north-1": "Z3BAZG2TWCNX0D",
}
"""Hosted zones of S3's website endpoints: https://docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints"""


def _delete(context: HookContext) -> None:
    """Delete a bucket; one that was made with `forceDestroy` and isn't empty, with every version of every object."""
    try:
        context.call("DeleteBucket", {"Bucket": context.id})
    except CallError as error:
        if code(error.cause) != "BucketNotEmpty" or not context.args.get("forceDestroy"):
            raise
        _empty(context)
        context.call("DeleteBucket", {"Bucket": context.id})


def _empty(context: HookContext) -> None:
    while True:
        page = context.call("ListObjectVersions", {"Bucket": context.id})
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if not found:
            return
        objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
        context.call("DeleteObjects", {"Bucket": context.id, "Delete": {"Objects": objects, "Quiet": True}})


def _hosted_zone(context: HookContext) -> Mapping[str, str]:
    return {"hostedZoneId": HOSTED_ZONES[context.region]} if context.region in HOSTED_ZONES else {}


def setting(  # a type of setting: put, read, delete
    name: str, noun: str, *, read: Read, delete: str, params: Mapping[str, Any] | None = None, **more: Any
) -> Type:
    """A setting of a bucket: Put<noun> for creation and change, Delete<noun>."""
    call = Call(f"Put{noun}", {**BUCKET, **(params or {})}, **more)
    return Type(
        f"aws:s3/{name[0].lower()}{name[1:]}:{name}",
        "s3",
        create=call,
        update=(call,),
        id="{bucket}",
        read=read,
        delete=Call(delete, BUCKET, when="{!skipDestroy}" if name == "BucketPublicAccessBlock" else ""),
        local=("skipDestroy",) if name == "BucketPublicAccessBlock" else (),
        replace=OWNED if name == "BucketServerSideEncryptionConfiguration" else (),
    )


def _refuse_no_versions(context: HookContext) -> None:
    """Refuse at preview to be without versions again: S3 only suspends them."""
    before, wanted = (_status(each) for each in (context.old, context.args))
    if wanted == "Disabled" and before in ("Enabled", "Suspended"):
        raise RefusedError("versioningConfiguration.status", f"can't change from {before} to {wanted}")


def _status(values: Mapping[str, Any]) -> str | None:
    block = values.get("versioningConfiguration")
    block = block[0] if isinstance(block, list) else block
    return block.get("status") if isinstance(block, dict) else None


def _suspend_versions(context: HookContext) -> None:
    """Suspend versions, which is as far as S3 goes, and no further than locked objects allow."""
    if _status(context.args) == "Disabled":
        return
    request = {"Bucket": context.args["bucket"], "VersioningConfiguration": {"Status": "Suspended"}}
    try:
        context.call("PutBucketVersioning", request)
    except CallError as error:
        if "An Object Lock configuration is present" not in str(error):
            raise


TYPES = [
    Type(
        "aws:s3/bucket:Bucket",
        "s3",
        create=Call(
            "CreateBucket",
            # us-east-1 is the one region that must not be named
            {
                "ACL": PRIVATE,
                "CreateBucketConfiguration": {"LocationConstraint": "{(region != 'us-east-1' && region) || `null`}"},
            },
            rename={"objectLockEnabled": "ObjectLockEnabledForBucket"},
        ),
        id="{bucket}",
        update=(Call("PutBucketAcl", {"Bucket": "{id}", "ACL": PRIVATE}, takes=("acl",)),),
        read=(Read("HeadBucket", {"Bucket": "{id}"}), Hook(_hosted_zone)),
        delete=Hook(_delete),
        tags=Tags(
            "PutBucketTagging",
            "DeleteBucketTagging",
            {"Bucket": "{id}"},
            read="GetBucketTagging",
            at="TagSet",
            create=False,
        ),
        auto_name=AutoName("bucket", 63, lower=True),
        local=("forceDestroy",),
        unread=("acl",),
        outputs={
            "arn": "arn:{partition}:s3:::{id}",
            "bucketRegion": "{region}",
            "bucketDomainName": "{id}.s3.amazonaws.com",
            "bucketRegionalDomainName": "{id}.s3.{region}.amazonaws.com",
        },
    ),
    setting(
        "BucketPolicy",
        "BucketPolicy",
        read=Read("GetBucketPolicy", BUCKET),
        delete="DeleteBucketPolicy",
    ),
    setting(
        "BucketPublicAccessBlock",
        "PublicAccessBlock",
        params={"PublicAccessBlockConfiguration": {n[:1].upper() + n[1:]: f"{{{n} || `false`}}" for n in BLOCKED}},
        takes=BLOCKED,
        read=Read("GetPublicAccessBlock", BUCKET, "PublicAccessBlockConfiguration"),
        delete="DeletePublicAccessBlock",
    ),
    setting(
        "BucketServerSideEncryptionConfiguration",
        "BucketEncryption",
        into="ServerSideEncryptionConfiguration",
        rename={"rules.applyServerSideEncryptionByDefault.kmsMasterKeyId": "KMSMasterKeyID"},
        read=Read("GetBucketEncryption", BUCKET, "ServerSideEncryptionConfiguration"),
        delete="DeleteBucketEncryption",
    ),
    Type(
        "aws:s3/bucketVersioning:BucketVersioning",
        "s3",
        create=Call("GetBucketVersioning", BUCKET),  # a bucket without versions is told nothing
        instead=(replace(VERSIONS, when="{versioningConfiguration.status != 'Disabled'}"),),
        id="{bucket}",
        update=(Hook(_refuse_no_versions, takes=("versioningConfiguration",), dry=True), VERSIONS),
        read=Read(
            "GetBucketVersioning",
            BUCKET,
            rename={"versioningConfiguration": "{status: Status || 'Disabled', mfaDelete: MFADelete}"},
        ),
        delete=Hook(_suspend_versions),
        replace=OWNED,
    ),
    setting(
        "BucketLifecycleConfiguration",
        "BucketLifecycleConfiguration",
        params={"TransitionDefaultMinimumObjectSize": SIZE},
        takes=("expectedBucketOwner", "rules", "transitionDefaultMinimumObjectSize"),
        into="LifecycleConfiguration",
        read=Read("GetBucketLifecycleConfiguration", BUCKET),
        delete="DeleteBucketLifecycle",
    ),
    setting(
        "BucketOwnershipControls",
        "BucketOwnershipControls",
        rename={"rule": "OwnershipControls.Rules"},
        read=Read("GetBucketOwnershipControls", BUCKET, "OwnershipControls"),
        delete="DeleteBucketOwnershipControls",
    ),
]
