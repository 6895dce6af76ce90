"""IAM policy documents of keys, topics, vaults and roles, as plain dictionaries. No Pulumi here."""

from typing import Any

Document = dict[str, Any]

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


def document(*statements: dict[str, Any]) -> Document:
    """A policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trusting(service: str) -> Document:
    """A role's trust in one AWS service."""
    return document(
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"},
    )


def key_of_account(root_arn: str, *statements: dict[str, Any]) -> Document:
    """A key that the account's IAM policies govern, and these statements besides.

    Without the first statement, no one could ever change the key's policy again.
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    administer = {
        "Sid": "AccountGoverns",
        "Effect": "Allow",
        "Principal": {"AWS": root_arn},
        "Action": "kms:*",
        "Resource": "*",
    }
    return document(administer, *statements)


def services_publish(services: list[str]) -> dict[str, Any]:
    """Statement of a topic's key: these AWS services may encrypt what they publish.

    SNS's own key (alias/aws/sns) can't be used: its policy shuts out CloudWatch and AWS Backup.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    return {
        "Sid": "ServicesPublish",
        "Effect": "Allow",
        "Principal": {"Service": services},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
    }


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


def topic_of(topic_arn: str, root_arn: str, services: list[str]) -> Document:
    """A topic that the account administers and these AWS services publish to, over TLS only."""
    return document(
        {
            "Sid": "AccountGoverns",
            "Effect": "Allow",
            "Principal": {"AWS": root_arn},
            "Action": ["sns:GetTopicAttributes", "sns:SetTopicAttributes", "sns:Subscribe", "sns:Publish"],
            "Resource": topic_arn,
        },
        {
            "Sid": "ServicesPublish",
            "Effect": "Allow",
            "Principal": {"Service": services},
            "Action": "sns:Publish",
            "Resource": topic_arn,
        },
        {
            "Sid": "OnlyOverTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )


def vault_keeps_everything() -> Document:
    """A vault from which nobody deletes, the account's root user included.

    Changing this very policy is left to IAM: without that the vault could never be left, not even empty. What
    resists an administrator is the vault's lock in compliance mode.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
    """
    return document(
        {"Sid": "NobodyDeletes", "Effect": "Deny", "Principal": "*", "Action": UNDELETABLE, "Resource": "*"},
    )


def only_over_tls(bucket_arn: str) -> dict[str, Any]:
    """Statement of a bucket: nobody speaks to it without TLS."""
    return {
        "Sid": "OnlyOverTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, f"{bucket_arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
