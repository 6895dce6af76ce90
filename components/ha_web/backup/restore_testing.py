"""Restore tests: every week, recovery points are restored, validated and deleted again."""

import json
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.backup.restore_rules import KINDS, audit_name, completed_tests, name_problem, validator_rights
from ha_web.core.policy_documents import trusting
from ha_web.core.problems import Problems
from ha_web.core.regions import partition_of, region_of
from ha_web.core.scope import Scope
from ha_web.core.tags import BACKUP_TAG, BACKUP_TAG_VALUE
from ha_web.core.wording import quoted

CODE = Path(__file__).parent / "validation"

WEEKLY = "cron(0 6 ? * SUN *)"
"""Once a week, on the quietest day, after the daily backups (our choice)."""

DAILY = "cron(0 12 * * ? *)"
"""When the function looks back: on a Sunday six hours after the tests begin."""

PASSED_WITHIN_DAYS = 8
"""The week between two tests and a day, in which the test of a large resource may still run."""

MOST_DAYS = 30
"""AWS Backup lists the restore jobs of 30 days.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRestoreJobs.html"""

VALIDATION_HOURS = 2
"""Hours within which the function must report, after which AWS Backup deletes what it restored. Our choice: it takes
seconds, with three tries within minutes; AWS Backup's events come every five minutes, at best effort."""

LOG_DAYS = 365
"""As long as monthly backups are kept: the results are evidence."""


class RestoreTestArgs(TypedDict):
    """A type of resource to restore."""

    kind: str
    """Aurora, DocumentDB, EFS, Neptune, RDS or S3: the types that can be validated."""
    metadata: NotRequired[dict[str, pulumi.Input[str]]]
    """Restore metadata, in place of what AWS Backup infers, which is the default VPC: for databases `dbSubnetGroupName`
    and `vpcSecurityGroupIds` (lists as JSON: `["sg-1"]`), for EFS `kmsKeyId`. Default: none.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html"""


class RestoreTestingArgs(TypedDict):
    """Resources to restore, the vaults to restore from, and the schedule."""

    tests: list[RestoreTestArgs]
    """Types of resources, each once: of each resource with the backup tag, one recovery point is restored."""
    vault_arns: list[pulumi.Input[str]]
    """ARNs of the vaults in this region to restore from, such as BackupPlan's."""
    role_arn: pulumi.Input[str]
    """ARN of the IAM role of the restore jobs, such as BackupPlan's."""
    schedule: NotRequired[str]
    """Schedule as an AWS cron expression in UTC. Default: Sundays at 06:00."""
    window_days: NotRequired[int]
    """Largest age of the latest recovery point in days, 1 to 365. Default 7, the time between two tests."""
    passed_within_days: NotRequired[int]
    """Days within which each type must have passed a test, 1 to 30; if not, the function fails. Default 8, for tests
    every week."""
    region: NotRequired[str]
    """AWS Region of all resources. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources."""


