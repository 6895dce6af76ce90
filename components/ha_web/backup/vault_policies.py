"""Policy documents of backup vaults and their keys. No SDK here."""

from collections.abc import Sequence
from typing import Any

from ha_web.core.policy_documents import Document, document

UNDELETABLE = [
    "backup:DeleteBackupVault",
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:DeleteBackupVaultNotifications",
    "backup:DeleteRecoveryPoint",
    "backup:DisassociateRecoveryPoint",
    "backup:DisassociateRecoveryPointFromParent",
    "backup:PutBackupVaultAccessPolicy",
    "backup:UpdateRecoveryPointLifecycle",
]
"""Actions that delete a recovery point, shorten its retention, or remove the vault's protection. AWS Backup Audit
Manager's control of manual deletion asks for deletion, lifecycle and access policy in one statement.
https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html"""

KEY_LOSS = ["kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion"]
"""Actions after which nothing that a key encrypted can be read."""


def roles_encrypt(role_arns: Sequence[str]) -> list[dict[str, Any]]:
    """Return the statements of a vault's key policy that let the jobs' roles encrypt, decrypt and create grants.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
    """
    return [
        {
            "Sid": "BackupRolesEncrypt",
            "Effect": "Allow",
            "Principal": {"AWS": [*role_arns]},
            "Action": ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
            "Resource": "*",
        },
        {
            "Sid": "BackupRolesLend",
            "Effect": "Allow",
            "Principal": {"AWS": [*role_arns]},
            "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
            "Resource": "*",
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]


def nobody_deletes_the_key(but_for: Sequence[str]) -> dict[str, Any]:
    """Return the statement of a key policy that denies everybody its deletion and its disabling.

    A lock, even in compliance mode, does not hinder the deletion of the key, after which no recovery point of the vault
    can be read. IAM still decides who may change this policy: that takes a second call, and is in CloudTrail.
    https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html

    Args:
        but_for: ARNs of IAM roles or users that may.
    """
    statement: dict[str, Any] = {
        "Sid": "NobodyDeletesTheKey",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": KEY_LOSS,
        "Resource": "*",
    }
    return {**statement, "Condition": {"ArnNotEquals": {"aws:PrincipalArn": [*but_for]}}} if but_for else statement


def vault_keeps_everything() -> Document:
    """Return a vault's policy that denies deletion to everybody, the account's root user included.

    It denies its own change, too; IAM decides who may delete it: otherwise not even an empty vault could be deleted. It
    governs AWS Backup's API only. Only a lock in compliance mode withstands an administrator.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
    """
    return document(
        {"Sid": "NobodyDeletes", "Effect": "Deny", "Principal": "*", "Action": UNDELETABLE, "Resource": "*"},
    )
