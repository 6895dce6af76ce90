"""S3: objects whose content the program gives, as a text or as a file."""

from __future__ import annotations

from dataclasses import replace

from rehearsal.aws_plugin.calls.archive import contents
from rehearsal.aws_plugin.entry import As, Call, Hook, HookContext, Read, Tags, Type

OBJECT = {"Bucket": "{bucket}", "Key": "{key}"}
TAGS = Tags("PutObjectTagging", "DeleteObjectTagging", OBJECT, read="GetObjectTagging", at="TagSet", create=False)
RIGHTS = ("acl", "objectLockLegalHoldStatus", "objectLockMode", "objectLockRetainUntilDate")
"""Arguments that change by themselves, as long as the content stays."""

LOCKS = {
    "ObjectLockLegalHoldStatus": "{objectLockLegalHoldStatus}",
    "ObjectLockMode": "{objectLockMode}",
    "ObjectLockRetainUntilDate": "{objectLockRetainUntilDate}",
}
PUT = Call(
    "PutObject",
    {
        **OBJECT,
        **LOCKS,
        "ACL": "{acl || 'private'}",
        "ServerSideEncryption": "{serverSideEncryption || kmsKeyId && 'aws:kms' || `null`}",
    },
    rename={"content": "Body", "kmsKeyId": "SSEKMSKeyId"},
)
PUT_FILE = Call(
    "PutObject",
    {**PUT.params, "ACL": "{acl}"},
    rename={"content": "Body", "source": As("Body", to=contents), "kmsKeyId": "SSEKMSKeyId"},
)
CONTENT = (
    *("bucketKeyEnabled", "cacheControl", "content", "contentDisposition", "contentEncoding", "contentLanguage"),
    *("contentType", "kmsKeyId", "metadata", "serverSideEncryption", "sourceHash", "storageClass", "websiteRedirect"),
)
"""Arguments whose change puts the object anew."""


def change_rights(context: HookContext) -> None:
    """Change an object's access list and locks where it isn't put anew."""
    args, changed = context.args, context.changed
    if changed & {*CONTENT, "source"}:
        return
    place = {"Bucket": args["bucket"], "Key": args["key"]}
    if "acl" in changed:
        context.send(Call("PutObjectAcl"), {**place, "ACL": args.get("acl") or "private"})
    if "objectLockLegalHoldStatus" in changed:
        hold = {"LegalHold": {"Status": args.get("objectLockLegalHoldStatus") or "OFF"}}
        context.send(Call("PutObjectLegalHold"), {**place, **hold})
    if changed & {"objectLockMode", "objectLockRetainUntilDate"}:
        names = {"Mode": "objectLockMode", "RetainUntilDate": "objectLockRetainUntilDate"}
        kept = {member: args[name] for member, name in names.items() if args.get(name)}
        request = {**place, "Retention": kept}
        before, after = (each.get("objectLockRetainUntilDate") for each in (context.old, args))
        shorter = "objectLockRetainUntilDate" in changed and (not after or bool(before and after < before))
        context.send(Call("PutObjectRetention"), request | ({"BypassGovernanceRetention": True} if shorter else {}))


def delete_versions(context: HookContext) -> None:
    """Delete an object: with all of its versions, if it has any."""
    place = {"Bucket": context.args["bucket"], "Key": context.args["key"]}
    if not context.state.get("versionId"):
        context.call("DeleteObject", place)
        return
    forced = {"BypassGovernanceRetention": True} if context.args.get("forceDestroy") else {}
    page = context.call("ListObjectVersions", {"Bucket": place["Bucket"], "Prefix": place["Key"]})
    for kind, more in (("Versions", forced), ("DeleteMarkers", {})):
        for each in page.get(kind, []):
            if each["Key"] == place["Key"]:
                context.call("DeleteObject", {**place, "VersionId": each["VersionId"], **more})


CHANGE_RIGHTS = Hook(change_rights, takes=RIGHTS)

TYPES = [
    Type(
        "aws:s3/bucketObject:BucketObject",
        "s3",
        create=PUT,
        update=(replace(PUT, takes=CONTENT), CHANGE_RIGHTS),
        id="{bucket}/{key}",
        read=Read("HeadObject", OBJECT),
        delete=Hook(delete_versions),
        tags=TAGS,
        local=("forceDestroy",),
        unread=("acl", "content"),
        required=("key",),
        replace=("bucket", "key"),
        volatile=("versionId", "etag"),
        unannounced=dict.fromkeys(("versionId", "etag"), RIGHTS),
        outputs={"arn": "arn:{partition}:s3:::{id}", "versionId": "VersionId"},
    ),
    Type(
        "aws:s3/bucketObjectv2:BucketObjectv2",
        "s3",
        create=PUT_FILE,
        update=(replace(PUT_FILE, takes=(*CONTENT, "checksumAlgorithm", "source")), CHANGE_RIGHTS),
        id="{bucket}/{key}",
        read=Read("HeadObject", OBJECT),
        delete=Hook(delete_versions),
        tags=TAGS,
        local=("forceDestroy",),
        unread=("acl", "content", "source", "checksumAlgorithm"),
        # Where the file is doesn't matter: the provider is given a copy that is named for the content's hash.
        same={"source": "source.hash == old.source.hash"},
        required=("key",),
        volatile=("versionId", "etag"),
        unannounced=dict.fromkeys(("versionId", "etag"), RIGHTS),
        outputs={"arn": "arn:{partition}:s3:::{id}", "versionId": "VersionId"},
    ),
]
