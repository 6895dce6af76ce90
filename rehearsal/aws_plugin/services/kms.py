"""KMS: keys and their aliases."""

from typing import Any

from rehearsal.aws_plugin.calls.model import is_unknown
from rehearsal.aws_plugin.entry import AutoName, Call, Hook, HookContext, Read, Tags, Type

KEY = {"KeyId": "{id}"}
ROTATION = ("enableKeyRotation", "rotationPeriodInDays")


def replicate(context: HookContext) -> Any:
    """Make the replica, by a call to the primary key's region, and wait for it."""
    arn = context.args["primaryKeyArn"]
    request = {
        "KeyId": "alias/unknown" if is_unknown(arn) else arn.rpartition("/")[2],
        "ReplicaRegion": context.region,
        **{name: context.args[key] for key, name in REPLICATED.items() if context.args.get(key) is not None},
    }
    if context.dry:
        return context.send(Call("ReplicateKey"), request)
    return context.call("ReplicateKey", request, region=arn.split(":")[3])


REPLICATED = {
    "description": "Description",
    "policy": "Policy",
    "bypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck",
}
"""Arguments of a replica, and what ReplicateKey calls them."""

ENABLED = (
    Call("DisableKey", KEY, takes=("enabled",), when="{enabled == `false`}"),
    Call("EnableKey", KEY, takes=("enabled",), when="{enabled != `false`}"),
)
POLICY = Call(
    "PutKeyPolicy",
    {**KEY, "PolicyName": "default", "BypassPolicyLockoutSafetyCheck": "{bypassPolicyLockoutSafetyCheck}"},
    takes=("policy",),
)
DESCRIPTION = Call("UpdateKeyDescription", KEY, takes=("description",), cleared={"description": ""})

TYPES = [
    Type(
        "aws:kms/replicaKey:ReplicaKey",
        "kms",
        create=Hook(replicate, takes=("primaryKeyArn", *REPLICATED), dry=True),
        id="ReplicaKeyMetadata.KeyId",
        update=(*ENABLED, POLICY, DESCRIPTION),
        read=(
            Read(
                "DescribeKey",
                KEY,
                "[KeyMetadata][?KeyState!='PendingDeletion'] | [0]",
                rename={"primaryKeyArn": "MultiRegionConfiguration.PrimaryKey.Arn"},
            ),
            Read("GetKeyPolicy", {**KEY, "PolicyName": "default"}, rename={"policy": "Policy"}),
            Read("GetKeyRotationStatus", KEY, rename={"keyRotationEnabled": "KeyRotationEnabled"}),
        ),
        delete=Call("ScheduleKeyDeletion", {**KEY, "PendingWindowInDays": "{deletionWindowInDays}"}),
        tags=Tags("TagResource", "UntagResource", KEY, read="ListResourceTags", create=False),
        local=("deletionWindowInDays", "bypassPolicyLockoutSafetyCheck"),
    ),
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
            POLICY,
            DESCRIPTION,
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
