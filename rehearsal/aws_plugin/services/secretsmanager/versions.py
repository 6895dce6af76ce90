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

CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"
"""The staging labels of a secret's value and of the one before. The first is always there, and can only be moved.
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


def _unless_deleted(context: HookContext, operation: str, request: dict[str, Any]) -> Any:
    """The answer of an operation; None if secret or version are deleted or about to be."""
    try:
        return context.call(operation, request)
    except CallError as error:
        marked = "because it was marked for deletion" in str(error) or "because it was deleted" in str(error)
        if is_gone(error.cause) or (code(error.cause) == "InvalidRequestException" and marked):
            return None
        raise


def read_version(context: HookContext) -> Mapping[str, Any] | None:
    """The version with its value under the name that the program gave it, so that it stays secret in the state.

    One whose value is only written is found among the secret's versions: nobody reads the value.
    """
    secret, _, version = context.id.partition("|")
    if "secretStringWo" in context.args or context.state.get("hasSecretStringWo"):
        return _read_entry(context, secret, version)
    found = _unless_deleted(context, "GetSecretValue", {"SecretId": secret, "VersionId": version})
    if found is None:
        return None
    state = _state(context, found["ARN"], secret, found)
    if "SecretBinary" in found:
        state["secretBinary"] = base64.b64encode(found["SecretBinary"]).decode()
    else:
        state["secretString"] = found["SecretString"]
    return state


def _read_entry(context: HookContext, secret: str, version: str) -> Mapping[str, Any] | None:
    found = _unless_deleted(context, "ListSecretVersionIds", {"SecretId": secret, "IncludeDeprecated": True})
    entries = [each for each in (found or {}).get("Versions", []) if each["VersionId"] == version]
    return _state(context, found["ARN"], secret, entries[0]) if entries else None


def _state(context: HookContext, arn: str, secret: str, found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": arn,
        "secretArn": arn,
        "secretId": secret,
        "versionId": found["VersionId"],
        "versionStages": found.get("VersionStages", []),
        "hasSecretStringWo": "secretStringWo" in context.args,
    }


def move_stages(context: HookContext) -> None:
    """Give the version the labels that the program names, and take from it those that it no longer does.

    The provider takes no label from another version but the one of the secret's value.
    """
    secret, _, version = context.id.partition("|")
    wanted, had = context.args.get("versionStages") or [], context.old.get("versionStages") or []
    added = [each for each in wanted if each not in had]
    for stage in added:
        request = {"SecretId": secret, "VersionStage": stage, "MoveToVersionId": version}
        if stage == CURRENT and (holder := _holder(context, secret)):
            request["RemoveFromVersionId"] = holder
        context.call("UpdateSecretVersionStage", request)
    moved = PREVIOUS if CURRENT in added else None  # it has gone to the version that had the other
    for stage in [each for each in had if each not in wanted and each not in (CURRENT, moved)]:
        _drop(context, stage)


def drop_stages(context: HookContext) -> None:
    """Delete a version as AWS can: by taking its labels, but for the one that the secret needs."""
    for stage in context.state.get("versionStages") or []:
        if stage != CURRENT and _drop(context, stage) is None:
            return


def _drop(context: HookContext, stage: str) -> Any:
    secret, _, version = context.id.partition("|")
    request = {"SecretId": secret, "VersionStage": stage, "RemoveFromVersionId": version}
    return _unless_deleted(context, "UpdateSecretVersionStage", request)


def _holder(context: HookContext, secret: str) -> str | None:
    """The version that has the secret's value."""
    versions = context.call("ListSecretVersionIds", {"SecretId": secret})["Versions"]
    return next((each["VersionId"] for each in versions if CURRENT in each.get("VersionStages", [])), None)


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
        # Another value is another version: the provider's code replaces where its schema doesn't say so.
        replace=("secretString", "secretStringWo", "secretStringWoVersion"),
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
