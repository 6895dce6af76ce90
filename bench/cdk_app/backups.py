"""A locked vault with its key, a plan whose copies go to the other region, and what happens told to a topic."""

import aws_cdk as cdk  # type: ignore[import-not-found]  # installed only for the comparison
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

VAULT = "site"
RULES = {"hourly": ({"minute": "0"}, 7), "daily": ({"minute": "0", "hour": "5"}, 35)}
POLICIES = (
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
    "AWSBackupServiceRolePolicyForS3Backup",
    "AWSBackupServiceRolePolicyForS3Restore",
)
UNDELETABLE = ["backup:DeleteRecoveryPoint", "backup:DeleteBackupVault", "backup:UpdateRecoveryPointLifecycle"]


def create(stack: cdk.Stack, copy_region: str) -> None:
    """The backups of one region."""
    topic = sns.Topic(stack, "BackupJobs", master_key=kms.Key(stack, "BackupJobsKey", enable_key_rotation=True))
    nobody = iam.PolicyStatement(
        effect=iam.Effect.DENY, principals=[iam.AnyPrincipal()], actions=UNDELETABLE, resources=["*"]
    )
    vault = backup.BackupVault(
        stack,
        "Vault",
        backup_vault_name=VAULT,
        encryption_key=kms.Key(stack, "VaultKey", enable_key_rotation=True),
        access_policy=iam.PolicyDocument(statements=[nobody]),
        lock_configuration=backup.LockConfiguration(min_retention=cdk.Duration.days(1)),
        notification_topic=topic,
        notification_events=[backup.BackupVaultEvents.BACKUP_JOB_FAILED, backup.BackupVaultEvents.COPY_JOB_FAILED],
    )
    arn = f"arn:aws:backup:{copy_region}:{stack.account}:backup-vault:{VAULT}"
    copy = backup.BackupVault.from_backup_vault_arn(stack, "CopyVault", arn)
    plan = backup.BackupPlan(stack, "Plan", backup_vault=vault)
    for name, (when, days) in RULES.items():
        kept = cdk.Duration.days(days)
        plan.add_rule(
            _rule(name, when, kept, backup.BackupPlanCopyActionProps(destination_backup_vault=copy, delete_after=kept))
        )
    kept, cold = cdk.Duration.days(365), cdk.Duration.days(90)
    to_copy = backup.BackupPlanCopyActionProps(
        destination_backup_vault=copy, delete_after=kept, move_to_cold_storage_after=cold
    )
    plan.add_rule(_rule("monthly", {"minute": "0", "hour": "5", "day": "1"}, kept, to_copy, cold))
    role = iam.Role(
        stack,
        "BackupRole",
        assumed_by=iam.ServicePrincipal("backup.amazonaws.com"),
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(name) for name in POLICIES],
    )
    plan.add_selection("Selection", role=role, resources=[backup.BackupResource.from_tag("ha-web:backup", "true")])


def _rule(
    name: str,
    when: dict[str, str],
    kept: cdk.Duration,
    copy: backup.BackupPlanCopyActionProps,
    cold: cdk.Duration | None = None,
) -> backup.BackupPlanRule:
    return backup.BackupPlanRule(
        rule_name=name,
        schedule_expression=events.Schedule.cron(**when),
        delete_after=kept,
        move_to_cold_storage_after=cold,
        start_window=cdk.Duration.hours(1),
        completion_window=cdk.Duration.hours(3),
        copy_actions=[copy],
    )
