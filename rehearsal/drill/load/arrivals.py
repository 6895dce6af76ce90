"""When requests are due: a clock decides, not the answers (https://www.usenix.org/legacy/event/nsdi06/tech/schroeder.html)."""

from random import Random


class Arrivals:
    """Times at which requests are due, at a rate that can change: by a Poisson process, or evenly."""

    def __init__(self, rate: float, start: float, random: Random, *, even: bool = False) -> None:
        self._random = random
        self._even = even
        self._rate = rate
        self._next = start + self._gap() if rate > 0 else float("inf")

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self._rate

    def change(self, rate: float, now: float) -> None:
        """Go on with another rate."""
        self._rate = rate
        self._next = now + self._gap() if rate > 0 else float("inf")

    def due(self, now: float) -> list[float]:
        """Return the times up to now that were not returned yet."""
        times = []
        while self._next <= now:
            times.append(self._next)
            self._next += self._gap()
        return times

    @property
    def next(self) -> float:
        """The next time that a request is due."""
        return self._next

    def _gap(self) -> float:
        return 1 / self._rate if self._even else self._random.expovariate(self._rate)
