"""The time of day at AWS: it was the machine's when the plane began, and passes at its pace."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rehearsal.live.pace import Pace


@dataclass
class Clock:
    """AWS's clock. A change of the pace holds from the next look on, so look often."""

    pace: Pace
    read: Callable[[], float] = time.monotonic
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    _passed: float = 0.0
    _looked: float | None = None

    def seconds(self) -> float:
        """Seconds at AWS since it began."""
        now = self.read()
        if self._looked is not None:
            self._passed += self.pace.aws(now - self._looked)
        self._looked = now
        return self._passed

    def wall(self) -> datetime:
        """The time of day."""
        return datetime.fromtimestamp(self.began.timestamp() + self.seconds(), UTC)
