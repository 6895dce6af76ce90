"""The alarms' states and the topics' notices: a lab with parts that say what they measured."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest

from rehearsal.live.pace import Pace
from rehearsal.live.watch.system import Watch, text_of

ALARM = {
    "AlarmName": "unhealthy",
    "StateValue": "INSUFFICIENT_DATA",
    "Namespace": "AWS/Route53",
    "MetricName": "HealthCheckStatus",
    "Dimensions": [{"Name": "HealthCheckId", "Value": "c"}],
    "Statistic": "Minimum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "LessThanThreshold",
    "TreatMissingData": "breaching",
}


class Account:
    def __init__(self) -> None:
        self.states: list[tuple[str, str]] = []
        self.put: list[str] = []
        self.news: list[dict[str, Any]] = []

    async def ask_all(self, _service: str, region: str, operation: str, key: str, **_: Any) -> list[Any]:
        both = {"AlarmName": "both", "StateValue": "OK", "AlarmRule": 'ALARM("unhealthy")'}
        found: dict[str, list[Any]] = {"MetricAlarms": [ALARM], "CompositeAlarms": [both]}
        return found.get(key, []) if region == "us-east-1" and operation == "describe_alarms" else []

    async def ask(self, _service: str, _region: str, operation: str, **given: Any) -> dict[str, Any]:
        assert operation == "set_alarm_state"
        self.states.append((given["AlarmName"], given["StateValue"]))
        return {}

    async def report_metrics(self, _region: str, namespace: str, data: list[Any]) -> None:
        self.put += [f"{namespace} {each['MetricName']} {each['StatisticValues']['Minimum']:g}" for each in data]

    async def notices(self, after: int) -> list[dict[str, Any]]:
        return [each for each in self.news if each["n"] > after]


class Names:
    name = "names"

    def __init__(self) -> None:
        self.statuses, self.why = {"c": True}, ["not yet"]

    def settled(self) -> list[str]:
        return self.why


class Site:
    """A lab whose clock is moved by hand."""

    def __init__(self) -> None:
        self.now, self.account, self.names = 0.0, Account(), Names()
        self.noted: list[str] = []
        events = SimpleNamespace(note=lambda kind, text, **_: self.noted.append(f"{kind} {text}"))
        lab: Any = SimpleNamespace(
            pace=Pace(1), account=self.account, events=events, began=0.0, parts={"names": self.names}
        )
        lab.outline = SimpleNamespace(regions=())
        self.watch = Watch(lab)
        self.watch.clock.read = lambda: self.now
        self.watch._opened = 0.0
        asyncio.run(self.watch.reconcile())

    def run(self, seconds: int) -> None:
        for _ in range(seconds // 5):
            self.now += 5
            asyncio.run(self.watch.observe())


def test_an_alarm_follows_its_metric_once_the_site_stands_and_a_composite_one_follows_it() -> None:
    site = Site()
    site.names.statuses["c"] = False
    site.run(80)
    assert site.account.states == []
    site.names.why, site.names.statuses["c"] = [], True
    site.run(120)
    assert site.account.states == [("unhealthy", "OK")]
    site.names.statuses["c"] = False
    site.run(120)
    assert site.account.states[1:] == [("unhealthy", "ALARM"), ("both", "ALARM")]
    assert site.noted == ["alarm unhealthy: OK → ALARM", "alarm both: OK → ALARM"]
    assert {each["name"]: each["state"] for each in site.watch.describe()["alarms"]} == {
        "unhealthy": "ALARM",
        "both": "ALARM",
    }


def test_the_metrics_of_each_minute_are_put_once_it_is_over() -> None:
    site = Site()
    site.run(120)
    assert "AWS/Route53 HealthCheckStatus 1" in site.account.put


def test_a_part_that_measures_nothing_any_more_breaches_where_silence_does() -> None:
    site = Site()
    site.names.why = []
    site.run(120)
    site.names.statuses.clear()
    site.run(240)
    assert site.account.states[-2:] == [("unhealthy", "ALARM"), ("both", "ALARM")]


def test_a_machine_that_was_too_busy_to_look_is_no_silence_of_what_it_looks_at() -> None:
    site = Site()
    site.names.why = []
    site.run(120)
    site.now += 600
    site.run(60)
    assert site.account.states == [("unhealthy", "OK")]


def test_notices_since_the_start_are_noted_once() -> None:
    site = Site()
    notice = {"n": 3, "at": 1.0, "topic": "arn:aws:sns:eu-west-1:1:t", "subject": "s", "message": "hello"}
    old = [{**notice, "n": number, "at": -1.0} for number in (1, 2)]
    site.account.news = [*old, notice]
    site.run(20)
    assert site.noted == ["notice hello"]


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("plain", "plain"),
        ('{"a": 1}', '{"a": 1}'),
        (json.dumps({"AlarmName": "a", "OldStateValue": "INSUFFICIENT_DATA", "NewStateValue": "OK"}), ""),
        (
            json.dumps({"AlarmName": "a", "OldStateValue": "OK", "NewStateValue": "ALARM", "AlarmDescription": "Bad."}),
            "ALARM: a: Bad.",
        ),
    ],
)
def test_what_a_notice_says_to_people(message: str, wanted: str) -> None:
    assert text_of(message) == wanted
