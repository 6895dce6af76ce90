"""S3: objects whose content the program gives, as a text or as a file."""

from collections.abc import Mapping

from rehearsal.aws_plugin.calls.archive import contents
from rehearsal.aws_plugin.entry import As, Call, Hook, HookContext, Read, Tags, Type

OBJECT = {"Bucket": "{bucket}", "Key": "{key}"}
TAGS = Tags("PutObjectTagging", "DeleteObjectTagging", OBJECT, read="GetObjectTagging", at="TagSet", create=False)

PUT = Call("PutObject", OBJECT, rename={"content": "Body", "kmsKeyId": "SSEKMSKeyId"})
PUT_FILE = Call(
    "PutObject",
    OBJECT,
    rename={"content": "Body", "source": As("Body", to=contents), "kmsKeyId": "SSEKMSKeyId"},
)


def _delete_all_versions(context: HookContext) -> None:
    """Delete every version of the object, as the provider does where the bucket keeps them."""
    bucket, key = context.args["bucket"], context.args["key"]
    page: Mapping[str, list[dict[str, str]]] = context.call("ListObjectVersions", {"Bucket": bucket, "Prefix": key})
    for each in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
        if each["Key"] == key:
            context.call("DeleteObject", {"Bucket": bucket, "Key": key, "VersionId": each["VersionId"]})


TYPES = [
    Type(
        "aws:s3/bucketObject:BucketObject",
        "s3",
        create=PUT,
        update=(PUT,),
        id="{bucket}/{key}",
        read=Read("HeadObject", OBJECT),
        delete=Call("DeleteObject", OBJECT),
        tags=TAGS,
        local=("forceDestroy", "sourceHash"),
        unread=("content", "serverSideEncryption"),
        required=("key",),
        replace=("bucket", "key"),
        volatile=("versionId", "etag"),
        outputs={"arn": "arn:{partition}:s3:::{id}", "versionId": "VersionId"},
    ),
    Type(
        "aws:s3/bucketObjectv2:BucketObjectv2",
        "s3",
        create=PUT_FILE,
        update=(PUT_FILE,),
        id="{bucket}/{key}",
        read=Read("HeadObject", OBJECT),
        delete=Hook(_delete_all_versions),
        tags=TAGS,
        local=("forceDestroy", "sourceHash"),
        unread=("acl", "content", "source", "serverSideEncryption", "checksumAlgorithm"),
        # Where the file is doesn't matter: the provider is given a copy that is named for the content's hash.
        same={"source": "source.hash == old.source.hash"},
        required=("key",),
        volatile=("versionId", "etag"),
        outputs={"arn": "arn:{partition}:s3:::{id}", "versionId": "VersionId"},
    ),
]
