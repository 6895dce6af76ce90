"""Restores on trial and reports about backups."""

import aws_cdk as cdk  # type: ignore[import-not-found]  # installed only for the comparison
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from aws_cdk import aws_s3 as s3

from bench.cdk_app.recovery import create_function

REPORTS = {
    "coverage": "RESOURCE_COMPLIANCE_REPORT",
    "controls": "CONTROL_COMPLIANCE_REPORT",
    "backup": "BACKUP_JOB_REPORT",
    "copy": "COPY_JOB_REPORT",
    "restore": "RESTORE_JOB_REPORT",
}
CONTROLS = (
    *("BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN", "BACKUP_RECOVERY_POINT_ENCRYPTED"),
    *("BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED", "BACKUP_LAST_RECOVERY_POINT_CREATED"),
)


def create(stack: cdk.Stack) -> None:
    """A weekly restore test, a framework, and daily reports into a bucket."""
    create_function(stack, "Validation", events.Schedule.rate(cdk.Duration.days(7)))
    plan = backup.CfnRestoreTestingPlan(
        stack,
        "Restores",
        restore_testing_plan_name="site_restores",
        schedule_expression="cron(0 6 ? * SUN *)",
        recovery_point_selection=backup.CfnRestoreTestingPlan.RestoreTestingRecoveryPointSelectionProperty(
            algorithm="LATEST_WITHIN_WINDOW",
            include_vaults=["*"],
            recovery_point_types=["SNAPSHOT"],
            selection_window_days=7,
        ),
    )
    backup.CfnRestoreTestingSelection(
        stack,
        "RestoredDatabases",
        restore_testing_plan_name=plan.ref,
        restore_testing_selection_name="aurora",
        protected_resource_type="Aurora",
        iam_role_arn=f"arn:aws:iam::{stack.account}:role/restore",
        protected_resource_arns=["*"],
        validation_window_hours=2,
    )
    controls = [backup.CfnFramework.FrameworkControlProperty(control_name=name) for name in CONTROLS]
    framework = backup.CfnFramework(stack, "Framework", framework_controls=controls)
    bucket = s3.Bucket(
        stack,
        "Reports",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        versioned=True,
        lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(400))],
    )
    for name, template in REPORTS.items():
        backup.CfnReportPlan(
            stack,
            f"Report{name}",
            report_delivery_channel={"S3BucketName": bucket.bucket_name, "Formats": ["CSV"]},
            report_setting={"ReportTemplate": template, "FrameworkArns": [framework.attr_framework_arn]},
        )
