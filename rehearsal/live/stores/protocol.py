"""Commands to a Valkey from a host of the network: what the control plane of ElastiCache says to its nodes.

https://valkey.io/topics/protocol/
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

from rehearsal.live.network.host import Host

Command = Sequence[str | bytes | int]


class ReplyError(Exception):
    """The server answered with an error."""


def encode(command: Command) -> bytes:
    """Return a command as it goes over the wire."""
    words = [word if isinstance(word, bytes) else str(word).encode() for word in command]
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)


async def read_reply(reader: asyncio.StreamReader, *, raw: bool = False) -> Any:
    """Read a reply; an error is returned, not raised. Raises EOFError where the connection ends.

    raw: leave values as bytes.
    """
    line = (await reader.readuntil(b"\r\n"))[:-2]
    kind, rest = line[:1], line[1:]
    if kind == b"+":
        return rest.decode()
    if kind == b"-":
        return ReplyError(rest.decode())
    if kind == b":":
        return int(rest)
    size = int(rest)
    if size < 0:
        return None
    if kind == b"$":
        value = (await reader.readexactly(size + 2))[:-2]
        return value if raw else value.decode(errors="replace")
    return [await read_reply(reader, raw=raw) for _ in range(size)]


class Line:
    """A connection to one Valkey, opened when it is needed and again after a failure. `raw`: values stay bytes."""

    def __init__(self, host: Host, address: str, port: int, user: str, password: str, *, raw: bool = False) -> None:
        self.host, self._address, self._port, self._raw = host, address, port, raw
        self._auth = ("AUTH", user, password)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def ask(self, *commands: Command, limit: float, same: bool = False, bear: bool = False) -> list[Any]:
        """Send commands, and return their replies.

        Args:
            commands: what is sent.
            limit: seconds for all replies.
            same: send it over the connection of the call before, or not at all.
            bear: return errors among the replies, too.

        Raises:
            OSError: nobody answered within the limit, or the connection broke.
            ReplyError: the first error among the replies.
        """
        async with self._turn:
            if same and self._streams is None:
                raise ConnectionError(f"{self._address}: the connection is another one")
            try:
                async with asyncio.timeout(limit):
                    replies = await self._exchange(commands)
            except (OSError, EOFError, TimeoutError) as error:
                self.close()
                raise ConnectionError(f"{self._address}: {error or 'no answer'}") from error
            except BaseException:
                self.close()
                raise
        for reply in replies:
            if isinstance(reply, ReplyError) and not bear:
                raise reply
        return replies

    async def _exchange(self, commands: Sequence[Command]) -> list[Any]:
        sent = list(commands)
        if self._streams is None:
            self._streams = await self.host.connect(self._address, self._port)
            sent = [self._auth, *sent]
        reader, writer = self._streams
        writer.write(b"".join(map(encode, sent)))
        await writer.drain()
        replies = [await read_reply(reader, raw=self._raw) for _ in sent]
        if len(sent) > len(commands) and isinstance(replies[0], ReplyError):
            raise replies[0]
        return replies[len(sent) - len(commands) :]

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._streams is not None:
            with contextlib.suppress(OSError):
                self._streams[1].close()
            self._streams = None
