"""The CloudWatch alarms of a region, and the SNS topic that they notify."""

from typing import NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from ha_web.alarms.backup_rules import MOST_HOURS, backup_alarms, missing_backup_alarm, restore_validation_alarms
from ha_web.alarms.data_rules import database_alarms, node_alarms, region_lag_alarms, session_node_metric
from ha_web.alarms.rules import (
    BALANCERS,
    DEFAULT_THRESHOLDS,
    Alarm,
    AlarmThresholdsArgs,
    Metric,
    group_alarm,
    host_alarms,
    request_alarms,
    threshold_problems,
)
from ha_web.core.notifications import recipient_problems, topic_arn_of
from ha_web.core.problems import Problems
from ha_web.core.runbooks import with_runbook
from ha_web.core.scope import Scope
from ha_web.fleet.fleet import DEFAULT_BOOT_SECONDS

APPLICATION = "application"

NOBODY_SERVED = "no-healthy-hosts"

OF_RELEASES = ("target-errors", "balancer-errors", "latency", NOBODY_SERVED)
"""Roles of the alarms that judge a release. The others wait for servers that start, or are of other things."""

Value = pulumi.Input[str]


class AlarmsArgs(TypedDict):
    """Resources to watch, thresholds and recipients. A resource that isn't given is not watched."""

    load_balancer_arn_suffix: pulumi.Input[str]
    """The load balancer's dimension in CloudWatch: `app/web/50dc6c495c0c9188`."""
    target_group_arn_suffix: pulumi.Input[str]
    """The target group's dimension in CloudWatch: `targetgroup/web/943f017f100becff`."""
    load_balancer_type: NotRequired[str]
    """`application` or `network`. Default `application`; the other has no metrics of 5xx and response time."""
    zone_names: list[pulumi.Input[str]]
    """Names of the availability zones: `eu-west-1a`."""
    group_name: NotRequired[pulumi.Input[str]]
    """Name of the Auto Scaling group, which must publish GroupInServiceInstances; give `minimum`, too."""
    minimum: NotRequired[int]
    """Number of instances that must be in service. If it is below one a zone, zones without instances don't alarm."""
    idle: NotRequired[bool]
    """True for a fleet that runs no server until a failover (pilot light): hosts and responses are not watched.
    Default false."""
    boot_seconds: NotRequired[int]
    """Seconds from a server's launch until it serves, as the Fleet has it. Default 180. Alarms on hosts wait for it and
    two minutes more."""
    session_cluster_name: NotRequired[pulumi.Input[str]]
    """Name of the MemoryDB cluster of `node_ids`: DurableSessionStore's `cluster_name`. Default: the nodes are
    ElastiCache's."""
    node_ids: NotRequired[list[pulumi.Input[str]]]
    """Ids of the session store's nodes."""
    database_instance_ids: NotRequired[list[pulumi.Input[str]]]
    """Ids of the database's instances (`Database.instance_ids`)."""
    session_region_lag: NotRequired[bool]
    """True to watch the lag of an ElastiCache global datastore between the regions. Default false."""
    database_region_lag: NotRequired[bool]
    """True to watch the lag of an Aurora global database between the regions. Default false."""
    backup_vault_name: NotRequired[pulumi.Input[str]]
    """Name of the backup vault of this region, to watch for failed jobs."""
    backup_hours: NotRequired[int]
    """Hours within which a backup job must be completed in that vault, 1 to 168. Default: not watched. It is counted
    from the first hour in which the database or the session store has metrics, so that a new stack does not alarm."""
    restore_validation_function_name: NotRequired[pulumi.Input[str]]
    """Name of the function that validates restore tests of this region (`RestoreTesting.function_name`), to watch for
    tests that failed or did not run."""
    thresholds: NotRequired[AlarmThresholdsArgs]
    """Thresholds of the alarms; those not given have their defaults."""
    topic_arn: NotRequired[pulumi.Input[str]]
    """ARN of the SNS topic to notify, such as NotificationTopic's of this region. Default: a topic of its own."""
    notify: NotRequired[list[str]]
    """E-mail addresses that the topic of its own notifies. AWS deletes a subscription that isn't confirmed within two
    days. Default: none."""
    region: NotRequired[str]
    """AWS Region of all resources. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources."""


