"""Alarms on backups: failed and missing jobs of a vault, and failed validations of restore tests. No SDK here."""

from ha_web.alarms.rules import AT_LEAST, BELOW, Alarm, Metric, Value

BACKUP_PERIOD = 300
"""Seconds; AWS Backup reports every five minutes.
https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html"""

BACKUP_FAILURES = {
    "failed-backup": ("NumberOfBackupJobsFailed", "A backup job failed"),
    "failed-copy": ("NumberOfCopyJobsFailed", "A copy job failed"),
    "failed-restore": ("NumberOfRestoreJobsFailed", "A restore job failed, of a person or a restore test"),
    "aborted-backup": ("NumberOfBackupJobsAborted", "A backup job was cancelled, by a person or at its window's end"),
    "late-backup": ("NumberOfBackupJobsExpired", "A backup job could not start within its window"),
    "stuck-points": ("NumberOfRecoveryPointsExpired", "Recovery points are past their end and could not be deleted"),
}
"""A vault's metrics of failures, and the alarms' texts, by the alarm's role (same page as the period)."""


def backup_alarms(vault: Value) -> list[Alarm[Value]]:
    """Return the alarms on a vault's backup, copy and restore jobs, late starts and deletions, after one failure."""
    return [
        Alarm(
            role=role,
            text=f"{text}: AWS Backup's console of this region says why.",
            metric=Metric("AWS/Backup", name, {"BackupVaultName": vault}, "Sum"),
            comparison=AT_LEAST,
            threshold=1,
            # The metric has data only when jobs fail.
            missing="notBreaching",
            period=BACKUP_PERIOD,
        )
        for role, (name, text) in BACKUP_FAILURES.items()
    ]


HOUR = 3_600
MOST_HOURS = 168
"""Longest time that an alarm looks back, with periods of an hour: 7 days.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html"""


def missing_backup_alarm(vault: Value, hours: int) -> Alarm[Value]:
    """Return the alarm on a vault in which no backup job was completed for so many hours.

    A resource that no plan takes, or whose service the account has not opted in to, makes no job, and so no failure.
    A new vault is in alarm until its first backup: that is what it says.
    """
    return Alarm(
        role="no-backup",
        text=f"No backup job was completed for {hours} hours. Nothing fails where nothing is tried: look if a plan "
        "takes what has the backup tag, and at `aws backup describe-region-settings` for the opt-in of its service.",
        metric=Metric("AWS/Backup", "NumberOfBackupJobsCompleted", {"BackupVaultName": vault}, "Sum"),
        comparison=BELOW,
        threshold=1,
        # The metric has data only when jobs are completed.
        missing="breaching",
        period=HOUR,
        periods=hours,
    )


def restore_validation_alarm(function: Value) -> Alarm[Value]:
    """Return the alarm on the validating function, which ends with an error if a restore fails its validation."""
    return Alarm(
        role="failed-restore-validation",
        text="What a restore test restored doesn't answer, or could not be looked at: the function's log says why.",
        metric=Metric("AWS/Lambda", "Errors", {"FunctionName": function}, "Sum"),
        comparison=AT_LEAST,
        threshold=1,
        # It runs once a week.
        missing="notBreaching",
    )
