"""How fast AWS's own time passes here."""

from dataclasses import dataclass

MOST = 100.0
"""Seconds at AWS in one of this machine; beyond it nothing here is quick enough to mean anything."""


def checked(speed: float) -> float:
    """Return a speed that can be kept. Raises ValueError."""
    if not 0 < speed <= MOST:
        raise ValueError(f"speed={speed:g}: not above 0 and up to {MOST:g}")
    return speed


@dataclass
class Pace:
    """The pace of AWS's own intervals: health checks, TTLs, schedules, warm-ups.

    What takes time on this machine, a start of a process say, takes what it takes, and so counts `speed`-fold.
    """

    speed: float = 1.0
    """Seconds at AWS for which one second here stands."""

    def real(self, seconds: float) -> float:
        """Seconds here for seconds at AWS."""
        return seconds / self.speed

    def aws(self, seconds: float) -> float:
        """Seconds at AWS for seconds here."""
        return seconds * self.speed
