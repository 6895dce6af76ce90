from dataclasses import replace
from typing import Any

import pytest

from rehearsal.drill.counting import orders, sessions
from rehearsal.drill.counting.service import service
from rehearsal.drill.verdicts import (
    Computed,
    Measured,
    Verdict,
    at_most,
    happens,
    loses,
    no_order_lost,
    none_failed,
    none_lost,
    recovers,
    seconds_of,
    worst,
)
from tests.rehearsal.drill.counting.test_orders import look, put
from tests.rehearsal.drill.counting.test_service import steady
from tests.rehearsal.drill.counting.test_sessions import visit
from tests.rehearsal.drill.simulated import outputs


def measured(records: list[Any], begin: float = 10, end: float = 30, speed: float = 1.0, **facts: float) -> Measured:
    found = service(records, begin, end, speed)
    return Measured(found, sessions.count(records), orders.count(records), begin, speed, dict(facts))


def test_what_is_lost_is_as_old_as_when_something_broke_however_late_a_person_acts() -> None:
    found = measured([])
    found.sessions = replace(found.sessions, lost_at=(9.5, 9.5))
    found.fault_at = 70.0
    assert found.data_loss() == 60.5
    found.broken_at = 10.0
    assert found.data_loss() == 0.5


def computed(**changes: Any) -> Computed:
    return Computed.of(outputs(**changes))


OUT_8_S = [*steady(0, 10), *steady(10, 18, 503), *steady(18, 30)]


@pytest.mark.parametrize(
    ("objective", "bound", "verdict"),
    [("15s", 12, Verdict.MET), ("15s", 7, Verdict.MISSED), ("5s", 12, Verdict.MISSED), (None, 12, Verdict.MET)],
)
def test_a_recovery_is_held_against_the_objective_and_the_worst_case(
    objective: str | None, bound: float, verdict: Verdict
) -> None:
    declared = {"server": {"recovery": objective}} if objective else {}
    stack = outputs(objectives=declared)
    stack["recovery"]["server"]["recovery"]["seconds"] = bound
    row = recovers("server")(measured(OUT_8_S), Computed.of(stack))
    assert row.verdict is verdict
    assert row.measured == pytest.approx(7.9)


def test_time_that_passes_faster_counts_several_fold() -> None:
    assert recovers("server")(measured(OUT_8_S, speed=5), computed()).verdict is Verdict.MISSED


def test_no_recovery_is_missed_however_long_the_bound() -> None:
    row = recovers("region")(measured([*steady(0, 10), *steady(10, 30, 503)]), computed())
    assert (row.verdict, row.measured) == (Verdict.MISSED, None)


def test_what_was_lost_is_no_older_than_promised() -> None:
    young = [visit(9.6, 5, lasts=0.2), visit(15, 5)]
    old = [visit(5, 5, lasts=0.2), visit(15, 5)]
    assert loses("zone")(measured(young), computed()).verdict is Verdict.MET
    row = loses("zone")(measured(old), computed())
    assert row.verdict is Verdict.MISSED
    assert row.measured == pytest.approx(4.8)
    assert loses("server")(measured(young), computed()).verdict is Verdict.MISSED


def test_a_lost_order_is_a_loss_as_a_session_is() -> None:
    lost = [put("ack", 9.0), look(False, 25.0)]
    assert none_lost("x")(measured(lost), computed()).measured == 1
    assert loses("zone")(measured(lost), computed()).measured == pytest.approx(0.5)


def test_a_session_that_goes_back_is_no_order() -> None:
    back = [visit(9.6, 5, lasts=0.2), visit(15, 5)]
    assert none_lost("x")(measured(back), computed()).verdict is Verdict.MISSED
    assert no_order_lost("x")(measured(back), computed()).verdict is Verdict.MET
    lost = [put("ack", 9.0), look(False, 25.0)]
    assert no_order_lost("x")(measured(lost), computed()).measured == 1


def test_what_is_acknowledged_after_the_fault_and_lost_counts_as_long_as_it_went_on() -> None:
    lost = [put("ack", 9.0), look(False, 25.0), put("ack", 16.0, key="b"), look(False, 25.0, key="b")]
    assert loses("zone")(measured(lost), computed()).measured == pytest.approx(7.0)


def test_none_is_none() -> None:
    assert none_failed("x")(measured(steady(0, 30)), computed()).verdict is Verdict.MET
    assert none_failed("x")(measured(OUT_8_S), computed()).verdict is Verdict.MISSED


def test_facts_of_a_scenario_are_judged_and_a_missing_one_is_missed() -> None:
    promise = at_most("replaced", "x", "servers", 0, "y")
    assert promise(measured([], replaced=0), computed()).verdict is Verdict.MET
    assert promise(measured([], replaced=2), computed()).verdict is Verdict.MISSED
    assert promise(measured([]), computed()).verdict is Verdict.MISSED
    assert happens("told", "x", "y")(measured([]), computed()).verdict is Verdict.MISSED
    assert happens("told", "x", "y")(measured([], told=200), computed()).verdict is Verdict.MET


@pytest.mark.parametrize(("text", "seconds"), [("15s", 15), ("2m", 120), ("1h30m", 5400), ("2d", 172_800)])
def test_durations_of_a_stack_file(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    ("verdicts", "of_all"),
    [
        ([Verdict.MET, Verdict.MISSED, Verdict.VOID], Verdict.MISSED),
        ([Verdict.MET, Verdict.SHOWN], Verdict.MET),
        ([Verdict.SHOWN], Verdict.SHOWN),
        ([], Verdict.SHOWN),
    ],
)
def test_the_worst_verdict_stands_for_all(verdicts: list[Verdict], of_all: Verdict) -> None:
    assert worst(verdicts) is of_all
