"""The pace of AWS's own intervals."""

import pytest

from rehearsal.live.pace import Pace, checked


def test_seconds_at_aws_are_fewer_here_and_the_other_way_round() -> None:
    pace = Pace(5)
    assert (pace.real(30), pace.aws(6)) == (6, 30)


@pytest.mark.parametrize("speed", [0, -1, 100.5, float("nan"), float("inf")])
def test_a_pace_that_cannot_be_kept_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match=rf"speed={speed:g}: not above 0 and up to 100"):
        checked(speed)
