"""Durations as people write them."""

import math

import pytest
from ha_web.recovery.durations import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15s", 15),
        ("84s", 84),
        ("0.5s", 0.5),
        ("3m", 180),
        ("1h30m", 5_400),
        ("4h", 14_400),
        ("2d", 172_800),
        ("1d2h3m4s", 93_784),
        (" 15s ", 15),
        ("0", 0),
        (0, 0),
        ("0s", 0),
    ],
)
def test_a_duration_is_read(text: object, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "15", 90, "3 m", "m", "-3m", "3m1h", "3m3m", "1.5h", "3M", "soon", None, True])
def test_what_is_no_duration_is_refused_with_how_to_write_one(text: object) -> None:
    with pytest.raises(ValueError, match=r"^write a duration with units, such as 15s, 3m, 1h30m or 2d$"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.5, "0.5s"),
        (60, "60s"),
        (84, "84s"),
        (119, "119s"),
        (120, "2m"),
        (180, "3m"),
        (204, "3m24s"),
        (3_600, "1h"),
        (5_400, "1h30m"),
        (172_800, "2d"),
        (86_401, "1d1s"),
        (math.inf, "never"),
    ],
)
def test_a_duration_is_written_in_its_shortest_exact_form(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize("seconds", [*range(0, 400), 3_599, 3_601, 86_399, 90_061, 0.25, 130.5])
def test_what_is_written_can_be_read_back(seconds: float) -> None:
    assert parse_duration(format_duration(seconds)) == seconds
