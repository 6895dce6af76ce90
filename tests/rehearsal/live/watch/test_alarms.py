"""The account's alarms, and what their metrics show."""

import math
from typing import Any

import pytest

from rehearsal.live.watch.alarms import metric_alarm
from rehearsal.live.watch.data import Datum
from rehearsal.live.watch.series import Store

HERE = "eu-west-1"

PLAIN: dict[str, Any] = {
    "AlarmName": "a",
    "StateValue": "OK",
    "Namespace": "AWS/X",
    "MetricName": "N",
    "Dimensions": [{"Name": "B", "Value": "2"}, {"Name": "A", "Value": "1"}],
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 2,
    "Threshold": 1.0,
    "ComparisonOperator": "LessThanThreshold",
    "TreatMissingData": "breaching",
}


def stat(name: str, identifier: str, period: int = 60) -> dict[str, Any]:
    metric = {"Namespace": "AWS/X", "MetricName": name, "Dimensions": []}
    return {"Id": identifier, "MetricStat": {"Metric": metric, "Period": period, "Stat": "Sum"}, "ReturnData": False}


def store(*found: tuple[str, float, float], dimensions: tuple[tuple[str, str], ...] = ()) -> Store:
    made = Store()
    for name, seconds, value in found:
        made.add(Datum(HERE, "AWS/X", name, dimensions, value), seconds)
    return made


def test_the_last_periods_that_are_over_are_looked_at() -> None:
    made = store(("N", 59, 1), ("N", 130, 2), ("N", 185, 3), dimensions=(("A", "1"), ("B", "2")))
    assert metric_alarm(HERE, PLAIN).points(made, 190, 0) == [math.inf, 1, None, 2]


def test_before_the_plane_began_an_alarms_metric_was_as_its_state_says() -> None:
    assert metric_alarm(HERE, PLAIN).points(Store(), 310, 4) == [math.inf, math.inf, math.inf, None]
    above = {**PLAIN, "ComparisonOperator": "GreaterThanThreshold"}
    assert metric_alarm(HERE, above).points(Store(), 310, 4)[0] == -math.inf
    for given, breaching in ((PLAIN, -math.inf), (above, math.inf)):
        assert metric_alarm(HERE, {**given, "StateValue": "ALARM"}).points(Store(), 310, 4)[0] == breaching


def test_a_minute_in_which_nobody_looked_says_nothing() -> None:
    made = store(("N", 59, 1), ("N", 185, 3), dimensions=(("A", "1"), ("B", "2")))
    made.blind.add(1)
    assert metric_alarm(HERE, PLAIN).points(made, 190, 0) == [math.inf, 1, math.inf, None]
    made.blind.add(2)
    assert metric_alarm(HERE, {**PLAIN, "Period": 120}).points(made, 250, 0)[-1] == 3, "one of two minutes is enough"


def test_an_expression_is_held_against_the_threshold_and_its_metrics_are_not() -> None:
    queries = [
        {"Id": "share", "Expression": "errors/requests", "ReturnData": True},
        stat("E", "errors"),
        stat("R", "requests"),
    ]
    given = {
        key: PLAIN[key] for key in PLAIN if key not in ("Namespace", "MetricName", "Dimensions", "Statistic", "Period")
    }
    alarm = metric_alarm(HERE, {**given, "Metrics": queries})
    assert alarm.value(store(("E", 10, 5), ("R", 20, 20)), 0) == 0.25
    assert alarm.period == 60


def test_an_expression_has_the_period_of_its_metrics() -> None:
    queries = [
        {"Id": "s", "Expression": "SUM([0*r,h])", "ReturnData": True},
        stat("R", "r", 3600),
        stat("H", "h", 3600),
    ]
    alarm = metric_alarm(HERE, {**PLAIN, "Metrics": queries})
    assert alarm.period == 3600
    assert alarm.value(store(("R", 10, 5), ("H", 3000, 2)), 0) == 2


def test_a_query_looks_at_all_metrics_of_the_name() -> None:
    queries = [{"Id": "s", "Expression": 'SELECT MAX(N) FROM "AWS/X"', "ReturnData": True, "Period": 60}]
    alarm = metric_alarm(HERE, {**PLAIN, "Metrics": queries})
    made = store(("N", 1, 5), ("N", 2, 3), dimensions=(("A", "1"),))
    made.add(Datum(HERE, "AWS/X", "N", (("A", "2"),), 9), 3)
    made.add(Datum("eu-central-1", "AWS/X", "N", (("A", "2"),), 99), 3)
    assert alarm.value(made, 0) == 9
    assert alarm.value(made, 1) is None


@pytest.mark.parametrize(("given", "wanted"), [({}, 2), ({"DatapointsToAlarm": 1}, 1)])
def test_without_a_number_of_datapoints_all_have_to_breach(given: dict[str, Any], wanted: int) -> None:
    condition = metric_alarm(HERE, {**PLAIN, **given}).condition
    assert condition is not None
    assert condition.needed == wanted
