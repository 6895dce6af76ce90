"""Secrets Manager: versions of secrets, and the functions that give values."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.clients import code, is_gone
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.entry import As, Call, Function, Hook, HookContext, Read, Type

CURRENT = "AWSCURRENT"
"""The staging label that a secret always has: it can be moved, not removed.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html"""

VALUES = ("secretString", "secretBinary", "secretStringWo")


def refuse_values(context: HookContext) -> None:
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


def read_version(context: HookContext) -> Mapping[str, Any] | None:
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


def move_stages(context: HookContext) -> None:
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


def drop_stages(context: HookContext) -> None:
    """Delete a version as AWS can: by taking its labels, but for the one that the secret needs."""
    secret, _, version = context.id.partition("|")
    _drop(context, [stage for stage, holder in _holders(context, secret).items() if holder == version])


def _drop(context: HookContext, stages: list[str]) -> None:
    secret, _, version = context.id.partition("|")
    for stage in stages:
        if stage != CURRENT:
            request = {"SecretId": secret, "VersionStage": stage, "RemoveFromVersionId": version}
            context.call("UpdateSecretVersionStage", request)


def _holders(context: HookContext, secret: str) -> dict[str, str]:
    """The version that has each label."""
    versions = context.call("ListSecretVersionIds", {"SecretId": secret})["Versions"]
    return {stage: each["VersionId"] for each in versions for stage in each.get("VersionStages", [])}


TYPES = [
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
]

FUNCTIONS = [
    Function(
        "aws:secretsmanager/getRandomPassword:getRandomPassword",
        "secretsmanager",
        Read("GetRandomPassword"),
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
