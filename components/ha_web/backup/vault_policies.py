"""Policy documents of backup vaults and their keys. No SDK here."""

from typing import Any

from ha_web.core.policy_documents import Document, document

UNDELETABLE = [
    "backup:DeleteBackupVault",
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:DeleteBackupVaultNotifications",
    "backup:DeleteRecoveryPoint",
    "backup:DisassociateRecoveryPoint",
    "backup:DisassociateRecoveryPointFromParent",
    "backup:UpdateRecoveryPointLifecycle",
]
"""Actions that delete a recovery point, shorten its retention, or remove the vault's protection."""


def role_encrypts(role_arn: str) -> list[dict[str, Any]]:
    """Return the statements of a vault's key policy that let the backup role encrypt, decrypt and create grants.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
    """
    return [
        {
            "Sid": "BackupRoleEncrypts",
            "Effect": "Allow",
            "Principal": {"AWS": role_arn},
            "Action": ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
            "Resource": "*",
        },
        {
            "Sid": "BackupRoleLends",
            "Effect": "Allow",
            "Principal": {"AWS": role_arn},
            "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
            "Resource": "*",
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]


def vault_keeps_everything() -> Document:
    """Return a vault's policy that denies deletion to everybody, the account's root user included.

    IAM still decides who may change the policy itself: otherwise not even an empty vault could be deleted. Only a lock
    in compliance mode withstands an administrator.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
    """
    return document(
        {"Sid": "NobodyDeletes", "Effect": "Deny", "Principal": "*", "Action": UNDELETABLE, "Resource": "*"},
    )
