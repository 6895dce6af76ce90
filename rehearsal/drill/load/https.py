"""Requests over HTTP/1.1 and TLS, with connections kept alive as browsers keep them."""

import asyncio
import contextlib
import ssl
import time
from dataclasses import dataclass, field

from rehearsal.drill.load.names import Cache, NoAddressError

CONNECT = 4.0
"""Seconds for a connection to one address; then the next is tried. Clients differ: Windows waits 21 s for each."""
IDLE = 6
"""Connections that a browser keeps to a host
(https://chromium.googlesource.com/chromium/src/+/HEAD/net/socket/client_socket_pool_manager.cc)."""
LIMIT = 1 << 20
AT_ONCE = 1.0
"""Seconds."""


@dataclass
class Answer:
    """The outcome of a request."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""
    """Why there is no status: dns, connect timeout, refused, reset, closed, tls, timeout, unreachable."""
    address: str = ""
    sent: bool = False
    """Whether the request may have reached a server."""


@dataclass
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    address: str
    used: bool = False

    @property
    def open(self) -> bool:
        return not (self.writer.is_closing() or self.reader.at_eof())


class Failure(Exception):
    """A request had no answer."""


class Browser:
    """What a user has: a cache of names, and connections that stay open.

    A request is made once, but for one on a kept connection that turns out to be closed: that one browsers repeat.
    """

    def __init__(self, cache: Cache, host: str, port: int, context: ssl.SSLContext | None, idle: int = IDLE) -> None:
        self._cache = cache
        self._host = host
        self._port = port
        self._context = context
        self._keep = idle
        self._idle: list[_Connection] = []

    async def request(self, method: str, path: str, *, patience: float, cookie: str = "", body: bytes = b"") -> Answer:
        """Make a request, and wait for its answer for `patience` seconds."""
        answer = Answer()
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", "Accept: application/json", "User-Agent: drill"]
        if cookie:
            head.append(f"Cookie: {cookie}")
        if body:
            head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        data = "\r\n".join([*head, "", ""]).encode() + body
        try:
            async with asyncio.timeout(patience):
                await self._exchange(data, answer)
        except TimeoutError:
            answer.error = "timeout" if answer.sent else answer.error or "connect timeout"
        except Failure as failure:
            answer.error = str(failure)
        return answer

    async def _exchange(self, data: bytes, answer: Answer) -> None:
        while True:
            connection = self._take() or await self._connect(answer)
            answer.address = connection.address
            kept = False
            try:
                again, began = connection.used, time.monotonic()
                connection.used = True
                answer.sent = True
                try:
                    connection.writer.write(data)
                    kept = await _read_answer(connection.reader, answer)
                    return
                except asyncio.IncompleteReadError as error:
                    if not (again and not error.partial and _at_once(began, answer)):
                        raise Failure("closed") from error
                except (ConnectionError, ssl.SSLError) as error:
                    if not (again and _at_once(began, answer)):
                        raise Failure("reset") from error
                except OSError as error:
                    raise Failure("unreachable") from error
                except (ValueError, IndexError, asyncio.LimitOverrunError) as error:
                    raise Failure("garbled") from error
            finally:
                self._give_back(connection, kept)

    def _take(self) -> _Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.open:
                return connection
            connection.writer.close()
        return None

    def _give_back(self, connection: _Connection, kept: bool) -> None:
        if kept and len(self._idle) < self._keep and connection.open:
            self._idle.append(connection)
        else:
            connection.writer.transport.abort()

    async def _connect(self, answer: Answer) -> _Connection:
        """Connect to the first address that takes the connection."""
        try:
            addresses = await self._cache.addresses()
        except NoAddressError as error:
            raise Failure("dns") from error
        name = self._host if self._context else None
        for address in addresses:
            answer.address = address
            try:
                async with asyncio.timeout(CONNECT):
                    reader, writer = await asyncio.open_connection(
                        address, self._port, ssl=self._context, server_hostname=name, limit=LIMIT
                    )
                answer.error = ""  # of the addresses before it
                return _Connection(reader, writer, address)
            except TimeoutError:
                answer.error = "connect timeout"
            except ssl.SSLError:
                answer.error = "tls"
            except ConnectionRefusedError:
                answer.error = "refused"
            except ConnectionError:
                answer.error = "reset"
            except OSError:
                answer.error = "unreachable"
        raise Failure(answer.error)

    def close(self) -> None:
        """Close the connections that are kept."""
        for connection in self._idle:
            with contextlib.suppress(OSError):
                connection.writer.transport.abort()
        self._idle.clear()


def _at_once(began: float, answer: Answer) -> bool:
    """Whether a kept connection had been closed by the other side before the request: browsers send it once more.

    Later it is the balancer that gives up: it closes where an Application Load Balancer would answer 502 or 504.
    """
    return not answer.status and time.monotonic() - began < AT_ONCE


async def _read_answer(reader: asyncio.StreamReader, answer: Answer) -> bool:
    """Read an answer; return whether the connection can be used again."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, *lines = head[:-4].split("\r\n")
    protocol, code, *_ = status.split(" ", 2)
    for line in lines:
        name, _, value = line.partition(":")
        answer.headers[name.lower()] = value.strip()
    keep = protocol == "HTTP/1.1" and answer.headers.get("connection", "").lower() != "close"
    if (length := answer.headers.get("content-length")) is not None:
        answer.body = await reader.readexactly(int(length))
    elif answer.headers.get("transfer-encoding", "").lower() == "chunked":
        answer.body = await _read_chunks(reader)
    elif int(code) not in (204, 304):
        answer.body, keep = await reader.read(), False
    answer.status = int(code)
    return keep


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        body += (await reader.readexactly(size + 2))[:-2]
        if size == 0:
            return body
