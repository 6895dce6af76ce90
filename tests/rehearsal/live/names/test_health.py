"""When Route 53 finds a health check healthy."""

from typing import Any

import pytest

from rehearsal.live.names.health import Opinion, agreed, healthy


@pytest.mark.parametrize(
    ("threshold", "answers", "wanted"),
    [
        (3, "0", "1"),
        (3, "000", "110"),
        (3, "00100", "11111"),
        (2, "00011", "10001"),
        (2, "0010", "1000"),
        (1, "010", "010"),
    ],
)
def test_a_checker_changes_its_mind_after_as_many_answers_in_a_row(threshold: int, answers: str, wanted: str) -> None:
    opinion, minds = Opinion(threshold), ""
    for answer in answers:
        opinion.saw(answer == "1")
        minds += "1" if opinion.healthy else "0"
    assert minds == wanted


def test_a_checker_of_an_older_check_takes_its_first_answer_as_it_is() -> None:
    opinion = Opinion(3, None)
    assert opinion.saw(False)
    assert opinion.healthy is False
    assert not opinion.saw(True)


@pytest.mark.parametrize(
    ("opinions", "wanted"),
    [
        ([], True),
        ([None, None], True),
        ([False, None], False),
        ([True] * 2 + [False] * 6, True),
        ([True] + [False] * 7, False),
        ([True] * 18 + [False] * 82, False),
        ([True] * 19 + [False] * 81, True),
    ],
)
def test_an_endpoint_is_healthy_while_more_than_18_percent_of_the_checkers_say_so(
    opinions: list[bool | None], wanted: bool
) -> None:
    assert agreed(opinions) is wanted


def status(config: dict[str, Any], endpoints: str = "", alarm: str = "OK", last: dict[str, bool] | None = None) -> bool:
    """The status of a check beside the endpoints a, b and c, of which `endpoints` are healthy."""
    configs = {name: {"Type": "HTTPS"} for name in "abc"} | {"x": config}
    return healthy("x", configs, lambda check: check in endpoints, lambda _region, _name: alarm, last)


@pytest.mark.parametrize(
    ("config", "endpoints", "wanted"),
    [
        ({"Type": "HTTPS"}, "x", True),
        ({"Type": "HTTPS"}, "", False),
        ({"Type": "HTTPS", "Inverted": True}, "x", False),
        ({"Type": "HTTPS", "Inverted": True}, "", True),
        ({"Type": "HTTPS", "Disabled": True}, "", True),
        ({"Type": "HTTPS", "Disabled": True, "Inverted": True}, "", False),
        ({"Type": "CALCULATED", "ChildHealthChecks": ["a", "b"], "HealthThreshold": 2}, "ab", True),
        ({"Type": "CALCULATED", "ChildHealthChecks": ["a", "b"], "HealthThreshold": 2}, "a", False),
        ({"Type": "CALCULATED", "ChildHealthChecks": ["a", "b", "c"], "HealthThreshold": 1}, "c", True),
        ({"Type": "CALCULATED", "ChildHealthChecks": ["a"], "HealthThreshold": 0}, "", True),
        ({"Type": "CALCULATED", "ChildHealthChecks": ["a"], "HealthThreshold": 2}, "a", False),
        ({"Type": "CALCULATED", "ChildHealthChecks": ["a"], "HealthThreshold": 1, "Inverted": True}, "a", False),
    ],
)
def test_checks_of_endpoints_and_of_checks(config: dict[str, Any], endpoints: str, wanted: bool) -> None:
    assert status(config, endpoints) is wanted


@pytest.mark.parametrize(
    ("alarm", "otherwise", "last", "wanted"),
    [
        ("OK", "Unhealthy", None, True),
        ("ALARM", "Healthy", None, False),
        ("INSUFFICIENT_DATA", "Healthy", None, True),
        ("INSUFFICIENT_DATA", "Unhealthy", None, False),
        ("INSUFFICIENT_DATA", "LastKnownStatus", {"x": False}, False),
        ("INSUFFICIENT_DATA", "LastKnownStatus", None, True),
    ],
)
def test_a_check_on_an_alarm_follows_it(alarm: str, otherwise: str, last: dict[str, bool] | None, wanted: bool) -> None:
    config = {
        "Type": "CLOUDWATCH_METRIC",
        "AlarmIdentifier": {"Region": "eu-west-1", "Name": "x"},
        "InsufficientDataHealthStatus": otherwise,
    }
    assert status(config, alarm=alarm, last=last) is wanted


def test_a_check_that_is_gone_stops_nobody() -> None:
    assert healthy("gone", {}, lambda _check: False, lambda _region, _name: "ALARM") is True
