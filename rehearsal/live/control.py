"""What the drill asks of the live plane, a line of JSON each: `rehearsal.drill.plane` has the table of calls."""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from rehearsal.live import pace
from rehearsal.live.faults import FaultError, Faults
from rehearsal.live.lab import Lab
from rehearsal.live.releases import Releases

Answer = dict[str, Any]


class Control:
    """Answers the calls, by methods named `do_…`."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._faults = Faults(lab)
        self._releases = Releases(lab)

    async def serve(self, socket: Path) -> asyncio.Server:
        """Serve on a Unix socket, which only the rehearsal's owner can reach."""
        return await asyncio.start_unix_server(self._connection, str(socket), limit=1 << 24)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                writer.write(json.dumps(await self.answer(line), default=str).encode() + b"\n")
                await writer.drain()
        writer.close()

    async def answer(self, line: bytes) -> Answer:
        """Answer one line."""
        try:
            asked = json.loads(line)
        except ValueError:
            asked = None
        return await self.do(asked if isinstance(asked, dict) else {})

    async def do(self, request: Mapping[str, Any]) -> Answer:
        """Answer one call."""
        asked = dict(request)
        do: Callable[..., Awaitable[Answer]] | None = getattr(self, f"do_{asked.pop('do', '')}", None)
        if do is None:
            return {"ok": False, "error": "no such call: `do` names one"}
        try:
            return {"ok": True, **await do(**asked)}
        except (FaultError, KeyError, TypeError, ValueError, OSError) as error:
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}

    async def do_describe(self) -> Answer:
        """Everything, as the console shows it."""
        return {"describe": self._lab.describe()}

    async def do_events(self, since: int = 0) -> Answer:
        """The events after a number."""
        events = self._lab.events.since(since)
        return {"events": events, "next": events[-1]["n"] if events else since}

    async def do_note(self, kind: str, text: str, **fields: Any) -> Answer:
        """Note an event."""
        return {"n": self._lab.events.note(kind, text, **fields)["n"]}

    async def do_pace(self, speed: float) -> Answer:
        """Change the pace."""
        self._lab.pace.speed = pace.checked(float(speed))
        await self._lab.account.live(self._lab.pace.speed)
        self._lab.events.note("account", f"AWS's own intervals pass {speed:g} times as fast as at AWS", what="pace")
        self._lab.again()
        return {}

    async def do_settled(self) -> Answer:
        """Whether everything is well, and what isn't."""
        why = [f"{place.name} is cut" for place in self._lab.fabric.cuts]
        why += [f"{place.name} is slow" for place in self._lab.fabric.slowed]
        for part in self._lab.parts.values():
            settled = getattr(part, "settled", None)
            why += [f"{part.name}: {reason}" for reason in settled()] if settled else []
        return {"settled": not why, "why": why}

    async def do_load(self, action: str = "", arguments: list[str] | None = None, rate: float | None = None) -> Answer:
        """Turn the console's load up or down; or start or stop the drill's in its place."""
        if rate is not None:
            await self._lab.load.set_rate(float(rate))
            return {}
        if action == "start":
            return {"pid": await self._lab.load.start_process(arguments or [])}
        await self._lab.load.stop_process()
        return {"pid": 0}

    async def do_fault(self, what: str, **fields: Any) -> Answer:
        """Break something."""
        target = await self._faults.do(what, **fields)
        return {"target": target, "text": f"{what.replace('-', ' ')}: {target}", "at": time.time()}

    async def do_heal(self) -> Answer:
        """Undo all faults."""
        await self._faults.heal()
        return {}

    async def do_break(self, what: str, on: bool = True) -> Answer:
        """Make a deliberate mistake in the plane, or no longer."""
        await self._faults.mistake(what, on=on)
        return {}

    async def do_release(self, what: str, region: str) -> Answer:
        """Release a version whose servers never answer (`bad`), or the good one again (`good`)."""
        return {"text": await self._releases.start(region, what)}

    async def do_credentials(self, role: str, service: str) -> Answer:
        """Keys of a role, as a service gives them to what runs under it."""
        keys = await self._lab.account.credentials(role, service)
        return {
            "access_key": keys["AWS_ACCESS_KEY_ID"],
            "secret_key": keys["AWS_SECRET_ACCESS_KEY"],
            "token": keys["AWS_SESSION_TOKEN"],
        }
