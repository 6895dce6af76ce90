"""Recovery and cost: what the stack's outputs say before and after."""

from typing import Any

import pytest

from review.assess.cost import cost_of
from review.assess.recovery import duration, recovery_of, seconds
from tests.review.events import Stream


def case(recovery: float | None, lost: float | None, checks: str = "5s × 2 checks") -> dict[str, Any]:
    return {
        "recovery": {
            "seconds": recovery,
            "terms": [{"name": "checks", "text": checks}, {"name": "ttl", "text": "60s TTL"}],
        },
        "data_loss": {"seconds": lost, "terms": []},
    }


def outputs(objective: str = "5m", **cases: Any) -> dict[str, Any]:
    return {"objectives": {"region": {"recovery": objective}}, "recovery": cases}


def test_a_worst_case_that_gets_longer_is_told_with_the_term_that_differs() -> None:
    plan = Stream(before=outputs(zone=case(70, 0)), after=outputs(zone=case(80, 0, "10s × 2 checks"))).plan()
    (shift,) = recovery_of(plan).worst_cases
    assert (shift.failure, shift.before, shift.after, shift.worse) == ("zone", "1m10s", "1m20s", True)
    assert shift.why == "5s × 2 checks → 10s × 2 checks"


def test_a_worst_case_that_gets_shorter_is_told_and_not_as_worse() -> None:
    plan = Stream(before=outputs(zone=case(70, 60)), after=outputs(zone=case(70, 0))).plan()
    (shift,) = recovery_of(plan).worst_cases
    assert (shift.what, shift.before, shift.after, shift.worse) == ("data lost", "1m", "0s", False)


def test_what_never_ends_or_loses_all_is_worse_than_any_time() -> None:
    plan = Stream(before=outputs(region=case(70, 1)), after=outputs(region=case(None, None))).plan()
    assert [(s.after, s.worse) for s in recovery_of(plan).worst_cases] == [("never", True), ("all", True)]


@pytest.mark.parametrize(("before", "after", "worse"), [("5m", "1h", True), ("1h30m", "90s", False)])
def test_an_objective_that_is_declared_otherwise_is_told(before: str, after: str, worse: bool) -> None:
    (shift,) = recovery_of(Stream(before=outputs(before), after=outputs(after)).plan()).objectives
    assert (shift.before, shift.after, shift.worse) == (before, after, worse)


def test_an_objective_that_is_given_up_is_worse() -> None:
    plan = Stream(before=outputs(), after={"objectives": {}, "recovery": {}}).plan()
    assert [(s.after, s.worse) for s in recovery_of(plan).objectives] == [("none", True)]


def test_recovery_that_does_not_move_is_one_sentence() -> None:
    same = outputs(zone=case(70, 0))
    report = Stream(before=same, after=same).report()
    assert "Objectives and worst cases stay as they are." in report
    assert "zone: 1m10s, loses nothing" in report


def test_missing_outputs_are_told_in_a_phrase() -> None:
    report = Stream(before={}, after={}).report()
    assert "The stack has no output `objectives` or `recovery`." in report
    assert "The stack has no output `monthly_cost`." in report


def test_a_base_without_the_outputs_has_no_before() -> None:
    after = {**outputs(zone=case(70, 0)), "monthly_cost": cost(10.0)}
    report = Stream(before={}, after=after).report()
    assert "The deployed stack has no output `objectives` or `recovery` to compare with." in report
    assert "$10.00 a month" in report
    assert "The deployed stack has no output `monthly_cost` to compare with." in report


def test_a_first_deployment_says_that_there_is_no_before() -> None:
    assert Stream(before=None, after=outputs()).report().count("Nothing is deployed yet") == 1


def test_an_output_that_is_not_known_yet_is_no_sum() -> None:
    from tests.review.events import UNKNOWN

    plan = Stream(before={"monthly_cost": cost(1.0)}, after={"monthly_cost": UNKNOWN, "recovery": UNKNOWN}).plan()
    assert cost_of(plan).after is None
    assert recovery_of(plan).worst_cases == []


def cost(total: float, **items: float) -> dict[str, Any]:
    return {"total": total, "items": items, "unknown": [], "prices": "November 2026"}


def test_the_cost_is_told_with_difference_items_and_date() -> None:
    old, new = cost(110.0, servers=100.0, nat=10.0), cost(160.5, servers=150.5, nat=10.0)
    report = Stream(before={"monthly_cost": old}, after={"monthly_cost": new}).report()
    assert "$110.00 → $160.50 (**+$50.50**), by list prices of November 2026, at rest." in report
    assert "| servers | $100.00 | $150.50 | +$50.50 |" in report
    assert "| nat |" not in report


def test_a_cost_that_stays_is_one_sentence() -> None:
    same = {"monthly_cost": cost(110.0, servers=100.0)}
    assert "$110.00 as before" in Stream(before=same, after=same).report()


def test_what_becomes_cheaper_has_a_minus() -> None:
    report = Stream(before={"monthly_cost": cost(2.0)}, after={"monthly_cost": cost(1.0)}).report()
    assert "(**-$1.00**)" in report


def test_what_has_no_price_is_named() -> None:
    new = {**cost(2.0), "unknown": ["m9g.large"]}
    report = Stream(before={"monthly_cost": cost(1.0)}, after={"monthly_cost": new}).report()
    assert "Without a price, and left out: `m9g.large`." in report


@pytest.mark.parametrize(
    ("text", "amount"), [("15s", 15), ("1h30m", 5400), ("2d", 172800), ("0.5h", 1800), ("soon", None)]
)
def test_durations_are_read(text: str, amount: float | None) -> None:
    assert seconds(text) == amount


@pytest.mark.parametrize(
    ("amount", "text"), [(0, "0s"), (285, "4m45s"), (6300, "1h45m"), (90061, "1d1h1m1s"), (0.5, "0.5s")]
)
def test_durations_are_written(amount: float, text: str) -> None:
    assert duration(amount) == text
