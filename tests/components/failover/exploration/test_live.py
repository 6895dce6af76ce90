"""Which variables matter at a call."""

from types import FrameType

from tests.components.failover.exploration.live import live_at


def names_at(frame: FrameType) -> set[str]:
    return {*live_at(frame.f_code, frame.f_lasti)}


def test_what_is_read_later_matters_and_what_is_set_anew_does_not() -> None:
    assert again(1) == {"kept", "sys"}


def again(kept: int) -> set[str]:
    import sys

    gone = kept
    found = names_at(sys._getframe())
    gone = kept
    return found if gone else set()


def test_what_waits_for_the_result_matters() -> None:
    assert waiting(1, 2)[1] == {"first", "sys"}


def waiting(first: int, _other: int) -> tuple[int, set[str]]:
    import sys

    return first, names_at(sys._getframe())