class Alarms(pulumi.ComponentResource):
    """CloudWatch alarms of a region, which notify one SNS topic when they start and when they end.

    They watch: unhealthy hosts in each zone, zones without a healthy host, no healthy host at all; 5xx of targets and
    of the load balancer as a share of requests; the 99th percentile of the response time; engine CPU, memory and
    replication lag of each session node; CPU and lag of each database instance; the lag between the regions; failed
    backup, copy and restore jobs, missing backups, restore tests that fail or don't run; fewer instances than the
    fleet's minimum. The loss of a zone alarms within two to four minutes; an ordinary launch or release of servers
    sends no e-mail. An alarm costs $0.10 a month and metric, the key of a topic of its own $1.

    Errors (ConfigurationError, at preview): an unknown key; no zone; an unknown type of load balancer; a threshold
    out of range; an invalid e-mail address, or addresses beside a topic.
    """

    topic_arn: pulumi.Output[str]
    """ARN of the SNS topic that is notified."""
    alarm_arns: list[pulumi.Output[str]]
    """ARNs of all alarms."""
    release_alarm_names: list[pulumi.Output[str]]
    """Names of the alarms that judge a release: errors, response times, no healthy host (`ReleaseSettingsArgs`)."""
    release_alarm_arns: list[pulumi.Output[str]]
    """ARNs of the same alarms (`ZonalAutoshiftArgs`)."""
    nobody_served_arn: pulumi.Output[str] | None
    """ARN of the alarm on a region without any healthy host; none for an idle fleet."""

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:Alarms", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))
        publishers, notify = ["cloudwatch.amazonaws.com"], args.get("notify", [])

        self.topic_arn = topic_arn_of(args.get("topic_arn"), scope, "alarms", publishers=publishers, notify=notify)
        rules = _rules(args)
        alarms = [_create_alarm(scope, rule, self.topic_arn) for rule in rules]
        self.alarm_arns = [alarm.arn for alarm in alarms]
        by_role = {rule.role: alarm for alarm, rule in zip(alarms, rules, strict=True)}
        self.release_alarm_names = [alarm.name for role, alarm in by_role.items() if role in OF_RELEASES]
        self.nobody_served_arn = by_role[NOBODY_SERVED].arn if NOBODY_SERVED in by_role else None
        judging = [alarm for alarm, rule in zip(alarms, rules, strict=True) if rule.role in OF_RELEASES]
        self.release_alarm_arns = [alarm.arn for alarm in judging]
        self.register_outputs({key: getattr(self, key) for key in Alarms.__annotations__})


def _create_alarm(scope: Scope, rule: Alarm[Value], topic: pulumi.Output[str]) -> aws.cloudwatch.MetricAlarm:
    metric = rule.metric
    percentile = metric is not None and metric.statistic.startswith("p")
    return aws.cloudwatch.MetricAlarm(
        f"{scope.name}-{rule.role}",
        alarm_description=with_runbook(rule.text, rule.runbook),
        namespace=metric.namespace if metric else None,
        metric_name=metric.name if metric else None,
        dimensions=metric.dimensions if metric else None,
        statistic=metric.statistic if metric and not percentile else None,
        extended_statistic=metric.statistic if metric and percentile else None,
        # With few requests the percentile is the slowest one; the alarm then keeps its state.
        evaluate_low_sample_count_percentiles="ignore" if percentile else None,
        metric_queries=_queries(rule) if rule.expression else None,
        period=rule.period if metric else None,
        evaluation_periods=rule.periods,
        datapoints_to_alarm=rule.periods,
        comparison_operator=rule.comparison,
        threshold=rule.threshold,
        treat_missing_data=rule.missing,
        alarm_actions=[topic],
        ok_actions=[topic],
        **scope.regional_args(rule.role),
    )


