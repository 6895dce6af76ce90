"""Serve DNS over UDP and TCP."""

import asyncio
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast

Handler = Callable[[bytes, bool], Awaitable[bytes]]
"""From a message, and whether it came over UDP, to the answer; b"" is silence."""

IDLE = 10.0
"""Seconds until a silent TCP connection is closed."""


class Datagrams(asyncio.DatagramProtocol):
    """DNS over UDP."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._tasks: set[asyncio.Task[None]] = set()
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """Answer."""
        task = asyncio.ensure_future(self._answer(data, addr))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, data: bytes, addr: Any) -> None:
        answer = await self._handler(data, True)
        if answer and self._transport and not self._transport.is_closing():
            self._transport.sendto(answer, addr)


def stream(handler: Handler) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """DNS over TCP, for `asyncio.start_server`: each message after two bytes with its length."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, asyncio.TimeoutError, OSError):
            while True:
                head = await asyncio.wait_for(reader.readexactly(2), IDLE)
                message = await asyncio.wait_for(reader.readexactly(*struct.unpack("!H", head)), IDLE)
                answer = await handler(message, False)
                if not answer:
                    break
                writer.write(struct.pack("!H", len(answer)) + answer)
                await writer.drain()
        writer.close()

    return serve
