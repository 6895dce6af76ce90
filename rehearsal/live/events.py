"""What happens, in order: faults, what the automation does, who answers DNS. The console and the drill read it."""

import json
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

KEPT = 20_000
"""Events in memory; the file has all."""


class Events:
    """The record of events, a line of JSON each in a file.

    An event has `n`, its number from 1; `at`, seconds since 1970; `kind`, one of fault, account, server, balancer,
    store, database, files, dns, health, role, alarm, notice, function, plan, scaling, release, trouble; `text`, for
    people; and what else its author gives: region, zone, subject.
    """

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("a", encoding="utf-8", buffering=1)
        self._kept: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._count = 0
        self.watchers: list[Callable[[dict[str, Any]], None]] = []
        """Called with each event as it happens; they must not fail or wait."""

    def note(self, kind: str, text: str, **fields: Any) -> dict[str, Any]:
        """Note an event, and return it."""
        self._count += 1
        event = {"n": self._count, "at": time.time(), "kind": kind, "text": text, **fields}
        self._kept.append(event)
        self._file.write(json.dumps(event, default=str) + "\n")
        for watcher in self.watchers:
            watcher(event)
        return event

    def since(self, number: int) -> list[dict[str, Any]]:
        """Return the events after that number."""
        return [event for event in self._kept if event["n"] > number]

    def close(self) -> None:
        """Close the file."""
        self._file.close()
