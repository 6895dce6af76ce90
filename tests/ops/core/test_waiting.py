import pytest
from ha_web.failover.runtime.apply import Clock

from ops.core.errors import OpsError
from ops.core.waiting import wait_until, wait_while


def by_hand() -> Clock:
    """A clock that is moved by whoever sleeps."""
    at = [0.0]
    return Clock(now=lambda: at[0], sleep=lambda seconds: at.append(at.pop() + seconds))


def test_it_looks_until_it_is_so_and_shows_what_it_waits_for() -> None:
    clock, shown = by_hand(), list[str]()
    wait_until(lambda: clock.now() >= 20, "it is there", clock, shown.append, every=10, patience=100)
    assert (clock.now(), shown) == (20, ["until it is there"] * 2)


def test_nobody_waits_past_the_patience() -> None:
    clock = by_hand()
    with pytest.raises(OpsError, match=r"after 30 s it is not so yet that it is there; the same command goes on"):
        wait_until(lambda: False, "it is there", clock, lambda _: None, every=10, patience=30)
    assert clock.now() == 30


def test_what_is_lacking_is_shown_and_said_in_the_end() -> None:
    clock, shown = by_hand(), list[str]()
    lacking = iter(["2 of 3 run", "", "never asked"])
    wait_while(lambda: next(lacking), clock, shown.append, every=5, patience=9, late=str)
    assert (clock.now(), shown) == (5, ["2 of 3 run"])
    with pytest.raises(OpsError, match=r"^1 of 3 run after 9 s$"):
        wait_while(
            lambda: "1 of 3 run", clock, shown.append, every=5, patience=9, late=lambda text: f"{text} after 9 s"
        )
    assert clock.now() == 10
