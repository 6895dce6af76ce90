"""One gate per process between the requests and the session store.

While the store fails over, requests that each retry by themselves stampede it. Here the first failure shuts
the gate, one prober tries the store again and again, and all requests wait for the prober, within a budget.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
log = logging.getLogger("ha_web_app.gate")


class StoreDown(Exception):
    """The store can't serve a call now: unreachable, silent, read-only or not replicating."""


class Unavailable(Exception):
    """The budget is spent, or too many requests wait; the text tells which, and why the store is down."""


class Gate:
    """Lets calls through while the store works; shuts on `StoreDown` until the one prober succeeds.

    Args:
        probe: tries the store over a new connection; raises if it can't be used.
        budget: how long a request waits at most, and until when after the gate shut requests wait, in s.
        calls: how many calls may be under way at once (each holds a connection).
        waiting: how many requests may wait; a further one fails at once.
        pause: time between two probes, in seconds.
    """

    def __init__(
        self,
        probe: Callable[[], Awaitable[None]],
        *,
        budget: float,
        calls: int = 50,
        waiting: int = 5000,
        pause: float = 0.25,
    ) -> None:
        self._probe, self._budget, self._pause = probe, budget, pause
        self._slots = asyncio.Semaphore(calls)
        self._limit, self._waiting = waiting, 0
        self._open = asyncio.Event()
        self._open.set()
        self._opened_at = self._shut_at = float("-inf")
        self._openings = 0
        self._reason = ""
        self._prober: asyncio.Task[None] | None = None

    @property
    def shut_because(self) -> str | None:
        """Why the gate is shut; None while it is open."""
        return None if self._open.is_set() else f"shut for {_now() - self._shut_at:.1f} s: {self._reason}"

    async def run(self, call: Callable[[], Awaitable[T]]) -> T:
        """Makes the call; when the store is down, waits for the prober and makes it again.

        A call whose answer got lost may have been executed, so calls must bear being repeated.

        Raises:
            Unavailable: the budget is spent, or too many requests wait already.
        """
        deadline = _now() + self._budget
        while True:
            await self._enter(deadline)
            openings = self._openings
            try:
                return await call()
            except StoreDown as problem:
                # A call from before the last opening failed on an old connection: that says nothing new.
                if openings == self._openings:
                    self._shut(str(problem))
            finally:
                self._slots.release()

    async def aclose(self) -> None:
        """Ends the prober."""
        if self._prober:
            self._prober.cancel()
            await asyncio.gather(self._prober, return_exceptions=True)

    async def _enter(self, deadline: float) -> None:
        """Waits until the gate is open and a slot is free, and takes the slot."""
        if self._open.is_set() and not self._slots.locked():
            await self._slots.acquire()
            return
        if self._waiting >= self._limit:
            raise Unavailable(f"{self._waiting} requests wait already; {self._reason}")
        self._waiting += 1
        try:
            while True:
                await self._wait_until_open(deadline)
                async with asyncio.timeout_at(deadline):
                    await self._slots.acquire()
                if self._open.is_set():
                    return
                self._slots.release()
        except TimeoutError:
            raise Unavailable(f"retry budget of {self._budget:g} s spent; {self._reason}") from None
        finally:
            self._waiting -= 1

    async def _wait_until_open(self, deadline: float) -> None:
        if self._open.is_set():
            return
        until = min(deadline, self._shut_at + self._budget)
        if _now() >= until:
            raise TimeoutError
        async with asyncio.timeout_at(until):
            await self._open.wait()

    def _shut(self, reason: str) -> None:
        if not self._open.is_set():
            return
        self._open.clear()
        self._shut_at, self._reason = _now(), reason
        log.warning("session store down, gate shut: %s", reason)
        # Probes at once, unless it has only just opened: spares a store that answers probes but no calls.
        just_opened = self._shut_at - self._opened_at < self._pause
        self._prober = asyncio.create_task(self._open_again(self._pause if just_opened else 0))

    async def _open_again(self, pause: float) -> None:
        spent = False
        while True:
            await asyncio.sleep(pause)
            pause = self._pause
            try:
                await self._probe()
                break
            except Exception as problem:  # whatever it is, the prober must live on, or the gate stays shut
                self._reason = str(problem) or type(problem).__name__
            if not spent and _now() >= self._shut_at + self._budget:
                spent = True
                log.error("session store down, budget of %g s spent: %s", self._budget, self._reason)
        self._opened_at = _now()
        self._openings += 1
        self._open.set()
        log.warning("session store back, gate open after %.2f s", self._opened_at - self._shut_at)


class NoGate:
    """Lets each request try a store that is down by itself, within its budget: to see what the gate is for."""

    shut_because: str | None = None

    def __init__(self, *, budget: float, pause: float = 0.25) -> None:
        self._budget, self._pause = budget, pause

    async def run(self, call: Callable[[], Awaitable[T]]) -> T:
        """Makes the call, again and again until it succeeds.

        Raises:
            Unavailable: the budget is spent.
        """
        deadline = _now() + self._budget
        while True:
            try:
                return await call()
            except StoreDown as problem:
                if _now() + self._pause >= deadline:
                    raise Unavailable(f"retry budget of {self._budget:g} s spent; {problem}") from None
            await asyncio.sleep(self._pause)

    async def aclose(self) -> None:
        """Nothing runs."""


def _now() -> float:
    return asyncio.get_running_loop().time()
