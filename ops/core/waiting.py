"""Waits until something is so that AWS works on, and shows that it does. Who stops waiting stops nothing."""

from collections.abc import Callable

from ha_web.failover.runtime.apply import Clock

from ops.core.errors import OpsError


def wait_until(
    true: Callable[[], bool], what: str, clock: Clock, show: Callable[[str], None], *, every: int, patience: int
) -> None:
    """Look every so many seconds until something is so. Raises OpsError if it isn't after `patience` seconds.

    Args:
        true: looks.
        what: what is waited for, for people: `it is deleted`.
        clock: tells the time, and sleeps.
        show: shows what is waited for.
        every: seconds between two looks.
        patience: seconds after which nobody waits any longer.
    """
    until = clock.now() + patience
    while not true():
        if clock.now() + every > until:
            raise OpsError(f"after {patience} s it is not so yet that {what}; the same command goes on waiting")
        show(f"until {what}")
        clock.sleep(every)
