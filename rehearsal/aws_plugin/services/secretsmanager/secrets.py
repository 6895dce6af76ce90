"""Secrets Manager: secrets and their policies; versions are in a file of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.model import RefusedError, is_unknown
from rehearsal.aws_plugin.entry import AutoName, Call, Function, Hook, HookContext, Members, Read, Tags, Type

NO_POLICY = "{}"
"""The policy with which a program has the real provider delete it; without the argument, it is left alone."""


def refuse_window(context: HookContext) -> None:
    """Refuse a recovery window that DeleteSecret would refuse, before there is a secret that can't be deleted."""
    days = context.args.get("recoveryWindowInDays")
    if days is not None and not is_unknown(days) and days != 0 and not 7 <= int(days) <= 30:
        raise RefusedError("recoveryWindowInDays", f"{days} is neither 0 (at once) nor 7 to 30 days")


def read_policy(context: HookContext) -> Mapping[str, Any]:
    """The policy; without one, what the program says for none."""
    found = context.call("GetResourcePolicy", {"SecretId": context.id}).get("ResourcePolicy")
    return {"policy": found or (NO_POLICY if context.args.get("policy") == NO_POLICY else "")}


def delete_policy(context: HookContext) -> None:
    """Delete the policy; a secret that is being deleted has none to delete."""
    try:
        context.call("DeleteResourcePolicy", {"SecretId": context.id})
    except CallError as error:
        if "marked for deletion" not in str(error):
            raise


def replica(member: Mapping[str, Any]) -> dict[str, Any]:
    """A replica as ReplicateSecretToRegions takes it."""
    return {"Region": member["region"]} | ({"KmsKeyId": member["kmsKeyId"]} if member.get("kmsKeyId") else {})


PUT_POLICY = Call(
    "PutResourcePolicy",
    {"SecretId": "{id}"},
    rename={"policy": "ResourcePolicy"},
    takes=("policy",),
    when="{policy && length(policy) > `2`}",  # longer than NO_POLICY
)

REPLICAS = Members(
    "replicas",
    add=Call(
        "ReplicateSecretToRegions",
        {
            "SecretId": "{id}",
            "AddReplicaRegions": "{added}",
            "ForceOverwriteReplicaSecret": "{forceOverwriteReplicaSecret}",
        },
    ),
    remove=Call("RemoveRegionsFromReplication", {"SecretId": "{id}", "RemoveReplicaRegions": "{removed[].Region}"}),
    created=True,
    to=replica,
)

TYPES = [
    Type(
        "aws:secretsmanager/secret:Secret",
        "secretsmanager",
        create=Call("CreateSecret", rename={"replicas": "AddReplicaRegions"}),
        id="ARN",
        then=(
            Hook(refuse_window, dry=True),
            PUT_POLICY,
            REPLICAS,
        ),
        update=(
            REPLICAS,
            Call(  # a key that the program no longer names stays
                "UpdateSecret",
                {"SecretId": "{id}", "KmsKeyId": "{kmsKeyId}"},
                takes=("description", "kmsKeyId"),
                along={"*": ("description",)},
                cleared={"description": ""},
            ),
            PUT_POLICY,
            Call(
                "DeleteResourcePolicy",
                {"SecretId": "{id}"},
                takes=("policy",),
                when="{!policy || length(policy) <= `2`}",
            ),
        ),
        read=(
            Read(
                "DescribeSecret",
                {"SecretId": "{id}"},
                "[@][?!DeletedDate] | [0]",
                {"replicas": "ReplicationStatus[].{region: Region, kmsKeyId: KmsKeyId}"},  # how it goes is no argument
            ),
            Hook(read_policy),
        ),
        delete=(
            Call(
                "RemoveRegionsFromReplication",
                {"SecretId": "{id}", "RemoveReplicaRegions": "{replicas[].region}"},
                when="{replicas}",
            ),
            Call(
                "DeleteSecret",
                {
                    "SecretId": "{id}",
                    "RecoveryWindowInDays": "{recoveryWindowInDays != `0` && recoveryWindowInDays || `null`}",
                    "ForceDeleteWithoutRecovery": "{recoveryWindowInDays == `0` || `null`}",
                },
            ),
        ),
        tags=Tags("TagResource", "UntagResource", {"SecretId": "{id}"}),
        outputs={"arn": "ARN"},
        auto_name=AutoName(maximum=512),
        local=("recoveryWindowInDays", "forceOverwriteReplicaSecret"),
        default={"recoveryWindowInDays": 30, "forceOverwriteReplicaSecret": False},
        computed=("policy", "replicas"),
    ),
    Type(
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        "secretsmanager",
        create=Call("PutResourcePolicy", {"SecretId": "{secretArn}"}, rename={"policy": "ResourcePolicy"}),
        id="{secretArn}",
        update=(
            Call(
                "PutResourcePolicy",
                {"SecretId": "{secretArn}", "BlockPublicPolicy": "{blockPublicPolicy || `false`}"},
                rename={"policy": "ResourcePolicy"},
                takes=("blockPublicPolicy", "policy"),
            ),
        ),
        read=Read("GetResourcePolicy", {"SecretId": "{id}"}, rename={"policy": "ResourcePolicy || ''"}),
        delete=Hook(delete_policy),
    ),
]

FUNCTIONS = [
    Function(
        "aws:secretsmanager/getSecret:getSecret",
        "secretsmanager",
        Read("DescribeSecret", {"SecretId": "{arn || name}"}),
        id="{arn}",
        takes=("arn", "name"),
        outputs={
            "arn": "ARN",
            "policy": Read("GetResourcePolicy", {"SecretId": "{arn || name}"}, "ResourcePolicy || ''"),
        },
    ),
]
