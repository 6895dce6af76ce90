import pytest

from rehearsal.drill.report.plots import Frame, clock, nice, scenario, shades
from tests.rehearsal.drill.simulated import PRIMARY, STANDBY, drill


@pytest.mark.parametrize(("least", "number"), [(1, 1), (1.2, 2), (34, 50), (0.3, 0.5), (600, 1000)])
def test_steps_of_an_axis_are_round(least: float, number: float) -> None:
    assert nice(least) == pytest.approx(number)


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 s"), (-5, "\u22125 s"), (281, "4:41"), (-120, "\u22122:00")])
def test_an_axis_counts_from_the_fault(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_a_moment_has_its_place_and_the_axis_counts_in_seconds_of_aws() -> None:
    frame = Frame(900, 100.0, 120.0, 110.0, 5.0)
    assert frame.x(100) == frame.left
    assert frame.x(120) == 900 - frame.right
    assert next(label for _, label in frame.ticks()) == "\u22120:40"


def test_each_region_has_its_family_of_colours() -> None:
    made = drill()
    colours = shades(made["results"], [PRIMARY, STANDBY])
    assert {colour[6] for zone, colour in colours.items() if zone.startswith("euw1")} == {"a"}
    assert {colour[6] for zone, colour in colours.items() if zone.startswith("euc1")} == {"b"}
    assert len(set(colours.values())) == 6


def test_nothing_measured_is_no_plot() -> None:
    assert scenario(drill()["results"][-1], {}, 900) == ""
