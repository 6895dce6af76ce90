import re

import pytest
from ha_web.sessions.limits import store_id, window_problems

NIGHT, SUNDAY = "03:00-04:00", "sun:04:30-sun:05:30"


@pytest.mark.parametrize(
    ("snapshot", "maintenance"),
    [
        (NIGHT, SUNDAY),
        ("03:00-04:00", "sun:04:00-sun:05:00"),  # one ends as the other begins
        ("23:30-00:30", "mon:00:30-mon:01:30"),  # over midnight
        ("05:00-09:00", "sat:23:00-sun:01:30"),  # over the end of the week
        ("00:00-01:00", "Sun:02:00-Sun:03:00"),  # as AWS's own documentation writes days, too
    ],
)
def test_windows_of_an_hour_that_keep_clear_of_each_other_are_fine(snapshot: str, maintenance: str) -> None:
    assert window_problems(snapshot, maintenance) == []


@pytest.mark.parametrize(
    ("snapshot", "maintenance"),
    [
        ("04:00-05:00", SUNDAY),
        ("04:45-05:45", SUNDAY),
        ("23:30-00:31", "mon:00:30-mon:01:30"),  # Sunday night's window reaches into Monday
        ("23:00-01:00", "sun:00:00-sun:01:00"),  # Saturday night's, over the end of the week
        ("01:00-02:00", "sat:23:00-sun:01:30"),
        ("12:00-13:00", "mon:00:00-wed:00:00"),
    ],
)
def test_overlapping_windows_are_refused_as_elasticache_does(snapshot: str, maintenance: str) -> None:
    assert window_problems(snapshot, maintenance) == [
        f'snapshot_window is "{snapshot}"; it overlaps maintenance_window "{maintenance}"'
    ]


@pytest.mark.parametrize("window", ["03:00", "03:00-03:59", "24:00-01:00", "3:00-4:00", "03:00-03:00", ""])
def test_a_daily_window_that_is_none_or_too_short_is_refused(window: str) -> None:
    assert window_problems(window, SUNDAY) == [
        f'snapshot_window is "{window}"; write hh:mm-hh:mm in UTC, at least an hour'
    ]


@pytest.mark.parametrize("window", ["sun:05:00", "sun:05:00-sun:05:59", "day:05:00-day:06:00", "05:00-06:00"])
def test_a_weekly_window_that_is_none_or_too_short_is_refused(window: str) -> None:
    assert window_problems(NIGHT, window) == [
        f'maintenance_window is "{window}"; write ddd:hh:mm-ddd:hh:mm in UTC, at least an hour'
    ]


@pytest.mark.parametrize(
    ("parts", "identifier"),
    [
        (("sessions", "prod", "user"), "sessions-prod-user"),
        (("Web_Sessions", "dev.eu", "user"), "web-sessions-dev-eu-user"),
        (("a--b", "-c-"), "a-b-c"),
        (("1st", "x"), "s-1st-x"),
    ],
)
def test_identifiers_are_what_elasticache_accepts(parts: tuple[str, ...], identifier: str) -> None:
    assert store_id(*parts) == identifier


def test_long_identifiers_are_cut_to_forty_characters_and_stay_different() -> None:
    one, two = store_id("s" * 60, "prod", "user"), store_id("s" * 60, "prod", "users")
    assert one != two
    for identifier in (one, two):
        assert len(identifier) <= 40
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", identifier)
