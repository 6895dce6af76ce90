"""The document of a game day is the drill's."""

from typing import Any

import pytest

from ops.gameday.document import document, lines
from ops.gameday.measuring import Asked
from ops.gameday.planning import expected
from ops.report.contents import objectives, timeline
from rehearsal.drill.report.shape import Drill, Result, RowPlain
from tests.ops.gameday.told import with_experiments


def made(*problems: str, scenario: str = "zone", void: str = "") -> dict[str, Any]:
    """A game day in which a request was made every ten seconds."""
    asked = [Asked(1000.0 + 10 * number, 0.5, problem) for number, problem in enumerate(problems)]
    stack = with_experiments()
    times: dict[str, Any] = {"began": 990.0, "fault_at": 1000.0, "ended": 1300.0, "every": 10.0}
    return document(stack, scenario, asked, expected(stack, scenario), breaks="A zone.", void=void, **times)


@pytest.mark.parametrize(
    ("problems", "verdict", "measured"),
    [
        (["", ""], "met", 0.0),
        (["timeout"] * 9, "met", 80.5),  # above what is computed, within what is declared
        (["timeout"] * 14, "missed", 130.5),
    ],
)
def test_the_verdict_is_by_what_is_declared(problems: list[str], verdict: str, measured: float) -> None:
    found = made(*problems)
    assert (found["verdict"], found["results"][0]["verdict"]) == (verdict, verdict)
    assert found["results"][0]["rows"][0]["measured"] == measured


def test_where_nothing_is_promised_it_is_shown() -> None:
    found = made("timeout", scenario="region")
    assert (found["verdict"], found["results"][0]["verdict"]) == ("met", "shown")


def test_an_experiment_that_failed_says_nothing() -> None:
    found = made("", void="the experiment failed")
    assert (found["verdict"], found["results"][0]["why"]) == ("void", "the experiment failed")


def test_it_has_the_shape_of_a_drill() -> None:
    found = made("")
    assert set(found) == set(Drill.__annotations__)
    assert set(found["results"][0]) == set(Result.__annotations__)
    assert all(set(row) == set(RowPlain.__annotations__) for row in found["results"][0]["rows"])


def test_the_report_on_a_stack_has_it_beside_what_is_declared() -> None:
    found = made("timeout")
    [zone] = [
        row
        for row in objectives(with_experiments(), [found])
        if row["failure"] == "zone" and row["what"] == "all users are served again"
    ]
    assert (zone["declared"], zone["measured"], zone["kept"]) == (120.0, 0.5, True)
    assert [each["what"] for each in timeline([], [found])] == ["drill: zone"]


def test_a_person_reads_what_was_promised_and_measured() -> None:
    assert lines(made("timeout"))[0] == "www.example.com: met"
    assert "  all users are served again: 0.5 s (objective 120 s, computed 90 s): met" in lines(made("timeout"))
