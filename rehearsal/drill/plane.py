"""What the drill asks of a running live plane: the calls of its control socket, and a client for them.

One JSON object a line each way: `{"do": NAME, ...}` is answered by `{"ok": true, ...}`, or by
`{"ok": false, "error": TEXT}`.
"""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOCKET = Path("live") / "control.sock"
"""In the rehearsal's home."""


class PlaneError(RuntimeError):
    """The plane doesn't run, or refused a call."""


@dataclass(frozen=True)
class Call:
    """A call of the control socket."""

    do: str
    fields: str
    """What the request has besides `do`."""
    answer: str
    """What the answer has besides `ok`."""
    meaning: str


@dataclass(frozen=True)
class Fault:
    """A value of `what` in the call `fault`. Where a target is not named, `pick` (0 to 1) chooses it.

    Candidates are sorted by name and number `int(pick * len(candidates))` is taken: a seed chooses the same again.
    """

    what: str
    fields: str
    target: str
    """What the answer's `target` names."""
    meaning: str


CALLS = (
    Call("describe", "", "describe: what the console shows", "lab.describe()"),
    Call("events", "since: int", "events: list of {n, at, kind, text, ...}, next: int", "lab.events.since(since)"),
    Call("note", "kind, text, ...", "", "lab.events.note: the drill's own marks appear in the console"),
    Call("pace", "speed: float", "", "AWS's seconds in a real one, from now on"),
    Call(
        "settled",
        "",
        "settled: bool, why: list of texts that say what is missing",
        "everything is well: groups at their desired capacity with healthy targets, stores and databases available, "
        "each with a primary in the region that the account says and replicas that follow, checks passing, nothing cut",
    ),
    Call(
        "load",
        "action: start, arguments: list of texts for `python -m rehearsal.drill.load`; action: stop",
        "pid: int",
        "runs the load in the edge host (its own process, cgroup or not), sees it end; stop: SIGTERM",
    ),
    Call("fault", "what, ... (the table of faults)", "target: text, at: seconds since 1970", "breaks something"),
    Call("heal", "", "", "undoes all faults: cuts, delays, frozen and leaking processes, full stores, certificates"),
    Call("break", "what: text, on: bool", "", "a deliberate mistake in the plane, below: BREAKS"),
    Call(
        "credentials", "role: text, service: text", "access_key, secret_key, token", "keys of a role, as a service gets"
    ),
)

FAULTS = (
    Fault("kill-server", "region, instance | pick", "instance id", "the instance is lost, as EC2 loses one"),
    Fault(
        "end-process", "region, instance | pick", "instance id", "SIGKILL to the application; its unit starts it anew"
    ),
    Fault("freeze-server", "region, instance | pick", "instance id", "SIGSTOP: takes connections, answers nothing"),
    Fault("leak-server", "region, instance | pick", "instance id", "memory leaks until the kernel would kill it"),
    Fault("kill-session-primary", "region", "node", "the node of the session store that takes writes is lost"),
    Fault("freeze-session-primary", "region", "node", "it holds connections and answers nothing"),
    Fault("lag-sessions", "region, seconds", "group", "replication inside the region lags so much"),
    Fault("fill-sessions", "region", "group", "the store's memory is filled up"),
    Fault("kill-database-writer", "region", "instance", "the writer is lost"),
    Fault("cut-zone", "region, zone | pick", "zone", "silence to and from the zone"),
    Fault("slow-zone", "region, zone | pick, seconds", "zone", "each packet of the zone comes so much later"),
    Fault("cut-region", "region", "region", "silence to and from the region, its APIs included"),
    Fault("expire-certificate", "region", "balancer", "the balancer shows a certificate that has expired"),
    Fault("break-function", "region, function", "function", "each invocation fails before the function's first line"),
)

BREAKS = {
    "redispatch": "the balancer tries another server by itself, which an Application Load Balancer doesn't",
    "deep-health": "the balancer's health check asks the session store (/readyz)",
    "auto-failback": "the switch is taken back as soon as the primary answers",
    "plain-sigterm": "a server that is replaced is ended at once: no deregistration, no draining",
    "no-gate": "each request tries a lost session store by itself (SESSION_GATE=off of the application)",
}
"""What a test breaks on purpose, to see that the report shows the damage."""

SHOWN_BY = {
    "redispatch": ("server-killed",),
    "deep-health": ("session-primary-killed",),
    "auto-failback": ("region", "failback"),
    "plain-sigterm": ("release",),
    "no-gate": ("session-primary-killed",),
}
"""The scenarios that show the damage of a mistake: those that are run if none is named."""

OURS = frozenset({"auto-failback"})
"""Mistakes that the drill makes itself, in a scenario: nothing of the plane goes back by itself."""


class Plane:
    """A client of the control socket."""

    def __init__(self, home: Path, timeout: float = 60) -> None:
        self._path = home / SOCKET
        self._timeout = timeout
        self._turn = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def do(self, name: str, **fields: Any) -> dict[str, Any]:
        """Make a call and return the answer. Raises PlaneError."""
        async with self._turn:
            try:
                answer = await asyncio.wait_for(self._exchange({"do": name, **fields}), self._timeout)
            except TimeoutError as error:
                await self.aclose()
                raise PlaneError(f"the live plane did not answer {name!r} within {self._timeout:g} s") from error
            except (OSError, ValueError, asyncio.IncompleteReadError) as error:
                await self.aclose()
                raise PlaneError(
                    f"the live plane did not answer {name!r} ({error or 'closed'}); is `make live` up?"
                ) from error
        if not answer.get("ok"):
            what = " ".join([name, *(str(fields[k]) for k in ("what", "action") if k in fields)])
            raise PlaneError(f"the live plane refused {what!r}: {answer.get('error', 'it says no reason')}")
        return answer

    async def _exchange(self, request: dict[str, Any]) -> dict[str, Any]:
        if self._streams is None:
            self._streams = await asyncio.open_unix_connection(str(self._path), limit=1 << 26)
        reader, writer = self._streams
        writer.write(json.dumps(request).encode() + b"\n")
        await writer.drain()
        line = await reader.readuntil(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def aclose(self) -> None:
        """Close the connection; the next call opens another."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
