"""Restores backups every week, looks at what came back, and reports it: a backup is worth what its restore is."""

import json
from pathlib import Path
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.backup.restore_rules import KINDS, audit_name, completed_tests, name_problem, validator_rights
from ha_web.core.policy_documents import trusting
from ha_web.core.problems import Problems
from ha_web.core.regions import partition_of, region_of
from ha_web.core.scope import Scope
from ha_web.core.tags import BACKUP_TAG, BACKUP_TAG_VALUE
from ha_web.core.wording import quoted

HANDLER = Path(__file__).parent / "validation" / "handler.py"

WEEKLY = "cron(0 6 ? * SUN *)"
"""Ours: once a week, on the quietest day, after the daily backups."""

VALIDATION_HOURS = 2
"""Hours within which the function answers, after which AWS Backup deletes what it restored. Ours: the function needs
seconds and is asked thrice in minutes; the rest is for AWS Backup's events, sent every five minutes at best effort."""

LOG_DAYS = 365
"""As long as monthly backups: a verdict is evidence."""


class RestoreTestArgs(TypedDict):
    """One kind of resource that is restored."""

    kind: str
    """Aurora, DocumentDB, EFS, Neptune, RDS or S3: the kinds that the validation knows."""
    metadata: NotRequired[dict[str, pulumi.Input[str]]]
    """Restore metadata other than AWS Backup infers, which is the default VPC: for databases `dbSubnetGroupName` and
    `vpcSecurityGroupIds` (lists as JSON texts: `["sg-1"]`), for EFS `kmsKeyId`.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html"""


class RestoreTestingArgs(TypedDict):
    """What is restored, from where, and when."""

    tests: list[RestoreTestArgs]
    """Kinds of resources, each once: a recovery point of each resource that carries the backup tag is restored."""
    vault_arns: list[pulumi.Input[str]]
    """Vaults in this region that recovery points are taken from, such as BackupPlan's."""
    role_arn: pulumi.Input[str]
    """Role that restores, such as BackupPlan's."""
    schedule: NotRequired[str]
    """When, as an AWS cron expression in UTC. Default: Sundays at 06:00."""
    window_days: NotRequired[int]
    """Days back that the latest recovery point may be, 1 to 365. Default 7: an older one fails the test's purpose."""
    region: NotRequired[str]
    """AWS Region of everything here. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class RestoreTesting(pulumi.ComponentResource):
    """Restores the latest recovery point of each tagged resource, validates it, and deletes what it restored.

    AWS Backup restores and measures how long it takes; a small function then looks by API at what came back (Aurora:
    cluster and instances available, encrypted, with endpoints; EFS: available and not empty; S3: it has objects) and
    reports SUCCESSFUL or FAILED. It sees that data came back, not that it is right: who knows the application can
    check that within the same two hours.

    A verdict FAILED, or a function that can't tell, counts as an error of `function_name`, for an alarm
    (`restore_validation_function_name` of `Alarms`). A restore that fails by itself is in AWS Backup's metrics. What is
    restored costs what it is for those hours, and AWS Backup's price a restored GB.

    Restored databases need a subnet group: without a default VPC give `metadata`. The names of the plan and its
    selections are fixed by stack and component, since AWS takes no others.

    Errors (ConfigurationError, at preview): an unknown key; a kind that the validation doesn't know, or twice; no
    vault; a window out of range; a name that is too long.
    """

    plan_name: pulumi.Output[str]
    """Name of the restore testing plan."""
    plan_arn: pulumi.Output[str]
    """Its ARN, which restore jobs name as their creator."""
    function_name: pulumi.Output[str]
    """Name of the validating function, whose errors are failed validations."""
    log_group_name: pulumi.Output[str]
    """Log group with the function's verdicts and facts."""

    def __init__(self, name: str, args: RestoreTestingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        plan_name = audit_name(pulumi.get_stack(), name)
        args = _checked(name, args, plan_name)
        super().__init__("ha-web:index:RestoreTesting", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))

        plan = _create_plan(scope, plan_name, args)
        group = aws.cloudwatch.LogGroup(f"{name}-logs", retention_in_days=LOG_DAYS, **scope.regional_args("logs"))
        role = _create_role(scope, [test["kind"] for test in args["tests"]], group)
        function = _create_function(scope, role, group)
        _create_trigger(scope, plan, function)

        self.plan_name, self.plan_arn = plan.name, plan.arn
        self.function_name, self.log_group_name = function.name, group.name
        self.register_outputs({key: getattr(self, key) for key in RestoreTesting.__annotations__})


def _create_plan(scope: Scope, plan_name: str, args: RestoreTestingArgs) -> aws.backup.RestoreTestingPlan:
    """The plan, and a selection for each kind."""
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
            protected_resource_arns=["*"],
            protected_resource_conditions={
                "string_equals": [{"key": f"aws:ResourceTag/{BACKUP_TAG}", "value": BACKUP_TAG_VALUE}]
            },
            iam_role_arn=args["role_arn"],
            restore_metadata_overrides=test.get("metadata"),
            validation_window_hours=VALIDATION_HOURS,
            **scope.untagged_args(),
        )
    return plan


def _create_role(scope: Scope, kinds: list[str], group: aws.cloudwatch.LogGroup) -> aws.iam.Role:
    """The function's role. Its rights come as part of it: the function must not run before it has them."""
    region, partition = region_of(scope.region, scope.parent), partition_of(scope.region)
    account = aws.get_caller_identity_output(opts=scope.invoke_opts()).account_id
    policy = pulumi.Output.all(group.arn, account).apply(
        lambda known: json.dumps(
            validator_rights(kinds, partition=partition, region=region, account=known[1], log_group_arn=known[0])
        )
    )
    role = aws.iam.Role(
        f"{scope.name}-role",
        description=f"Validates restore tests of {scope.name}",
        assume_role_policy=json.dumps(trusting("lambda.amazonaws.com")),
        **scope.global_args("role"),
    )
    aws.iam.RolePolicy(f"{scope.name}-rights", role=role.id, policy=policy, opts=scope.child_opts())
    return role


# The annotations are texts: looking at lambda_ imports its SDK, for which programs without restore tests have no use.
def _create_function(scope: Scope, role: aws.iam.Role, group: aws.cloudwatch.LogGroup) -> "aws.lambda_.Function":
    """The function: AWS's newest Python that brings boto3 along, on Graviton."""
    return aws.lambda_.Function(
        f"{scope.name}-validation",
        description=f"Validates restore tests of {scope.name}",
        runtime="python3.13",
        architectures=["arm64"],
        handler="handler.handle",
        code=pulumi.AssetArchive({"handler.py": pulumi.FileAsset(str(HANDLER))}),
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


def _checked(name: str, args: RestoreTestingArgs, plan_name: str) -> RestoreTestingArgs:
    problems = Problems(f'RestoreTesting "{name}"')
    args = problems.checked(args, RestoreTestingArgs)
    kinds = [test["kind"] for test in args["tests"]]
    problems.add(*(f"tests has {quoted(kind)}; the validation knows {_known()}" for kind in kinds if kind not in KINDS))
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
    problems.add(name_problem(plan_name))
    problems.raise_if_any()
    return args


def _known() -> str:
    return ", ".join(sorted(KINDS))
