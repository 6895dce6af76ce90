"""S3: buckets, and their settings, which are resources of their own."""

from collections.abc import Mapping

from rehearsal.aws_plugin.entry import As, AutoName, Call, Hook, HookContext, Read, Tags, Type

BUCKET = {"Bucket": "{bucket}"}

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


def _empty(context: HookContext) -> None:
    """Delete every version of every object, if the bucket was made with `forceDestroy`."""
    if not context.args.get("forceDestroy"):
        return
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
    name: str, noun: str, *, read: Read, delete: str = "", put: str = "", **more: object
) -> Type:
    """A setting of a bucket: Put<noun> for creation and change, Delete<noun>."""
    call = Call(put or f"Put{noun}", BUCKET, **more)  # type: ignore[arg-type] # the rest of Call's fields
    return Type(
        f"aws:s3/{name[0].lower()}{name[1:]}:{name}",
        "s3",
        create=call,
        update=(call,),
        id="{bucket}",
        read=read,
        delete=Call(delete, BUCKET) if delete else (),
        local=("skipDestroy",) if name == "BucketPublicAccessBlock" else (),
    )


TYPES = [
    Type(
        "aws:s3/bucket:Bucket",
        "s3",
        create=Call(
            "CreateBucket",
            # us-east-1 is the one region that must not be named
            {"CreateBucketConfiguration": {"LocationConstraint": "{(region != 'us-east-1' && region) || `null`}"}},
            rename={"objectLockEnabled": "ObjectLockEnabledForBucket"},
        ),
        id="{bucket}",
        read=(Read("HeadBucket", {"Bucket": "{id}"}), Hook(_hosted_zone)),
        delete=(Hook(_empty), Call("DeleteBucket", {"Bucket": "{id}"})),
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
        into="PublicAccessBlockConfiguration",
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
    setting(
        "BucketVersioning",
        "BucketVersioning",
        rename={
            "versioningConfiguration": "VersioningConfiguration",
            "versioningConfiguration.status": As("Status"),
        },
        read=Read("GetBucketVersioning", BUCKET, "[@][?Status] | [0]", rename={"versioningConfiguration": "@"}),
    ),
    setting(
        "BucketLifecycleConfiguration",
        "BucketLifecycleConfiguration",
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
