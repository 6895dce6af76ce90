import pytest

from rehearsal.drill.report import words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, words.NONE),
        (0, "0 s"),
        (9.44, "9.4 s"),
        (75.0, "75 s"),
        (90, "1 min 30 s"),
        (281, "4 min 41 s"),
        (6300, "1 h 45 min"),
    ],
)
def test_durations_are_read_as_people_say_them(seconds: float | None, text: str) -> None:
    assert words.duration(seconds) == text
