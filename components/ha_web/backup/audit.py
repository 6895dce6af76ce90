"""AWS Backup Audit Manager: controls of the backups, and daily reports."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.backup.audit_controls import DAILY_AND_ITS_WINDOW, OF_FRAMEWORK, REPORTS, Control, controls
from ha_web.backup.reports_bucket import allow_reports, create_reports_bucket
from ha_web.backup.restore_rules import audit_name, name_problem
from ha_web.core.problems import ConfigurationError, Problems
from ha_web.core.scope import Scope
from ha_web.core.tags import BACKUP_TAG, BACKUP_TAG_VALUE
from ha_web.core.wording import quoted


class BackupAuditArgs(TypedDict):
    """Requirements that backups are audited against."""

    retention_days: int
    """Days that every recovery point must be kept at least: the shortest retention of the plan."""
    point_age_hours: NotRequired[int]
    """Largest age, in hours, of a tagged resource's latest recovery point. Default 26: a daily backup, as databases
    have, its start window, and an hour for the job; give 3 where all have hourly ones."""
    restore_minutes: NotRequired[int]
    """Minutes that a restore may take, as measured by restore tests. Default: not checked."""
    copy_region: NotRequired[str]
    """AWS Region that tagged resources must have copies in. Default: not checked."""
    air_gapped: NotRequired[list[str]]
    """Types of resources (Aurora, EFS, S3 and so on) that must have a recovery point of the last week in an air-gapped
    vault. Default: none."""
    deletion_protection: NotRequired[bool]
    """True to let AWS refuse the deletion of the bucket while there are reports in it. Default true."""
    region: NotRequired[str]
    """AWS Region of all resources. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources."""


class BackupAudit(pulumi.ComponentResource):
    """A framework of controls for all resources with the backup tag, and daily reports in an encrypted bucket.

    Controls: tagged resources are in a plan and in locked vaults, have a recent recovery point, copies in the other
    region, and restores that are fast enough; plans run daily at least and keep recovery points long enough; recovery
    points are encrypted, kept, and can't be deleted manually. Reports: coverage, controls, backup, copy and restore
    jobs.

    AWS Config must record in the region before the framework is made: backup plans, selections, vaults, recovery points
    and the resources themselves. Otherwise the framework's status is FAILED, and stays so until it is made anew; since
    the provider takes that for done, the component raises it as an error of the `up`. Evaluations are charged
    (https://aws.amazon.com/backup/pricing/), and so is AWS Config's recording: several controls look at every recovery
    point. https://docs.aws.amazon.com/aws-backup/latest/devguide/turning-on-resource-tracking.html

    A framework sees the resources of its own region: create one in each. Its names follow from stack and component and
    have no random suffix, since AWS takes no hyphens in them.

    **Holds state.** The bucket keeps reports for 400 days as evidence; nothing is restored from them.

    Errors (ConfigurationError, at preview): an unknown key; a number below 1; a copy_region that is `region`; a name
    that is too long. After a deployment: a framework that failed.
    """

    framework_arn: pulumi.Output[str]
    """ARN of the framework."""
    bucket_name: pulumi.Output[str]
    """Name of the bucket with the reports."""
    report_plan_arns: dict[str, pulumi.Output[str]]
    """ARNs of the report plans, by role: coverage, controls, backup-jobs, copy-jobs, restore-jobs."""

    def __init__(self, name: str, args: BackupAuditArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        prefix = audit_name(pulumi.get_stack(), name)
        args = _checked(name, args, prefix)
        super().__init__("ha-web:index:BackupAudit", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))

        framework = _create_framework(scope, prefix, args)
        bucket = create_reports_bucket(scope, keep=args.get("deletion_protection", True))
        plans = {role: _create_report_plan(scope, prefix, role, bucket, framework) for role in REPORTS}
        allow_reports(scope, bucket, [framework, *plans.values()])

        self.framework_arn = pulumi.Output.all(framework.arn, framework.status, framework.urn).apply(
            lambda known: _unless_failed(name, *known)
        )
        self.bucket_name = bucket.bucket
        self.report_plan_arns = {role: plan.arn for role, plan in plans.items()}
        self.register_outputs({key: getattr(self, key) for key in BackupAudit.__annotations__})


def _create_framework(scope: Scope, prefix: str, args: BackupAuditArgs) -> aws.backup.Framework:
    wanted = controls(
        retention_days=args["retention_days"],
        point_age_hours=args.get("point_age_hours", DAILY_AND_ITS_WINDOW),
        restore_minutes=args.get("restore_minutes"),
        copy_region=args.get("copy_region"),
        air_gapped=args.get("air_gapped", []),
    )
    return aws.backup.Framework(
        f"{scope.name}-framework",
        name=audit_name(prefix, "framework"),
        description=f"Backups of {scope.name}",
        controls=[_control(control) for control in wanted],
        **scope.regional_args("framework"),
    )


def _unless_failed(name: str, arn: str, status: str | None, urn: str) -> str:
    """Return the framework's ARN. Raises ConfigurationError if AWS Backup could not set its controls up."""
    if status == "FAILED":
        raise ConfigurationError(
            f'BackupAudit "{name}": the framework is FAILED; turn AWS Config\'s recording on in its region, then '
            f"make it anew: pulumi up --replace '{urn}'"
        )
    return arn


def _control(control: Control) -> aws.backup.FrameworkControlArgs:
    parameters = [
        aws.backup.FrameworkControlInputParameterArgs(name=name, value=value)
        for name, value in control.parameters.items()
    ]
    scope = None
    if control.of_tagged:
        scope = aws.backup.FrameworkControlScopeArgs(tags={BACKUP_TAG: BACKUP_TAG_VALUE})
    elif control.of_kinds:
        scope = aws.backup.FrameworkControlScopeArgs(compliance_resource_types=[*control.of_kinds])
    return aws.backup.FrameworkControlArgs(name=control.name, input_parameters=parameters or None, scope=scope)


def _create_report_plan(
    scope: Scope, prefix: str, role: str, bucket: aws.s3.Bucket, framework: aws.backup.Framework
) -> aws.backup.ReportPlan:
    return aws.backup.ReportPlan(
        f"{scope.name}-{role}",
        name=audit_name(prefix, role),
        description=f"{role.capitalize().replace('-', ' ')} of {scope.name}",
        report_delivery_channel={"s3_bucket_name": bucket.bucket, "formats": ["CSV", "JSON"]},
        report_setting=aws.backup.ReportPlanReportSettingArgs(
            report_template=REPORTS[role],
            framework_arns=[framework.arn] if role in OF_FRAMEWORK else None,
            number_of_frameworks=1 if role in OF_FRAMEWORK else None,
        ),
        **scope.regional_args(role),
    )


def _checked(name: str, args: BackupAuditArgs, prefix: str) -> BackupAuditArgs:
    problems = Problems(f'BackupAudit "{name}"')
    args = problems.checked(args, BackupAuditArgs)
    numbers = {key: args.get(key, 1) for key in ("retention_days", "point_age_hours", "restore_minutes")}
    problems.add(*(f"{key} is {value}; it must be at least 1" for key, value in numbers.items() if int(str(value)) < 1))
    if args.get("copy_region") is not None and args.get("copy_region") == args.get("region"):
        problems.add(f"copy_region is {quoted(args['copy_region'])}; a copy must be in another region")
    problems.add(name_problem(audit_name(prefix, "restore-jobs")))
    problems.raise_if_any()
    return args
