"""Alarms about backups: jobs that a vault saw fail, and restore tests whose result doesn't answer. No SDK here."""

from ha_web.alarms.rules import AT_LEAST, Alarm, Metric, Value

BACKUP_PERIOD = 300
"""Seconds; AWS Backup reports every five minutes.
https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html"""

BACKUP_FAILURES = {
    "failed-backup": ("NumberOfBackupJobsFailed", "A backup job failed"),
    "failed-copy": ("NumberOfCopyJobsFailed", "A copy job failed"),
    "failed-restore": ("NumberOfRestoreJobsFailed", "A restore job failed, of a person or a restore test"),
    "late-backup": ("NumberOfBackupJobsExpired", "A backup job could not start within its window"),
    "stuck-points": ("NumberOfRecoveryPointsExpired", "Recovery points are past their end and could not be deleted"),
}
"""Metrics of what went wrong in a vault, by the alarm's role (same page as the period)."""


def backup_alarms(vault: Value) -> list[Alarm[Value]]:
    """What failed in a vault: backup, copy and restore jobs, starts, deletions; one is enough."""
    return [
        Alarm(
            role=role,
            text=f"{text}: AWS Backup's console of this region says why.",
            metric=Metric("AWS/Backup", name, {"BackupVaultName": vault}, "Sum"),
            comparison=AT_LEAST,
            threshold=1,
            # Reported only when jobs end so.
            missing="notBreaching",
            period=BACKUP_PERIOD,
        )
        for role, (name, text) in BACKUP_FAILURES.items()
    ]


def restore_validation_alarm(function: Value) -> Alarm[Value]:
    """A restore test whose result doesn't answer: the validating function ends with an error then, and if it breaks."""
    return Alarm(
        role="failed-restore-validation",
        text="What a restore test restored doesn't answer, or could not be looked at: the function's log says why.",
        metric=Metric("AWS/Lambda", "Errors", {"FunctionName": function}, "Sum"),
        comparison=AT_LEAST,
        threshold=1,
        # It runs once a week.
        missing="notBreaching",
    )
