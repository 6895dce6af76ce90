"""What has to be forgotten when the account is emptied, besides what the emulators keep themselves."""

from collections.abc import Callable

RESETS: list[Callable[[], None]] = []
"""Functions that empty what other modules remember."""


def on_reset(forget: Callable[[], None]) -> Callable[[], None]:
    """Register the decorated function, to be called when the account is emptied."""
    RESETS.append(forget)
    return forget
