"""The controls of AWS Backup Audit Manager, and its reports. No SDK here.

https://docs.aws.amazon.com/aws-backup/latest/devguide/choosing-controls.html
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ha_web.core.policy_documents import Document, document, only_over_tls

REPORTS = {
    "coverage": "RESOURCE_COMPLIANCE_REPORT",
    "controls": "CONTROL_COMPLIANCE_REPORT",
    "backup-jobs": "BACKUP_JOB_REPORT",
    "copy-jobs": "COPY_JOB_REPORT",
    "restore-jobs": "RESTORE_JOB_REPORT",
}
"""Daily reports, by role.
https://docs.aws.amazon.com/aws-backup/latest/devguide/choosing-report-template.html"""

OF_FRAMEWORK = ("coverage", "controls")
"""Reports that cover a framework."""

DAILY_AND_ITS_WINDOW = 26
"""Hours between two recovery points of a daily rule: a day, the window within which a job starts, and the job."""

HOURLY_AND_ITS_WINDOW = 3
"""The same of an hourly rule."""

WRITER = "role/aws-service-role/reports.backup.amazonaws.com/AWSServiceRoleForBackupReports"
"""Service-linked role that delivers reports; AWS Backup creates it with the first framework or report plan.
https://docs.aws.amazon.com/aws-backup/latest/devguide/using-service-linked-roles-AWSServiceRoleForBackupReports.html"""


@dataclass(frozen=True)
class Control:
    """A control of a framework, and the resources that it evaluates: those with the backup tag, some types, or all."""

    name: str
    parameters: dict[str, str] = field(default_factory=dict)
    of_tagged: bool = False
    of_kinds: tuple[str, ...] = ()


def controls(
    *,
    retention_days: int,
    point_age_hours: int = DAILY_AND_ITS_WINDOW,
    restore_minutes: int | None = None,
    copy_region: str | None = None,
    air_gapped: Sequence[str] = (),
) -> list[Control]:
    """Return the controls of a framework.

    Args:
        retention_days: shortest retention of the plan.
        point_age_hours: largest age of a resource's latest recovery point.
        restore_minutes: minutes that a restore may take; None leaves the control out.
        copy_region: AWS Region that copies must be in; None leaves the control out.
        air_gapped: types of resources that must be in an air-gapped vault, too; this control can't go by tags.
    """
    found = [
        Control("BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN", of_tagged=True),
        Control("BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK", of_tagged=True),
        Control(
            "BACKUP_LAST_RECOVERY_POINT_CREATED",
            {"recoveryPointAgeUnit": "hours", "recoveryPointAgeValue": str(point_age_hours)},
            of_tagged=True,
        ),
        Control(
            "BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK",
            {
                # The rarest of the plans: a database's runs once a day.
                "requiredFrequencyUnit": "days",
                "requiredFrequencyValue": "1",
                "requiredRetentionDays": str(retention_days),
            },
        ),
        Control("BACKUP_RECOVERY_POINT_ENCRYPTED"),
        Control("BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED"),
        Control("BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK", {"requiredRetentionDays": str(retention_days)}),
    ]
    if copy_region:
        across = {"crossRegionList": copy_region}
        found.append(Control("BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION", across, of_tagged=True))
    if air_gapped:
        # AWS recommends at least a week, the shortest retention of an air-gapped vault.
        week = {"recoveryPointAgeUnit": "days", "recoveryPointAgeValue": "7"}
        found.append(Control("RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT", week, of_kinds=tuple(air_gapped)))
    if restore_minutes:
        limit = {"maxRestoreTime": str(restore_minutes)}
        found.append(Control("RESTORE_TIME_FOR_RESOURCES_MEET_TARGET", limit, of_tagged=True))
    return found


def reports_policy(bucket_arn: str, *, partition: str, account: str) -> Document:
    """Return the policy of a bucket that only AWS Backup writes its reports to, over TLS.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-report-plan-console.html
    """
    return document(
        {
            "Sid": "ReportsAreWritten",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition}:iam::{account}:{WRITER}"},
            "Action": "s3:PutObject",
            "Resource": f"{bucket_arn}/*",
            "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
        },
        only_over_tls(bucket_arn),
    )
