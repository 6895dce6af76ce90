"""Where widgets stand, and what CloudWatch is told of each."""

from dataclasses import replace
from typing import Any

from ha_web.alarms.data_rules import database_alarms
from ha_web.alarms.rules import DEFAULT_THRESHOLDS, Alarm, Metric
from ha_web.dashboard.widgets import WIDTH, Chart, Line, Mark, States, Text, body, marks_of

REQUESTS: Metric[str] = Metric("AWS/ApplicationELB", "RequestCount", {"LoadBalancer": "app/web/1"}, "Sum")


def rule(**args: Any) -> Alarm[str]:
    """An alarm without a metric of its own."""
    [some] = database_alarms(["db-1"], DEFAULT_THRESHOLDS)[:1]
    return replace(some, **{"role": "errors", "metric": None, **args})


def of(chart: Chart) -> Any:
    [widget] = body([[chart]])["widgets"]
    return widget["properties"]


def test_rows_stand_under_each_other_and_none_is_wider_than_the_page() -> None:
    chart = Chart("a", "", "eu-west-1")
    placed = body([[Text("# title")], [States("alarms", ["arn"] * 30), States("more", ["arn"])], [chart, chart]])
    at = [(each["x"], each["y"]) for each in placed["widgets"]]
    heights = [each["height"] for each in placed["widgets"]]
    assert at[:2] == [(0, 0), (0, heights[0])]
    assert at[2:4] == [(12, heights[0]), (0, heights[0] + heights[1])]
    assert heights[1] == heights[2]
    assert all(each["x"] + each["width"] <= WIDTH for each in placed["widgets"])
    assert [each["type"] for each in placed["widgets"]] == ["text", "alarm", "alarm", "metric", "metric"]


def test_a_line_is_its_metric_with_the_statistic_and_a_mark_is_a_horizontal_line() -> None:
    chart = of(Chart("traffic", "percent", "eu-west-1", [Line(REQUESTS, "all")], marks=[Mark(5, "alarm")]))
    shown = ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", "app/web/1", {"stat": "Sum", "label": "all"}]
    assert chart["metrics"] == [shown]
    assert chart["annotations"] == {"horizontal": [{"value": 5, "label": "alarm"}]}
    assert (chart["region"], chart["period"], chart["yAxis"]["left"]["label"]) == ("eu-west-1", 60, "percent")


def test_expressions_side_by_side_have_their_own_metrics_which_are_not_lines_themselves() -> None:
    rules = [rule(expression="100*errors/MAX([requests,errors])", metrics={"errors": REQUESTS, "requests": REQUESTS})]
    metrics = of(Chart("errors", "percent", "eu-west-1", rules=[*rules, *rules]))["metrics"]
    own = [each[0] for each in metrics if len(each) == 1]
    assert [each["expression"] for each in own] == [
        "100*e1errors/MAX([e1requests,e1errors])",
        "100*e2errors/MAX([e2requests,e2errors])",
    ]
    used = [each[-1] for each in metrics if len(each) > 1]
    assert {each["id"] for each in used} == {"e1errors", "e1requests", "e2errors", "e2requests"}
    assert not any(each["visible"] for each in used)


def test_a_query_has_no_metric_and_so_its_own_period() -> None:
    query = rule(expression='SELECT MAX(Lag) FROM "AWS/RDS"')
    assert of(Chart("lag", "ms", "eu-west-1", rules=[query]))["metrics"] == [
        [{"id": "e1", "label": "errors", "expression": 'SELECT MAX(Lag) FROM "AWS/RDS"', "period": 60}]
    ]


def test_a_threshold_that_is_the_objective_is_one_line() -> None:
    assert marks_of([rule(threshold=60)], {60: "objective"}) == [Mark(60, "objective")]
    assert marks_of([rule(threshold=2), rule(threshold=2)], {5: "objective"}) == [
        Mark(5, "objective"),
        Mark(2, "alarm"),
    ]
