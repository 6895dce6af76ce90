"""AWS's clock: the seconds that have passed at AWS, at a pace that may change, and what happens at each tick."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rehearsal.emulator.resets import on_reset

logger = logging.getLogger("rehearsal.living")

LONGEST_TICK = 0.25
"""Seconds here between two ticks at most."""

SHORTEST_TICK = 0.05


@dataclass
class Clock:
    """Seconds at AWS; it stands still where the speed is 0."""

    time: Callable[[], float] = time.monotonic
    speed: float = 0.0
    _at: float = 0.0
    _since: float = field(default=0.0)

    def now(self) -> float:
        """Seconds at AWS since it first ran."""
        return self._at + (self.time() - self._since) * self.speed

    def run(self, speed: float) -> None:
        """Let one second here stand for `speed` seconds at AWS from now on; what has passed stays as it is."""
        self._at, self._since, self.speed = self.now(), self.time(), speed


CLOCK = Clock()
TICKS: list[Callable[[], None]] = []
STARTS: list[Callable[[], None]] = []
ENDS: list[Callable[[], None]] = []
_tasks: list[asyncio.Task[None]] = []


def on() -> bool:
    """Return whether the living mode is on."""
    return CLOCK.speed > 0


def now() -> float:
    """Seconds at AWS."""
    return CLOCK.now()


def wall() -> datetime:
    """The time of day at AWS: it was the machine's when the mode was switched on."""
    return datetime.fromtimestamp(_began[0] + now() - _began[1], UTC)


_began = [0.0, 0.0]


def every_tick(function: Callable[[], None]) -> Callable[[], None]:
    """Register the decorated function, to be called at every tick of the living mode."""
    TICKS.append(function)
    return function


def at_start(function: Callable[[], None]) -> Callable[[], None]:
    """Register the decorated function, to be called when the mode is switched on."""
    STARTS.append(function)
    return function


def at_end(function: Callable[[], None]) -> Callable[[], None]:
    """Register the decorated function, to be called when the mode has been switched off."""
    ENDS.append(function)
    return function


def run(speed: float) -> None:
    """Switch the living mode on, or change its pace."""
    first = not on()
    CLOCK.run(speed)
    if first:
        _began[:] = [time.time(), now()]
        _call(STARTS)
        _tasks.append(asyncio.get_running_loop().create_task(_tick()))


def stop() -> None:
    """Switch it off: whatever is under way ends at once."""
    if not on():
        return
    _halt()
    _call(ENDS)


@on_reset
def _halt() -> None:
    CLOCK.run(0.0)
    while _tasks:
        _tasks.pop().cancel()


def interval() -> float:
    """Seconds here between two ticks: about a second at AWS."""
    return max(SHORTEST_TICK, min(LONGEST_TICK, 1.0 / CLOCK.speed if on() else LONGEST_TICK))


async def _tick() -> None:
    while True:
        await asyncio.sleep(interval())
        _call(TICKS)


def _call(functions: list[Callable[[], None]]) -> None:
    for function in functions:
        try:
            function()
        except Exception:  # one service that fails must not stop the others
            logger.exception("%s.%s failed", function.__module__, function.__name__)
