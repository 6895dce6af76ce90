"""What of the functions is counted: for the console, and for CloudWatch.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
"""

import time
from dataclasses import dataclass, field
from typing import Any

from rehearsal.live.functions.model import Function, Start
from rehearsal.live.functions.runner import Result
from rehearsal.live.watch.data import Datum


@dataclass
class Counts:
    """Counters by function, and the metrics since they were last taken."""

    seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    _data: list[Datum] = field(default_factory=list)

    def known(self, function: Function) -> bool:
        """Begin to count a function; tell whether it was counted before."""
        there = function.arn in self.seen
        self.seen.setdefault(function.arn, {"invocations": 0, "errors": 0})
        return there

    def ended(self, function: Function, result: Result) -> None:
        """Count an invocation."""
        self.known(function)
        seen = self.seen[function.arn]
        seen["invocations"] += 1
        seen["errors"] += not result.ok
        seen |= {"last_at": time.time(), "last_ok": result.ok, "last_said": result.said}
        for name, value in (
            ("Invocations", 1.0),
            ("Errors", float(not result.ok)),
            ("Throttles", 0.0),
            ("Duration", result.seconds * 1000),
        ):
            self._lambda(function, name, value)

    def throttled(self, function: Function) -> None:
        """Count an invocation that was refused."""
        self._lambda(function, "Throttles", 1.0)

    def triggered(self, start: Start, *, failed: bool) -> None:
        """Count that a rule started its target, or wasn't let in."""
        for name, value in (("TriggeredRules", 1.0), ("FailedInvocations" if failed else "Invocations", 1.0)):
            self._data.append(Datum(start.region, "AWS/Events", name, (("RuleName", start.rule),), value))

    def take(self) -> list[Datum]:
        """Return the metrics since the last time."""
        found, self._data = self._data, []
        return found

    def _lambda(self, function: Function, name: str, value: float) -> None:
        dimensions = (("FunctionName", function.name),)
        self._data.append(Datum(function.region, "AWS/Lambda", name, dimensions, value))
