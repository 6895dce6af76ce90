"""A region's backup vaults: a locked one with key, mails and policy, and a logically air-gapped one."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from ha_web.backup.rules import AirGapArgs, BackupLockArgs, gap_limits
from ha_web.backup.vault_policies import role_encrypts, vault_keeps_everything
from ha_web.core.notifications import account_root, create_topic
from ha_web.core.policy_documents import key_of_account
from ha_web.core.scope import Scope

SERVICE = "backup.amazonaws.com"

EVENTS = [
    "BACKUP_JOB_COMPLETED",
    "COPY_JOB_FAILED",
    "RESTORE_JOB_COMPLETED",
    "S3_BACKUP_OBJECT_FAILED",
    "S3_RESTORE_OBJECT_FAILED",
]
"""What vaults tell. AWS no longer sends BACKUP_JOB_FAILED and RESTORE_JOB_FAILED: a failed job is a completed one
with another state. https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html"""

FAILURES_ONLY = {"State": [{"anything-but": ["COMPLETED"]}, {"exists": False}]}
"""Filter of the mails: what did not go well. https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html"""


def create_vault(
    scope: Scope,
    part: str,
    role: aws.iam.Role,
    *,
    lock: BackupLockArgs,
    limits: tuple[int, int],
    notify: Sequence[str],
    force_destroy: bool,
) -> tuple[aws.backup.Vault, aws.sns.Topic]:
    """A vault in the scope's region with its key, lock, mails and policy. limits: days of retention under the lock."""
    name, (low, high) = f"{scope.name}-{part}", limits
    vault = aws.backup.Vault(
        name,
        kms_key_arn=_create_key(scope, part, role).arn,
        force_destroy=force_destroy,
        **scope.regional_args(part),
    )
    # A changed lock or notification is a replacement: put first, deleted after, and deleting is what takes it off the
    # vault. Left alone, the put overwrites, and both go with their vault.
    locked = aws.backup.VaultLockConfiguration(
        f"{name}-lock",
        backup_vault_name=vault.name,
        min_retention_days=low,
        max_retention_days=high,
        changeable_for_days=lock.get("changeable_for_days"),
        **scope.untagged_args(retain_on_delete=True),
    )
    topic = create_topic(scope, f"{part}-jobs", publishers=[SERVICE], notify=notify, only=FAILURES_ONLY)
    notified = aws.backup.VaultNotifications(
        f"{name}-notifications",
        backup_vault_name=vault.name,
        sns_topic_arn=topic.arn,
        backup_vault_events=EVENTS,
        **scope.untagged_args(retain_on_delete=True),
    )
    aws.backup.VaultPolicy(
        f"{name}-policy",
        backup_vault_name=vault.name,
        policy=json.dumps(vault_keeps_everything()),
        # It forbids taking the guards away, so it comes last, and goes first when the stack is destroyed.
        **scope.untagged_args(depends_on=[locked, notified]),
    )
    return vault, topic


def _create_key(scope: Scope, part: str, role: aws.iam.Role) -> aws.kms.Key:
    policy = pulumi.Output.all(account_root(scope), role.arn).apply(
        lambda arns: json.dumps(key_of_account(arns[0], *role_encrypts(arns[1])))
    )
    return aws.kms.Key(
        f"{scope.name}-{part}-key",
        description=f"Recovery points of {scope.name} in {scope.region}",
        enable_key_rotation=True,
        policy=policy,
        **scope.regional_args(f"{part}-key"),
    )


def create_air_gapped_vault(scope: Scope, part: str, gap: AirGapArgs) -> aws.backup.LogicallyAirGappedVault:
    """A vault that stores its copies in an account of AWS Backup's, under a compliance lock from the beginning.

    **Holds state.** Its limits can't be changed: other ones would replace it, and it can't be deleted before all in it
    has expired. So they are taken once and ignored afterwards. It is encrypted with a key that AWS owns: nobody in this
    account can make its copies unreadable by deleting a key.
    """
    low, high = gap_limits(gap)
    return aws.backup.LogicallyAirGappedVault(
        f"{scope.name}-{part}",
        min_retention_days=low,
        max_retention_days=high,
        **scope.regional_args(part, ignore_changes=["minRetentionDays", "maxRetentionDays"]),
    )
