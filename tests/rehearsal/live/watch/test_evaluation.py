"""When alarms go off."""

import pytest

from rehearsal.live.watch.evaluation import Condition, evaluate

VALUES = {"0": 0.0, "X": 9.0, "-": None}


def state(points: str, needed: int, missing: str, before: str = "before") -> str:
    condition = Condition(5, "GreaterThanThreshold", 3, needed, missing)
    return evaluate([VALUES[each] for each in points], condition, before)


@pytest.mark.parametrize(
    ("points", "missing", "ignore", "breaching", "not_breaching"),
    [
        ("0-X-X", "OK", "OK", "OK", "OK"),
        ("0----", "OK", "OK", "OK", "OK"),
        ("-----", "INSUFFICIENT_DATA", "before", "ALARM", "OK"),
        ("0XX-X", "ALARM", "ALARM", "ALARM", "ALARM"),
        ("--X--", "ALARM", "before", "ALARM", "OK"),
    ],
)
def test_three_of_three_as_in_awss_table(
    points: str, missing: str, ignore: str, breaching: str, not_breaching: str
) -> None:
    found = [state(points, 3, each) for each in ("missing", "ignore", "breaching", "notBreaching")]
    assert found == [missing, ignore, breaching, not_breaching]


@pytest.mark.parametrize(
    ("points", "missing", "ignore", "breaching", "not_breaching"),
    [
        ("0-X-X", "ALARM", "ALARM", "ALARM", "ALARM"),
        ("00X0X", "ALARM", "ALARM", "ALARM", "ALARM"),
        ("0-X--", "OK", "OK", "ALARM", "OK"),
        ("----0", "OK", "before", "ALARM", "OK"),
        ("---X-", "ALARM", "before", "ALARM", "OK"),
    ],
)
def test_two_of_three_as_in_awss_table(
    points: str, missing: str, ignore: str, breaching: str, not_breaching: str
) -> None:
    found = [state(points, 2, each) for each in ("missing", "ignore", "breaching", "notBreaching")]
    assert found == [missing, ignore, breaching, not_breaching]


@pytest.mark.parametrize(
    ("comparison", "value", "breaches"),
    [
        ("GreaterThanThreshold", 5, False),
        ("GreaterThanOrEqualToThreshold", 5, True),
        ("LessThanThreshold", 5, False),
        ("LessThanThreshold", 4.9, True),
        ("LessThanOrEqualToThreshold", 5, True),
    ],
)
def test_comparisons(comparison: str, value: float, breaches: bool) -> None:
    assert Condition(5, comparison, 1, 1).breaches(value) is breaches
