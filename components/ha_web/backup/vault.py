"""A region's backup vaults: a locked one with key, notifications and policy, and a logically air-gapped one."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from ha_web.backup.rules import AirGapArgs, BackupLockArgs, gap_limits
from ha_web.backup.vault_policies import nobody_deletes_the_key, roles_encrypt, vault_keeps_everything
from ha_web.core.notifications import BACKUP, account_root, topic_arn_of
from ha_web.core.policy_documents import key_of_account
from ha_web.core.scope import Scope

EVENTS = [
    "BACKUP_JOB_COMPLETED",
    "COPY_JOB_FAILED",
    "RESTORE_JOB_COMPLETED",
    "S3_BACKUP_OBJECT_FAILED",
    "S3_RESTORE_OBJECT_FAILED",
]
"""Events that vaults publish. AWS no longer sends BACKUP_JOB_FAILED and RESTORE_JOB_FAILED: a failed job is a completed
one with another state. https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html"""


def create_vault(
    scope: Scope,
    part: str,
    roles: Sequence[aws.iam.Role],
    *,
    kept_by: Sequence[str] | None,
    lock: BackupLockArgs,
    limits: tuple[int, int],
    topic_arn: pulumi.Input[str] | None,
    notify: Sequence[str],
    force_destroy: bool,
) -> tuple[aws.backup.Vault, pulumi.Output[str]]:
    """Create a vault in the scope's region with key, lock, notifications and policy; return its topic's ARN, too.

    Args:
        roles: those of the jobs, which encrypt and decrypt with the key.
        kept_by: ARNs that alone may delete or disable the key; None for whoever IAM lets.
        limits: shortest and longest retention of the lock, in days.
        topic_arn: the topic of its events; None for one of its own, which notifies these addresses.
    """
    name, (low, high) = f"{scope.name}-{part}", limits
    vault = aws.backup.Vault(
        name,
        kms_key_arn=_create_key(scope, part, roles, kept_by).arn,
        force_destroy=force_destroy,
        **scope.regional_args(part),
    )
    # A changed lock or notification is a replacement: created first, then the old one deleted, which would take it off
    # the vault. Retained on delete, the new one overwrites the old one, and both are deleted with their vault.
    locked = aws.backup.VaultLockConfiguration(
        f"{name}-lock",
        backup_vault_name=vault.name,
        min_retention_days=low,
        max_retention_days=high,
        changeable_for_days=lock.get("changeable_for_days"),
        **scope.untagged_args(retain_on_delete=True),
    )
    topic = topic_arn_of(topic_arn, scope, f"{part}-jobs", publishers=[BACKUP], notify=notify)
    notified = aws.backup.VaultNotifications(
        f"{name}-notifications",
        backup_vault_name=vault.name,
        sns_topic_arn=topic,
        backup_vault_events=EVENTS,
        **scope.untagged_args(retain_on_delete=True),
    )
    aws.backup.VaultPolicy(
        f"{name}-policy",
        backup_vault_name=vault.name,
        policy=json.dumps(vault_keeps_everything()),
        # It denies removing lock and notifications, so it is created last, and deleted first. It also denies its own
        # change, so another policy takes its place only after it is deleted.
        **scope.untagged_args(depends_on=[locked, notified], replace_on_changes=["policy"], delete_before_replace=True),
    )
    return vault, topic


def _create_key(scope: Scope, part: str, roles: Sequence[aws.iam.Role], kept_by: Sequence[str] | None) -> aws.kms.Key:
    kept = [] if kept_by is None else [nobody_deletes_the_key(kept_by)]
    policy = pulumi.Output.all(account_root(scope), *(role.arn for role in roles)).apply(
        lambda arns: json.dumps(key_of_account(arns[0], *roles_encrypt(arns[1:]), *kept))
    )
    return aws.kms.Key(
        f"{scope.name}-{part}-key",
        description=f"Recovery points of {scope.name} in {scope.region}",
        enable_key_rotation=True,
        policy=policy,
        **scope.regional_args(f"{part}-key"),
    )


def create_air_gapped_vault(scope: Scope, part: str, gap: AirGapArgs) -> aws.backup.LogicallyAirGappedVault:
    """Create a vault that stores its copies in an account of AWS Backup, in compliance mode from the beginning.

    **Holds state.** Its limits can't be changed: other limits would replace it, and it can't be deleted before all its
    recovery points have expired. So changes are ignored. It is encrypted with a key that AWS owns, so that nobody in
    this account can make its copies unreadable by deleting a key.
    """
    low, high = gap_limits(gap)
    return aws.backup.LogicallyAirGappedVault(
        f"{scope.name}-{part}",
        min_retention_days=low,
        max_retention_days=high,
        **scope.regional_args(part, ignore_changes=["minRetentionDays", "maxRetentionDays"]),
    )
