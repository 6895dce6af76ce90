"""What the page is told as it happens: the state where it changed, each second of the load, each event."""

import asyncio
import json
import math
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from rehearsal.live.console.shapes import Lab

INTERVAL = 0.5
"""Seconds between two looks."""
FIRST_EVENTS = 400
"""Events that a page gets at its start, the newest: the file has all."""
AGAIN = 20
"""Events that are looked at again, for their text."""


def plain(value: Any) -> Any:
    """`value` as JSON knows it: no NaN, no infinity, keys as text, anything else as its text."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else str(value)


class Feed:
    """Looks at the lab for all pages that watch it, and tells each what is new to it."""

    def __init__(self, lab: Lab, interval: float = INTERVAL) -> None:
        self._lab, self._interval = lab, interval
        self._taken = self._counted = -math.inf
        self._state: dict[str, str] = {}
        self._window: Mapping[str, Any] = {}

    async def messages(self, since: int = 0) -> AsyncIterator[str]:
        """Messages of JSON for one page that has seen the events up to `since`: the first has everything else."""
        seen = Seen(since)
        while True:
            yield json.dumps(self.news(seen))
            await asyncio.sleep(self._interval)

    def news(self, seen: "Seen") -> dict[str, Any]:
        """What the page hasn't seen; an empty message still says that the plane lives, and at what time."""
        news: dict[str, Any] = {"at": time.time()}
        try:
            news |= {"state": seen.changed(self._look()), "load": seen.seconds(self._load())}
            news["events"] = seen.events(self._lab)
        except Exception as error:  # whatever a part fails with: the page stays up and says it
            news["trouble"] = f"{type(error).__name__}: {error}"
        return news

    def _load(self) -> Mapping[str, Any]:
        """The load's window; it is made of whole seconds, and takes a while to count."""
        now = time.monotonic()
        if now - self._counted >= min(self._interval * 2, 1.0) * 0.9:
            self._window, self._counted = self._lab.load.window(), now
        return self._window

    def _look(self) -> dict[str, str]:
        """The lab's state as JSON by topic, at most once an interval however many pages watch."""
        now = time.monotonic()
        if now - self._taken >= self._interval * 0.9:
            described = {**self._lab.describe()}
            described.pop("at", None)
            parts = {f"parts.{name}": part for name, part in described.pop("parts", {}).items()}
            self._state = {topic: json.dumps(plain(value)) for topic, value in (described | parts).items()}
            self._taken = now
        return self._state


class Seen:
    """What one page has been told."""

    def __init__(self, since: int = 0) -> None:
        self._since, self._second = since, -1
        self._topics: dict[str, str] = {}
        self._open: dict[int, str] = {}

    def changed(self, state: Mapping[str, str]) -> dict[str, Any]:
        """The topics that changed; one that is gone is null."""
        new = {topic: value for topic, value in state.items() if self._topics.get(topic) != value}
        gone = self._topics.keys() - state.keys()
        self._topics = dict(state)
        return {topic: json.loads(value) for topic, value in new.items()} | dict.fromkeys(sorted(gone))

    def seconds(self, window: Mapping[str, Any]) -> dict[str, Any]:
        """The load, with the seconds that are new."""
        new = [second for second in window.get("seconds", ()) if second["at"] > self._second]
        self._second = new[-1]["at"] if new else self._second
        found: dict[str, Any] = plain({**window, "seconds": new})
        return found

    def events(self, lab: Lab) -> list[Any]:
        """The events that are new, and those lately told whose text was completed: a fault knows late what it hit."""
        new = list(lab.events.since(max(self._since - AGAIN, 0)))
        told = [
            event
            for event in new
            if event["n"] > self._since or self._open.get(event["n"], event["text"]) != event["text"]
        ]
        self._open = {event["n"]: event["text"] for event in new[-AGAIN:]}
        self._since = max([self._since, *(event["n"] for event in new)])
        found: list[Any] = plain(told[-FIRST_EVENTS:])
        return found