def _rules(args: AlarmsArgs) -> list[Alarm[Value]]:
    """Return the alarms for these arguments."""
    rules = [] if args.get("idle") else _serving_rules(args)
    rules += node_alarms(args.get("node_ids", []), _thresholds(args), args.get("session_cluster_name"))
    rules += database_alarms(args.get("database_instance_ids", []), _thresholds(args))
    rules += region_lag_alarms(
        _thresholds(args),
        sessions=args.get("session_region_lag", False),
        database=args.get("database_region_lag", False),
    )
    if "backup_vault_name" in args:
        rules += backup_alarms(args["backup_vault_name"])
    if "backup_vault_name" in args and "backup_hours" in args:
        rules.append(missing_backup_alarm(args["backup_vault_name"], int(args["backup_hours"]), _runs(args)))
    if "restore_validation_function_name" in args:
        rules += restore_validation_alarms(args["restore_validation_function_name"], _runs(args))
    return rules


def _runs(args: AlarmsArgs) -> Metric[Value]:
    """Return a metric that has data for as long as the stack exists: of the first database instance or session node."""
    instances = args.get("database_instance_ids")
    if instances:
        return Metric("AWS/RDS", "CPUUtilization", {"DBInstanceIdentifier": instances[0]}, "Maximum")
    cluster, node = args.get("session_cluster_name"), args["node_ids"][0]
    return session_node_metric("EngineCPUUtilization", node, cluster)


def _serving_rules(args: AlarmsArgs) -> list[Alarm[Value]]:
    """Return the alarms on servers and their responses."""
    kind = args.get("load_balancer_type", APPLICATION)
    balancer, target_group = args["load_balancer_arn_suffix"], args["target_group_arn_suffix"]
    zones, minimum = _keyed(args["zone_names"]), args.get("minimum")
    every_zone = minimum is None or minimum >= len(zones)
    boot = int(args.get("boot_seconds", DEFAULT_BOOT_SECONDS))
    rules = host_alarms(kind, balancer, target_group, zones, every_zone_has_hosts=every_zone, boot_seconds=boot)
    if kind == APPLICATION:
        rules += request_alarms(balancer, target_group, _thresholds(args))
    if "group_name" in args and minimum is not None:
        rules.append(group_alarm(args["group_name"], minimum))
    return rules


def _keyed(zones: list[Value]) -> dict[str, Value]:
    """Return zones by name, or by position if the name is an output: the key is part of an alarm's name."""
    return {zone if isinstance(zone, str) else str(number): zone for number, zone in enumerate(zones, start=1)}


def _thresholds(args: AlarmsArgs) -> dict[str, float]:
    given = cast(dict[str, float], args.get("thresholds", {}))
    return {**DEFAULT_THRESHOLDS, **given}


def _queries(rule: Alarm[Value]) -> list[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
    """Return the expression and its metrics."""
    metrics = [
        aws.cloudwatch.MetricAlarmMetricQueryArgs(id=identity, metric=_metric(metric, rule.period))
        for identity, metric in rule.metrics.items()
    ]
    share = aws.cloudwatch.MetricAlarmMetricQueryArgs(
        id="share",
        expression=rule.expression,
        label=rule.label,
        period=None if rule.metrics else rule.period,
        return_data=True,
    )
    return [share, *metrics]


def _metric(metric: Metric[Value], period: int) -> aws.cloudwatch.MetricAlarmMetricQueryMetricArgs:
    return aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
        namespace=metric.namespace,
        metric_name=metric.name,
        dimensions=metric.dimensions,
        stat=metric.statistic,
        period=period,
    )


def _checked(name: str, args: AlarmsArgs) -> AlarmsArgs:
    problems = Problems(f'Alarms "{name}"')
    args = problems.checked(args, AlarmsArgs)
    kind = args.get("load_balancer_type", APPLICATION)
    if kind not in BALANCERS:
        problems.add(f'load_balancer_type is "{kind}"; it must be application or network')
    if not args["zone_names"]:
        problems.add("zone_names is empty; hosts are watched zone by zone")
    hours = int(args.get("backup_hours", 1))
    missed = {"backup_vault_name", "backup_hours"} <= args.keys() or "restore_validation_function_name" in args
    if missed and not (args.get("database_instance_ids") or args.get("node_ids")):
        problems.add("database_instance_ids and node_ids are empty; backups are missed only since one of these has run")
    if not 1 <= hours <= MOST_HOURS:
        problems.add(f"backup_hours is {hours}; CloudWatch looks back 1 to {MOST_HOURS} hours")
    problems.add(*threshold_problems(_thresholds(args)), *recipient_problems(args, "topic_arn"))
    problems.raise_if_any()
    return args
