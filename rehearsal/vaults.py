"""Leaving emulated backup vaults: what an administrator does by hand on a real account, and never a program of ours.

The policy that denies deletion and the lock go first, then the recovery points. A lock in compliance mode whose days
of grace are over could not be taken off at AWS; here nothing is that old.
"""

from collections.abc import Iterable
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.account import Account

VAULT = "aws:backup/vault:Vault"


def empty(account: Account, resources: Iterable[dict[str, Any]]) -> int:
    """Empty the vaults among a stack's resources, as the state has them; how many recovery points went."""
    found = [(r["outputs"]["region"], r["outputs"]["name"]) for r in resources if r["type"] == VAULT]
    return sum(empty_vault(account.client("backup", region), name) for region, name in found)


def empty_vault(backup: Any, name: str) -> int:
    """Empty one vault; how many recovery points went. A vault that isn't there is empty."""
    try:
        points = _points(backup, name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return 0
    if points:
        backup.delete_backup_vault_access_policy(BackupVaultName=name)
        backup.delete_backup_vault_lock_configuration(BackupVaultName=name)
    for arn in points:
        backup.delete_recovery_point(BackupVaultName=name, RecoveryPointArn=arn)
    return len(points)


def _points(backup: Any, name: str) -> list[str]:
    pages = backup.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName=name)
    return [point["RecoveryPointArn"] for page in pages for point in page["RecoveryPoints"]]
