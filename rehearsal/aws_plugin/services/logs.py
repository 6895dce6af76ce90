"""CloudWatch Logs: log groups."""

from rehearsal.aws_plugin.entry import AutoName, Call, Read, Tags, Type

GROUP = {"logGroupName": "{id}"}
ARN = {"resourceArn": "arn:{partition}:logs:{region}:{account}:log-group:{id}"}

TYPES = [
    Type(
        "aws:cloudwatch/logGroup:LogGroup",
        "logs",
        create=Call("CreateLogGroup", rename={"name": "logGroupName"}),
        then=(
            Call(
                "PutRetentionPolicy",
                GROUP,
                takes=("retentionInDays",),
                when="{retentionInDays && logGroupClass != 'DELIVERY'}",
            ),
            Call("DeleteRetentionPolicy", GROUP, takes=("retentionInDays",), when="{!retentionInDays}"),
        ),
        update=(
            Call("AssociateKmsKey", GROUP, takes=("kmsKeyId",), when="{kmsKeyId}", recorded=True),
            Call("DisassociateKmsKey", GROUP, takes=("kmsKeyId",), when="{!kmsKeyId}", recorded=True),
            Call(
                "PutLogGroupDeletionProtection",
                {"logGroupIdentifier": "{arn}"},
                takes=("deletionProtectionEnabled",),
                recorded=True,
            ),
        ),
        id="{name}",
        read=Read(
            "DescribeLogGroups",
            {"logGroupNamePrefix": "{id}"},
            "logGroups[?logGroupName=='{id}'] | [0]",
            rename={"name": "logGroupName"},
        ),
        delete=Call("DeleteLogGroup", GROUP, when="{!skipDestroy}"),
        tags=Tags("TagResource", "UntagResource", ARN, read="ListTagsForResource"),
        auto_name=AutoName("name", 512),
        local=("skipDestroy",),
        same={"retentionInDays": "logGroupClass == 'DELIVERY'"},  # where AWS keeps to two days
        unread=("kmsKeyId", "deletionProtectionEnabled"),  # what was recorded only can't be read back
        outputs={"arn": ARN["resourceArn"]},
    ),
]
