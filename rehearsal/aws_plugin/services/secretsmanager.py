"""Secrets Manager: secrets, their versions and policies, and its functions."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.aws import code, is_gone
from rehearsal.aws_plugin.context import CallError, Context
from rehearsal.aws_plugin.entry import As, AutoName, Call, Function, Hook, Members, Read, Tags, Type
from rehearsal.aws_plugin.model import RefusedError, is_unknown

CURRENT = "AWSCURRENT"
"""The staging label that a secret always has: it can be moved, not removed.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html"""

NO_POLICY = "{}"
"""How a program tells the real provider to delete the policy; without the argument, it is left alone."""

VALUES = ("secretString", "secretBinary", "secretStringWo")


def refuse_window(context: Context) -> None:
    """Refuse a recovery window that DeleteSecret would refuse, before there is a secret that can't be deleted."""
    days = context.args.get("recoveryWindowInDays")
    if not is_unknown(days) and days not in (None, 0) and not 7 <= int(days) <= 30:
        raise RefusedError("recoveryWindowInDays", f"{days} is neither 0 (at once) nor 7 to 30 days")


def refuse_values(context: Context) -> None:
    """Refuse a version without a value, or with two."""
    given = [name for name in VALUES if context.args.get(name) is not None]
    if len(given) != 1:
        raise RefusedError(given[-1] if given else VALUES[0], f"exactly one of {', '.join(VALUES)} is needed")


def binary(value: str) -> bytes:
    """The bytes of a `secretBinary`, which the SDK's class takes as base64."""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise RefusedError("", "is not base64") from None


def read_policy(context: Context) -> Mapping[str, Any]:
    """The policy; without one, what the program says for none."""
    found = context.call("GetResourcePolicy", {"SecretId": context.id}).get("ResourcePolicy")
    return {"policy": found or (NO_POLICY if context.args.get("policy") == NO_POLICY else "")}


def read_version(context: Context) -> Mapping[str, Any] | None:
    """The version with its value under the name that the program gave it, so that it stays secret in the state."""
    secret, _, version = context.id.partition("|")
    try:
        found = context.call("GetSecretValue", {"SecretId": secret, "VersionId": version})
    except CallError as error:
        marked = code(error.cause) == "InvalidRequestException" and "deletion" in str(error)
        if marked or is_gone(error.cause):
            return None
        raise
    state: dict[str, Any] = {
        "arn": found["ARN"],
        "secretArn": found["ARN"],
        "secretId": secret,
        "versionId": found["VersionId"],
        "versionStages": found.get("VersionStages", []),
        "hasSecretStringWo": "secretStringWo" in context.args,
    }
    if "SecretBinary" in found:
        state["secretBinary"] = base64.b64encode(found["SecretBinary"]).decode()
    elif "secretStringWo" not in context.args:
        state["secretString"] = found["SecretString"]
    return state


def move_stages(context: Context) -> None:
    """Give the version the labels that the program names, and take from it those that it no longer does."""
    secret, _, version = context.id.partition("|")
    wanted, had = context.args.get("versionStages") or [], context.old.get("versionStages") or []
    holders = _holders(context, secret)
    for stage in [each for each in wanted if each not in had]:
        request = {"SecretId": secret, "VersionStage": stage, "MoveToVersionId": version}
        holder = holders.get(stage)
        if holder != version:
            context.call("UpdateSecretVersionStage", request | ({"RemoveFromVersionId": holder} if holder else {}))
    _drop(context, [each for each in had if each not in wanted])


def drop_stages(context: Context) -> None:
    """Delete a version as AWS can: by taking its labels, but for the one that the secret needs."""
    secret, _, version = context.id.partition("|")
    _drop(context, [stage for stage, holder in _holders(context, secret).items() if holder == version])


def _drop(context: Context, stages: list[str]) -> None:
    secret, _, version = context.id.partition("|")
    for stage in stages:
        if stage != CURRENT:
            request = {"SecretId": secret, "VersionStage": stage, "RemoveFromVersionId": version}
            context.call("UpdateSecretVersionStage", request)


def _holders(context: Context, secret: str) -> dict[str, str]:
    """Which version has each label."""
    versions = context.call("ListSecretVersionIds", {"SecretId": secret})["Versions"]
    return {stage: each["VersionId"] for each in versions for stage in each.get("VersionStages", [])}


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

TYPES = [
    Type(
        "aws:secretsmanager/secret:Secret",
        "secretsmanager",
        create=Call("CreateSecret", rename={"replicas": "AddReplicaRegions"}),
        id="ARN",
        then=(
            Hook(refuse_window, dry=True),
            PUT_POLICY,
            Members(
                "replicas",
                add=Call(
                    "ReplicateSecretToRegions",
                    {
                        "SecretId": "{id}",
                        "AddReplicaRegions": "{added}",
                        "ForceOverwriteReplicaSecret": "{forceOverwriteReplicaSecret}",
                    },
                ),
                remove=Call(
                    "RemoveRegionsFromReplication", {"SecretId": "{id}", "RemoveReplicaRegions": "{removed[].Region}"}
                ),
                created=True,
                to=replica,
            ),
        ),
        update=(
            Call(
                "UpdateSecret",
                {"SecretId": "{id}"},
                takes=("description", "kmsKeyId", "type"),
                cleared={"description": "", "kmsKeyId": "alias/aws/secretsmanager", "type": ""},
            ),
            Call(
                "DeleteResourcePolicy",
                {"SecretId": "{id}"},
                takes=("policy",),
                when="{!policy || length(policy) <= `2`}",
            ),
        ),
        read=(
            Read("DescribeSecret", {"SecretId": "{id}"}, "[@][?!DeletedDate] | [0]", {"replicas": "ReplicationStatus"}),
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
        "aws:secretsmanager/secretVersion:SecretVersion",
        "secretsmanager",
        create=Call(
            "PutSecretValue", rename={"secretStringWo": "SecretString", "secretBinary": As("SecretBinary", to=binary)}
        ),
        id="{secretId}|{answer.VersionId}",
        then=(Hook(refuse_values, dry=True),),
        update=(Hook(move_stages, takes=("versionStages",)),),
        read=Hook(read_version, takes=("secretStringWoVersion",)),
        delete=Hook(drop_stages),
        computed=("versionStages",),
        gone=("InvalidRequestException",),
    ),
    Type(
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        "secretsmanager",
        create=Call(
            "PutResourcePolicy",
            {"SecretId": "{secretArn}"},
            rename={"policy": "ResourcePolicy"},
        ),
        id="{secretArn}",
        update=(
            Call(
                "PutResourcePolicy",
                {"SecretId": "{secretArn}"},
                rename={"policy": "ResourcePolicy"},
            ),
        ),
        read=Read("GetResourcePolicy", {"SecretId": "{id}"}, "[@][?ResourcePolicy] | [0]"),
        delete=Call("DeleteResourcePolicy", {"SecretId": "{id}"}),
    ),
]

FUNCTIONS = [
    Function(
        "aws:secretsmanager/getRandomPassword:getRandomPassword",
        "secretsmanager",
        Read("GetRandomPassword"),
    ),
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
    Function(
        "aws:secretsmanager/getSecretVersion:getSecretVersion",
        "secretsmanager",
        Read("GetSecretValue"),
        id="{secretId}|{versionId || versionStage || 'AWSCURRENT'}",
        rename={"secretId": "SecretId"},
        outputs={"arn": "ARN", "secretArn": "ARN"},
    ),
]
