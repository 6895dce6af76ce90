"""An instance: a host with a PostgreSQL in it, the end of TLS before it, and what the control plane knows of it."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import time
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped] # it has no types

from rehearsal.live import programs
from rehearsal.live.data.machine import Machine
from rehearsal.live.databases import configuration
from rehearsal.live.databases.configuration import ADMIN, INNER_PORT
from rehearsal.live.databases.following import QUESTION, Info
from rehearsal.live.databases.front import Front
from rehearsal.live.databases.model import InstanceSpec
from rehearsal.live.network.fabric import Fabric
from rehearsal.live.network.host import Host
from rehearsal.live.network.places import Place

START = 60.0
"""Seconds here for a PostgreSQL to start, or a copy of its data to be made."""


class InstanceError(Exception):
    """An instance didn't do what it was told."""


class Instance(Machine):
    """An instance; in `folder` is its data."""

    def __init__(
        self, fabric: Fabric, control: Host, region: str, spec: InstanceSpec, address: str, folder: Path, password: str
    ) -> None:
        super().__init__()
        self.spec, self.address, self.place = spec, address, Place(region, spec.zone)
        self.control, self._fabric, self._folder, self._password = control, fabric, folder, password
        self._data, self._log = folder / "data", folder / "postgres.log"
        self._front: Front | None = None
        self._connection: Any = None
        self.info: Info | None = None
        self.follows = ""
        """The address that it was told to follow."""
        self.deaf_since: float | None = None
        """Since when it answers, and doesn't hear from whom it follows."""

    @property
    def position(self) -> int | None:
        """How much of the log it has."""
        return self.info.position if self.info is not None else None

    # Starting and ending

    async def make(self, port: int, context: ssl.SSLContext, user: str, password: str, database: str) -> None:
        """Start it with a new, empty database, and its master user."""
        await self._place()
        await self._begin_empty()
        words = [f"--username={ADMIN}", "--auth=trust", "--no-sync", "--no-instructions", "--wal-segsize=4"]
        await self._run("initdb", "-D", str(self._data), *words, "--encoding=UTF8", "--no-locale")
        self._configure("")
        await self._serve(port, context)
        await self.tell(f"ALTER ROLE {ADMIN} PASSWORD '{self._password}'")
        await self.tell(f"CREATE ROLE {_name(user)} LOGIN CREATEDB CREATEROLE PASSWORD {_text(password)}")
        if database != "postgres":
            await self.tell(f"CREATE DATABASE {_name(database)} OWNER {_name(user)}")

    async def copy(self, port: int, context: ssl.SSLContext, source: str, follow: str = "") -> None:
        """Start it with a copy of what another instance has; it then follows that one, or `follow`."""
        await self._place()
        await self._begin_empty()
        words = ["-D", str(self._data), "-h", source, "-p", str(INNER_PORT), "-U", ADMIN, "--checkpoint=fast"]
        await self._run("pg_basebackup", *words, "--wal-method=stream", "--no-sync", "--no-manifest")
        self._configure(follow or source)
        await self._serve(port, context)

    async def restart(self, port: int, context: ssl.SSLContext) -> None:
        """Start it with what it had, as a writer: an Aurora instance's storage is not lost with it."""
        await self._place()
        self._configure("")
        await self._serve(port, context)

    async def stop(self) -> None:
        """Take it away with its host; its data stays."""
        self._hang_up()
        if self._front is not None:
            await self._front.aclose()
            self._front = None
        if self.host is not None:
            await self._fabric.remove_host(self.host)
            self.host = None

    async def end_cleanly(self) -> None:
        """Have PostgreSQL end once those that follow have everything. Raises InstanceError."""
        self._hang_up()
        await self._run("pg_ctl", "stop", "-D", str(self._data), "-m", "fast", "-t", "10")
        self.lost = True

    async def _place(self) -> None:
        await self.stop()
        self._folder.mkdir(parents=True, exist_ok=True)
        self.lost = self.frozen = False
        self.info, self.replaced_at, self.silent_since = None, None, time.monotonic()
        self._had.clear()
        self.host = await self._fabric.add_host(self.spec.id, [self.address], self.place)

    async def _begin_empty(self) -> None:
        """Put the data aside, a folder of many files, and have it deleted beside all else."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._data.exists():
            aside = self._folder / f"old-{time.monotonic_ns()}"
            self._data.rename(aside)
            asyncio.get_running_loop().run_in_executor(None, partial(shutil.rmtree, aside, ignore_errors=True))

    def _configure(self, source: str) -> None:
        line = configuration.conninfo(source, self._password, self.spec.id) if source else ""
        for name, content in (
            ("postgresql.conf", configuration.settings(self.address, str(self._folder))),
            ("pg_hba.conf", configuration.HBA),
            ("postgresql.auto.conf", configuration.automatic(line)),
        ):
            (self._data / name).write_text(content)
        for name in ("standby.signal", "postmaster.pid"):
            (self._data / name).unlink(missing_ok=True)
        for left in self._folder.glob(".s.PGSQL.*"):
            left.unlink()  # of one that was killed: its process id may be another's by now
        if source:
            (self._data / "standby.signal").touch()
        self.follows, self.deaf_since = source, None

    async def _serve(self, port: int, context: ssl.SSLContext) -> None:
        assert self.host is not None
        program = programs.postgres() / "postgres"
        process = await self.host.start([program, "-D", self._data], env={}, as_user=True, log=self._log)
        deadline = time.monotonic() + START
        while not self.answers:
            if process.returncode is not None or time.monotonic() > deadline:
                raise InstanceError(f"{self.spec.id}: PostgreSQL didn't start: {self._last_words()}")
            await asyncio.sleep(0.05)
            await self.probe(1.0)
        self._front = Front(self.host, port, context)
        self._front.start()

    async def _run(self, program: str, *words: str) -> None:
        assert self.host is not None
        command = [str(programs.postgres() / program), *words]
        process = await self.host.start(command, env={"PGPASSWORD": self._password}, as_user=True, log=self._log)
        try:
            code = await asyncio.wait_for(process.wait(), START)
        except TimeoutError:
            process.kill()
            code = -1
        if code:
            raise InstanceError(f"{self.spec.id}: {program} ended with {code}: {self._last_words()}")

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        return " | ".join(lines[-3:])

    # What the control plane asks and tells

    async def probe(self, limit: float) -> None:
        """Ask it how it is: whether its network answers, then by SQL."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(limit):
                _, writer = await self.control.connect(self.address, INNER_PORT)
                writer.close()
                row = await (await self._admin()).fetchrow(QUESTION)
        except Exception:  # whatever it is, the instance gave no good answer
            self._hang_up()
            self._missed(began)
            return
        self.info = Info(
            row["recovering"], row["position"] or 0, row["source"], row["synchronous"], tuple(row["followers"])
        )
        deaf = bool(self.follows) and self.info.source != self.follows
        self.deaf_since = (self.deaf_since or began) if deaf else None
        self._answered(began)

    async def tell(self, statement: str, limit: float = 10.0) -> None:
        """Have it execute a statement. Raises InstanceError."""
        try:
            async with asyncio.timeout(limit):
                await (await self._admin()).execute(statement)
        except Exception as error:
            self._hang_up()
            raise InstanceError(f"{self.spec.id}: {type(error).__name__}: {error}") from error

    async def follow(self, address: str) -> None:
        """Have a standby follow another instance."""
        line = configuration.conninfo(address, self._password, self.spec.id)
        await self.tell(f"ALTER SYSTEM SET primary_conninfo = {_text(line)}")
        await self.tell("SELECT pg_reload_conf()")
        self.follows, self.deaf_since = address, None

    async def promote(self) -> None:
        """Have a standby take writes, which wait for nobody at first."""
        await self.tell("ALTER SYSTEM SET synchronous_standby_names = ''")
        await self.tell("SELECT pg_reload_conf()")
        await self.tell("SELECT pg_promote(true, 10)", limit=12)
        self.follows = ""

    async def wait_for(self, readers: list[str]) -> None:
        """Have commits wait until one of these instances has them."""
        await self.tell(f"ALTER SYSTEM SET synchronous_standby_names = {_text(configuration.synchronous(readers))}")
        await self.tell("SELECT pg_reload_conf()")

    async def _admin(self) -> Any:
        """The control plane's connection, by a socket in the file system: `probe` has asked whether it is cut off."""
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(
                host=str(self._folder), port=INNER_PORT, user=ADMIN, database="postgres", timeout=5
            )
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
