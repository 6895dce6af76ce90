"""Alarms on backups: failed and missing jobs of a vault, and failed validations of restore tests. No SDK here."""

from ha_web.alarms.rules import AT_LEAST, BELOW, Alarm, Metric, Value
from ha_web.core.runbooks import Runbook

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
            runbook=Runbook.BACKUP,
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

LOOKED_WITHIN_HOURS = 48
"""Two daily runs: one that comes late is no news."""

MOST_HOURS = 168
"""Longest time that an alarm looks back, with periods of an hour: 7 days.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html"""


def missing_backup_alarm(vault: Value, hours: int, runs: Metric[Value]) -> Alarm[Value]:
    """Return the alarm on a vault in which no backup job was completed for so many hours.

    A resource that no plan takes, or whose service the account has not opted in to, makes no job, and so no failure.

    Args:
        runs: see `_absent`.
    """
    return _absent(
        "no-backup",
        f"No backup job was completed for {hours} hours. Nothing fails where nothing is tried: look if a plan "
        "takes what has the backup tag, and at `aws backup describe-region-settings` for the opt-in of its service.",
        Metric("AWS/Backup", "NumberOfBackupJobsCompleted", {"BackupVaultName": vault}, "Sum"),
        hours,
        runs,
    )


def restore_validation_alarms(function: Value, runs: Metric[Value]) -> list[Alarm[Value]]:
    """Return the alarms on the validating function: it fails, or did not look back at the tests today.

    It fails if a restore fails its validation, and if a type has passed no test lately.

    Args:
        runs: see `_absent`.
    """
    dimensions = {"FunctionName": function}
    failed = Alarm(
        role="failed-restore-validation",
        text="What a restore test restored doesn't answer or could not be looked at, or no test has passed lately: the "
        "function's log says which.",
        runbook=Runbook.BACKUP,
        metric=Metric("AWS/Lambda", "Errors", dimensions, "Sum"),
        comparison=AT_LEAST,
        threshold=1,
        # It runs once a day.
        missing="notBreaching",
    )
    text = "Nobody has looked for two days if restore tests pass: the function's daily rule is disabled or gone."
    looked = Metric("AWS/Lambda", "Invocations", dimensions, "Sum")
    return [failed, _absent("no-restore-validation", text, looked, LOOKED_WITHIN_HOURS, runs)]


def _absent(role: str, text: str, happens: Metric[Value], hours: int, runs: Metric[Value]) -> Alarm[Value]:
    """Return the alarm on something that should happen within so many hours, and didn't.

    Args:
        runs: a metric with data in every hour since the stack exists: only hours with such data count, so that a new
            stack is in alarm when it has waited for as long, and not from its first minute.
    """
    return Alarm(
        role=role,
        text=text,
        runbook=Runbook.BACKUP,
        # A sum of series leaves out those without data; `+` and FILL where all is missing are less sure.
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
        expression="SUM([0*runs,happens])",
        metrics={"runs": runs, "happens": happens},
        label="in an hour",
        comparison=BELOW,
        threshold=1,
        # An hour in which there was no stack yet.
        missing="notBreaching",
        period=HOUR,
        periods=hours,
    )
