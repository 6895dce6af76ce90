"""Metrics by minute."""

import pytest

from rehearsal.live.watch.data import Datum
from rehearsal.live.watch.series import KEPT, Store, key, percentile

HERE = Datum("eu-west-1", "AWS/X", "N", (("B", "2"), ("A", "1")), 0.0)


def store(*values: tuple[float, float]) -> Store:
    made = Store()
    for seconds, value in values:
        made.add(Datum(HERE.region, HERE.namespace, HERE.name, HERE.dimensions, value), seconds)
    return made


@pytest.mark.parametrize(
    ("statistic", "wanted"),
    [("Sum", 10), ("SampleCount", 3), ("Average", 10 / 3), ("Minimum", 1), ("Maximum", 6), ("p50", 3), ("p99", 6)],
)
def test_statistics_of_a_minute(statistic: str, wanted: float) -> None:
    made = store((60, 1), (119.9, 6), (80, 3), (120, 100), (59, 100))
    assert made.statistic(key(HERE), statistic, 60, 1) == wanted


def test_statistics_of_a_longer_period_and_of_none() -> None:
    made = store((0, 1), (60, 2), (300, 4))
    assert made.statistic(key(HERE), "Sum", 300, 0) == 3
    assert made.statistic(key(HERE), "Sum", 60, 2) is None


def test_the_order_of_dimensions_says_nothing() -> None:
    assert key(HERE) == key(Datum("eu-west-1", "AWS/X", "N", (("A", "1"), ("B", "2")), 5))


def test_what_no_alarm_looks_at_any_more_is_forgotten() -> None:
    made = store((0, 1), (600, 2))
    made.forget((KEPT + 5) * 60)
    assert made.statistic(key(HERE), "Sum", 60, 0) is None
    assert made.statistic(key(HERE), "Sum", 60, 10) == 2


def test_percentiles() -> None:
    assert percentile(range(1, 101), 99) == 99
    assert percentile([], 99) is None
