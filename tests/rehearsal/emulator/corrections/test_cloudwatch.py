"""Alarms in the emulated account."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("emulator-operations")


def test_an_alarm_on_metric_math_is_described_whole(aws: Callable[..., Any], unique: str) -> None:
    watch = aws("cloudwatch")
    stat = {"Metric": {"Namespace": "AWS/ApplicationELB", "MetricName": "RequestCount"}, "Period": 60, "Stat": "Sum"}
    metrics = [
        {"Id": "share", "Expression": "100 * errors / requests", "ReturnData": True},
        {"Id": "errors", "MetricStat": stat, "ReturnData": False},
        {"Id": "requests", "MetricStat": stat, "ReturnData": False},
    ]
    limits = {"EvaluationPeriods": 2, "Threshold": 5.0, "ComparisonOperator": "GreaterThanThreshold"}
    watch.put_metric_alarm(AlarmName=unique, Metrics=metrics, **limits)
    found = watch.describe_alarms(AlarmNames=[unique])["MetricAlarms"][0]
    assert found["Metrics"] == metrics
    assert not {"Statistic", "Period", "MetricName"} & found.keys()
    assert {key: found[key] for key in limits} == limits


def test_an_alarm_on_a_percentile_has_no_other_statistic(aws: Callable[..., Any], unique: str) -> None:
    watch = aws("cloudwatch")
    metric = {"Namespace": "AWS/ApplicationELB", "MetricName": "TargetResponseTime", "ExtendedStatistic": "p99"}
    limits = {"EvaluationPeriods": 2, "Period": 60, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}
    watch.put_metric_alarm(AlarmName=unique, **metric, **limits)
    found = watch.describe_alarms(AlarmNames=[unique])["MetricAlarms"][0]
    assert found["ExtendedStatistic"] == "p99"
    assert "Statistic" not in found


def test_a_composite_alarm_holds_those_it_is_made_of(
    aws: Callable[..., Any], unique: str, refused: Callable[..., str]
) -> None:
    watch = aws("cloudwatch")
    metric = {"Namespace": "x", "MetricName": "y", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1}
    watch.put_metric_alarm(AlarmName=unique, **metric, Threshold=1, ComparisonOperator="GreaterThanThreshold")
    watch.put_composite_alarm(AlarmName=f"{unique}-all", AlarmRule=f"ALARM({unique})")
    assert refused(watch.delete_alarms, AlarmNames=[unique]) == "ValidationError"
    watch.delete_alarms(AlarmNames=[f"{unique}-all"])
    assert refused(watch.delete_alarms, AlarmNames=[unique]) == ""


def test_an_alarm_notifies_its_topic(aws: Callable[..., Any], unique: str) -> None:
    watch, sns, sqs = aws("cloudwatch"), aws("sns"), aws("sqs")
    topic = sns.create_topic(Name=unique)["TopicArn"]
    queue = sqs.create_queue(QueueName=unique)["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:eu-west-1:123456789012:{unique}")
    metric = {"Namespace": unique, "MetricName": "y", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1}
    more = {"Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", "AlarmActions": [topic]}
    watch.put_metric_alarm(AlarmName=unique, **metric, **more)
    watch.set_alarm_state(AlarmName=unique, StateValue="ALARM", StateReason="a drill")
    messages = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages", [])
    assert [json.loads(json.loads(m["Body"])["Message"])["AlarmName"] for m in messages] == [unique]
