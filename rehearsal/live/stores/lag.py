"""Replication that lags: what a replica is sent passes through here, and comes so many seconds later."""

import asyncio
import contextlib
import time
from collections.abc import Callable

from rehearsal.live.network.host import Host

PORT = 16380
"""On the replica's loopback address: it follows this in place of its primary."""

CHUNK = 65536


class Lag:
    """Stands between one replica and what it follows.

    alive: whether what the replica follows still sends; what is under way when it no longer does is lost, as it would
    be in the buffers of a primary that lags behind with sending.
    """

    def __init__(self, replica: Host, address: str, port: int, alive: Callable[[], bool]) -> None:
        self._replica, self._address, self._port, self._alive = replica, address, port, alive
        self.seconds = 0.0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen for the replica."""
        self._server = await self._replica.listen(self._pass_on, "127.0.0.1", PORT)

    async def aclose(self) -> None:
        """Hang up; what is under way is gone."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            up_reader, up_writer = await self._replica.connect(self._address, self._port)
            queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
            parts = [
                asyncio.create_task(_copy(reader, up_writer)),
                asyncio.create_task(self._take(up_reader, queue)),
                asyncio.create_task(self._give(queue, writer)),
            ]
            try:
                await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for part in parts:
                    part.cancel()
                up_writer.close()
        except (OSError, asyncio.CancelledError):
            pass  # hung up on; the streams' own caller can't bear a task that was cancelled
        finally:
            self._tasks.discard(task)
            with contextlib.suppress(OSError):
                writer.close()

    async def _take(self, reader: asyncio.StreamReader, queue: asyncio.Queue[tuple[float, bytes]]) -> None:
        while data := await reader.read(CHUNK):
            queue.put_nowait((time.monotonic(), data))

    async def _give(self, queue: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            came, data = await queue.get()
            await asyncio.sleep(max(0.0, came + self.seconds - time.monotonic()))
            if not self._alive():
                return
            writer.write(data)
            await writer.drain()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
