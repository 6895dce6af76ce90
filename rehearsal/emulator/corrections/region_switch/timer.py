"""An execution's time: AWS's in the living mode; else none passes, and what waits is over at once."""

import asyncio
from dataclasses import dataclass

from rehearsal.emulator.living import clock


@dataclass
class Timer:
    """Seconds at AWS, with those that were skipped because nothing lives."""

    skipped: float = 0.0

    def now(self) -> float:
        """Seconds."""
        return clock.now() + self.skipped

    async def sleep(self, seconds: float) -> None:
        """Wait so many seconds at AWS; where nothing lives, or no longer, they have passed."""
        until = self.now() + seconds
        await asyncio.sleep(0)
        while clock.on() and self.now() < until:
            await asyncio.sleep(clock.interval())
        self.skipped += max(0.0, until - self.now())
