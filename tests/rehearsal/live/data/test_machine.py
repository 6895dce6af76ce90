"""What nodes and instances have in common: answers that are missed, and how far one is behind another."""

import time

import pytest

from rehearsal.live.data.machine import Machine


class Told(Machine):
    """A machine that is told where it is."""

    def __init__(self, *had: tuple[float, int]) -> None:
        super().__init__()
        self._where: int | None = None
        for ago, position in had:
            self._where = position
            self._answered(time.monotonic() - ago)

    @property
    def position(self) -> int | None:
        return self._where


def test_a_machine_is_silent_since_the_first_question_that_it_missed() -> None:
    machine = Told((1, 10))
    assert machine.answers
    machine._missed(5.0)
    machine._missed(6.0)
    assert (machine.answers, machine.silent_since, machine.misses) == (False, 5.0, 2)
    machine._answered(7.0)
    assert (machine.answers, machine.misses) == (True, 0)


@pytest.mark.parametrize(
    ("behind", "expected"),
    [(Told((0, 30)), 0.0), (Told((0, 40)), 0.0), (Told((0, 20)), 2.0), (Told((0, 5)), 9.0), (Told(), 0.0)],
)
def test_lag_is_the_time_since_the_head_had_no_more(behind: Told, expected: float) -> None:
    head = Told((9, 10), (5, 20), (2, 30))
    assert behind.lag_behind(head) == pytest.approx(expected, abs=0.2)


def test_a_machine_without_a_host_bears_faults() -> None:
    machine = Told()
    machine.freeze()
    assert machine.frozen
    machine.lose()
    assert (machine.lost, machine.frozen) == (True, False)
    machine.thaw()
    assert not machine.frozen
