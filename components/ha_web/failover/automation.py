"""The automatic failover: a function in the standby region that checks the primary, promotes, and sends users over."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from ha_web.core.log_retention import log_retention_problem
from ha_web.core.notifications import recipient_problems
from ha_web.core.problems import Problems
from ha_web.core.runbooks import Runbook, with_runbook
from ha_web.core.scope import Scope
from ha_web.failover.args import FailoverAutomationArgs
from ha_web.failover.function import create_function, topic_of
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

    It checks the primary every 10 s; each check takes at most 4 s. When Route 53's checkers (which it reads from the
    beacon, through DNS) and its own request have both failed for `after_seconds`, it raises capacity and promotes all
    stores at once, waits for them and for the servers, looking every 5 s, moves the switch, and notifies people.
    `failover/runtime` documents the steps and AWS calls; none needs the primary region or us-east-1.

    A run checks for 120 s, so that the next has begun whenever in its minute EventBridge starts it. Runs don't fail
    over at once: the first leaves a note in the switch's bucket, and the others leave the failover to it. A primary
    that was never seen healthy is not failed over from. While it is healthy, its number of servers is noted; a failover
    raises the standby to that number, and sends users as soon as `needed` servers are healthy.

    If a promotion fails, the switch stays where it is (unless the store is `optional`), people are notified, and the
    run of the next minute tries again. A session store that is still a secondary after 120 s leaves its global
    datastore and takes writes alone. While the primary is healthy, or only one of the two checks fails, the function
    does nothing; a status of 403 or 429, which is a web ACL's, counts as neither. Once users are at the standby, it
    does nothing more: failback is a person's decision (docs/runbooks/failback.md). With `database.write_forwarding` it
    lets a returned primary's database forward writes to the standby's.

    With `enabled` false an operator invokes it; the schedule then only notes the primary's servers. Without a switch
    there is no schedule, and the session store is promoted last, when all else is ready: Cloudflare's monitor sends
    users where that takes writes. The time is then the sum of the longest other promotion and the session store's.

    Whoever makes the primary fail both checks for long enough, by overload for instance, brings about a failover, with
    the loss of what had not been replicated (docs/decisions/0010-the-switch-is-an-object-in-the-standby-region.md).

    Alarms: a run failed; runs were throttled for three minutes; the schedule started none for five minutes.

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
        topic = topic_of(self._scope, "failover-notices", args)
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
        rule = self._create_schedule(function, enabled=enabled) if "switch" in args else None
        self.function_name, self.function_arn = function.name, function.arn
        self.topic_arn = pulumi.Output.from_input(topic["arn"])
        self.log_group_name = function.logging_config.apply(lambda logging: str(logging.log_group))
        self.alarm_arns = self._create_alarms(function.name, self.topic_arn, rule if enabled else None)
        self.register_outputs({key: getattr(self, key) for key in FailoverAutomation.__annotations__})

    def _create_schedule(self, function: "aws.lambda_.Function", *, enabled: bool) -> aws.cloudwatch.EventRule:
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
            description=f"Lets {name} check the primary",
            schedule_expression="rate(1 minute)",
            state="ENABLED",
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
            input=json.dumps({"action": "watch" if enabled else "note"}),
            **scope.untagged_args(depends_on=[permission]),
        )
        return rule

    def _create_alarms(
        self, function: pulumi.Output[str], topic: pulumi.Output[str], rule: aws.cloudwatch.EventRule | None
    ) -> list[pulumi.Output[str]]:
        """Create alarms on the function itself; on missing runs only if the schedule lets it act.

        Lambda reports a run when it ends, with the time of its start, so a missing run is seen by the schedule's
        metric.
        https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html
        """
        of_function = {"namespace": "AWS/Lambda", "dimensions": {"FunctionName": function}}
        more = "GreaterThanOrEqualToThreshold"
        kinds: dict[str, dict[str, Any]] = {
            "errors": {
                **of_function,
                "metric_name": "Errors",
                "alarm_description": "The failover function fails, see its log: if the primary fails, act by hand.",
                "comparison_operator": more,
                "evaluation_periods": 1,
                "treat_missing_data": "notBreaching",
            },
            "throttles": {
                **of_function,
                "metric_name": "Throttles",
                "alarm_description": "Lambda has not let the failover function run for three minutes: the region's "
                "concurrency is used up. If the primary fails, act by hand.",
                "comparison_operator": more,
                "evaluation_periods": 3,
                "treat_missing_data": "notBreaching",
            },
        }
        if rule is not None:
            kinds["absent"] = {
                "namespace": "AWS/Events",
                "dimensions": {"RuleName": rule.name},
                "metric_name": "Invocations",
                "alarm_description": "The failover function did not start for five minutes: nobody checks the primary.",
                "comparison_operator": "LessThanThreshold",
                "evaluation_periods": 5,
                "treat_missing_data": "breaching",
            }
        return [
            aws.cloudwatch.MetricAlarm(
                f"{self._scope.name}-failover-{role}",
                statistic="Sum",
                threshold=1,
                period=MINUTE,
                alarm_actions=[topic],
                ok_actions=[topic],
                **{**kind, "alarm_description": with_runbook(kind["alarm_description"], Runbook.FAILOVER)},
                **self._scope.regional_args(f"failover-{role}"),
            ).arn
            for role, kind in kinds.items()
        ]


def _checked(name: str, args: FailoverAutomationArgs) -> FailoverAutomationArgs:
    problems = Problems(f'FailoverAutomation "{name}"')
    args = problems.checked(args, FailoverAutomationArgs)
    problems.add(*target_problems(args), *recipient_problems(args, "topic"))
    if ("beacon" in args) != ("switch" in args):
        problems.add("beacon and switch belong together; one of them is missing")
    if args.get("enabled", True) and "switch" not in args:
        problems.add("enabled is true; without a switch a person invokes the function")
    after = args.get("after_seconds", DEFAULT_AFTER_SECONDS)
    if not 0 <= after <= MOST_AFTER_SECONDS:
        problems.add(f"after_seconds is {after}; it must be 0 to {MOST_AFTER_SECONDS}")
    problems.add(log_retention_problem("log_retention_days", args.get("log_retention_days", DEFAULT_RETENTION_DAYS)))
    problems.raise_if_any()
    return args
