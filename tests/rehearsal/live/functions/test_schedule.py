"""When schedules are due."""

from datetime import UTC, datetime

import pytest

from rehearsal.live.functions.schedule import Rate, ScheduleError, parse

MOMENT = datetime(2026, 11, 29, 22, 30, 15, tzinfo=UTC)
"""A Sunday."""


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("cron(0 12 * * ? *)", "2026-11-30 12:00"),
        ("cron(31 22 * * ? *)", "2026-11-29 22:31"),
        ("cron(30 22 * * ? *)", "2026-11-30 22:30"),
        ("cron(0/15 * * * ? *)", "2026-11-29 22:45"),
        ("cron(0 8-10/2 * * ? *)", "2026-11-30 08:00"),
        ("cron(0 0 1 1 ? *)", "2027-01-01 00:00"),
        ("cron(0 0 1 JAN ? 2028)", "2028-01-01 00:00"),
        ("cron(0 0 L * ? *)", "2026-11-30 00:00"),
        ("cron(0 0 ? * MON-FRI *)", "2026-11-30 00:00"),
        ("cron(0 0 ? * SUN,SAT *)", "2026-12-05 00:00"),
        ("cron(0 0 ? * 6#3 *)", "2026-12-18 00:00"),
        ("cron(0 0 ? * 6L *)", "2026-12-25 00:00"),
        ("cron(0 0 29 2 ? *)", "2028-02-29 00:00"),
    ],
)
def test_a_cron_expression_is_due_next(expression: str, wanted: str) -> None:
    assert parse(expression).after(MOMENT, MOMENT).strftime("%Y-%m-%d %H:%M") == wanted


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [("rate(1 minute)", 60), ("rate(5 minutes)", 300), ("rate(1 hour)", 3600), ("rate(2 days)", 172800)],
)
def test_a_rate(expression: str, seconds: int) -> None:
    assert parse(expression) == Rate(seconds)


def test_a_rate_counts_from_when_the_rule_was_made() -> None:
    began = datetime(2026, 11, 29, 22, 0, 20, tzinfo=UTC)
    assert parse("rate(5 minutes)").after(MOMENT, began) == datetime(2026, 11, 29, 22, 30, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "expression",
    ["at(2026-11-29T00:00:00)", "cron(0 12 * * * *)", "cron(60 * * * ? *)", "cron(0 0 15W * ? *)", "rate(1 second)"],
)
def test_what_is_no_schedule_of_a_rule_or_not_rehearsed(expression: str) -> None:
    with pytest.raises(ScheduleError):
        parse(expression)


def test_a_day_that_never_comes_is_said() -> None:
    with pytest.raises(ScheduleError, match="never"):
        parse("cron(0 0 31 2 ? *)").after(MOMENT, MOMENT)
