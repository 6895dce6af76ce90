"""The users: the drill's load as a process in the users' host, and its figures by the second for the console."""

import asyncio
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rehearsal.drill.load.records import REQUESTS, STATE, VISIT, Tail, answered
from rehearsal.live.lab import Lab
from rehearsal.live.network.host import Host
from rehearsal.live.network.process import Process

WINDOW = 300
"""Seconds that are kept."""

MOST = 500.0
"""Requests a second that two cores bear beside the site."""

USERS = 150

KEPT_ANSWERS = 20


@dataclass
class Second:
    """What users got in one second."""

    sent: int = 0
    ok: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    zones: Counter[str] = field(default_factory=Counter)
    servers: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    back: int = 0
    _told: dict[str, Any] = field(default_factory=dict)

    def describe(self, at: int) -> dict[str, Any]:
        """Plain data for the console, made anew only when another request was counted."""
        if self._told.get("sent") == self.sent:
            return self._told
        ordered = sorted(self.latencies)
        self._told = {
            "at": at,
            "sent": self.sent,
            "ok": self.ok,
            "errors": dict(self.errors),
            "p50": share(ordered, 0.5),
            "p99": share(ordered, 0.99),
            "zones": dict(self.zones),
            "servers": dict(self.servers),
            "back": self.back,
        }
        return self._told


def share(ordered: Sequence[float], part: float) -> float | None:
    """The value below which a part of the values is, in milliseconds."""
    return round(ordered[min(int(part * len(ordered)), len(ordered) - 1)] * 1000, 1) if ordered else None


class Load:
    """The load of the site. One process at a time: the drill's takes the place of the console's."""

    def __init__(self, lab: Lab, users: Host) -> None:
        self._lab, self._users = lab, users
        self._process: Process | None = None
        self._out = lab.folder / "load.jsonl"
        self._written = Tail(self._out)
        self._seconds: dict[int, Second] = defaultdict(Second)
        self._counts: dict[str, list[tuple[int, float]]] = {}
        """The last counts of each session, and when they were answered."""
        self._rate = 0.0

    @property
    def control(self) -> Path:
        """The socket by which the console's load takes orders."""
        return self._lab.folder / "load.sock"

    async def set_rate(self, rate: float) -> None:
        """Turn the console's load up or down; start it if none runs."""
        self._rate = max(0.0, min(rate, MOST))
        if self._process is None or self._process.returncode is not None:
            if not self._rate:
                return
            self._out.unlink(missing_ok=True)
            await self.start_process(
                [
                    *("--site", self._lab.outline.site, "--out", str(self._out), "--control", str(self.control)),
                    *("--rate", str(self._rate), "--users", str(USERS), "--ca", str(self._lab.authority.bundle)),
                ]
            )
            return
        await self._order({"rate": self._rate})

    async def _order(self, order: dict[str, Any]) -> None:
        reader, writer = await asyncio.open_unix_connection(str(self.control))
        writer.write(json.dumps(order).encode() + b"\n")
        await reader.readline()
        writer.close()

    async def start_process(self, arguments: Sequence[str]) -> int:
        """Start the load with these arguments of `python -m rehearsal.drill.load`; return its process id."""
        await self.stop_process()
        if "--out" in arguments:
            self._written = Tail(Path(arguments[list(arguments).index("--out") + 1]))
            self._counts.clear()
        self._process = await self._users.start(
            [sys.executable, "-m", "rehearsal.drill.load", *arguments],
            env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
            cwd=Path(__file__).resolve().parents[2],
            log=self._lab.folder / "load.log",
        )
        return self._process.pid

    async def stop_process(self) -> None:
        """End the load, if one runs."""
        if self._process is not None and self._process.returncode is None:
            await self._process.end(5)
        self._process = None

    def window(self) -> dict[str, Any]:
        """The last minutes by the second, for the console."""
        self._read()
        running = self._process is not None and self._process.returncode is None
        whole = sorted(self._seconds)[:-1]  # the last one isn't over
        return {
            "rate": self._rate if running else 0.0,
            "most": MOST,
            "seconds": [self._seconds[at].describe(at) for at in whole],
        }

    def _read(self) -> None:
        """Read what the load has written since the last time."""
        for record in self._written.new():
            self._count(record)
        for old in sorted(self._seconds)[:-WINDOW]:
            del self._seconds[old]

    def _count(self, record: dict[str, Any]) -> None:
        kind = record["k"]
        if kind == STATE and "rate" in record:
            self._rate = float(record["rate"])
        if kind not in REQUESTS:
            return
        second = self._seconds[int(record["t"] + record["l"])]
        second.sent += 1
        if not answered(record):
            second.errors[str(record.get("e") or record.get("c", "none"))] += 1
            return
        second.ok += 1
        second.latencies.append(record["l"])
        if kind == VISIT:
            second.zones[record.get("z", "")] += 1
            second.servers[record.get("s", "")] += 1
            if (visits := record.get("v")) is not None and (session := record.get("i")):
                second.back += self._went_back(session, visits, record["t"], record["t"] + record["l"])

    def _went_back(self, session: str, visits: int, sent: float, answered: float) -> bool:
        """Whether a session's count is not above what was answered before this request was sent.

        A user's requests overlap, so that answers may come in another order than the counts.
        """
        known = [(count, at) for count, at in self._counts.get(session, []) if at < sent]
        self._counts[session] = [*self._counts.get(session, [])[-KEPT_ANSWERS:], (visits, answered)]
        return any(visits <= count for count, _ in known)
