"""A machine with a Valkey in it and HAProxy before it, and what a control plane knows of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import ClassVar

from rehearsal.live import programs
from rehearsal.live.authority import Certificate
from rehearsal.live.data.machine import Machine
from rehearsal.live.network.fabric import Fabric
from rehearsal.live.network.host import Host
from rehearsal.live.network.places import Place
from rehearsal.live.network.process import Process
from rehearsal.live.stores import configuration
from rehearsal.live.stores.following import Address, Info
from rehearsal.live.stores.model import NodeSpec
from rehearsal.live.stores.protocol import Command, Line


class Engine(Machine):
    """A node's machine. password: of `user`."""

    user: ClassVar[str]
    """The control plane's user, and replication's; the account knows nothing of it."""

    def __init__(
        self, fabric: Fabric, control: Host, region: str, spec: NodeSpec, address: str, folder: Path, password: str
    ) -> None:
        super().__init__()
        self.spec, self.address, self.place = spec, address, Place(region, spec.zone)
        self.inner: Address = (address, configuration.INNER_PORT)
        self._fabric, self.folder, self.password = fabric, folder, password
        self.line = Line(control, address, configuration.INNER_PORT, self.user, password)
        self.valkey: Process | None = None
        self.info: Info | None = None
        self.cpu = 0.0
        """Of one core, between the last two answers."""
        self.asked_at = 0.0
        """When it was asked what it answered last."""

    @property
    def position(self) -> int | None:
        """How much of the stream it has."""
        return self.info.offset if self.info is not None else None

    @property
    def state(self) -> str:
        """How it is, in one word."""
        if self.lost:
            return "lost"
        if self.frozen:
            return "frozen"
        if not self.answers or self.info is None:
            return "silent"
        whole = self.info.linked and not self.info.syncing and self.info.serves
        return "available" if whole else "syncing"

    def lose(self) -> None:
        """Lose its hardware, which can be lost once."""
        if not self.lost:
            super().lose()

    async def boot(self, text: str, port: int, certificate: Certificate) -> None:
        """Start a new machine: HAProxy, which ends TLS at the port, and a Valkey with this configuration."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lost = self.frozen = False
        self.replaced_at = None
        self.host = await self._fabric.add_host(self.spec.id, [self.address], self.place)
        await self.run(text)
        haproxy = self._write("haproxy.cfg", configuration.haproxy(self.address, port, certificate.combined))
        program, environment = programs.haproxy()
        await self.host.start([program, "-db", "-f", haproxy], env=environment, log=self.folder / "haproxy.log")

    async def run(self, text: str) -> None:
        """Start a Valkey with this configuration; none may run."""
        assert self.host is not None
        self.info, self.silent_since, self.misses = None, time.monotonic(), 0
        self.line.close()
        file = self._write("valkey.conf", text)
        self.valkey = await self.host.start([programs.valkey_server(), file], env={}, log=self.folder / "valkey.log")

    def _write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.touch(mode=0o600)
        file.write_text(text)
        return file

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
        if before is not None and began > self.asked_at:
            self.cpu = max(0.0, info.cpu_seconds - before.cpu_seconds) / (began - self.asked_at)
        self.info, self.asked_at = info, began
        self._answered(began)

    async def tell(self, *commands: Command, limit: float = 2.0) -> list[object]:
        """Give it commands. Raises OSError or ReplyError."""
        return await self.line.ask(*commands, limit=limit)
