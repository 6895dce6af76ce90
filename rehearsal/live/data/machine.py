"""What a node of a store and an instance of a database have in common: hardware, whether it answers, how far it is."""

from __future__ import annotations

import time
from collections import deque

from rehearsal.live.network.host import Host


class Machine:
    """A machine with data. `lost`: its hardware is gone, until it is replaced."""

    def __init__(self) -> None:
        self.host: Host | None = None
        self.lost = self.frozen = False
        self.silent_since: float | None = time.monotonic()
        self.misses = 0
        """Questions in a row that it didn't answer."""
        self.replaced_at: float | None = None
        self._had: deque[tuple[float, int]] = deque(maxlen=600)
        """How much it had of what is replicated, and when."""

    @property
    def answers(self) -> bool:
        """Whether it answered when it was last asked."""
        return self.silent_since is None

    @property
    def position(self) -> int | None:
        """How much it has of what is replicated, as it last said; None if it hasn't said."""
        raise NotImplementedError

    def lose(self) -> None:
        """Lose its hardware."""
        if self.host is not None:
            self.host.lose()
        self.lost, self.frozen = True, False

    def freeze(self) -> None:
        """Stop it where it is."""
        if self.host is not None:
            self.host.freeze()
        self.frozen = True

    def thaw(self) -> None:
        """Let it go on."""
        if self.host is not None and self.frozen:
            self.host.thaw()
        self.frozen = False

    def _missed(self, asked: float) -> None:
        """It gave no good answer to a question of that time."""
        self.silent_since = asked if self.silent_since is None else self.silent_since
        self.misses += 1

    def _answered(self, asked: float) -> None:
        """It said where it is."""
        self.silent_since, self.misses = None, 0
        if self.position is not None:
            self._had.append((asked, self.position))

    def lag_behind(self, head: Machine) -> float:
        """Seconds here since the head had no more than this one has now; 0 if it has all."""
        mine, its = self.position, head.position
        if mine is None or its is None or mine >= its:
            return 0.0
        had = next((at for at, position in head._had if position > mine), None)
        return max(0.0, time.monotonic() - had) if had is not None else 0.0
