"""AWS's time of day."""

from datetime import UTC, datetime

from rehearsal.live.pace import Pace
from rehearsal.live.watch.clock import Clock


def test_time_passes_at_the_pace_of_each_moment() -> None:
    now, pace = [100.0], Pace(1)
    clock = Clock(pace, lambda: now[0], datetime(2026, 11, 29, 12, tzinfo=UTC))
    assert clock.seconds() == 0
    now[0] = 110
    assert clock.seconds() == 10
    pace.speed = 6
    now[0] = 120
    assert clock.seconds() == 70
    assert clock.wall() == datetime(2026, 11, 29, 12, 1, 10, tzinfo=UTC)
