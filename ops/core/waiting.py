"""Waits until something is so that AWS works on, and shows that it does. Who stops waiting stops nothing."""

from collections.abc import Callable

from ha_web.failover.runtime.apply import Clock

from ops.core.errors import OpsError

Show = Callable[[str], None]
"""Shows a person what is waited for."""


def wait_until(true: Callable[[], bool], what: str, clock: Clock, show: Show, *, every: int, patience: int) -> None:
    """Look every so many seconds until something is so. Raises OpsError if it isn't after `patience` seconds.

    Args:
        true: looks.
        what: what is waited for, for people: `it is deleted`.
        clock: tells the time, and sleeps.
        show: shows what is waited for.
        every: seconds between two looks.
        patience: seconds after which nobody waits any longer.
    """
    late = f"after {patience} s it is not so yet that {what}; the same command goes on waiting"
    wait_while(
        lambda: "" if true() else f"until {what}", clock, show, every=every, patience=patience, late=lambda _: late
    )


def wait_while(
    lacks: Callable[[], str], clock: Clock, show: Show, *, every: int, patience: int, late: Callable[[str], str]
) -> None:
    """Look every so many seconds while something is lacking. Raises OpsError if it still is after `patience` seconds.

    Args:
        lacks: looks, and returns what is lacking, for people; empty if nothing is.
        late: from what is lacking in the end to the error's text.
    """
    until = clock.now() + patience
    while lacking := lacks():
        if clock.now() + every > until:
            raise OpsError(late(lacking))
        show(lacking)
        clock.sleep(every)
