from random import Random

import pytest

from rehearsal.drill.load.arrivals import Arrivals


@pytest.mark.parametrize("even", [True, False])
def test_the_rate_holds_whatever_is_asked_when(even: bool) -> None:
    arrivals = Arrivals(300, 100.0, Random(3), even=even)
    times = [*arrivals.due(100.5), *arrivals.due(100.6), *arrivals.due(110.0)]
    assert times == sorted(times)
    assert 2850 < len(times) < 3150
    assert 100 < times[0] < times[-1] <= 110


def test_no_rate_is_never_due_until_it_changes() -> None:
    arrivals = Arrivals(0, 0.0, Random(3))
    assert arrivals.due(1e9) == []
    arrivals.change(10, 50.0)
    assert all(each > 50 for each in arrivals.due(60.0))
