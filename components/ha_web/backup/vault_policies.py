"""Policy documents of backup vaults and their keys."""

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
"""Everything that removes a recovery point, brings its end forward, or takes the vault's guards away."""


def role_encrypts(role_arn: str) -> list[dict[str, Any]]:
    """Statements of a vault's key: the backup role encrypts, decrypts and lends the key to AWS services.

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
    """A vault from which nobody deletes, the account's root user included.

    Changing this very policy is left to IAM: without that the vault could never be left, not even empty. What
    resists an administrator is the vault's lock in compliance mode.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
    """
    return document(
        {"Sid": "NobodyDeletes", "Effect": "Deny", "Principal": "*", "Action": UNDELETABLE, "Resource": "*"},
    )
