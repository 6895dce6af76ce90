"""Alarms and dashboards in the emulated plugin."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"

UNHEALTHY = {
    "namespace": "AWS/ApplicationELB",
    "metricName": "UnHealthyHostCount",
    "dimensions": {"LoadBalancer": "app/a/1", "TargetGroup": "targetgroup/b/2"},
    "statistic": "Maximum",
    "period": 60,
    "evaluationPeriods": 2,
    "comparisonOperator": "GreaterThanThreshold",
    "threshold": 0,
}


def metric(name: str) -> dict[str, Any]:
    where = {"namespace": "AWS/ApplicationELB", "dimensions": {"LoadBalancer": "app/a/1"}}
    return {"metricName": name, "period": 60, "stat": "Sum", **where}


MATH: list[dict[str, Any]] = [
    {"id": "rate", "expression": "errors / requests * 100", "label": "Errors (%)", "returnData": True},
    {"id": "errors", "metric": metric("HTTPCode_Target_5XX_Count")},
    {"id": "requests", "metric": metric("RequestCount")},
]


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture
def topic(aws: Client, unique: str) -> str:
    return str(aws("sns").create_topic(Name=unique)["TopicArn"])


@pytest.fixture
def alarm(program: Program, unique: str, topic: str) -> Resource:
    more = {"alarmActions": [topic], "okActions": [topic], "treatMissingData": "notBreaching", "tags": {"a": "b"}}
    return program.up(ALARM, unique, **UNHEALTHY, **more, alarmDescription="A server is out.")


def found(aws: Client, alarm: Resource, kind: str = "MetricAlarm") -> dict[str, Any]:
    answer = aws("cloudwatch").describe_alarms(AlarmNames=[alarm.id], AlarmTypes=[kind])
    one: dict[str, Any] = answer[f"{kind}s"][0]
    return one


def test_an_alarm_watches_a_metric_and_tells_a_topic(alarm: Resource, aws: Client, topic: str) -> None:
    there = found(aws, alarm)
    assert {each["Name"]: each["Value"] for each in there["Dimensions"]} == UNHEALTHY["dimensions"]
    assert (there["AlarmActions"], there["Threshold"], there["TreatMissingData"]) == ([topic], 0, "notBreaching")
    assert alarm.state["arn"] == there["AlarmArn"]
    assert alarm.settled()


def test_an_alarm_is_told_whole_so_that_what_is_left_out_is_gone(alarm: Resource, aws: Client) -> None:
    changed = alarm.update(threshold=1.5, okActions=None, alarmDescription=None, tags={"a": "c"})
    assert changed == {
        "threshold": "UPDATE",
        "okActions": "DELETE",
        "alarmDescription": "DELETE",
        "tags.a": "UPDATE",
    }
    there = found(aws, alarm)
    assert (there["Threshold"], there["OKActions"], there.get("AlarmDescription", "")) == (1.5, [], "")
    tags = aws("cloudwatch").list_tags_for_resource(ResourceARN=alarm.state["arn"])["Tags"]
    assert tags == [{"Key": "a", "Value": "c"}]
    assert alarm.settled()
    assert alarm.changes(name="other") == {"name": "UPDATE_REPLACE"}


def test_an_imported_alarm_has_its_generated_name_as_if_the_program_gave_it(alarm: Resource) -> None:
    read = alarm.lifecycle.read(ALARM, alarm.name, alarm.id, {}, {})
    assert read is not None
    assert (read[0]["name"], "__defaults" in read[0]) == (alarm.id, False)
    assert alarm.inputs["__defaults"] == ["name"]


def test_an_alarms_drift_is_read(alarm: Resource, aws: Client) -> None:
    there = found(aws, alarm)
    names = ("AlarmName", "Namespace", "MetricName", "Statistic", "Period", "EvaluationPeriods", "ComparisonOperator")
    kept = {name: there[name] for name in names}
    aws("cloudwatch").put_metric_alarm(**kept, Dimensions=there["Dimensions"][:1], Threshold=9)
    drift = alarm.read()
    assert drift is not None
    assert {"threshold", "dimensions.TargetGroup", "alarmActions[0]"} <= drift.keys()
    alarm.delete()
    assert alarm.gone()


def test_an_alarm_may_watch_what_is_computed(program: Program, unique: str, aws: Client) -> None:
    given = {"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 3, "threshold": 5}
    alarm = program.up(ALARM, unique, **given, metricQueries=MATH)
    rate, errors, _ = found(aws, alarm)["Metrics"]
    assert (rate["Expression"], rate["ReturnData"]) == ("errors / requests * 100", True)
    assert errors["ReturnData"] is False
    assert errors["MetricStat"] == {
        "Metric": {
            "Namespace": "AWS/ApplicationELB",
            "MetricName": "HTTPCode_Target_5XX_Count",
            "Dimensions": [{"Name": "LoadBalancer", "Value": "app/a/1"}],
        },
        "Period": 60,
        "Stat": "Sum",
    }
    assert alarm.settled()
    slower = copy.deepcopy(MATH)
    slower[1]["metric"]["period"] = 300
    assert alarm.update(metricQueries=slower) == {"metricQueries[1].metric.period": "UPDATE"}
    assert found(aws, alarm)["Metrics"][1]["MetricStat"]["Period"] == 300
    assert alarm.settled()


def test_a_composite_alarm_follows_others(program: Program, alarm: Resource, unique: str, aws: Client) -> None:
    rule = f"ALARM({alarm.id})"
    suppressor = {"alarm": alarm.id, "extensionPeriod": 10, "waitPeriod": 20}
    name = f"{unique}-all"
    composite = program.up(COMPOSITE, alarmName=name, alarmRule=rule, actionsSuppressor=suppressor, tags={"a": "b"})
    assert found(aws, composite, "CompositeAlarm")["AlarmRule"] == rule
    assert composite.settled()
    composite.update(alarmRule=f"NOT {rule}", actionsSuppressor=None, tags=None)
    assert found(aws, composite, "CompositeAlarm")["AlarmRule"] == f"NOT {rule}"
    assert composite.settled()
    aws("cloudwatch").put_composite_alarm(AlarmName=name, AlarmRule=rule)
    assert composite.read() == {"alarmRule": "UPDATE"}
    assert composite.changes(actionsEnabled=False) == {"actionsEnabled": "ADD_REPLACE"}
    assert composite.changes(alarmName="other") == {"alarmName": "UPDATE_REPLACE"}
    composite.delete()
    assert composite.gone()


def test_a_dashboard_is_written_and_read_as_a_document(program: Program, unique: str, aws: Client) -> None:
    def body(text: str) -> str:
        widget = {"type": "text", "x": 0, "y": 0, "width": 6, "height": 2, "properties": {"markdown": text}}
        return json.dumps({"widgets": [widget]})

    dashboard = program.up(DASHBOARD, dashboardName=unique, dashboardBody=body("one"))
    assert dashboard.state["dashboardArn"].endswith(f"dashboard/{unique}")
    assert dashboard.settled()
    assert dashboard.update(dashboardBody=body("two")) == {"dashboardBody": "UPDATE"}
    assert dashboard.settled()
    aws("cloudwatch").put_dashboard(DashboardName=unique, DashboardBody=body("three"))
    assert dashboard.read() == {"dashboardBody": "UPDATE"}
    assert dashboard.changes(dashboardName="other") == {"dashboardName": "UPDATE_REPLACE"}
    dashboard.delete()
    assert dashboard.gone()


@pytest.mark.parametrize(
    ("changed", "where", "why"),
    [
        ({"metricName": None}, "metricName", "exactly one of metricName, metricQueries"),
        ({"metricQueries": MATH}, "metricQueries", "exactly one of metricName, metricQueries"),
        ({"statistic": None}, "statistic", "exactly one of statistic and extendedStatistic"),
        ({"period": None}, "period", "is needed with metricName"),
        ({"threshold": None}, "threshold", "is needed with metricName"),
        ({"statistic": "Median"}, "statistic", '"Median" is none of'),
        ({"treshold": 1}, "treshold", 'did you mean "threshold"'),
    ],
)
def test_an_alarm_that_watches_nothing_is_refused_at_preview(
    program: Program, changed: dict[str, Any], where: str, why: str
) -> None:
    given = {name: value for name, value in {**UNHEALTHY, **changed}.items() if value is not None}
    (place, reason), *others = program.resource(ALARM).refusals(given)
    assert (place, others) == (where, [])
    assert why in reason
