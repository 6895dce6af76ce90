"""KMS: keys and their aliases."""

from typing import Any

from rehearsal.aws_plugin.calls.context import CallError
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

POLICY = Call(
    "PutKeyPolicy",
    {**KEY, "PolicyName": "default", "BypassPolicyLockoutSafetyCheck": "{bypassPolicyLockoutSafetyCheck}"},
    takes=("policy",),
)
DESCRIPTION = Call("UpdateKeyDescription", KEY, takes=("description",), cleared={"description": ""})
ORIGIN = "{xksKeyId && 'EXTERNAL_KEY_STORE' || customKeyStoreId && 'AWS_CLOUDHSM' || `null`}"


def enable(argument: str) -> Call:
    """The first step of an update: no other can be made of a disabled key."""
    return Call("EnableKey", KEY, takes=(argument,), when=f"{{{argument} != `false`}}")


def disable(argument: str) -> Call:
    """The last step of an update, and what follows a creation."""
    return Call("DisableKey", KEY, takes=(argument,), when=f"{{{argument} == `false`}}")


def delete(context: HookContext) -> None:
    """Schedule the deletion; of a key that is scheduled already nothing is left to do."""
    window = context.args.get("deletionWindowInDays") or context.state.get("deletionWindowInDays")
    request = {"KeyId": context.id} | ({"PendingWindowInDays": int(window)} if window else {})
    try:
        context.call("ScheduleKeyDeletion", request)
    except CallError as error:
        if "is pending deletion" not in str(error):
            raise


def read_as(wanted: str) -> Hook:
    """Fail to read a key that has changed its place among keys of several regions, as the provider does."""

    def read(context: HookContext) -> None:
        kind = context.resolve("{found.MultiRegionConfiguration.MultiRegionKeyType}")
        if kind and kind != wanted:
            raise RuntimeError(f"{context.id} is {kind}, not {wanted}, of its multi-Region keys")

    return Hook(read)


ROTATE = Call(
    "EnableKeyRotation",
    {**KEY, "RotationPeriodInDays": "{rotationPeriodInDays}"},
    takes=ROTATION,
    when="{enableKeyRotation}",
)
DISABLE_REPLICA, DISABLE_KEY = disable("enabled"), disable("isEnabled")

TYPES = [
    Type(
        "aws:kms/replicaKey:ReplicaKey",
        "kms",
        create=Hook(replicate, takes=("primaryKeyArn", *REPLICATED), dry=True),
        id="ReplicaKeyMetadata.KeyId",
        then=(DISABLE_REPLICA,),
        update=(enable("enabled"), DESCRIPTION, POLICY, DISABLE_REPLICA),
        read=(
            Read(
                "DescribeKey",
                KEY,
                "[KeyMetadata][?KeyState!='PendingDeletion'] | [0]",
                rename={"primaryKeyArn": "MultiRegionConfiguration.PrimaryKey.Arn"},
            ),
            Read("GetKeyPolicy", {**KEY, "PolicyName": "default"}, rename={"policy": "Policy"}),
            Read("GetKeyRotationStatus", KEY, rename={"keyRotationEnabled": "KeyRotationEnabled"}),
            read_as("REPLICA"),
        ),
        delete=Hook(delete),
        tags=Tags("TagResource", "UntagResource", KEY, read="ListResourceTags", create=False),
        local=("deletionWindowInDays", "bypassPolicyLockoutSafetyCheck"),
        computed=("policy",),
    ),
    Type(
        "aws:kms/key:Key",
        "kms",
        create=Call("CreateKey", {"Origin": ORIGIN}, rename={"customerMasterKeySpec": "KeySpec"}),
        then=(ROTATE, DISABLE_KEY),
        update=(
            enable("isEnabled"),
            ROTATE,
            Call("DisableKeyRotation", KEY, takes=("enableKeyRotation",), when="{!enableKeyRotation}"),
            DESCRIPTION,
            POLICY,
            DISABLE_KEY,
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
            read_as("PRIMARY"),
        ),
        delete=Hook(delete),
        tags=Tags("TagResource", "UntagResource", KEY, read="ListResourceTags"),
        local=("deletionWindowInDays", "bypassPolicyLockoutSafetyCheck"),
        computed=("policy",),
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
        same={  # the ARN and the id of one key
            "targetKeyId": "ends_with(targetKeyId, not_null(old.targetKeyId, '-'))"
            " || ends_with(not_null(old.targetKeyId, '-'), targetKeyId)"
        },
        outputs={"targetKeyArn": Read("DescribeKey", {"KeyId": "{id}"}, "KeyMetadata.Arn")},
    ),
]
