"""The automatic failover: a function in the standby region that checks the primary, promotes, and sends users over."""

from typing import Any

import pulumi
import pulumi_aws as aws

from ha_web.core.log_retention import log_retention_problem
from ha_web.core.notifications import address_problems, create_topic
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.failover.args import FailoverAutomationArgs
from ha_web.failover.function import create_function
from ha_web.failover.targets import target_problems

DEFAULT_AFTER_SECONDS = 30
"""Our choice: three more checks after the first that failed. Route 53's own check has failed twice by then."""

MOST_AFTER_SECONDS = 300
"""With more, half of a run's time limit would pass before anything is done."""

DEFAULT_RETENTION_DAYS = 90

EVENT_AGE_SECONDS = 60
"""Lambda's shortest: an event that could not run within its minute is dropped.
https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html"""

MINUTE = 60


class FailoverAutomation(pulumi.ComponentResource):
    """A function in the standby region that a schedule starts every minute, and that fails over by itself.

    It checks the primary every 10 s. When Route 53's checkers (which it reads from the beacon, through DNS) and its own
    request have both failed for `after_seconds`, it raises capacity and promotes all stores at once, waits for them and
    for the servers, moves the switch, and notifies people. `failover/runtime` documents the steps and AWS calls; none
    needs the primary region or us-east-1.

    If a promotion fails, the switch stays where it is (unless the store is `optional`), people are notified, and the
    run of the next minute tries again. While the primary is healthy, or only one of the two checks fails, it does
    nothing. Once users are at the standby, it does nothing more: failback is a person's decision
    (docs/runbooks/failback.md).

    Alarms: a run failed; runs were throttled for five minutes (one runs at a time, and a failover takes minutes); no
    run for three minutes.

    Errors (ConfigurationError, at preview): unknown or missing keys, and values that can't work.
    """

    function_name: pulumi.Output[str]
    """Name of the function, for invoking it."""
    function_arn: pulumi.Output[str]
    """ARN of the function."""
    topic_arn: pulumi.Output[str]
    """ARN of the SNS topic of its notifications and alarms."""
    log_group_name: pulumi.Output[str]
    """Name of the log group that has each run's result."""
    alarm_arns: list[pulumi.Output[str]]
    """ARNs of the alarms on the function."""

    def __init__(self, name: str, args: FailoverAutomationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:FailoverAutomation", name, None, opts)
        self._scope = Scope(name, self, args["region"], args.get("tags", {}))

        enabled = args.get("enabled", True)
        topic = create_topic(
            self._scope, "failover-notices", publishers=["cloudwatch.amazonaws.com"], notify=args.get("notify", [])
        )
        function = create_function(
            self._scope,
            "failover",
            args,
            topic,
            handler="handle",
            description="Sends users to the standby when the primary fails",
            after_seconds=args.get("after_seconds", DEFAULT_AFTER_SECONDS),
            retention_days=args.get("log_retention_days", DEFAULT_RETENTION_DAYS),
        )
        self._create_schedule(function, enabled=enabled)
        self.function_name, self.function_arn, self.topic_arn = function.name, function.arn, topic.arn
        self.log_group_name = function.logging_config.apply(lambda logging: str(logging.log_group))
        self.alarm_arns = self._create_alarms(function.name, topic.arn, enabled=enabled)
        self.register_outputs({key: getattr(self, key) for key in FailoverAutomation.__annotations__})

    def _create_schedule(self, function: "aws.lambda_.Function", *, enabled: bool) -> None:
        name, scope = f"{self._scope.name}-failover", self._scope
        aws.lambda_.FunctionEventInvokeConfig(
            f"{name}-once",
            function_name=function.name,
            maximum_retry_attempts=0,
            maximum_event_age_in_seconds=EVENT_AGE_SECONDS,
            **scope.untagged_args(),
        )
        rule = aws.cloudwatch.EventRule(
            f"{name}-schedule",
            description=f"Lets {name} look at the primary",
            schedule_expression="rate(1 minute)",
            state="ENABLED" if enabled else "DISABLED",
            **scope.regional_args("failover-schedule"),
        )
        permission = aws.lambda_.Permission(
            f"{name}-permission",
            action="lambda:InvokeFunction",
            function=function.name,
            principal="events.amazonaws.com",
            source_arn=rule.arn,
            statement_id="schedule",
            **scope.untagged_args(),
        )
        aws.cloudwatch.EventTarget(
            f"{name}-target",
            rule=rule.name,
            arn=function.arn,
            target_id="failover",
            input='{"action": "watch"}',
            **scope.untagged_args(depends_on=[permission]),
        )

    def _create_alarms(
        self, function: pulumi.Output[str], topic: pulumi.Output[str], *, enabled: bool
    ) -> list[pulumi.Output[str]]:
        """Create alarms on the function itself; on missing runs only if the schedule is on."""
        more = "GreaterThanOrEqualToThreshold"
        kinds: dict[str, dict[str, Any]] = {
            "errors": {
                "metric_name": "Errors",
                "alarm_description": "The failover function fails, see its log: if the primary fails, act by hand.",
                "comparison_operator": more,
                "evaluation_periods": 1,
                "treat_missing_data": "notBreaching",
            },
            "throttles": {
                "metric_name": "Throttles",
                "alarm_description": "The failover function was busy for five minutes: it fails over, or hangs.",
                "comparison_operator": more,
                "evaluation_periods": 5,
                "treat_missing_data": "notBreaching",
            },
        }
        if enabled:
            kinds["absent"] = {
                "metric_name": "Invocations",
                "alarm_description": "The failover function has not run for three minutes: nobody looks.",
                "comparison_operator": "LessThanThreshold",
                "evaluation_periods": 3,
                "treat_missing_data": "breaching",
            }
        return [
            aws.cloudwatch.MetricAlarm(
                f"{self._scope.name}-failover-{role}",
                namespace="AWS/Lambda",
                dimensions={"FunctionName": function},
                statistic="Sum",
                threshold=1,
                period=MINUTE,
                alarm_actions=[topic],
                ok_actions=[topic],
                **kind,
                **self._scope.regional_args(f"failover-{role}"),
            ).arn
            for role, kind in kinds.items()
        ]


def _checked(name: str, args: FailoverAutomationArgs) -> FailoverAutomationArgs:
    problems = Problems(f'FailoverAutomation "{name}"')
    args = problems.checked(args, FailoverAutomationArgs)
    problems.add(*target_problems(args), *address_problems(args.get("notify", [])))
    after = args.get("after_seconds", DEFAULT_AFTER_SECONDS)
    if not 0 <= after <= MOST_AFTER_SECONDS:
        problems.add(f"after_seconds is {after}; it must be 0 to {MOST_AFTER_SECONDS}")
    problems.add(log_retention_problem("log_retention_days", args.get("log_retention_days", DEFAULT_RETENTION_DAYS)))
    problems.raise_if_any()
    return args
