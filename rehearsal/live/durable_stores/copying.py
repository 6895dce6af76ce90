"""Copies what the users of one Region change to another, soon after: each Region of a multi-Region cluster to each.

What a Region can't send while it is cut off waits, and goes when it is back: nothing of it is lost.
https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.html
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from rehearsal.live.durable_stores import resolving
from rehearsal.live.durable_stores.changes import WHOLE, Time
from rehearsal.live.durable_stores.log import Log
from rehearsal.live.durable_stores.resolving import HASH, NONE, Here
from rehearsal.live.stores.protocol import Line, ReplyError

EVERY = 0.01
"""Seconds here between two looks into a log."""

AGAIN = 0.5
"""Seconds here until what couldn't be sent is tried again."""

AT_ONCE = 32
"""Keys that are under way at a time, each over lines of its own."""

TRIES = 5
"""How often a key that somebody there is changing is looked at anew at once, before it waits for its next turn."""

LIMIT = 3.0
"""Seconds here for an answer; from a slow Region it takes long."""


@dataclass(frozen=True)
class End:
    """A Region's end of copying: its log, and what makes a line to its primary from the source's Region."""

    log: Log
    line: Callable[[], Line]


class Copier:
    """Copies from one Region's cluster to another's.

    reachable: whether packets get from the one Region to the other.
    trouble: is told of what should never go wrong.
    """

    def __init__(
        self, source: End, target: End, reachable: Callable[[], bool], trouble: Callable[[str], object]
    ) -> None:
        self._source, self._target, self._reachable, self._trouble = source, target, reachable, trouble
        self._waiting = source.log.clocks.everything()
        """What is to be sent: a Region that joins gets all there is."""
        self._free: list[tuple[Line, Line]] = []
        """Lines to both ends on which nothing is under way."""
        self._under_way: dict[bytes, asyncio.Task[None]] = {}
        self._paused_until = 0.0
        self._task: asyncio.Task[None] | None = None
        source.log.heard.append(self._hear)

    def _hear(self, key: bytes, field: bytes, at: Time) -> None:
        self._waiting.setdefault(key, {})[field] = at

    def start(self) -> None:
        """Copy from now on."""
        self._task = asyncio.create_task(self._work())

    async def aclose(self) -> None:
        """Copy no more."""
        self._source.log.heard.remove(self._hear)
        tasks = [*([self._task] if self._task else ()), *self._under_way.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._hang_up()

    @property
    def lag(self) -> float:
        """Seconds here that the oldest change has been waiting."""
        oldest = min((at for fields in self._waiting.values() for at, _ in fields.values()), default=None)
        return 0.0 if oldest is None else time.monotonic() - oldest

    async def _work(self) -> None:
        while True:
            try:
                self._source.log.read()
            except ValueError as problem:
                self._trouble(f"{self._source.log.region}: nothing is copied any more: {problem}")
                return
            if self._reachable() and time.monotonic() >= self._paused_until:
                due = (key for key in self._waiting if key not in self._under_way)
                for key in [*islice(due, AT_ONCE - len(self._under_way))]:
                    self._under_way[key] = asyncio.create_task(self._attempt(key))
            await asyncio.sleep(EVERY)

    async def _attempt(self, key: bytes) -> None:
        """Send a key's changes. Where nobody answers, or it is full, or another has become the primary, all wait."""
        lines = self._free.pop() if self._free else (self._source.line(), self._target.line())
        try:
            await self._send(key, *lines)
            self._free.append(lines)
        except BaseException as problem:
            for line in lines:
                line.close()
            self._hang_up()
            self._paused_until = time.monotonic() + AGAIN
            if not isinstance(problem, OSError | ReplyError | asyncio.CancelledError):
                self._trouble(f"{type(problem).__name__}: {problem}")
        finally:
            del self._under_way[key]

    def _hang_up(self) -> None:
        while self._free:
            for line in self._free.pop():
                line.close()

    async def _send(self, key: bytes, source: Line, target: Line) -> None:
        """Send what was changed in a key, as it is now, unless the other Region has changed the same since then."""
        times = dict(self._waiting[key])
        there = self._target.log.clocks
        for _ in range(TRIES):  # somebody there may change the key meanwhile
            here, (kind, fields) = await asyncio.gather(_look(key, times, source), _watch(key, target))
            self._target.log.read()  # it has all that was answered before the WATCH was
            step = resolving.resolve(key, times, here, there, kind, fields)
            if not step.commands:
                await target.ask(("UNWATCH",), limit=LIMIT)
                break
            *_, done = await target.ask(("MULTI",), *step.commands, ("EXEC",), limit=LIMIT, same=True)
            if done is not None:
                for field, at in step.won.items():
                    there.set(key, field, at)
                break
        else:
            return
        left = {field: at for field, at in self._waiting[key].items() if times.get(field) != at}
        if left:
            self._waiting[key] = left
        else:
            del self._waiting[key]


async def _look(key: bytes, times: Mapping[bytes, Time], line: Line) -> Here:
    """What a key is where it was changed."""
    fields = [field for field in times if field != WHOLE]
    values: list[str | bytes | int] = ["HGETALL", key] if WHOLE in times else ["HMGET", key, *fields]
    kind, found = await line.ask(("TYPE", key), values, limit=LIMIT, bear=True)
    if kind not in (HASH, NONE):
        [payload] = await line.ask(("DUMP", key), limit=LIMIT)
        return Here(kind, {}, payload)
    if isinstance(found, ReplyError):
        raise found  # it has become something else meanwhile
    if WHOLE in times:
        return Here(kind, dict(zip(found[::2], found[1::2], strict=True)))
    return Here(kind, dict(zip(fields, found, strict=True)))


async def _watch(key: bytes, line: Line) -> tuple[str, list[bytes]]:
    """What a key is in the other Region, and its fields if it is a hash; until the next EXEC a change is noticed."""
    watched, kind, fields = await line.ask(("WATCH", key), ("TYPE", key), ("HKEYS", key), limit=LIMIT, bear=True)
    for reply in (watched, kind, *([fields] if kind == HASH else [])):
        if isinstance(reply, ReplyError):
            raise reply
    return kind, fields if kind == HASH else []
