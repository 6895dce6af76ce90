"""Limits, names and IAM policies of a shared file system. No SDK here."""

import hashlib
from collections.abc import Sequence
from typing import Any

from ha_web.core.limits import FEWEST_ZONES
from ha_web.core.policy_documents import Document, document

PORT = 2049
"""NFS: https://docs.aws.amazon.com/efs/latest/ug/network-access.html"""

MOUNTING = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
ROOT_ACCESS = "elasticfilesystem:ClientRootAccess"
"""https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html"""

POSIX_ID = 1000
"""User and group of every file, whoever writes it: the access point enforces them, so servers need no common ids.
https://docs.aws.amazon.com/efs/latest/ug/enforce-identity-access-points.html"""

ROOT_DIRECTORY = "/ha-web"
LONGEST_TOKEN = 64
"""Characters: https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html"""


def storage_problems(subnets: int, zone_ids: Sequence[str]) -> list[str]:
    """Refuse fewer than two zones, zones and subnets that don't match, and two mount targets in one zone."""
    problems = []
    if len(zone_ids) < FEWEST_ZONES:
        problems.append(f"zone_ids has {len(zone_ids)}; surviving a zone needs at least {FEWEST_ZONES}")
    if subnets != len(zone_ids):
        problems.append(
            f"subnet_ids has {subnets}, zone_ids {len(zone_ids)}; give each zone one subnet, in the same order"
        )
    twice = sorted({zone for zone in zone_ids if list(zone_ids).count(zone) > 1})
    return problems + [f'zone_ids has "{zone}" twice; a file system has one mount target in a zone' for zone in twice]


def creation_token(project: str, stack: str, name: str) -> str:
    """Return the token that finds a file system before its id is known, of at most 64 characters."""
    token = f"{project}/{stack}/{name}"
    digest = hashlib.sha256(token.encode()).hexdigest()[:8]
    return token if len(token) <= LONGEST_TOKEN else f"{token[: LONGEST_TOKEN - 9]}-{digest}"


def is_not_found(failure: str) -> bool:
    """Return whether a look-up failed because no such file system exists, and not for another reason."""
    return "no matching EFS file system found" in failure


def file_system_policy(file_system_arn: str, access_point_arn: str, restored_arn: str = "") -> Document:
    """Return the policy of the file system: only over TLS, through the access point, with IAM, and never as root.

    Without a policy EFS lets any client mount that reaches it by network. This one allows no anonymous client, and the
    account's own roles still need a statement of their own: `client_rights`.
    https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html

    Args:
        restored_arn: a second access point, on the root, where restored files are; empty without one.
    """
    partition, account = (file_system_arn.split(":")[place] for place in (1, 4))
    through = {
        "elasticfilesystem:AccessPointArn": [access_point_arn, restored_arn] if restored_arn else access_point_arn
    }
    return {
        "Id": "ha-web",
        **document(
            {
                "Sid": "AccountGoverns",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
                "Action": MOUNTING,
                "Resource": file_system_arn,
                "Condition": {"StringEquals": through},
            },
            _denied("OnlyOverTls", "elasticfilesystem:*", file_system_arn, {"Bool": {"aws:SecureTransport": "false"}}),
            # "not equals" also applies to a mount without an access point
            _denied("OnlyThroughTheAccessPoint", MOUNTING, file_system_arn, {"StringNotEquals": through}),
            _denied("NobodyIsRoot", ROOT_ACCESS, file_system_arn, {}),
        ),
    }


def _denied(sid: str, action: str | list[str], resource: str, condition: dict[str, Any]) -> dict[str, Any]:
    denied = {"Sid": sid, "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": action, "Resource": resource}
    return {**denied, "Condition": condition} if condition else denied


def client_rights(file_system_arn: str, access_point_arn: str) -> dict[str, Any]:
    """Return the statement that lets a role mount and write this file system, over TLS, through this access point."""
    return {
        "Effect": "Allow",
        "Action": MOUNTING,
        "Resource": file_system_arn,
        "Condition": {
            "Bool": {"aws:SecureTransport": "true"},
            "StringEquals": {"elasticfilesystem:AccessPointArn": access_point_arn},
        },
    }


def promoted_warning(name: str, file_system_id: str, region: str) -> str:
    """Return the warning of a preview that finds the replica protected: it was promoted, or never was a replica."""
    return (
        f'StorageReplication "{name}": {file_system_id} in {region} is protected from being overwritten, so it is no '
        "replica: after a failover it holds the newest files. Nothing here will replicate over it (AWS refuses to). "
        "Take the replication out of the program, and see docs/decisions/0008 for the ways back"
    )
