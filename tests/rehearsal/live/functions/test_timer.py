"""At which second of its minute a target is started."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from rehearsal.live.functions.timer import Timer

NOW = datetime(2026, 11, 29, 22, 30, 0, tzinfo=UTC)


def starts(expression: str, minutes: int, seed: int = 1) -> list[float]:
    """Seconds after which a target was started."""
    timer = Timer.of(expression, NOW, Random(seed))
    return [second for second in range(minutes * 60) if timer.fires(NOW + timedelta(seconds=second))]


@pytest.mark.parametrize("seed", range(5))
def test_a_target_of_every_minute_starts_once_in_each_at_any_second(seed: int) -> None:
    found = starts("rate(1 minute)", 30, seed)
    assert len(found) in (29, 30)
    gaps = [b - a for a, b in pairwise(found)]
    assert max(gaps) <= 120
    assert len({int(second) % 60 for second in found}) > 10


def test_a_longer_rate_does_not_start_because_the_plane_does() -> None:
    assert all(starts("rate(1 day)", 5, seed) == [] for seed in range(5))


def test_a_cron_target_starts_within_its_minute() -> None:
    [found] = starts("cron(40 22 * * ? *)", 20)
    assert 600 <= found <= 660


def test_what_was_missed_is_not_made_up_for() -> None:
    timer = Timer.of("rate(1 minute)", NOW, Random(1))
    later = NOW + timedelta(hours=1)
    assert timer.fires(later)
    assert not timer.fires(later)
