"""The end of TLS in front of a PostgreSQL that was built without it.

A client asks for TLS in eight bytes and is answered by one:
https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL. Who doesn't ask is refused, as Aurora does
by default (`rds.force_ssl`): https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct

from rehearsal.live.databases.configuration import INNER_PORT
from rehearsal.live.network.host import Host

TLS, GSS, CANCEL = 80877103, 80877104, 80877102
HANDSHAKE = 10.0
"""Seconds for a client to say what it wants."""


class Front:
    """Listens in an instance's host and passes on to the PostgreSQL in it."""

    def __init__(self, host: Host, port: int, context: ssl.SSLContext) -> None:
        self._host, self._port, self._context = host, port, context
        self._socket: socket.socket | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Listen."""
        self._socket = self._host.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((self._host.address, self._port))
        self._socket.listen(256)
        self._spawn(self._accept(self._socket))

    async def aclose(self) -> None:
        """Hang up."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._socket is not None:
            self._socket.close()

    def _spawn(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)  # type: ignore[arg-type] # a coroutine
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listening: socket.socket) -> None:
        while True:
            client, _ = await asyncio.get_running_loop().sock_accept(listening)
            client.setblocking(False)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._spawn(self._serve(client))

    async def _serve(self, client: socket.socket) -> None:
        try:
            async with asyncio.timeout(HANDSHAKE):
                reader, writer = await self._take_up(client)
        except (OSError, TimeoutError, EOFError):
            client.close()
            return
        try:
            up_reader, up_writer = await self._host.connect("127.0.0.1", INNER_PORT)
        except OSError:
            writer.close()
            return
        ways = [asyncio.create_task(_copy(reader, up_writer)), asyncio.create_task(_copy(up_reader, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            up_writer.close()
            writer.close()

    async def _take_up(self, client: socket.socket) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Agree on TLS. Raises EOFError for who wants none."""
        loop = asyncio.get_running_loop()
        while True:
            head = b""
            while len(head) < 8:
                if not (more := await loop.sock_recv(client, 8 - len(head))):
                    raise EOFError
                head += more
            code = struct.unpack("!II", head)[1]
            if code == GSS:
                await loop.sock_sendall(client, b"N")
            elif code == TLS:
                break
            else:
                if code != CANCEL:
                    await loop.sock_sendall(client, REFUSAL)
                raise EOFError
        await loop.sock_sendall(client, b"S")
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await loop.connect_accepted_socket(lambda: protocol, client, ssl=self._context)
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


def _error(code: str, text: str) -> bytes:
    fields = b"".join(f"{kind}{value}".encode() + b"\0" for kind, value in (("S", "FATAL"), ("C", code), ("M", text)))
    return b"E" + struct.pack("!I", len(fields) + 5) + fields + b"\0"


REFUSAL = _error("28000", "no pg_hba.conf entry for this host, no encryption")


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
