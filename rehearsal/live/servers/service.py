"""A service that runs: started as its unit says, started again when it ends, stopped as the unit says."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable

from rehearsal.live.network.host import Host
from rehearsal.live.network.process import Process
from rehearsal.live.servers.tree import Tree, environment
from rehearsal.live.servers.unit import Unit, command, variables_of


class Service:
    """A service of one server."""

    def __init__(
        self, unit: Unit, host: Host, tree: Tree, variables: dict[str, str], note: Callable[[str], None]
    ) -> None:
        self.unit, self._host, self._tree, self._variables, self._note = unit, host, tree, variables, note
        self.process: Process | None = None
        self.restarts = 0
        self._stopping = False
        self._keeper: asyncio.Task[None] | None = None

    @property
    def runs(self) -> bool:
        """Whether its process is there."""
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        """Start it. Raises ValueError or OSError if that can't be."""
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep(), name=f"{self._host.name} {self.unit.name}")

    async def _spawn(self) -> None:
        unit = self.unit
        told = self.told()
        for folder in unit.folders:
            self._tree.at(folder).mkdir(parents=True, exist_ok=True)
        log = unit.output or f"/var/log/journal-{unit.name.removesuffix('.service')}.log"
        self._tree.at(log).parent.mkdir(parents=True, exist_ok=True)
        self.process = await self._host.start(
            command(unit.start, told),
            env=told,
            cwd=unit.folder.lstrip("-"),
            as_user=unit.user not in ("", "root"),
            root=self._tree.root,
            log=self._tree.at(log),
        )

    def told(self) -> dict[str, str]:
        """Return the service's environment. Raises ValueError if a file of it is missing."""
        unit = self.unit
        told = environment(self._variables)
        if unit.user:
            told |= {"USER": unit.user, "LOGNAME": unit.user, "HOME": f"/var/lib/{unit.user}", "SHELL": "/sbin/nologin"}
        told |= dict(each.partition("=")[::2] for each in unit.variables)
        for name in unit.files:
            file = self._tree.at(name.lstrip("-"))
            if file.is_file():
                told |= variables_of(file.read_text(errors="surrogateescape"))
            elif not name.startswith("-"):
                raise ValueError(f"{unit.name}: {name}: no such file")
        return told

    async def _keep(self) -> None:
        """Start it again whenever it ends, as the unit says."""
        while self.process is not None:
            code = await self.process.wait()
            self.process.kill()  # what it left behind
            if self._stopping or not self._host.up:
                return
            self._note(f"{self.unit.name} ended with {code}")
            if not self.unit.restarts(code):
                return
            await asyncio.sleep(self.unit.restart_seconds)
            if self._stopping or not self._host.up:
                return
            self.restarts += 1
            try:
                await self._spawn()
            except (OSError, ValueError) as error:
                self._note(f"{self.unit.name} can't be started: {error}")
                return

    async def stop(self, seconds: float) -> None:
        """Ask it to end, and end it after so many seconds.

        KillMode=mixed asks the first process only; otherwise each is asked.
        https://www.freedesktop.org/software/systemd/man/latest/systemd.kill.html
        """
        self._stopping = True
        if self.process is None or self.process.returncode is not None:
            return
        if self.unit.kill_mode in ("mixed", "process"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGTERM)
        else:
            self.process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), seconds)
        self.process.kill()
        await self.process.wait()

    def forget(self) -> None:
        """Start it no more."""
        self._stopping = True
        if self._keeper is not None:
            self._keeper.cancel()
