"""What the parts share, and the parts themselves."""

import asyncio
import contextlib
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rehearsal.live import outline
from rehearsal.live.account import Account
from rehearsal.live.authority import Authority
from rehearsal.live.events import Events
from rehearsal.live.network.fabric import Fabric
from rehearsal.live.pace import Pace
from rehearsal.live.part import Part

EVERY = 5.0
"""Seconds between two reconciliations of a part, whatever happens."""

LOOK = 0.4
"""Seconds between two looks at whether the account has changed, at most; the pace shortens it."""

SHORTEST = 0.2
"""Seconds between two observations, at least."""


class Lab:
    """The live plane, inside: one account, one network, one pace, one record of events."""

    def __init__(self, folder: Path, account: Account) -> None:
        self.folder, self.account = folder, account
        self.pace = Pace()
        self.fabric = Fabric()
        self.events = Events(folder / "events.jsonl")
        self.authority = Authority(folder / "authority")
        self.parts: dict[str, Part] = {}
        self.began = time.time()
        self.outline = outline.Outline()
        self.url = ""
        """The site's address in a browser of this machine."""
        self.load: Any = None
        """The users: `rehearsal.live.load.Load`."""
        self.control: Any = None
        """What people and the drill can do: `rehearsal.live.control.Control`."""
        self._tasks: list[asyncio.Task[None]] = []
        self._seen: dict[str, int] = {}
        self._due: dict[str, asyncio.Event] = {}

    @property
    def names(self) -> Any:
        """The part that is Route 53, `rehearsal.live.names.Names`."""
        return self.parts["names"]

    def part(self, name: str) -> Any:
        """A part by its name; whoever asks knows which class it is."""
        return self.parts[name]

    async def start(self, parts: Sequence[Part]) -> None:
        """Add parts, let each read the account once, in order, and keep them in step from then on."""
        for part in parts:
            self.parts[part.name] = part
            self._due[part.name] = asyncio.Event()
        self._seen = await self.account.changes()
        self.outline = await outline.read(self.account)
        for part in parts:
            await self._attempt(part, part.reconcile())
        for part in parts:
            self._tasks.append(asyncio.create_task(self._keep(part), name=f"keep {part.name}"))
            self._tasks.append(asyncio.create_task(self._observe(part), name=f"observe {part.name}"))
        self._tasks.append(asyncio.create_task(self._look(), name="look"))

    def again(self) -> None:
        """Have every part reconcile soon: the pace has changed, say."""
        for due in self._due.values():
            due.set()

    async def _look(self) -> None:
        """Wake the parts that read what has changed in the account."""
        while True:
            await asyncio.sleep(max(SHORTEST, min(LOOK, self.pace.real(LOOK))))
            with contextlib.suppress(Exception):  # the next look finds it; the door ends us if it is gone for good
                now = await self.account.changes()
                changed = {service for service, count in now.items() if self._seen.get(service) != count}
                self._seen = now
                for name, part in self.parts.items():
                    if part.reads & changed:
                        self._due[name].set()

    async def _keep(self, part: Part) -> None:
        due = self._due[part.name]
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(due.wait(), EVERY)
            due.clear()
            await self._attempt(part, part.reconcile())

    async def _observe(self, part: Part) -> None:
        while True:
            began = time.monotonic()
            await self._attempt(part, part.observe())
            await asyncio.sleep(max(SHORTEST, self.pace.real(1.0) - (time.monotonic() - began)))

    async def _attempt(self, part: Part, work: Any) -> None:
        """Do a part's work; what goes wrong is noted, and the next time may be better."""
        try:
            await work
        except Exception as error:
            self.events.note("trouble", f"{part.name}: {type(error).__name__}: {error}", subject=part.name)
            if os.environ.get("REHEARSAL_LIVE_TRACE"):
                import traceback  # noqa: PLC0415 (for who looks for a mistake in the plane)

                traceback.print_exc()

    def describe(self) -> dict[str, Any]:
        """Plain data of everything, for the console and the drill."""
        return {
            "at": time.time(),
            "began": self.began,
            "pace": self.pace.speed,
            "account": {
                "site": self.outline.site,
                "url": self.url,
                "regions": [{"name": r.name, "role": r.role, "zones": list(r.zones)} for r in self.outline.regions],
            },
            "network": {
                "cut": [place.name for place in self.fabric.cuts],
                "slow": {place.name: seconds for place, seconds in self.fabric.slowed.items()},
            },
            "parts": {name: part.describe() for name, part in self.parts.items()},
        }

    async def do(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Do what the console asks: the calls of the control socket."""
        answer: dict[str, Any] = await self.control.do(request)
        return answer

    async def aclose(self) -> None:
        """End everything, the last part first."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for part in reversed(list(self.parts.values())):
            with contextlib.suppress(Exception):
                await part.aclose()
        await self.fabric.close()
        self.events.close()
