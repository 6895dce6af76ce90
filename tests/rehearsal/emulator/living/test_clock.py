"""AWS's clock: its pace may change, what has passed stays."""

import pytest

from rehearsal.emulator.living.clock import Clock


def test_time_passes_at_the_pace_and_a_change_moves_nothing_that_passed() -> None:
    machine = [100.0]
    clock = Clock(time=lambda: machine[0])
    assert clock.now() == 0
    clock.run(5)
    machine[0] += 10
    assert clock.now() == 50
    clock.run(1)
    machine[0] += 10
    assert clock.now() == 60
    clock.run(0)
    machine[0] += 1000
    assert clock.now() == pytest.approx(60)
