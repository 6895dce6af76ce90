"""S3: objects whose content the program gives."""

from rehearsal.aws_plugin.entry import Call, Read, Tags, Type

OBJECT = {"Bucket": "{bucket}", "Key": "{key}"}

PUT = Call("PutObject", OBJECT, rename={"content": "Body", "kmsKeyId": "SSEKMSKeyId"})

TYPES = [
    Type(
        "aws:s3/bucketObject:BucketObject",
        "s3",
        create=PUT,
        update=(PUT,),
        id="{bucket}/{key}",
        read=Read("HeadObject", OBJECT),
        delete=Call("DeleteObject", OBJECT),
        tags=Tags(
            "PutObjectTagging", "DeleteObjectTagging", OBJECT, read="GetObjectTagging", at="TagSet", create=False
        ),
        local=("forceDestroy", "sourceHash"),
        unread=("content", "serverSideEncryption"),
        required=("key",),
        replace=("bucket", "key"),
        volatile=("versionId", "etag"),
        outputs={"arn": "arn:{partition}:s3:::{id}", "versionId": "VersionId"},
    )
]