class RestoreTesting(pulumi.ComponentResource):
    """Restores the latest recovery point of each tagged resource, validates it, and deletes what it restored.

    AWS Backup restores and measures how long it takes; a small function then inspects the restored resource (Aurora:
    cluster and instances available, encrypted, with endpoints; EFS: available and not empty; S3: has objects) and
    reports SUCCESSFUL or FAILED. That shows that there is data, not that it is correct: a check that knows the
    application can run within the same two hours.

    The result FAILED, or a function that fails itself, is an error in the metrics of `function_name`, for an alarm
    (`restore_validation_function_name` of `Alarms`). So is a type that has passed no test for `passed_within_days`: the
    function looks back every day, for a test that doesn't run fails nowhere. Failed restore jobs are in AWS Backup's
    metrics. Restored resources are charged for those hours, and each restored GB by AWS Backup.

    Restored databases need a subnet group: without a default VPC give `metadata`. The names of the plan and its
    selections follow from stack and component and have no random suffix, since AWS takes no hyphens in them.

    Errors (ConfigurationError, at preview): an unknown key; a type that can't be validated, or is given twice; no
    vault; a window or a number of days out of range; a name that is too long.
    """

    plan_name: pulumi.Output[str]
    """Name of the restore testing plan."""
    plan_arn: pulumi.Output[str]
    """ARN of the restore testing plan, which its restore jobs name."""
    function_name: pulumi.Output[str]
    """Name of the validating Lambda function, whose errors are failed validations."""
    log_group_name: pulumi.Output[str]
    """Name of the log group with the function's results."""

    def __init__(self, name: str, args: RestoreTestingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        plan_name = audit_name(pulumi.get_stack(), name)
        args = _checked(name, args, plan_name)
        super().__init__("ha-web:index:RestoreTesting", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))

        plan = _create_plan(scope, plan_name, args)
        group = aws.cloudwatch.LogGroup(f"{name}-logs", retention_in_days=LOG_DAYS, **scope.regional_args("logs"))
        role = _create_role(scope, [test["kind"] for test in args["tests"]], group, plan)
        function = _create_function(scope, role, group)
        _create_trigger(scope, plan, function)
        _create_daily_look(scope, plan, function, int(args.get("passed_within_days", PASSED_WITHIN_DAYS)))

        self.plan_name, self.plan_arn = plan.name, plan.arn
        self.function_name, self.log_group_name = function.name, group.name
        self.register_outputs({key: getattr(self, key) for key in RestoreTesting.__annotations__})


def code_archive() -> pulumi.AssetArchive:
    """Return the function's modules as texts: the state has no path of a machine, and the same code shows no change."""
    files = sorted(CODE.glob("*.py"))
    return pulumi.AssetArchive({f"validation/{file.name}": pulumi.StringAsset(file.read_text()) for file in files})


def _create_plan(scope: Scope, plan_name: str, args: RestoreTestingArgs) -> aws.backup.RestoreTestingPlan:
    """Create the plan, and a selection for each type."""
    plan = aws.backup.RestoreTestingPlan(
        f"{scope.name}-plan",
        name=plan_name,
        schedule_expression=args.get("schedule", WEEKLY),
        start_window_hours=1,
        recovery_point_selection={
            "algorithm": "LATEST_WITHIN_WINDOW",
            "include_vaults": args["vault_arns"],
            "recovery_point_types": ["CONTINUOUS", "SNAPSHOT"],
            "selection_window_days": args.get("window_days", 7),
        },
        **scope.regional_args("plan"),
    )
    for test in args["tests"]:
        aws.backup.RestoreTestingSelection(
            f"{scope.name}-{test['kind'].lower()}",
            name=audit_name(test["kind"]),
            restore_testing_plan_name=plan.name,
            protected_resource_type=test["kind"],
            # The provider takes either conditions or ARNs, though AWS Backup itself takes "*" beside conditions.
            protected_resource_conditions={
                "string_equals": [{"key": f"aws:ResourceTag/{BACKUP_TAG}", "value": BACKUP_TAG_VALUE}]
            },
            iam_role_arn=args["role_arn"],
            restore_metadata_overrides=test.get("metadata"),
            validation_window_hours=VALIDATION_HOURS,
            **scope.untagged_args(),
        )
    return plan


def _create_role(
    scope: Scope, kinds: list[str], group: aws.cloudwatch.LogGroup, plan: aws.backup.RestoreTestingPlan
) -> aws.iam.Role:
    """Create the function's role and its policy."""
    region, partition = region_of(scope.region, scope.parent), partition_of(scope.region)
    account = aws.get_caller_identity_output(opts=scope.invoke_opts()).account_id
    place: dict[str, Any] = {"partition": partition, "region": region}

    def rights(known: list[str]) -> str:
        group_arn, account_id, plan_arn = known
        found = {"account": account_id, "log_group_arn": group_arn, "plan_arn": plan_arn}
        return json.dumps(validator_rights(kinds, **place, **found))

    policy = pulumi.Output.all(group.arn, account, plan.arn).apply(rights)
    role = aws.iam.Role(
        f"{scope.name}-role",
        description=f"Validates restore tests of {scope.name}",
        assume_role_policy=json.dumps(trusting("lambda.amazonaws.com")),
        **scope.global_args("role"),
    )
    aws.iam.RolePolicy(f"{scope.name}-rights", role=role.id, policy=policy, opts=scope.child_opts())
    return role


