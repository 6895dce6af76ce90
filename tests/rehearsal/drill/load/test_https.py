import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

import pytest

from rehearsal.drill.load.https import Browser
from rehearsal.drill.load.names import Addresses, Cache, NoAddressError
from tests.rehearsal.drill.site import NAME, Site

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def browser(port: int, addresses: tuple[str, ...] = ("127.0.0.1",), context: ssl.SSLContext | None = None) -> Browser:
    async def say(_: str) -> Addresses:
        if not addresses:
            raise NoAddressError("none")
        return Addresses(addresses, 60)

    return Browser(Cache(say, NAME, Random(1)), NAME, port, context)


async def closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def begins_then_closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-")
    writer.close()


async def says_503_without_length(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.0 503 Service Unavailable\r\nConnection: close\r\n\r\n<html>")
    writer.close()


async def is_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def says_chunks_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
    await asyncio.sleep(0.05)
    writer.close()


@pytest.mark.parametrize(
    ("talk", "status", "error", "sent"),
    [
        (closes, 0, "closed", True),
        (begins_then_closes, 0, "closed", True),
        (says_503_without_length, 503, "", True),
        (is_silent, 0, "timeout", True),
        (says_chunks_once, 200, "", True),
    ],
)
def test_each_end_of_a_request_has_its_name(talk: Talk, status: int, error: str, sent: bool) -> None:
    async def main() -> None:
        async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
            answer = await browser(server.sockets[0].getsockname()[1]).request("GET", "/", patience=0.3)
        assert (answer.status, answer.error, answer.sent) == (status, error, sent)

    asyncio.run(main())


def test_nobody_there_was_never_sent() -> None:
    async def main() -> None:
        refused = await browser(1).request("GET", "/", patience=1)
        assert (refused.error, refused.sent) == ("refused", False)
        unnamed = await browser(1, ()).request("GET", "/", patience=1)
        assert (unnamed.error, unnamed.sent) == ("dns", False)

    asyncio.run(main())


def test_the_next_address_is_tried() -> None:
    async def main() -> None:
        async with await asyncio.start_server(says_chunks_once, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            for _ in range(8):
                answer = await browser(port, ("127.0.0.9", "127.0.0.1")).request("GET", "/", patience=1)
                assert (answer.status, answer.address, answer.error) == (200, "127.0.0.1", "")

    asyncio.run(main())


def test_a_kept_connection_that_was_closed_is_no_failure() -> None:
    async def main() -> None:
        async with await asyncio.start_server(says_chunks_once, "127.0.0.1", 0) as server:
            user = browser(server.sockets[0].getsockname()[1])
            for _ in range(4):
                answer = await user.request("GET", "/", patience=1)
                assert answer.status == 200
                assert answer.body == b"abc"

    asyncio.run(main())


def test_a_certificate_of_nobody_is_refused(tmp_path: Path) -> None:
    async def main() -> None:
        async with Site(tmp_path) as site:
            trusting = ssl.create_default_context(cafile=site.authority.bundle)
            assert (await browser(site.port, context=trusting).request("GET", "/", patience=2)).status == 200
            stranger = browser(site.port, context=ssl.create_default_context())
            answer = await stranger.request("GET", "/", patience=2)
            assert (answer.error, answer.sent) == ("tls", False)

    asyncio.run(main())
