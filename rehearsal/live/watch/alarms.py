"""The account's alarms, and what their metrics show. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.live.watch import expressions
from rehearsal.live.watch.data import Dimensions
from rehearsal.live.watch.evaluation import ALARM, FURTHER, Condition
from rehearsal.live.watch.series import MINUTE, Store


@dataclass(frozen=True)
class Term:
    """A metric of an alarm, or an expression of the others."""

    expression: str = ""
    namespace: str = ""
    metric: str = ""
    dimensions: Dimensions = ()
    statistic: str = "Average"


@dataclass(frozen=True)
class Alarm:
    """An alarm on a metric or an expression; one with a rule is composite."""

    region: str
    name: str
    state: str
    condition: Condition | None = None
    period: int = MINUTE
    terms: Mapping[str, Term] = field(default_factory=dict)
    result: str = ""
    """The term that is held against the threshold."""
    rule: str = ""

    def value(self, store: Store, start: int) -> float | None:
        """Return what is held against the threshold, of the period that starts at a minute. UnsupportedError."""
        return self._term(self.result, store, start)

    def points(self, store: Store, seconds: float, first: int) -> list[float | None]:
        """Return the last periods that are over, the oldest first.

        Before minute `first`, and while nobody looked, all was as the state says.
        """
        assert self.condition is not None
        length = self.period // MINUTE
        current = int(seconds // self.period) * length
        starts = [current - ago * length for ago in range(self.condition.periods + FURTHER, 0, -1)]
        breaching = self.state == ALARM
        before = -math.inf if self.condition.comparison.startswith("Less") is breaching else math.inf
        unknown = {start for start in starts if start < first or store.blind.issuperset(range(start, start + length))}
        return [before if start in unknown else self.value(store, start) for start in starts]

    def _term(self, name: str, store: Store, start: int) -> float | None:
        term = self.terms[name]
        if not term.expression:
            wanted = (self.region, term.namespace, term.metric, term.dimensions)
            return store.statistic(wanted, term.statistic, self.period, start)
        if asked := expressions.query(term.expression):
            return self._query(asked, store, start)
        others = {other: self._term(other, store, start) for other in self.terms if other != name}
        return expressions.evaluate(term.expression, others)

    def _query(self, asked: expressions.Query, store: Store, start: int) -> float | None:
        """Return a query's value: its function over the metrics of the name, each by the same statistic."""
        statistic = expressions.STATISTICS[asked.function]
        found = [
            value
            for key in store.named(self.region, asked.namespace, asked.name)
            if set(asked.where) <= set(key[3])
            if (value := store.statistic(key, statistic, self.period, start)) is not None
        ]
        if not found:
            return None
        folds = {"MAX": max(found), "MIN": min(found), "AVG": sum(found) / len(found)}
        return folds.get(asked.function, sum(found))


def metric_alarm(region: str, given: Mapping[str, Any]) -> Alarm:
    """Return the alarm of an answer of DescribeAlarms."""
    periods = int(given["EvaluationPeriods"])
    condition = Condition(
        float(given.get("Threshold", 0.0)),
        given["ComparisonOperator"],
        periods,
        int(given.get("DatapointsToAlarm") or periods),
        given.get("TreatMissingData") or "missing",
    )
    queries = given.get("Metrics") or []
    if not queries:
        statistic = given.get("ExtendedStatistic") or given.get("Statistic") or "Average"
        term = Term("", given["Namespace"], given["MetricName"], _dimensions(given), statistic)
        period = max(MINUTE, int(given.get("Period", MINUTE)))
        return Alarm(region, given["AlarmName"], given["StateValue"], condition, period, {"value": term}, "value")
    stats = [query["MetricStat"] for query in queries if "MetricStat" in query]
    periods_given = [int(each["Period"]) for each in (*stats, *queries) if each.get("Period")]
    result = next(query["Id"] for query in queries if query.get("ReturnData", True))
    terms = {query["Id"]: _term(query) for query in queries}
    period = max([MINUTE, *periods_given])
    return Alarm(region, given["AlarmName"], given["StateValue"], condition, period, terms, result)


def composite_alarm(region: str, given: Mapping[str, Any]) -> Alarm:
    """Return the composite alarm of an answer of DescribeAlarms."""
    return Alarm(region, given["AlarmName"], given["StateValue"], rule=given["AlarmRule"])


def _term(query: Mapping[str, Any]) -> Term:
    if "MetricStat" not in query:
        return Term(query["Expression"])
    stat = query["MetricStat"]
    metric = stat["Metric"]
    return Term("", metric["Namespace"], metric["MetricName"], _dimensions(metric), stat["Stat"])


def _dimensions(given: Mapping[str, Any]) -> Dimensions:
    return tuple(sorted((each["Name"], each["Value"]) for each in given.get("Dimensions") or ()))
