"""A node: a host with a Valkey in it, HAProxy before it, and what the control plane knows of it."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path

from rehearsal.live import programs
from rehearsal.live.authority import Certificate
from rehearsal.live.network.fabric import Fabric
from rehearsal.live.network.host import Host
from rehearsal.live.network.places import Place
from rehearsal.live.stores import configuration
from rehearsal.live.stores.following import Address, Info
from rehearsal.live.stores.model import Group, NodeSpec
from rehearsal.live.stores.protocol import Command, Line

CONTROL = "elasticache"
"""The user of the control plane and of replication; the account knows nothing of it."""


class Node:
    """A node. `lost`: its hardware is gone, until it is replaced."""

    def __init__(
        self, fabric: Fabric, control: Host, region: str, spec: NodeSpec, address: str, folder: Path, password: str
    ) -> None:
        self.spec, self.address, self.place = spec, address, Place(region, spec.zone)
        self.inner: Address = (address, configuration.INNER_PORT)
        self._fabric, self._folder, self._password = fabric, folder, password
        self.line = Line(control, address, configuration.INNER_PORT, CONTROL, password)
        self.host: Host | None = None
        self.info: Info | None = None
        self.lost = self.frozen = self.serving = False
        self.silent_since: float | None = time.monotonic()
        self.misses = 0
        """Questions in a row that it didn't answer."""
        self.replaced_at: float | None = None
        self.cpu = self._asked_at = 0.0
        """Of one core, between the last two answers."""
        self._offsets: deque[tuple[float, int]] = deque(maxlen=600)

    @property
    def answers(self) -> bool:
        """Whether it answered when it was last asked."""
        return self.silent_since is None

    async def start(self, group: Group, certificate: Certificate, follow: Address | None) -> None:
        """Start it, empty; it follows another from its first moment."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.lost = self.frozen = self.serving = False
        self.replaced_at, self.info, self.silent_since = None, None, time.monotonic()
        self.line.close()
        text = configuration.valkey(self.address, self._folder, group.parameters, group.users, CONTROL, self._password)
        if follow is not None:
            text += f"replicaof {follow[0]} {follow[1]}\n"
        valkey, haproxy = self._folder / "valkey.conf", self._folder / "haproxy.cfg"
        for file, content in (
            (valkey, text),
            (haproxy, configuration.haproxy(self.address, group.port, certificate.combined)),
        ):
            file.touch(mode=0o600)
            file.write_text(content)
        self.host = await self._fabric.add_host(self.spec.id, [self.address], self.place)
        await self.host.start([programs.valkey_server(), valkey], env={}, log=self._folder / "valkey.log")
        program, environment = programs.haproxy()
        await self.host.start([program, "-db", "-f", haproxy], env=environment, log=self._folder / "haproxy.log")

    async def stop(self) -> None:
        """Take it away with its host."""
        self.line.close()
        if self.host is not None:
            await self._fabric.remove_host(self.host)
            self.host = None

    def lose(self) -> None:
        """Lose its hardware."""
        if self.host is not None:
            self.host.lose()
        self.lost, self.frozen = True, False

    def freeze(self) -> None:
        """Stop it where it is."""
        if self.host is not None:
            self.host.freeze()
        self.frozen = True

    def thaw(self) -> None:
        """Let it go on."""
        if self.host is not None and self.frozen:
            self.host.thaw()
        self.frozen = False

    async def probe(self, limit: float) -> None:
        """Ask it how it is, over the network."""
        began = time.monotonic()
        try:
            [text] = await self.line.ask(("INFO", "everything"), limit=limit)
        except Exception:  # whatever it is, the node gave no good answer
            self.silent_since = began if self.silent_since is None else self.silent_since
            self.misses += 1
            return
        self.misses = 0
        before, info = self.info, Info.read(text)
        if before is not None and began > self._asked_at:
            self.cpu = max(0.0, info.cpu_seconds - before.cpu_seconds) / (began - self._asked_at)
        self.silent_since, self.info, self._asked_at = None, info, began
        self._offsets.append((began, self.info.offset))

    async def tell(self, *commands: Command, limit: float = 2.0) -> list[object]:
        """Give it commands. Raises OSError or ReplyError."""
        return await self.line.ask(*commands, limit=limit)

    async def follow(self, upstream: Address | None) -> None:
        """Have it follow another, or nobody."""
        await self.tell(("REPLICAOF", *(upstream or ("NO", "ONE"))))

    def reached(self, offset: int) -> float | None:
        """When it had so much of the stream first, on this machine's clock; None if it didn't yet or it isn't known."""
        return next((at for at, had in self._offsets if had >= offset), None)

    def lag_behind(self, head: Node) -> float:
        """Seconds here since the head had no more than this node has now; 0 if it has all."""
        if self.info is None or head.info is None or self.info.offset >= head.info.offset:
            return 0.0
        had = head.reached(self.info.offset + 1)
        return max(0.0, time.monotonic() - had) if had is not None else 0.0
