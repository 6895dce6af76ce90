"""CloudWatch alarms: that they exist, go off in time, and notify somebody."""

from collections.abc import Iterator

from resilience.aws.types import (
    COMPOSITE_ALARM,
    DASHBOARD,
    GROUP,
    GROUP_ATTACHMENT,
    METRIC_ALARM,
    TARGET_GROUPS,
    TRAFFIC_SOURCE_ATTACHMENT,
)
from resilience.aws.values import amount
from resilience.known import has_items, is_known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic
from resilience.rules.fleet.groups import is_idle

RULES = Topic()

HOST_COUNTS = {"HealthyHostCount", "UnHealthyHostCount"}
SIGNS_OF_LIFE = {"HealthyHostCount", "HealthCheckStatus"}
"""Metrics that stop, or never begin, when what they count is gone."""

MEASURED_IN = ("dimensions", "metricQueries")


@RULES.stack_rule(
    "target-group-is-watched",
    "An alarm goes off when a target group has unhealthy targets.",
    Severity.MEDIUM,
    well_architected("REL11-BP01", "rel_withstand_component_failures_monitoring_health"),
    *TARGET_GROUPS,
)
def is_watched(targets: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Functions have no health by default, and Auto Scaling groups that are idle by plan register no target."""
    if is_watched_by_any(targets, stack) or targets.get("targetType") == "lambda" or serves_nobody(targets, stack):
        return
    yield "no alarm is on its UnHealthyHostCount or HealthyHostCount; targets fail without anybody noticing"


def is_watched_by_any(targets: Resource, stack: Stack) -> bool:
    """Return whether an alarm measures the health of these targets, by a link or by a plain dimension."""
    return any(measures(alarm, targets) for alarm in stack.of_type(METRIC_ALARM))


def measures(alarm: Resource, targets: Resource) -> bool:
    """Return whether an alarm is about the health of these targets."""
    places = [place for place in metric_places(alarm) if alarm.get(f"{place}metricName") in HOST_COUNTS]
    if not places or alarm.refers_to(targets, *MEASURED_IN):
        return bool(places)
    paths = [f"{place}dimensions.TargetGroup" for place in places]
    return is_known(targets, "arnSuffix") and any(
        is_known(alarm, path) and alarm.get(path) == targets.get("arnSuffix") for path in paths
    )


def metric_places(alarm: Resource) -> list[str]:
    """Prefixes of the paths at which an alarm names metrics: its own, and one for each query."""
    queries = range(alarm.count("metricQueries"))
    return ["", *(f"metricQueries.{number}.metric." for number in queries)]


def serves_nobody(targets: Resource, stack: Stack) -> bool:
    """Return whether all Auto Scaling groups that register here are empty by design."""
    groups = list(stack.referring_to(targets, GROUP, "targetGroupArns", "trafficSources"))
    for type_ in (GROUP_ATTACHMENT, TRAFFIC_SOURCE_ATTACHMENT):
        for attachment in stack.referring_to(targets, type_):
            groups += attachment.linked(GROUP, "autoscalingGroupName")
    return bool(groups) and all(is_idle(group) for group in groups)


@RULES.rule(
    "alarm-on-hosts-in-time",
    "An alarm on the health of targets goes off within minutes.",
    Severity.MEDIUM,
    well_architected("REL11-BP01", "rel_withstand_component_failures_monitoring_health"),
    METRIC_ALARM,
    seconds=Setting(
        300, "the longest time until the alarm, in seconds: period × periods that must be bad", {"minimum": 60}
    ),
)
def on_hosts_in_time(alarm: Resource, config: Config) -> Iterator[str]:
    """A metric of an expression has a period of its own."""
    periods = amount(alarm, "datapointsToAlarm") or amount(alarm, "evaluationPeriods", 1)
    for place in metric_places(alarm):
        path = f"{place}period"
        if alarm.get(f"{place}metricName") in HOST_COUNTS and amount(alarm, path) * periods > config["seconds"]:
            yield f"{path} {alarm.get(path)} s × {periods} period(s); at most {config['seconds']:g} s are allowed"


@RULES.rule(
    "alarm-takes-silence-for-failure",
    "An alarm on a sign of life goes off when there is none.",
    Severity.MEDIUM,
    well_architected("REL11-BP01", "rel_withstand_component_failures_monitoring_health"),
    METRIC_ALARM,
)
def takes_silence_for_failure(alarm: Resource, _: Config) -> Iterator[str]:
    """Without a target, or a check, there is no data; the default leaves the alarm undecided, and nobody hears it."""
    missing = alarm.get("treatMissingData", "missing")
    below = str(alarm.get("comparisonOperator", "")).startswith("LessThan")
    if alarm.get("metricName") in SIGNS_OF_LIFE and below and missing != "breaching":
        yield f'treatMissingData is "{missing}"; silence of {alarm.get("metricName")} should be "breaching"'


@RULES.stack_rule(
    "alarm-has-an-action",
    "An alarm does something when it goes off.",
    Severity.MEDIUM,
    security_hub("CloudWatch.15"),
    METRIC_ALARM,
    COMPOSITE_ALARM,
)
def has_an_action(alarm: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Composite alarms, health checks and rollouts that refer to an alarm act on it; a dashboard only shows it."""
    if has_items(alarm, "alarmActions"):
        return
    if not any(other.refers_to(alarm) for other in stack.resources if other.type != DASHBOARD):
        yield "alarmActions is empty, and nothing else in the stack acts on it"
