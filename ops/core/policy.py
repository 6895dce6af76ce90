"""The least rights that a command needs, from the calls that it makes. No SDK here."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Call(NamedTuple):
    """A call of AWS, in boto3's names: `("elbv2", "describe_target_health")`."""

    service: str
    operation: str


def calls(operations: Mapping[str, str]) -> tuple[Call, ...]:
    """Return the calls of a table: by service, its operations with spaces between them."""
    return tuple(Call(service, each) for service, names in operations.items() for each in names.split())


PREFIXES = {
    "elbv2": "elasticloadbalancing",
    "service-quotas": "servicequotas",
    "efs": "elasticfilesystem",
    "resourcegroupstaggingapi": "tag",
    "resiliencehubv2": "resiliencehub",
}
"""IAM's prefix of a service that boto3 has another name for."""

OTHERWISE: dict[Call, tuple[str, ...]] = {
    # Without the right to list, S3 answers 403 for an object that isn't there, and nobody knows which it is.
    Call("s3", "head_object"): ("s3:GetObject", "s3:ListBucket"),
    Call("s3", "get_object"): ("s3:GetObject", "s3:ListBucket"),
    Call("s3", "delete_object"): ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    Call("s3", "list_objects_v2"): ("s3:ListBucket",),
    Call("s3", "list_object_versions"): ("s3:ListBucketVersions",),
    # The topic's key is the program's own.
    Call("sns", "publish"): ("sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"),
    Call("lambda", "invoke"): ("lambda:InvokeFunction",),
}
"""Calls whose IAM action isn't named as they are."""


def actions_of(call: Call) -> tuple[str, ...]:
    """Return the IAM actions that allow a call."""
    if call in OTHERWISE:
        return OTHERWISE[call]
    name = "".join(part.capitalize() for part in call.operation.split("_"))
    return (f"{PREFIXES.get(call.service, call.service)}:{_spelled(name)}",)


ABBREVIATIONS = {"Db": "DB"}
"""Parts of operations that AWS writes in capitals."""


def _spelled(name: str) -> str:
    for part, capitals in ABBREVIATIONS.items():
        name = name.replace(part, capitals)
    return name


def document(sid: str, calls: Iterable[Call], resource: str | list[str] = "*") -> dict[str, Any]:
    """Return an IAM policy of exactly the calls."""
    actions = sorted({action for call in calls for action in actions_of(call)})
    statement = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}
