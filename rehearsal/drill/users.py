"""The load as the drill steers it: started by the plane, told by its socket, read from its file."""

import asyncio
import json
import time
from collections import deque
from pathlib import Path
from typing import Any

from rehearsal.drill.load.records import DNS, STATE, VISIT, WRITE, Record, Tail, answered
from rehearsal.drill.plane import Plane

NOT_FOUND = 404
"""Of an order: the application has no such path."""
STARTING = 20.0
"""Seconds until the load's process listens, at most."""
COMING_IN = 10.0
"""Seconds until new users are served, at most; if they aren't, the scenario will show it."""


class Users:
    """The users of a drill."""

    def __init__(self, plane: Plane, folder: Path, site: str, authorities: Path, seed: int, count: int) -> None:
        self._plane = plane
        self._folder = folder
        self._words = ["--site", site, "--ca", str(authorities), "--seed", str(seed), "--users", str(count)]
        self._socket = folder / "drill.sock"
        self._runs = 0
        self._tail: Tail | None = None
        self._ignoring: float | None = None
        self.records: list[Record] = []
        """All outcomes of the run that goes on."""
        self.take_orders = True
        """Whether the application takes orders; found out when the first ones are placed."""
        self.keeping: set[int] = set()
        """Users whose resolver ignores TTLs."""
        self.states: deque[Record] = deque(maxlen=10_000)

    async def go(self, rate: float, writes: float, patience: float, ignoring: float) -> None:
        """Have users make requests at these rates from now on; start them anew if others are needed."""
        writes = writes if self.take_orders else 0
        if self._ignoring != ignoring:
            await self.stop()
            await self._start(rate, writes, patience, ignoring)
            return
        await self._tell(rate=rate, writes=writes, patience=patience)

    async def _start(self, rate: float, writes: float, patience: float, ignoring: float) -> None:
        self._runs += 1
        out = self._folder / f"drill-{self._runs}.jsonl"
        out.unlink(missing_ok=True)
        self._socket.unlink(missing_ok=True)
        numbers = {"--rate": rate, "--writes": writes, "--patience": patience, "--ignoring": ignoring}
        words = [*self._words, "--out", str(out), "--control", str(self._socket)]
        words += [word for name, number in numbers.items() for word in (name, str(number))]
        await self._plane.do("load", action="start", arguments=words)
        self._tail, self._ignoring = Tail(out), ignoring
        self.records, self.keeping = [], set()
        for _ in range(round(STARTING / 0.1)):
            if self._socket.exists():
                await self._come_in(writes)
                return
            await asyncio.sleep(0.1)
        raise RuntimeError(f"the load did not start within {STARTING:g} s ({self._folder / 'load.log'} says why)")

    async def _come_in(self, writes: float) -> None:
        """Let everybody connect and begin a session, which is more work than what follows."""
        until = time.time() + COMING_IN
        while time.time() < until:
            await asyncio.sleep(0.25)
            if await self.well(time.time() - 2) and (not writes or any(each["k"] == WRITE for each in self.records)):
                break
        if any(each["k"] == WRITE and each.get("c") == NOT_FOUND for each in self.records):
            self.take_orders = False
            await self._tell(writes=0)

    async def stop(self) -> None:
        """End the users."""
        if self._ignoring is not None:
            self._ignoring = None
            await self._plane.do("load", action="stop")

    async def look(self, keys: list[str], within: float) -> None:
        """Look for orders."""
        if keys:
            await self._tell(look=keys, within=within)
            self.read()

    async def ended(self, due: float, within: float) -> None:
        """Wait until every request has ended that was due before a moment, or for `within` seconds."""
        until = time.time() + within
        while (await self._tell())["oldest"] < due and time.time() < until:
            await asyncio.sleep(0.2)
        self.read()

    async def _tell(self, **order: Any) -> dict[str, Any]:
        reader, writer = await asyncio.open_unix_connection(str(self._socket), limit=1 << 24)
        writer.write(json.dumps(order).encode() + b"\n")
        answer: dict[str, Any] = json.loads(await reader.readline())
        writer.close()
        return answer

    def read(self) -> None:
        """Read what was written since the last time."""
        for record in self._tail.new() if self._tail else ():
            if record["k"] == STATE:
                self.states.append(record)
            elif record["k"] == DNS and record.get("keeps"):
                self.keeping.add(record["u"])
            self.records.append(record)

    async def well(self, since: float) -> bool:
        """Return whether users who honour TTLs were all served since then, and none waits for longer."""
        if (await self._tell())["oldest_honouring"] < since:
            return False
        self.read()
        found = False
        for record in reversed(self.records):
            if record["k"] == VISIT and record["u"] not in self.keeping:
                if record["t"] + record["l"] < since - 60:
                    break
                if record["t"] >= since:
                    found = True
                    if not answered(record):
                        return False
        return found
