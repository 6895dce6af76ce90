"""Widgets of a CloudWatch dashboard, and where they stand. No SDK here: values may be outputs.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ha_web.alarms.rules import MINUTE, Alarm, Metric, Value

WIDTH = 24
"""Columns of a dashboard."""

ROW = 6
"""Height of a chart."""

MOST_ALARMS = 100
"""Alarms in a widget, as the page above says."""

START = "-PT3H"
"""What is shown at first: the last three hours."""


@dataclass(frozen=True)
class Line:
    """A metric as a line of a chart."""

    metric: Metric[Any]
    label: str


@dataclass(frozen=True)
class Mark:
    """A horizontal line of a chart: an objective, or where an alarm goes off."""

    value: float
    label: str


@dataclass(frozen=True)
class Chart:
    """Lines over time of a region, all of one unit."""

    title: str
    unit: str
    region: str
    lines: Sequence[Line] = ()
    rules: Sequence[Alarm[Any]] = ()
    """Alarms whose expression is a line: by metric math or a query."""
    marks: Sequence[Mark] = ()
    period: int = MINUTE
    width: int = WIDTH // 2


@dataclass(frozen=True)
class Text:
    """A note in Markdown over the whole width."""

    markdown: str
    width: int = WIDTH


@dataclass(frozen=True)
class States:
    """The states of alarms."""

    title: str
    arns: Sequence[Any] = field(default_factory=list)
    width: int = WIDTH // 2


Widget = Chart | Text | States


def body(rows: Sequence[Sequence[Widget]]) -> dict[str, Any]:
    """Return the body of a dashboard: row under row, each from the left."""
    placed, y = [], 0
    for row in rows:
        x, height = 0, max((_height(widget) for widget in row), default=0)
        for widget in row:
            at = {"x": x, "y": y, "width": widget.width, "height": height}
            placed.append({"type": _KINDS[type(widget)], **at, "properties": _properties(widget)})
            x += widget.width
        y += height
    # Each chart keeps its period, over however long somebody looks back: a minute is what alarms see.
    return {"start": START, "periodOverride": "inherit", "widgets": placed}


_KINDS = {Chart: "metric", Text: "text", States: "alarm"}


def _height(widget: Widget) -> int:
    """Return a height in which all is seen: a line of a text takes less than a column, an alarm a tenth of a row."""
    if isinstance(widget, Text):
        return 2 + len(widget.markdown.splitlines()) * 2 // 3
    if isinstance(widget, States):
        return max(3, 1 + -(-len(widget.arns) // 3))
    return ROW


def _properties(widget: Widget) -> dict[str, Any]:
    if isinstance(widget, Text):
        return {"markdown": widget.markdown}
    if isinstance(widget, States):
        return {"title": widget.title, "alarms": [*widget.arns][:MOST_ALARMS]}
    lines = [_line(line.metric, label=line.label) for line in widget.lines]
    for number, rule in enumerate(widget.rules, 1):
        lines += _expression(rule, f"e{number}")
    marks = [{"value": mark.value, "label": mark.label} for mark in widget.marks]
    return {
        "title": widget.title,
        "region": widget.region,
        "view": "timeSeries",
        "stacked": False,
        "period": widget.period,
        "metrics": lines,
        "yAxis": {"left": {"min": 0, "label": widget.unit, "showUnits": False}},
        **({"annotations": {"horizontal": marks}} if marks else {}),
    }


def _line(metric: Metric[Value], **options: Any) -> list[Any]:
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic, **options}]


def _expression(rule: Alarm[Value], key: str) -> list[list[Any]]:
    """Return an alarm's expression, and the metrics that it uses, which are not shown themselves.

    The ids of a chart are of all its lines: each expression's metrics get its own key before theirs.
    """
    text = rule.expression
    for name in rule.metrics:
        text = re.sub(rf"\b{name}\b", f"{key}{name}", text)
    own = {"id": key, "label": rule.role, "expression": text, **({} if rule.metrics else {"period": rule.period})}
    used = [_line(metric, id=f"{key}{name}", visible=False) for name, metric in rule.metrics.items()]
    return [[own], *used]


def marks_of(rules: Sequence[Alarm[Any]], objectives: Mapping[float, str] | None = None) -> list[Mark]:
    """Return a line for each threshold of these alarms and each objective; one that is both is the objective."""
    known = dict(objectives or {})
    thresholds = {rule.threshold: "alarm" for rule in rules if rule.threshold not in known}
    return [Mark(value, label) for value, label in {**known, **thresholds}.items()]
