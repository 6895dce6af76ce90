from typing import Any

from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, Pair, resource

ALARM = "cloudwatch/metricAlarm:MetricAlarm"
TARGETS = "lb/targetGroup:TargetGroup"
LOG_GROUP = "cloudwatch/logGroup:LogGroup"
TRAIL = "cloudtrail/trail:Trail"
TOPIC = "sns/topic:Topic"

WEB = resource(TARGETS, "web", arnSuffix=UNKNOWN)
OTHER = resource(TARGETS, "other", arnSuffix=UNKNOWN)


def alarm(*on: Resource, metric: str = "UnHealthyHostCount", **props: Any) -> Resource:
    """An alarm on a metric of these target groups, whose ARNs are not known yet."""
    dimensions = {"TargetGroup": UNKNOWN, "LoadBalancer": UNKNOWN}
    return resource(ALARM, metricName=metric, dimensions=dimensions, links={"dimensions": on}, **props)


TAGS = {"owner": "", "stage": "prod"}

PAIRS = {
    "target-group-is-watched": Pair(
        good=(WEB, alarm(WEB)), bad=(WEB, alarm(OTHER)), says="no alarm is on its UnHealthyHostCount"
    ),
    "alarm-on-hosts-in-time": Pair(
        good=alarm(period=60.0, evaluationPeriods=5.0),
        bad=alarm(period=300.0, evaluationPeriods=3.0),
        says="period 300 s × 3 period(s); at most 300 s",
    ),
    "alarm-takes-silence-for-failure": Pair(
        good=alarm(metric="HealthyHostCount", comparisonOperator="LessThanThreshold", treatMissingData="breaching"),
        bad=alarm(metric="HealthyHostCount", comparisonOperator="LessThanThreshold"),
        says='treatMissingData is "missing"',
    ),
    "alarm-has-an-action": Pair(good=alarm(alarmActions=[UNKNOWN]), bad=alarm(), says="alarmActions is empty"),
    "alarm-actions-enabled": Pair(good=alarm(), bad=alarm(actionsEnabled=False), says="actionsEnabled is off"),
    "log-group-expires": Pair(
        good=resource(LOG_GROUP, retentionInDays=90.0),
        bad=resource(LOG_GROUP),
        says="retentionInDays is not set",
    ),
    "log-group-keeps-entries": Pair(
        good=resource(LOG_GROUP, retentionInDays=30.0),
        bad=resource(LOG_GROUP, retentionInDays=14.0),
        says="retentionInDays is 14; at least 30",
    ),
    "trail-sees-everything": Pair(
        good=resource(TRAIL, isMultiRegionTrail=True), bad=resource(TRAIL), says="isMultiRegionTrail is off"
    ),
    "trail-is-encrypted": Pair(good=resource(TRAIL, kmsKeyId=UNKNOWN), bad=resource(TRAIL), says="kmsKeyId is not set"),
    "trail-validates-its-files": Pair(
        good=resource(TRAIL, enableLogFileValidation=True),
        bad=resource(TRAIL),
        says="enableLogFileValidation is off",
    ),
    "resource-has-required-tags": Pair(
        good=resource(TOPIC, tags={"owner": UNKNOWN, "stage": "prod"}),
        bad=resource(TOPIC, tags={"stage": "prod"}),
        says="tags lacks `owner`",
        config={"required": TAGS},
    ),
}
