"""Verdicts: what was promised beside what was measured, a row each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from rehearsal.drill.counting.orders import OrderCount
from rehearsal.drill.counting.service import Service
from rehearsal.drill.counting.sessions import SessionCount
from rehearsal.drill.report.shape import RowPlain


class Verdict(StrEnum):
    """How a row, a scenario or a drill ended."""

    MET = "met"
    MISSED = "missed"
    SHOWN = "shown"
    """Nothing is promised: it is there to be read."""
    VOID = "void"
    """It could not be judged."""
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Computed:
    """The stack's outputs that say what it promises: `objectives` and `recovery` (rehearsal/summary.py shows them)."""

    objectives: Mapping[str, Mapping[str, str]]
    recovery: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, outputs: Mapping[str, Any]) -> "Computed":
        """Read them from a stack's outputs."""
        return cls(outputs.get("objectives") or {}, outputs["recovery"])

    def seconds(self, failure: str, kind: str) -> float | None:
        """The computed worst case; `kind` is recovery or data_loss. None if it never ends, or loses all."""
        value = self.recovery[failure][kind]["seconds"]
        return None if value is None else float(value)

    def text(self, failure: str, kind: str) -> str:
        """The sum that it is."""
        return str(self.recovery[failure][kind]["text"])

    def objective(self, failure: str, kind: str) -> float | None:
        """What the owner declares that they can bear, in seconds; None if nothing."""
        declared = self.objectives.get(failure, {}).get(kind)
        return None if declared is None else seconds_of(declared)


UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def seconds_of(text: str) -> float:
    """Read a duration of a stack file: `90s`, `1h30m`."""
    total, number = 0.0, ""
    for each in text:
        if each in UNITS:
            total += float(number) * UNITS[each]
            number = ""
        else:
            number += each
    return total


@dataclass(frozen=True)
class Row:
    """A promise and what became of it. A number is in `unit`; None is: nothing declared, or no end in sight."""

    what: str
    unit: str
    """`s`, or what is counted: requests, sessions, orders."""
    objective: float | None
    computed: float | None
    measured: float | None
    verdict: Verdict
    why: str = ""
    """The sum that was computed, or the reason of the verdict."""

    def plain(self) -> RowPlain:
        """As JSON has it."""
        return {
            "what": self.what,
            "unit": self.unit,
            "objective": self.objective,
            "computed": self.computed,
            "measured": None if self.measured is None else round(self.measured, 2),
            "verdict": self.verdict.value,
            "why": self.why,
        }


@dataclass
class Measured:
    """What a scenario measured."""

    service: Service
    sessions: SessionCount
    orders: OrderCount
    fault_at: float
    speed: float
    facts: dict[str, float | None] = field(default_factory=dict)
    """Other numbers that the scenario itself found."""
    broken_at: float | None = None
    """When something was broken, if that was before what is counted from `fault_at` on."""

    def data_loss(self) -> float:
        """Age of the oldest acknowledged change that was lost, in seconds at AWS; more if later ones were lost, too."""
        lost = [*self.sessions.lost_at, *self.orders.lost_at]
        return (max(self.broken_at or self.fault_at, *lost) - min(lost)) * self.speed if lost else 0.0


Promise = Callable[[Measured, Computed], Row]


def recovers(failure: str) -> Promise:
    """The service is whole again within the computed worst case of a failure, and within its objective."""

    def judge(measured: Measured, computed: Computed) -> Row:
        bound, objective = computed.seconds(failure, "recovery"), computed.objective(failure, "recovery")
        found = measured.service.recovered
        met = found is not None and (bound is None or found <= bound) and (objective is None or found <= objective)
        verdict = Verdict.MET if met else Verdict.MISSED
        why = computed.text(failure, "recovery") if found is not None else "requests failed until the end"
        return Row("all users are served again", "s", objective, bound, found, verdict, why)

    return judge


def loses(failure: str, lag: float = 0.0) -> Promise:
    """What is lost is no older than the computed worst case says; nothing, where that is nothing.

    lag: seconds by which the scenario itself holds replication back, beyond what the computed case takes for typical.
    """

    def judge(measured: Measured, computed: Computed) -> Row:
        bound, objective = computed.seconds(failure, "data_loss"), computed.objective(failure, "data_loss")
        found = measured.data_loss()
        bound = None if bound is None else bound + lag
        met = (bound is None or found <= bound) and (objective is None or found <= objective)
        why = f"{measured.sessions.wrong} sessions, {measured.orders.wrong} orders; " if found else ""
        text = computed.text(failure, "data_loss") + (f" + {lag:g}s that the scenario adds" if lag else "")
        return Row(
            "age of what is lost", "s", objective, bound, found, Verdict.MET if met else Verdict.MISSED, why + text
        )

    return judge


def _none_of(what: str, unit: str, count: Callable[[Measured], float], why: str) -> Promise:
    def judge(measured: Measured, _: Computed) -> Row:
        found = count(measured)
        return Row(what, unit, None, 0.0, found, Verdict.MISSED if found else Verdict.MET, why)

    return judge


def none_failed(why: str) -> Promise:
    """No request fails."""
    return _none_of("failed requests", "requests", lambda measured: measured.service.failed, why)


def none_lost(why: str) -> Promise:
    """No session goes back, no acknowledged order is lost or taken twice."""
    count = "sessions and orders"
    return _none_of("lost or set back", count, lambda measured: measured.sessions.wrong + measured.orders.wrong, why)


def no_order_lost(why: str) -> Promise:
    """No acknowledged order is lost or taken twice."""
    return _none_of("lost or taken twice", "orders", lambda measured: measured.orders.wrong, why)


def at_most(fact: str, what: str, unit: str, most: float, why: str) -> Promise:
    """A number that the scenario found is at most so much."""

    def judge(measured: Measured, _: Computed) -> Row:
        found = measured.facts.get(fact)
        verdict = Verdict.MET if found is not None and found <= most else Verdict.MISSED
        return Row(what, unit, None, most, found, verdict, why)

    return judge


def happens(fact: str, what: str, why: str) -> Promise:
    """Something comes about, whenever it does: the scenario found after how many seconds."""

    def judge(measured: Measured, _: Computed) -> Row:
        found = measured.facts.get(fact)
        return Row(what, "s", None, None, found, Verdict.MISSED if found is None else Verdict.MET, why)

    return judge


def shows(what: str, unit: str, value: Callable[[Measured], float | None], why: str = "") -> Promise:
    """A number that nothing is promised of."""
    return lambda measured, _: Row(what, unit, None, None, value(measured), Verdict.SHOWN, why)


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict of several: missed before void before met before shown."""
    for each in (Verdict.MISSED, Verdict.VOID, Verdict.MET, Verdict.SHOWN, Verdict.NOT_RUN):
        if each in verdicts:
            return each
    return Verdict.SHOWN
