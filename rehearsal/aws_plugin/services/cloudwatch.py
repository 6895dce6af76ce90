"""CloudWatch: alarms and dashboards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.entry import As, Call, Hook, HookContext, Read, Refuse, Tags, Type


def _pairs(dimensions: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


def _map(dimensions: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in dimensions}


TAGS = Tags("TagResource", "UntagResource", {"ResourceARN": "{arn}"}, read="ListTagsForResource")

PUT_METRIC_ALARM = Call(
    "PutMetricAlarm",
    {"AlarmName": "{name}"},
    rename={
        "dimensions": As("Dimensions", to=_pairs, back=_map),
        "metricQueries": "Metrics",
        "metricQueries.metric": "MetricStat",
        "metricQueries.metric.metricName": "Metric.MetricName",
        "metricQueries.metric.namespace": "Metric.Namespace",
        "metricQueries.metric.dimensions": As("Metric.Dimensions", to=_pairs, back=_map),
    },
)

PUT_COMPOSITE_ALARM = Call(
    "PutCompositeAlarm",
    {"AlarmName": "{alarmName}"},
    rename={
        "actionsSuppressor.alarm": "/ActionsSuppressor",
        "actionsSuppressor.extensionPeriod": "/ActionsSuppressorExtensionPeriod",
        "actionsSuppressor.waitPeriod": "/ActionsSuppressorWaitPeriod",
    },
)

PUT_DASHBOARD = Call("PutDashboard", {"DashboardName": "{dashboardName}"})


def refuse_contradictions(context: HookContext) -> None:
    """Refuse an alarm that doesn't say what it watches."""
    args = context.args
    sources = [name for name in ("metricName", "metricQueries", "evaluationCriteria") if args.get(name)]
    if len(sources) != 1:
        reason = "exactly one of metricName, metricQueries and evaluationCriteria is needed"
        raise RefusedError(sources[-1] if sources else "metricName", reason)
    if sources == ["evaluationCriteria"]:
        return
    needed = ["comparisonOperator", "evaluationPeriods"]
    if sources == ["metricName"]:
        needed += ["namespace", "period"]
        given = [name for name in ("statistic", "extendedStatistic") if args.get(name)]
        if len(given) != 1:
            raise RefusedError("statistic", "exactly one of statistic and extendedStatistic is needed")
    if args.get("threshold") is None and args.get("thresholdMetricId") is None:
        needed.append("threshold")
    for name in needed:
        if args.get(name) is None:
            raise RefusedError(name, f"is needed with {sources[0]}")


TYPES: list[Any] = [
    Type(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "cloudwatch",
        refuse=(
            Refuse("statistic", "metricName && !statistic && !extendedStatistic", "it or extendedStatistic is wanted"),
            Refuse("statistic", "metricName && statistic && extendedStatistic", "not together with extendedStatistic"),
            Refuse(
                "metricQueries",
                "length(metricQueries[?expression && metric] || `[]`) > `0`",
                "expression and metric in one",
            ),
        ),
        create=PUT_METRIC_ALARM,
        id="{name}",
        default={"metricQueries.returnData": False},  # AWS's own is true
        then=(Hook(refuse_contradictions, dry=True),),
        update=(PUT_METRIC_ALARM,),
        read=Read("DescribeAlarms", {"AlarmNames": ["{id}"], "AlarmTypes": ["MetricAlarm"]}, "MetricAlarms[0]"),
        delete=Call("DeleteAlarms", {"AlarmNames": ["{id}"]}),
        tags=TAGS,
        outputs={"arn": "AlarmArn"},
        auto_name="name",
    ),
    Type(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        "cloudwatch",
        create=PUT_COMPOSITE_ALARM,
        id="{alarmName}",
        update=(PUT_COMPOSITE_ALARM,),
        read=Read("DescribeAlarms", {"AlarmNames": ["{id}"], "AlarmTypes": ["CompositeAlarm"]}, "CompositeAlarms[0]"),
        delete=Call("DeleteAlarms", {"AlarmNames": ["{id}"]}),
        tags=TAGS,
        outputs={"arn": "AlarmArn"},
        replace=("actionsEnabled",),
    ),
    Type(
        "aws:cloudwatch/dashboard:Dashboard",
        "cloudwatch",
        create=PUT_DASHBOARD,
        id="{dashboardName}",
        update=(PUT_DASHBOARD,),
        read=Read("GetDashboard", {"DashboardName": "{id}"}),
        delete=Call("DeleteDashboards", {"DashboardNames": ["{id}"]}),
        outputs={"dashboardArn": "DashboardArn"},
    ),
]
