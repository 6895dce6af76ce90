import itertools
import subprocess
import sys
import time

import pytest

from bench.ratios import Pair, Point, Spent, growth, least, measure, medians, ratio_of, slopes, timed


def pair(ours: float, other: float, processor: tuple[float, float] = (1.0, 1.0)) -> Pair:
    return Pair(Spent(ours, processor[0]), Spent(other, processor[1]))


def test_a_ratio_is_the_median_of_the_pairs_with_their_range() -> None:
    pairs = [pair(2.0, 1.0), pair(3.0, 2.0), pair(30.0, 10.0)]

    ratio = ratio_of(pairs)

    assert (ratio.median, ratio.least, ratio.most) == (2.0, 1.5, 3.0)
    assert str(ratio) == "2.00 [1.50-3.00]"


def test_load_that_slows_both_sides_of_a_pair_leaves_the_ratio_alone() -> None:
    calm, busy = pair(1.1, 1.0), pair(11.0, 10.0)

    assert ratio_of([calm, busy, calm]).median == pytest.approx(1.1)


def test_no_pair_gives_no_ratio() -> None:
    with pytest.raises(ValueError, match="no pair was measured"):
        ratio_of([])


def test_both_sides_take_turns_in_going_first() -> None:
    order: list[str] = []

    def side(name: str) -> Spent:
        order.append(name)
        return Spent(2.0 if name == "ours" else 1.0, 1.0)

    pairs = measure(lambda: side("ours"), lambda: side("other"), 3)

    assert order == ["ours", "other", "other", "ours", "ours", "other"]
    assert pairs == [pair(2.0, 1.0)] * 3


def test_the_seconds_shown_are_each_sides_median() -> None:
    pairs = [pair(1, 10, (5, 2)), pair(2, 30, (4, 9)), pair(9, 20, (3, 8))]

    assert medians(pairs) == pair(2, 20, (4, 8))


def test_slopes_take_the_least_of_each_side() -> None:
    assert least([pair(1, 30, (5, 2)), pair(2, 10, (4, 9))]) == pair(1, 10, (4, 2))


def test_processor_time_has_a_ratio_of_its_own() -> None:
    pairs = [pair(9.0, 1.0, (2.2, 2.0)), pair(1.0, 9.0, (3.3, 3.0))]

    assert ratio_of(pairs, processor=True).median == pytest.approx(1.1)


def test_processor_time_is_that_of_child_processes_and_not_of_waiting() -> None:
    busy = "import time\nwhile time.process_time() < 0.3: pass"

    spent = timed(lambda: subprocess.run([sys.executable, "-c", busy], check=True))
    idle = timed(lambda: time.sleep(0.3))

    assert spent.processor >= 0.3
    assert idle.clock >= 0.3
    assert idle.processor < 0.1


def test_a_slope_is_milliseconds_per_further_resource() -> None:
    points = [Point(10, 2.1), Point(110, 3.1), Point(210, 3.6)]

    assert slopes(points) == pytest.approx([10.0, 5.0])


@pytest.mark.parametrize("order", itertools.permutations(range(3)))
def test_points_count_by_size_and_not_by_order(order: tuple[int, ...]) -> None:
    points = [Point(10, 1.0), Point(20, 2.0), Point(30, 5.0)]

    assert growth([points[i] for i in order]) == pytest.approx(3.0)


def test_linear_growth_is_one_whatever_the_fixed_cost() -> None:
    points = [Point(n, 2.3 + 0.009 * n) for n in (30, 300, 1200, 2000)]

    assert growth(points) == pytest.approx(1.0)


def test_growth_needs_three_sizes() -> None:
    with pytest.raises(ValueError, match="2 sizes were measured"):
        growth([Point(1, 1.0), Point(2, 2.0)])


def test_growth_from_a_step_that_took_no_time_says_that_the_machine_is_busy() -> None:
    with pytest.raises(ValueError, match="too busy"):
        growth([Point(1, 2.0), Point(2, 1.9), Point(3, 3.0)])


def test_two_points_of_one_size_have_no_slope() -> None:
    with pytest.raises(ValueError, match="both points have 5 resources"):
        slopes([Point(5, 1.0), Point(5, 2.0)])
