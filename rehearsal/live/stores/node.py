"""A node: a host with a Valkey in it, HAProxy before it, and what the control plane knows of it."""

from __future__ import annotations

import time
from pathlib import Path

from rehearsal.live import programs
from rehearsal.live.authority import Certificate
from rehearsal.live.data.machine import Machine
from rehearsal.live.network.fabric import Fabric
from rehearsal.live.network.host import Host
from rehearsal.live.network.places import Place
from rehearsal.live.stores import configuration
from rehearsal.live.stores.following import Address, Info
from rehearsal.live.stores.model import Group, NodeSpec
from rehearsal.live.stores.protocol import Command, Line

CONTROL = "elasticache"
"""The user of the control plane and of replication; the account knows nothing of it."""


class Node(Machine):
    """A node."""

    def __init__(
        self, fabric: Fabric, control: Host, region: str, spec: NodeSpec, address: str, folder: Path, password: str
    ) -> None:
        super().__init__()
        self.spec, self.address, self.place = spec, address, Place(region, spec.zone)
        self.inner: Address = (address, configuration.INNER_PORT)
        self._fabric, self._folder, self._password = fabric, folder, password
        self.line = Line(control, address, configuration.INNER_PORT, CONTROL, password)
        self.info: Info | None = None
        self.serving = False
        self.cpu = self._asked_at = 0.0
        """Of one core, between the last two answers."""

    @property
    def position(self) -> int | None:
        """How much of the stream it has."""
        return self.info.offset if self.info is not None else None

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

    async def probe(self, limit: float) -> None:
        """Ask it how it is, over the network."""
        began = time.monotonic()
        try:
            [text] = await self.line.ask(("INFO", "everything"), limit=limit)
        except Exception:  # whatever it is, the node gave no good answer
            self._missed(began)
            return
        before, info = self.info, Info.read(text)
        if before is not None and began > self._asked_at:
            self.cpu = max(0.0, info.cpu_seconds - before.cpu_seconds) / (began - self._asked_at)
        self.info, self._asked_at = info, began
        self._answered(began)

    async def tell(self, *commands: Command, limit: float = 2.0) -> list[object]:
        """Give it commands. Raises OSError or ReplyError."""
        return await self.line.ask(*commands, limit=limit)

    async def follow(self, upstream: Address | None) -> None:
        """Have it follow another, or nobody."""
        await self.tell(("REPLICAOF", *(upstream or ("NO", "ONE"))))