# The annotations are strings: evaluating aws.lambda_ imports its SDK, of no use to programs without restore tests.
def _create_function(scope: Scope, role: aws.iam.Role, group: aws.cloudwatch.LogGroup) -> "aws.lambda_.Function":
    """Create the function, on AWS's newest Python with boto3 and on Graviton."""
    return aws.lambda_.Function(
        f"{scope.name}-validation",
        description=f"Validates restore tests of {scope.name}",
        runtime="python3.13",
        architectures=["arm64"],
        handler="validation.handler.handle",
        code=code_archive(),
        role=role.arn,
        memory_size=256,
        timeout=60,
        logging_config={"log_format": "JSON", "log_group": group.name},
        **scope.regional_args("validation"),
    )


def _create_trigger(scope: Scope, plan: aws.backup.RestoreTestingPlan, function: "aws.lambda_.Function") -> None:
    rule = aws.cloudwatch.EventRule(
        f"{scope.name}-restored",
        description=f"A restore test of {scope.name} has restored something",
        event_pattern=plan.arn.apply(completed_tests),
        **scope.regional_args("restored"),
    )
    allowed = aws.lambda_.Permission(
        f"{scope.name}-events-invoke",
        action="lambda:InvokeFunction",
        function=function.name,
        principal="events.amazonaws.com",
        source_arn=rule.arn,
        **scope.untagged_args(),
    )
    aws.cloudwatch.EventTarget(
        f"{scope.name}-restored-target",
        rule=rule.name,
        arn=function.arn,
        target_id="validation",
        **scope.untagged_args(depends_on=[allowed]),
    )


def _create_daily_look(
    scope: Scope, plan: aws.backup.RestoreTestingPlan, function: "aws.lambda_.Function", days: int
) -> None:
    """Let the function look back every day: what EventBridge doesn't tell it of has not been tested."""
    rule = aws.cloudwatch.EventRule(
        f"{scope.name}-daily",
        description=f"Have restore tests of {scope.name} passed lately?",
        schedule_expression=DAILY,
        **scope.regional_args("daily"),
    )
    allowed = aws.lambda_.Permission(
        f"{scope.name}-daily-invoke",
        action="lambda:InvokeFunction",
        function=function.name,
        principal="events.amazonaws.com",
        source_arn=rule.arn,
        **scope.untagged_args(),
    )
    aws.cloudwatch.EventTarget(
        f"{scope.name}-daily-target",
        rule=rule.name,
        arn=function.arn,
        target_id="lately",
        input=pulumi.Output.json_dumps({"planName": plan.name, "planArn": plan.arn, "days": days}),
        **scope.untagged_args(depends_on=[allowed]),
    )


def _checked(name: str, args: RestoreTestingArgs, plan_name: str) -> RestoreTestingArgs:
    problems = Problems(f'RestoreTesting "{name}"')
    args = problems.checked(args, RestoreTestingArgs)
    kinds = [test["kind"] for test in args["tests"]]
    problems.add(
        *(
            f"tests has {quoted(kind)}; the types that can be validated are {_known()}"
            for kind in kinds
            if kind not in KINDS
        )
    )
    problems.add(
        *(f'tests has "{kind}" twice; once is enough' for kind in sorted({k for k in kinds if kinds.count(k) > 1}))
    )
    if not kinds:
        problems.add("tests is empty; nothing would be restored")
    if not args["vault_arns"]:
        problems.add("vault_arns is empty; there is nothing to restore from")
    window = args.get("window_days", 7)
    if not 1 <= window <= 365:
        problems.add(f"window_days is {window}; AWS Backup takes 1 to 365")
    days = args.get("passed_within_days", PASSED_WITHIN_DAYS)
    if not 1 <= days <= MOST_DAYS:
        problems.add(f"passed_within_days is {days}; AWS Backup lists the restores of 1 to {MOST_DAYS} days")
    problems.add(name_problem(plan_name))
    problems.raise_if_any()
    return args


def _known() -> str:
    return ", ".join(sorted(KINDS))
