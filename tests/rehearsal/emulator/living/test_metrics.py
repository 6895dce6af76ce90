"""Data of metrics by minutes of AWS's clock."""

from rehearsal.emulator.living.metrics import KEPT, Series


def test_data_is_summed_and_averaged_by_minute() -> None:
    series = Series()
    for now, value in ((30, 10), (59, 20), (60, 30), (125, 99)):
        series.add(now, value)
    found = series.last(130, 2)
    assert found is not None
    assert [(minute.total, minute.average) for minute in found] == [(30, 15), (30, 30)]


def test_a_set_of_statistics_counts_as_its_samples() -> None:
    series = Series()
    series.add(0, 120.0, 4)
    series.add(10, 40.0, 1)
    found = series.last(60, 1)
    assert found is not None
    assert (found[0].total, found[0].average) == (160, 32)


def test_a_minute_without_data_is_none() -> None:
    series = Series()
    series.add(0, 1)
    series.add(120, 1)
    assert series.last(180, 1) is not None
    assert series.last(180, 2) is None
    assert Series().last(180, 1) is None


def test_data_that_comes_once_a_minute_may_be_early_or_late() -> None:
    series = Series()
    for now in (59, 121, 178, 243, 299):
        series.add(now, 1)
    found = series.last(330, 5)
    assert found is not None
    assert [minute.total for minute in found] == [1] * 5


def test_old_minutes_are_forgotten() -> None:
    series = Series()
    for minute in range(KEPT * 3):
        series.add(minute * 60, 1)
    assert len(series.minutes) == KEPT + 1
