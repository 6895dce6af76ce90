"""A node that runs: its HAProxy, which changes without losing a request."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rehearsal.live.balancers.configuration import Node, configuration, fewest
from rehearsal.live.balancers.health import INITIAL, Probe, View
from rehearsal.live.balancers.model import Target
from rehearsal.live.balancers.slots import Slot, Slots, key
from rehearsal.live.balancers.stats import Counter, Row, counts, rows
from rehearsal.live.network.host import Host
from rehearsal.live.network.process import Process
from rehearsal.live.programs import haproxy
from rehearsal.live.servers.short_path import short

ANSWER_SECONDS = 5.0
START_SECONDS = 10.0

PASSED = ("L4OK", "L6OK", "L7OK", "L7OKC")

FRONTENDS_AND_SERVERS = "show stat -1 5 -1"

AT_ONCE = 30
"""Commands in one line: it may not be longer than HAProxy's buffer."""


class NodeError(RuntimeError):
    """HAProxy doesn't start, or doesn't take a configuration."""


class Running:
    """HAProxy in the host of a node."""

    def __init__(self, host: Host, folder: Path, node: Node, real: Callable[[float], float]) -> None:
        self.host, self.folder, self.node, self._real = host, folder, node, real
        self.slots: dict[str, Slots] = {}
        self.probe = Probe()
        self.probed = 0.0
        self.process: Process | None = None
        self.rows: dict[tuple[str, str], Row] = {}
        self.counters: dict[str, Counter] = {}
        self._static: object = None
        self._turn = asyncio.Lock()

    # In step with the account

    async def apply(self, node: Node, targets: Mapping[str, Sequence[Target]]) -> None:
        """Take up what the account says, without a new configuration if that can be. Raises NodeError."""
        async with self._turn:
            self.node = node
            commands, full = [], False
            for arn in node.groups:
                slots = self.slots.setdefault(arn, Slots())
                new, changed, gone, overflow = slots.fill(targets.get(arn, ()), time.monotonic())
                full |= overflow
                name = node.groups[arn].name
                commands += [c for slot in new for c in _appears(name, slot)]
                commands += [c for slot in changed for c in _changes(name, slot)]
                commands += [c for slot in gone for c in _goes(name, slot)]
            static = self._signature()
            runs = self.process is not None and self.process.returncode is None
            known, self._static = self._static, None  # whatever fails: the next time all is written anew
            if runs and static == known and not full:
                await self._command(commands)
            else:
                if runs:
                    await self._command(gone_commands(commands))
                for slots in self.slots.values():
                    slots.distrust()
                (self.folder / "haproxy.cfg").write_text(configuration(node, self.slots, self._real))
                await (self._reload() if runs else self._start())
            self._static = static

    def _signature(self) -> object:
        """What needs a new configuration if it changes: all but the targets."""
        empty = {arn: Slots(slots.size) for arn, slots in self.slots.items()}
        few = {arn: fewest(self.node, arn, self.slots) for arn in self.node.groups}
        stamps = [path.stat().st_mtime_ns for path in self.node.certificates.values() if path.exists()]
        return configuration(self.node, empty, self._real), few, stamps

    async def _start(self) -> None:
        program, environment = haproxy()
        for name in ("stats", "master"):
            (self.folder / name).unlink(missing_ok=True)
        log = self.folder / "haproxy.log"
        self.process = await self.host.start(
            [program, "-W", "-S", "unix@master", "-f", "haproxy.cfg"], env=environment, cwd=self.folder, log=log
        )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.returncode is None:
            with contextlib.suppress(OSError, TimeoutError):
                await self._ask("stats", "show version")
                return
            await asyncio.sleep(0.05)
        raise NodeError(f"{self.node.name}: HAProxy doesn't start: {log.read_text()[-300:]}")

    async def _reload(self) -> None:
        """Have a new process take over the sockets; the old one finishes what it has."""
        said = await self._ask("master", "reload")
        if "Success=1" not in said:
            raise NodeError(f"{self.node.name}: HAProxy doesn't take its configuration: {said[-300:]}")

    async def _command(self, commands: Sequence[str]) -> None:
        for first in range(0, len(commands), AT_ONCE):
            await self._ask("stats", ";".join(commands[first : first + AT_ONCE]))

    async def _ask(self, socket: str, line: str) -> str:
        async with asyncio.timeout(ANSWER_SECONDS):
            with short(self.folder / socket) as path:
                reader, writer = await asyncio.open_unix_connection(path)
            try:
                writer.write(line.encode() + b"\n")
                await writer.drain()
                return (await reader.read(-1)).decode(errors="replace")
            finally:
                writer.close()

    # Measured

    async def look(self) -> None:
        """Read the figures, and let new targets that passed a first check have requests.

        A target has to pass one check: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
        """
        async with self._turn:
            found = rows(await self._ask("stats", FRONTENDS_AND_SERVERS))
            self.rows = {(row.proxy, row.server): row for row in found}
            commands = []
            for arn, slots in self.slots.items():
                name = self.node.groups[arn].name
                for slot in slots.slots.values():
                    row = self.rows.get((f"checks-{name}", slot.name))
                    if not slot.passed and row is not None and row.check in PASSED:
                        slot.passed = True
                        commands += _changes(name, slot)
                    if row is not None and row.view != INITIAL:
                        slot.view = row.view
            if commands:
                known, self._static = self._static, None
                await self._command(commands)
                self._static = known
        self._count()

    def _count(self) -> None:
        for listener in self.node.balancer.listeners:
            name = f"listener-{listener.port}"
            self._add(
                name, [row for (proxy, server), row in self.rows.items() if (proxy, server) == (name, "FRONTEND")]
            )
        for group in self.node.groups.values():
            self._add(group.name, [row for (proxy, _), row in self.rows.items() if proxy in _traffic(group.name)])

    def _add(self, name: str, found: Sequence[Row]) -> None:
        self.counters.setdefault(name, Counter()).add(counts(found))

    def views(self, arn: str) -> dict[str, View]:
        """Return what this node's checks say of each target of a group, by the target's key."""
        found = {}
        for target, slot in self.slots.get(arn, Slots()).slots.items():
            view = slot.view or INITIAL
            if view[0] == "healthy" and not slot.passed:
                view = ("initial", "Elb.InitialHealthChecking", "Initial health checks in progress")
            found[target] = view
        return found

    def response_seconds(self, name: str) -> float:
        """Return the average time of the last answers of a target group."""
        found = [row for (proxy, _), row in self.rows.items() if proxy in _traffic(name) and row.requests]
        total = sum(row.requests for row in found)
        return sum(row.response_ms * row.requests for row in found) / total / 1000 if total else 0.0

    def fails_open(self, arn: str) -> bool:
        """Return whether requests go to all targets, as too few are healthy."""
        slots = self.slots.get(arn, Slots()).slots.values()
        name = self.node.groups[arn].name
        taking = [slot for slot in slots if (row := self.rows.get((name, slot.name))) and row.up and slot.takes]
        return bool(slots) and len(taking) < fewest(self.node, arn, self.slots)


