"""A live plane that isn't there: answers the drill's calls, and writes what a load would."""

import asyncio
import contextlib
import json
import time
from pathlib import Path
from typing import Any, Self

from rehearsal.drill.load.records import line


class FakePlane:
    """Serves `home/live/control.sock`; the load's socket and file are as the arguments of `load` say."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.calls: list[dict[str, Any]] = []
        self.settled = True
        self.failing = 0.0
        """Requests fail until then."""
        self.breaks_for = 0.8
        """Seconds for which a fault has every request fail."""
        self._writing: asyncio.Task[None] | None = None
        self._visits = 0

    async def __aenter__(self) -> Self:
        (self.home / "live").mkdir(parents=True, exist_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, str(self.home / "live" / "control.sock"))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await asyncio.sleep(0.05)  # until who is connected has seen the client leave
        await self.stop()

    async def stop(self) -> None:
        if self._writing:
            self._writing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writing
            self._load.close()
            self._writing = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof() and (text := await reader.readline()):
            call = json.loads(text)
            self.calls.append(call)
            writer.write(json.dumps(await self._answer(call)).encode() + b"\n")
            await writer.drain()

    async def _answer(self, call: dict[str, Any]) -> dict[str, Any]:
        match call["do"]:
            case "settled":
                return {"ok": True, "settled": self.settled, "why": [] if self.settled else ["servers: none"]}
            case "events":
                event = {"n": 1, "at": time.time() - 0.2, "kind": "dns", "text": "somebody answers"}
                return {"ok": True, "events": [event], "next": 1}
            case "fault" if call["what"] == "leak-server":
                return {"ok": False, "error": "nothing leaks"}
            case "fault":
                self.failing = time.time() + self.breaks_for
                return {"ok": True, "target": "i-1", "at": time.time()}
            case "load" if call["action"] == "start":
                words = call["arguments"]
                out, control = (words[words.index(name) + 1] for name in ("--out", "--control"))
                self._load = await asyncio.start_unix_server(self._obey, control)
                self._writing = asyncio.create_task(self._write(Path(out)))
            case "load":
                await self.stop()
        return {"ok": True}

    async def _obey(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        json.loads(await reader.readline())
        writer.write(json.dumps({"ok": True, "oldest": time.time(), "oldest_honouring": time.time()}).encode() + b"\n")
        writer.close()

    async def _write(self, out: Path) -> None:
        """A visit each 10 ms, of one user."""
        while True:
            await asyncio.sleep(0.01)
            self._visits += 1
            now = time.time()
            record = {"k": "v", "t": now, "l": 0.001, "u": 1, "z": "a", "r": "eu-west-1", "v": self._visits, "i": "x"}
            with out.open("ab") as file:
                file.write(line(record | {"c": 503 if now < self.failing else 200}))
                if self._visits % 100 == 1:
                    file.write(line({"k": "s", "t": now, "cpu": 0.1, "late": 0.01, "open": 1, "rate": 100}))
