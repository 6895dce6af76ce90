"""The live plane's process outside: `python -m rehearsal.live.door HOME`.

It starts the daemon inside namespaces of its own and is its only way out: Unix sockets to the emulated account, and
from 127.0.0.1 to the console, the site and DNS. When it ends, everything inside ends with it; and it ends when the
emulated account does.
"""

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, cast

from rehearsal.emulator import process
from rehearsal.live.paths import Paths
from rehearsal.live.servers import baker

NAMESPACES = ("--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
"""https://man7.org/linux/man-pages/man1/unshare.1.html: unprivileged; the last process inside takes all along."""

LOOK_SECONDS = 2.0

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, until one side has had enough."""
    with contextlib.suppress(OSError, asyncio.CancelledError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof()


def between(open_other: Callable[[], Awaitable[Streams]]) -> Callable[..., Awaitable[None]]:
    """Return a handler that joins each connection to another."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            other_reader, other_writer = await open_other()
        except OSError:
            writer.close()
            return
        try:
            await asyncio.gather(pump(reader, other_writer), pump(other_reader, writer))
        finally:
            other_writer.close()
            writer.close()

    return handle


class Datagrams(asyncio.DatagramProtocol):
    """DNS by UDP at 127.0.0.1, asked inside as DNS by TCP."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember whom to answer by."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Ask inside."""
        task = asyncio.create_task(self._ask(data, addr))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, data: bytes, addr: tuple[str, int]) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(5):
                reader, writer = await asyncio.open_unix_connection(str(self._socket))
                writer.write(len(data).to_bytes(2, "big") + data)
                size = int.from_bytes(await reader.readexactly(2), "big")
                self._transport.sendto(await reader.readexactly(size), addr)
                writer.close()


class Door:
    """The doors of one live plane."""

    def __init__(self, home: Path, emulator: process.Emulator) -> None:
        self.paths, self.emulator = Paths(home), emulator
        self.token = secrets.token_urlsafe(24)
        self._servers: list[asyncio.Server] = []

    async def open(self) -> dict[str, int]:
        """Open the doors; return the ports on 127.0.0.1."""
        self.paths.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.paths.folder.chmod(0o700)  # its sockets need no key
        self._clear()
        port = self.emulator.port
        account = between(lambda: asyncio.open_connection("127.0.0.1", port))
        self._servers.append(await asyncio.start_unix_server(account, str(self.paths.account)))
        self._servers.append(await baker.serve(self.paths.baker))
        ports = {}
        for name, socket in (("console", self.paths.console), ("site", self.paths.site), ("dns", self.paths.dns)):
            server = await asyncio.start_server(between(self._inside(socket)), "127.0.0.1", self._before(name))
            self._servers.append(server)
            ports[name] = server.sockets[0].getsockname()[1]
        await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Datagrams(self.paths.dns), local_addr=("127.0.0.1", ports["dns"])
        )
        return ports

    def _clear(self) -> None:
        """Take away what an earlier plane left, but for the log that this one writes to."""
        for left in self.paths.folder.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            elif left != self.paths.log:
                left.unlink()

    def _inside(self, socket: Path) -> Callable[[], Awaitable[Streams]]:
        return lambda: asyncio.open_unix_connection(str(socket))

    def _before(self, name: str) -> int:
        """The port of the last time, if nobody has it now; a page that is open goes on then."""
        import socket  # noqa: PLC0415 (a name of this file, otherwise)

        with contextlib.suppress(OSError, ValueError, KeyError):
            port = int(json.loads(self.paths.record.read_text())["ports"][name])
            with socket.socket() as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(("127.0.0.1", port))
            return port
        return 0

    async def run(self, speed: float) -> int:
        """Start the daemon and wait until it, the account or this process is told to end."""
        ports = await self.open()
        ending = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, ending.set)
        inside = await asyncio.create_subprocess_exec(
            *("unshare", *NAMESPACES, sys.executable, "-m", "rehearsal.live.init"),
            *(sys.executable, "-m", "rehearsal.live.daemon", str(self.paths.home), str(speed)),
            env={
                **os.environ,
                "REHEARSAL_LIVE_TOKEN": self.token,
                "REHEARSAL_LIVE_PORTS": json.dumps(ports),
                "REHEARSAL_EMULATOR": f"{self.emulator.port} {self.emulator.key}",
            },
            stdin=asyncio.subprocess.PIPE,  # it ends inside when this process does, however that is
        )
        self._write(ports)
        ends: list[Coroutine[Any, Any, Any]] = [inside.wait(), ending.wait(), self._account_ends()]
        await asyncio.wait([asyncio.create_task(end) for end in ends], return_when=asyncio.FIRST_COMPLETED)
        if inside.returncode is None:
            assert inside.stdin is not None
            inside.stdin.close()
            try:
                await asyncio.wait_for(inside.wait(), 10)
            except TimeoutError:
                inside.kill()
        return 0

    async def _account_ends(self) -> None:
        while await asyncio.to_thread(process.running, self.paths.home):
            await asyncio.sleep(LOOK_SECONDS)

    def _write(self, ports: dict[str, int]) -> None:
        """Say where the live plane is; for its owner's eyes only, as it has the console's token."""
        text = json.dumps({"pid": os.getpid(), "token": self.token, "ports": ports, "emulator": self.emulator.pid})
        self.paths.record.touch(mode=0o600)
        self.paths.record.write_text(text)


def main(home: Path, speed: float) -> int:
    """Run until the end."""
    emulator = process.running(home)
    if emulator is None:
        print("nothing is deployed: `make up` puts the stack up", file=sys.stderr)
        return 1
    return asyncio.run(Door(home, emulator).run(speed))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), float(sys.argv[2]) if len(sys.argv) > 2 else 1.0))
