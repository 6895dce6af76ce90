"""The service manager of one server: what systemd does for units, mounts and the agent that sends logs."""

import asyncio
import contextlib
import shlex
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from rehearsal.live.network.host import Host
from rehearsal.live.servers.service import Service
from rehearsal.live.servers.short_path import short
from rehearsal.live.servers.small_http import Answer, Request, serve
from rehearsal.live.servers.tree import Tree
from rehearsal.live.servers.unit import Unit, parse

UNITS = "/etc/systemd/system"

AT_ONCE = 1.0
"""Seconds that a unit has to end where nobody is served by it."""

Mount = Callable[[str, str, Path], Awaitable[None]]
"""Mounts a file system (its id, its access point) on a folder."""

Send = Callable[[str], None]
"""Sends logs as a configuration of CloudWatch's agent says."""

Note = Callable[[str], None]


class Manager:
    """Answers `systemctl` and its like, and keeps the units running."""

    def __init__(self, host: Host, tree: Tree, variables: dict[str, str], mount: Mount, send: Send, note: Note) -> None:
        self._host, self._tree, self._variables = host, tree, variables
        self._mount, self._send, self._note = mount, send, note
        self.services: dict[str, Service] = {}
        self._units: dict[str, Unit] = {}
        self._enabled: set[str] = set()
        self._mounted: set[str] = set()
        self._server: asyncio.Server | None = None

    async def listen(self) -> None:
        """Answer at the server's socket."""
        path = self._tree.tools / "manager.sock"
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        self._server = await asyncio.start_unix_server(serve(self._handle), sock=_bound(path))

    async def _handle(self, request: Request) -> Answer:
        words = request.body.decode(errors="surrogateescape").splitlines()
        try:
            return await self.do(words[0], words[1:])
        except (OSError, IndexError, KeyError, ValueError) as error:
            return Answer(500, f"{words[0] if words else '?'}: {error}")

    async def do(self, program: str, words: list[str]) -> Answer:
        """Do what a command asks."""
        if program == "systemctl":
            return await self._systemctl(words)
        if program == "journalctl":
            return Answer(200, self._journal(words))
        if program == "mountpoint":
            return Answer(200 if words[-1] in self._mounted else 404)
        if program == "mount":
            return await self._mount_from_table(words[-1])
        if program == "amazon-cloudwatch-agent-ctl":
            self._send(words[words.index("-c") + 1].removeprefix("file:"))
            return Answer()
        return Answer(404, f"{program}: the rehearsal has none")

    async def _systemctl(self, words: list[str]) -> Answer:
        now = "--now" in words
        verb, *names = [word for word in words if not word.startswith("-")]
        names = [name if "." in name else f"{name}.service" for name in names]
        if verb == "daemon-reload":
            self._units.clear()
            return Answer()
        if verb == "enable":
            self._enabled.update(names)
        elif verb == "disable":
            self._enabled.difference_update(names)
        for name in names:
            if verb in ("start", "restart", "reload-or-restart") or (verb == "enable" and now):
                await self.start(name, again=verb != "start")
            elif verb == "stop" or (verb == "disable" and now):
                await self.stop(name)
            elif verb in ("is-active", "status"):
                active = name in self.services and self.services[name].runs
                return Answer(200 if active else 500, "active" if active else "inactive")
            elif verb not in ("enable", "disable"):
                return Answer(500, f"systemctl {verb}: the rehearsal has no such command")
        return Answer()

    def unit(self, name: str) -> Unit:
        """Read a unit, with what is added to it. Raises ValueError if there is none."""
        if name not in self._units:
            folder = self._tree.at(UNITS)
            files = [folder / name, *sorted((folder / f"{name}.d").glob("*.conf"))]
            texts = [file.read_text(errors="surrogateescape") for file in files if file.is_file()]
            if not texts:
                raise ValueError(f"Unit {name} not found.")
            self._units[name] = parse(name, *texts)
        return self._units[name]

    async def start(self, name: str, *, again: bool = False) -> None:
        """Start a unit; one that runs is left, or stopped first."""
        unit = self.unit(name)
        if not unit.start:
            raise ValueError(f"{name}: has no ExecStart; an image of one's own isn't here")
        known = self.services.get(name)
        if known is not None and known.runs:
            if not again:
                return
            await known.stop(known.unit.stop_seconds)
        self.services[name] = Service(unit, self._host, self._tree, self._variables, self._note)
        await self.services[name].start()

    async def stop(self, name: str) -> None:
        """Stop a unit as it says."""
        if name in self.services:
            await self.services[name].stop(self.services[name].unit.stop_seconds)

    async def start_anew(self, variables: Mapping[str, str]) -> None:
        """Start every unit that runs again, at once, with these variables besides."""
        self._variables.update(variables)
        for name, service in [(name, service) for name, service in self.services.items() if service.runs]:
            await service.stop(AT_ONCE)
            await self.start(name)

    async def shut_down(self, scale: Callable[[float], float]) -> None:
        """Stop all units, as a shutdown does; `scale` turns their limits into seconds here.

        One that starts before another is stopped after it.
        https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Before=
        """
        left = dict(self.services)
        while left:
            waits = {name for name, each in left.items() if any(other in left for other in each.unit.before)}
            now = {*left} - waits or {*left}  # who all wait for each other wait for nobody
            stopped = [left.pop(name) for name in now]
            await asyncio.gather(*(each.stop(scale(each.unit.stop_seconds)) for each in stopped))

    async def _mount_from_table(self, path: str) -> Answer:
        table = self._tree.at("/etc/fstab")
        for line in table.read_text().splitlines() if table.exists() else ():
            fields = shlex.split(line)
            if len(fields) >= 4 and fields[1] == path and fields[2] == "efs":
                options = dict(each.partition("=")[::2] for each in fields[3].split(","))
                try:
                    await self._mount(fields[0].partition(":")[0], options.get("accesspoint", ""), self._tree.at(path))
                except LookupError as error:
                    return Answer(500, f"mount.efs: {error}")
                self._mounted.add(path)
                return Answer()
        return Answer(500, f"mount: {path}: no file system of EFS in /etc/fstab")

    def _journal(self, words: list[str]) -> str:
        name = words[words.index("-u") + 1] if "-u" in words else ""
        count = int(words[words.index("-n") + 1]) if "-n" in words else 100
        log = self._tree.at(f"/var/log/journal-{name.removesuffix('.service')}.log")
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:]) if log.exists() else "-- No entries --"

    async def aclose(self) -> None:
        """Answer nobody any more, and start nothing again."""
        if self._server is not None:
            self._server.close()
        for service in self.services.values():
            service.forget()


def _bound(path: Path) -> socket.socket:
    """Bind a socket."""
    opened = socket.socket(socket.AF_UNIX)
    with short(path) as where:
        opened.bind(where)
    return opened
