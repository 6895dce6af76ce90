"""The failover as a plan that AWS runs: ARC Region switch, instead of FailoverAutomation."""

import json
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws

from ha_web.core.notifications import recipient_problems
from ha_web.core.policy_documents import trusting
from ha_web.core.problems import Problems
from ha_web.core.regions import partition_of
from ha_web.core.runbooks import Runbook, with_runbook
from ha_web.core.scope import Scope
from ha_web.failover.args import FailoverTopicRefArgs, RegionSwitchPlanArgs
from ha_web.failover.function import TIMEOUT_SECONDS, create_function, topic_of
from ha_web.failover.rights import plan_rights
from ha_web.failover.targets import target_problems

DEFAULT_RECOVERY_MINUTES = 15
STEP_MINUTES = TIMEOUT_SECONDS // 60
RETRY_MINUTES = 1.0
LOG_DAYS = 90

PROMOTES = ("PromoteSessions", "LetStorageGo")
SENDS = ("PromoteSessions", "MoveSwitch", "OweNotice", "Notify", "NotifyEncrypted")
"""Statements of `function_rights` that the two functions need. While the last step waits, it may disassociate a session
store that stays a secondary."""


class RegionSwitchPlan(pulumi.ComponentResource):
    """An ARC Region switch plan for the same resources as `FailoverAutomation`. A person starts it; nothing else does.

    To activate the standby, it does three things at once: it raises the servers to the primary's number, promotes the
    session store and makes the files writable (by a function, because Region switch has no block for ElastiCache and
    EFS), and moves the database. Then a function waits until required stores take writes and `capacity.needed` servers
    are healthy, moves the switch, which is an object and no record, and notifies people. A planned execution
    (`graceful`) switches the database over without loss; an unplanned one (`ungraceful`) fails it over. The plan runs
    in the region that is activated and needs nothing of the other. Only one may act, the plan or the automation: with a
    plan, give the automation `enabled: false`.

    By the API's reference an unplanned execution runs functions, too, unless their step says `skip`; AWS's guide can be
    read as if it always skipped them. So try the plan on a real account, ungraceful, before you rely on it.
    https://docs.aws.amazon.com/arc-region-switch/latest/api/API_LambdaUngraceful.html

    The plan has no trigger: Route 53's metrics, which a trigger's alarm would need, are in us-east-1 only, and an alarm
    alone would be one view of the primary, where the automation demands two. So the time from a failure to the start is
    a person's, as with the automation's `enabled: false`.

    A function that fails notifies people, too (alarm on its errors). Region switch requires a workflow for each region,
    and a function in each for a step that calls functions. The one in the primary region refuses, because failback is a
    person's decision (docs/runbooks/failback.md). A plan costs about $70 a month:
    https://aws.amazon.com/application-recovery-controller/pricing/

    Errors (ConfigurationError, at preview): unknown or missing keys, and values that can't work.
    """

    plan_arn: pulumi.Output[str]
    """ARN of the plan."""
    function_arns: list[pulumi.Output[str]]
    """ARNs of the functions that the plan invokes in the standby region, in order."""
    topic_arn: pulumi.Output[str]
    """ARN of the SNS topic of the functions' notifications."""

    def __init__(self, name: str, args: RegionSwitchPlanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:RegionSwitchPlan", name, None, opts)
        self._scope = Scope(name, self, args["region"], args.get("tags", {}))
        self._args = args

        topic = topic_of(self._scope, "plan-notices", args)
        functions = {"switch": self._create_function("switch", "move_switch", topic, SENDS)}
        if "sessions" in args or "storage" in args:
            functions = {"stores": self._create_function("stores", "promote_stores", topic, PROMOTES), **functions}
        for step, function in functions.items():
            self._create_alarm(step, function.name, topic["arn"])
        self._refusing = self._create_function("refuse", "refuse", topic, (), region=args["primary_region"])
        plan = self._create_plan(functions)
        self.plan_arn, self.topic_arn = plan.arn, pulumi.Output.from_input(topic["arn"])
        self.function_arns = [function.arn for function in functions.values()]
        self.register_outputs({key: getattr(self, key) for key in RegionSwitchPlan.__annotations__})

    def _create_function(
        self,
        role: str,
        handler: str,
        topic: FailoverTopicRefArgs,
        changes: tuple[str, ...],
        region: str | None = None,
    ) -> "aws.lambda_.Function":
        """Create the function of a step, with the right to change this; with a region, one there that does nothing."""
        return create_function(
            replace(self._scope, region=region or self._scope.region),
            f"plan-{role}",
            self._args,
            topic,
            handler=handler,
            description=f"Region switch plan: {handler.replace('_', ' ')}",
            after_seconds=0,
            retention_days=LOG_DAYS,
            acts=region is None,
            changes=changes,
        )

    def _create_alarm(self, step: str, function: pulumi.Input[str], topic: pulumi.Input[str]) -> None:
        aws.cloudwatch.MetricAlarm(
            f"{self._scope.name}-plan-{step}-errors",
            alarm_description=with_runbook(
                "A step of the Region switch plan failed: see the execution, and the function's log.", Runbook.FAILOVER
            ),
            namespace="AWS/Lambda",
            metric_name="Errors",
            dimensions={"FunctionName": function},
            statistic="Sum",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=1,
            period=60,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[topic],
            **self._scope.regional_args(f"plan-{step}-errors"),
        )

    def _create_plan(self, functions: "dict[str, aws.lambda_.Function]") -> "aws.arcregionswitch.Plan":
        args, scope = self._args, self._scope
        role = aws.iam.Role(
            f"{scope.name}-plan-role",
            description=f"Region switch for {scope.name}",
            assume_role_policy=json.dumps(trusting("arc-region-switch.amazonaws.com")),
            **scope.global_args("plan-role"),
        )
        rights = aws.iam.RolePolicy(
            f"{scope.name}-plan-rights", role=role.id, policy=self._rights(functions, role.arn), opts=scope.child_opts()
        )
        prepares: list[Any] = [self._capacity_step()] if "capacity" in args else []
        prepares += [self._function_step("promote-stores", functions["stores"])] if "stores" in functions else []
        prepares += [self._database_step()] if "database" in args else []
        steps: list[Any] = [_parallel_step("prepare", prepares)] if len(prepares) > 1 else prepares
        steps = [*steps, self._function_step("move-switch", functions["switch"])]
        way_back: Any = {
            "workflow_target_action": "activate",
            "workflow_target_region": args["primary_region"],
            "workflow_description": "Refused: failback is a person's decision",
            "steps": [self._function_step("failback-by-hand", functions["switch"])],
        }
        return aws.arcregionswitch.Plan(
            f"{scope.name}-plan",
            description="Promote the standby, then send users there",
            execution_role=role.arn,
            recovery_approach="activePassive",
            regions=[args["primary_region"], args["region"]],
            primary_region=args["primary_region"],
            recovery_time_objective_minutes=args.get("recovery_minutes", DEFAULT_RECOVERY_MINUTES),
            workflows=[
                {
                    "workflow_target_action": "activate",
                    "workflow_target_region": args["region"],
                    "workflow_description": "Promote, then divert",
                    "steps": steps,
                },
                way_back,
            ],
            **scope.regional_args("plan", depends_on=[rights]),
        )

    def _capacity_step(self) -> dict[str, Any]:
        return {
            "name": "raise-capacity",
            "execution_block_type": "EC2AutoScaling",
            "ec2_asg_capacity_increase_configs": [
                {
                    "asgs": [{"arn": arn} for arn in self._args["group_arns"]],
                    # The primary's recent capacity, because that region can't be relied on to answer now.
                    "capacity_monitoring_approach": "sampledMaxInLast24Hours",
                    "target_percent": 100,
                    "timeout_minutes": STEP_MINUTES,
                }
            ],
        }

    def _database_step(self) -> dict[str, Any]:
        database = self._args["database"]
        return {
            "name": "fail-over-database",
            "execution_block_type": "AuroraGlobalDatabase",
            "global_aurora_configs": [
                {
                    # Of the whole execution a person says whether it is graceful; only then both clusters must answer.
                    "behavior": "switchoverOnly",
                    "global_cluster_identifier": database["global_cluster_id"],
                    "database_cluster_arns": [self._args["primary_cluster_arn"], database["cluster_arn"]],
                    "ungracefuls": [{"ungraceful": "failover"}],
                    "timeout_minutes": STEP_MINUTES,
                }
            ],
        }

    def _function_step(self, name: str, function: "aws.lambda_.Function") -> dict[str, Any]:
        return {
            "name": name,
            "execution_block_type": "CustomActionLambda",
            "custom_action_lambda_configs": [
                {
                    "lambdas": [{"arn": function.arn}, {"arn": self._refusing.arn}],
                    "region_to_run": "activatingRegion",
                    "retry_interval_minutes": RETRY_MINUTES,
                    "timeout_minutes": STEP_MINUTES,
                }
            ],
        }

    def _rights(self, functions: "dict[str, aws.lambda_.Function]", role: pulumi.Output[str]) -> pulumi.Output[str]:
        args = self._args
        database = args.get("database")
        known: dict[str, Any] = {
            "functions": [function.arn for function in (*functions.values(), self._refusing)],
            "groups": args["group_arns"],
            "id": database["global_cluster_id"] if database else "",
            "clusters": [args["primary_cluster_arn"], database["cluster_arn"]] if database else [],
            "role": role,
            "account": aws.get_caller_identity_output(opts=self._scope.invoke_opts()).account_id,
        }

        partition = partition_of(args["region"])

        def text(found: dict[str, Any]) -> str:
            whole = f"arn:{partition}:rds::{found['account']}:global-cluster:{found['id']}" if found["id"] else ""
            return json.dumps(plan_rights(found["functions"], found["groups"], whole, found["clusters"], found["role"]))

        return pulumi.Output.from_input(known).apply(text)


def _parallel_step(name: str, steps: list[Any]) -> dict[str, Any]:
    """Return a step that carries out steps at once.
    https://docs.aws.amazon.com/r53recovery/latest/dg/working-with-rs-execution-blocks.html"""
    return {"name": name, "execution_block_type": "Parallel", "parallel_configs": [{"steps": steps}]}


def _checked(name: str, args: RegionSwitchPlanArgs) -> RegionSwitchPlanArgs:
    problems = Problems(f'RegionSwitchPlan "{name}"')
    args = problems.checked(args, RegionSwitchPlanArgs)
    problems.add(*target_problems(args), *recipient_problems(args, "topic"))
    if args["primary_region"] == args["region"]:
        problems.add(f'primary_region is "{args["region"]}"; it must differ from the standby\'s')
    if "database" in args and "primary_cluster_arn" not in args:
        problems.add("primary_cluster_arn is missing; Region switch needs both clusters of the database")
    problems.raise_if_any()
    return args
