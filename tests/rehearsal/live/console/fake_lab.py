"""A lab without a plane: a simulated site that breaks and recovers, to see and test the console by itself.

`python -m tests.rehearsal.live.console.fake_lab 8900` serves the console over it and prints its address.
"""

import asyncio
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import uvicorn

from rehearsal.live.console import app
from tests.rehearsal.live.console import fake_faults
from tests.rehearsal.live.console.fake_site import Site

STEP = 0.25


class FakeEvents:
    """The events, in memory."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.all: list[dict[str, Any]] = []

    def note(self, kind: str, text: str, **fields: Any) -> None:
        self.all.append({"n": len(self.all) + 1, "at": self._clock(), "kind": kind, "text": text, **fields})

    def since(self, n: int) -> Sequence[Mapping[str, Any]]:
        return self.all[n:]


class FakeLoad:
    """The users: how many, and what they saw."""

    def __init__(self) -> None:
        self.rate = 120.0
        self.seconds: list[dict[str, Any]] = []

    def window(self) -> Mapping[str, Any]:
        return {"rate": self.rate, "most": 600, "seconds": self.seconds[-300:]}


class FakeLab:
    """The site, a clock, and what is due later."""

    def __init__(self, clock: Callable[[], float] = time.time, seed: int = 7) -> None:
        self.clock = clock
        self.random = random.Random(seed)
        self.site = Site(clock())
        self.events, self.load, self.pace = FakeEvents(clock), FakeLoad(), 1.0
        self.asked: list[Mapping[str, Any]] = []
        self._due: list[tuple[float, Callable[[], None]]] = []
        self.events.note("lab", "the site is alive: 6 servers, 6 session nodes, 4 database instances", level="good")

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        """Do something after that many seconds at AWS."""
        self._due.append((self.clock() + seconds / self.pace, what))

    def tick(self) -> None:
        """Do what is due, and count the second that is over."""
        now = self.clock()
        for due in sorted((each for each in self._due if each[0] <= now), key=lambda each: each[0]):
            self._due.remove(due)
            due[1]()
        second = int(now) - 1
        if not self.load.seconds or self.load.seconds[-1]["at"] < second:
            self.load.seconds.append(self.site.second(second, self.load.rate, self.random))

    def past(self, seconds: int) -> None:
        """Give the charts a past, as if users had come for so long."""
        now = int(self.clock())
        self.load.seconds = [self.site.second(at, self.load.rate, self.random) for at in range(now - seconds, now - 1)]

    def describe(self) -> Mapping[str, Any]:
        return {"at": self.clock(), "pace": self.pace, **self.site.describe(self.random)}

    async def do(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append(request)
        if request["do"] == "load":
            self.load.rate = request["rate"]
            return {"ok": True}
        if request["do"] == "pace":
            self.pace = request["speed"]
            return {"ok": True}
        return fake_faults.do(self, request)


async def serve(port: int) -> None:
    """Serve the console over a fake lab on that port of 127.0.0.1."""
    lab = FakeLab()
    lab.past(290)
    made = app(lab)
    server = uvicorn.Server(uvicorn.Config(made, host="127.0.0.1", port=port, log_level="warning"))
    print(f"http://127.0.0.1:{port}/#{made.state.key}", flush=True)

    async def run() -> None:
        while True:
            lab.tick()
            await asyncio.sleep(STEP)

    running = asyncio.create_task(run())
    await server.serve()
    running.cancel()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
