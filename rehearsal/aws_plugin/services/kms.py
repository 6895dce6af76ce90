"""KMS: keys and their aliases."""

from rehearsal.aws_plugin.entry import AutoName, Call, Read, Tags, Type

KEY = {"KeyId": "{id}"}
ROTATION = ("enableKeyRotation", "rotationPeriodInDays")

TYPES = [
    Type(
        "aws:kms/key:Key",
        "kms",
        create=Call("CreateKey", rename={"customerMasterKeySpec": "KeySpec"}),
        then=(
            Call(
                "EnableKeyRotation",
                {**KEY, "RotationPeriodInDays": "{rotationPeriodInDays}"},
                takes=ROTATION,
                when="{enableKeyRotation}",
            ),
            Call("DisableKeyRotation", KEY, takes=ROTATION, when="{!enableKeyRotation}"),
            Call("DisableKey", KEY, takes=("isEnabled",), when="{isEnabled == `false`}"),
        ),
        update=(
            Call("EnableKey", KEY, takes=("isEnabled",), when="{isEnabled != `false`}"),
            Call(
                "PutKeyPolicy",
                {**KEY, "PolicyName": "default", "BypassPolicyLockoutSafetyCheck": "{bypassPolicyLockoutSafetyCheck}"},
                takes=("policy",),
            ),
            Call("UpdateKeyDescription", KEY, takes=("description",), cleared={"description": ""}),
        ),
        id="KeyMetadata.KeyId",
        read=(
            Read(
                "DescribeKey",
                KEY,
                "[KeyMetadata][?KeyState!='PendingDeletion'] | [0]",
                rename={"isEnabled": "Enabled", "customerMasterKeySpec": "KeySpec"},
            ),
            Read("GetKeyPolicy", {**KEY, "PolicyName": "default"}, rename={"policy": "Policy"}),
            Read("GetKeyRotationStatus", KEY, rename={"enableKeyRotation": "KeyRotationEnabled"}),
        ),
        delete=Call("ScheduleKeyDeletion", {**KEY, "PendingWindowInDays": "{deletionWindowInDays}"}),
        tags=Tags("TagResource", "UntagResource", KEY, read="ListResourceTags"),
        local=("deletionWindowInDays", "bypassPolicyLockoutSafetyCheck"),
        default={"description": "Managed by Pulumi"},
    ),
    Type(
        "aws:kms/alias:Alias",
        "kms",
        create=Call("CreateAlias", rename={"name": "AliasName"}),
        update=(Call("UpdateAlias", {"AliasName": "{id}"}, takes=("targetKeyId",)),),
        id="{name}",
        read=Read(
            "ListAliases", {}, "Aliases[?AliasName=='{id}'] | [0]", rename={"name": "AliasName", "arn": "AliasArn"}
        ),
        delete=Call("DeleteAlias", {"AliasName": "{id}"}),
        auto_name=AutoName("name", 256, prefix="alias/"),
        outputs={"targetKeyArn": Read("DescribeKey", {"KeyId": "{id}"}, "KeyMetadata.Arn")},
    ),
]
