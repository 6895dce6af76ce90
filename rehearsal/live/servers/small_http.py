"""A small HTTP/1.1 server for what a server asks of its machine: metadata, systemd. One request a connection."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

LARGEST = 1 << 20
TIMEOUT = 10.0


@dataclass(frozen=True)
class Request:
    """A request; names of headers in small letters."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """An answer."""

    status: int = 200
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


Handler = Callable[[Request], Awaitable[Answer]]


def serve(handler: Handler) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Return the callback for `asyncio.start_server` that answers by a handler."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            request = await asyncio.wait_for(_read(reader), TIMEOUT)
            writer.write(_written(await handler(request)))
            await asyncio.wait_for(writer.drain(), TIMEOUT)
        writer.close()

    return connected


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    length = int(headers.get("content-length", "0"))
    if length > LARGEST:
        raise ValueError("too much")
    return Request(method, path, headers, await reader.readexactly(length))


def _written(answer: Answer) -> bytes:
    body = answer.body.encode(errors="surrogateescape")
    headers = [("Content-Length", str(len(body))), ("Connection", "close"), *answer.headers]
    lines = [f"HTTP/1.1 {answer.status} -", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode() + body
