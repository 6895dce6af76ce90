"""The load's process: spawns requests when they are due, writes outcomes, and takes orders by a Unix socket."""

import asyncio
import contextlib
import json
import resource
import ssl
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from rehearsal.drill.load.arrivals import Arrivals
from rehearsal.drill.load.https import Browser
from rehearsal.drill.load.names import Cache, ask
from rehearsal.drill.load.records import DNS, STATE, Record, line
from rehearsal.drill.load.users import User, Writer

FLUSH = 0.2
LOOKING = 32
"""Orders looked for at a time."""


@dataclass
class Options:
    """What the load does; the socket can change `rate`, `writes`, `patience`."""

    site: str
    port: int
    out: Path
    control: Path | None
    resolver: tuple[str, int]
    rate: float
    """Visits a second."""
    writes: float
    """Orders a second."""
    users: int
    patience: float
    """Seconds after which a user gives up."""
    ignoring: float
    """Share of users whose resolver ignores TTLs."""
    seed: int
    even: bool
    tls: bool
    ca: Path | None


class Load:
    """A run of the load."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._random = Random(options.seed)
        self._buffer: list[bytes] = []
        self._tasks: dict[asyncio.Task[None], tuple[float, bool]] = {}
        """Requests under way: when each was due, and whether its user's resolver honours TTLs."""
        self._late = 0.0
        # Times are the clock's of the machine, but never go back while the load runs.
        self._epoch = time.time() - time.monotonic()
        self._over = asyncio.Event()
        self._woken = asyncio.Event()
        context = ssl.create_default_context(cafile=options.ca) if options.tls else None
        self._ignoring = round(options.users * options.ignoring)
        """So many of the users, the first ones, have a resolver that ignores TTLs."""
        self._users = [self._user(number, context, ignores=number < self._ignoring) for number in range(options.users)]
        run = f"{options.seed}-{int(time.time() * 1000):x}"
        self._writer = Writer(self._browser(context, 64), self._write, self._clock, self._random, run)
        self._context = context
        now = self._clock()
        self._visits = Arrivals(options.rate, now, self._random, even=options.even)
        self._orders = Arrivals(options.writes, now, self._random, even=options.even)

    def _browser(self, context: ssl.SSLContext | None, idle: int, cache: Cache | None = None) -> Browser:
        options = self._options
        cache = cache or Cache(partial(ask, options.resolver), options.site, self._random)
        return Browser(cache, options.site, options.port, context, idle)

    def _user(self, number: int, context: ssl.SSLContext | None, *, ignores: bool) -> User:
        options = self._options
        cache = Cache(partial(ask, options.resolver), options.site, self._random, ignores_ttl=ignores)
        cache.changed = lambda addresses: self._write(
            {"k": DNS, "t": round(self._clock(), 4), "u": number, "a": list(addresses), "keeps": ignores}
        )
        return User(number, self._browser(context, 6, cache), self._write, self._clock)

    def _clock(self) -> float:
        return self._epoch + time.monotonic()

    def _write(self, record: Record) -> None:
        self._buffer.append(line(record))

    async def run(self) -> None:
        """Make requests until `stop`."""
        server = None
        if self._options.control:
            self._options.control.unlink(missing_ok=True)
            server = await asyncio.start_unix_server(self._take_orders, str(self._options.control), limit=1 << 26)
        keeping = asyncio.create_task(self._keep_books())
        try:
            while not self._over.is_set():
                await self._spawn()
        finally:
            if server:
                server.close()
            waiting = list(self._tasks)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            keeping.cancel()
            self._flush()
            for user in self._users:
                user.close()
            self._writer.close()

    def stop(self) -> None:
        """End the run."""
        self._over.set()
        self._woken.set()

    async def _spawn(self) -> None:
        """Start what is due, and sleep until the next is."""
        now = self._clock()
        for due in self._visits.due(now):
            self._late = max(self._late, now - due)
            user = self._random.choice(self._users)
            self._start(due, user.visit(due, self._options.patience), honours=user.number >= self._ignoring)
        for due in self._orders.due(now):
            self._start(due, self._writer.order(due, self._options.patience))
        wait = min(self._visits.next, self._orders.next) - self._clock()
        if wait > FLUSH:
            self._woken.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), min(wait, 60))
        else:
            await asyncio.sleep(max(0.001, wait))

    def _start(self, due: float, request: Coroutine[Any, Any, None], *, honours: bool = True) -> None:
        task = asyncio.create_task(request)
        self._tasks[task] = (due, honours)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        if not task.cancelled() and (error := task.exception()):
            raise error

    async def _keep_books(self) -> None:
        second, used = time.monotonic(), time.process_time()
        while True:
            await asyncio.sleep(FLUSH)
            if (now := time.monotonic()) - second >= 1:
                cpu = (time.process_time() - used) / (now - second)
                second, used = now, time.process_time()
                rate = self._visits.rate + self._orders.rate
                self._write(
                    {"k": STATE, "t": round(self._clock(), 4), "cpu": round(cpu, 3), "late": round(self._late, 4)}
                    | {"open": len(self._tasks), "rate": rate}
                )
                self._late = 0.0
            self._flush()

    def _flush(self) -> None:
        if self._buffer:
            with self._options.out.open("ab") as out:
                out.write(b"".join(self._buffer))
            self._buffer.clear()

    async def _take_orders(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                order = json.loads(await reader.readuntil(b"\n"))
                writer.write(json.dumps(await self._obey(order)).encode() + b"\n")
                await writer.drain()
        writer.close()

    async def _obey(self, order: dict[str, Any]) -> dict[str, Any]:
        """`rate`, `writes`, `patience`: go on with that. `look`: look for these keys. `stop`: end.

        The answer's `oldest` is when the oldest request was due that is still under way; `oldest_honouring` that of
        users whose resolver honours TTLs.
        """
        now = self._clock()
        if "rate" in order:
            self._visits.change(float(order["rate"]), now)
        if "writes" in order:
            self._orders.change(float(order["writes"]), now)
        if "patience" in order:
            self._options.patience = float(order["patience"])
        self._woken.set()
        if "look" in order:
            await self._look(list(order["look"]), float(order.get("within", 10)))
        if order.get("stop"):
            self.stop()
        self._flush()
        now = self._clock()
        oldest = min((due for due, _ in self._tasks.values()), default=now)
        honouring = min((due for due, honours in self._tasks.values() if honours), default=now)
        return {"ok": True, "at": now, "open": len(self._tasks), "oldest": oldest, "oldest_honouring": honouring}

    async def _look(self, keys: list[str], within: float) -> None:
        """Look for each key until somebody says whether it is there."""
        browser = self._browser(self._context, LOOKING)
        writer = Writer(browser, self._write, self._clock, self._random, "")
        until = self._clock() + within
        waiting = iter(keys)

        async def some() -> None:
            for key in waiting:
                while await writer.look(key, 3, "end") is None and self._clock() < until:
                    await asyncio.sleep(0.2)

        await asyncio.gather(*(some() for _ in range(LOOKING)))
        browser.close()


def allow_many_files() -> None:
    """Each request that hangs holds a socket."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def run(options: Options, ready: Callable[[Load], None] = lambda _: None) -> None:
    """Run the load until it is told to stop."""

    async def main() -> None:
        load = Load(options)
        ready(load)
        await load.run()

    allow_many_files()
    asyncio.run(main())