def _traffic(name: str) -> tuple[str, str]:
    return name, f"open-{name}"


def _where(slot: Slot) -> str:
    return f"addr {slot.target.address} port {slot.target.port}"


def _appears(name: str, slot: Slot) -> list[str]:
    found = [f"set server {backend}/{slot.name} {_where(slot)}" for backend in (f"checks-{name}", *_traffic(name))]
    return [*found, f"set server checks-{name}/{slot.name} state ready", *_changes(name, slot)]


def _changes(name: str, slot: Slot) -> list[str]:
    """A target that drains has no new requests; those under way go on."""
    return [
        f"set server {name}/{slot.name} state {'ready' if slot.takes else 'maint'}",
        f"set server open-{name}/{slot.name} state {'maint' if slot.target.draining else 'ready'}",
    ]


def _goes(name: str, slot: Slot) -> list[str]:
    """The deregistration delay is over: what is still under way is cut off.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay
    """
    found = [f"set server {backend}/{slot.name} state maint" for backend in (*_traffic(name), f"checks-{name}")]
    return [*found, *(f"shutdown sessions server {backend}/{slot.name}" for backend in _traffic(name))]


def gone_commands(commands: Sequence[str]) -> list[str]:
    """Return those commands that have to be said before a new configuration forgets the targets."""
    return [command for command in commands if command.startswith("shutdown")]


__all__ = ["NodeError", "Running", "key"]
