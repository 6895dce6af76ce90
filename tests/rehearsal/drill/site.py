"""A small site on the loopback address for tests of the load: HTTPS, sessions, orders and DNS, all breakable."""

import asyncio
import json
import ssl
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import dns.message
import dns.rrset

from rehearsal.live.authority import Authority

NAME = "www.example.com"


class Names(asyncio.DatagramProtocol):
    """Answers every question with `addresses`."""

    def __init__(self) -> None:
        self.addresses = ["127.0.0.1"]
        self.ttl = 60
        self.asked = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.asked += 1
        question = dns.message.from_wire(data)
        answer = dns.message.make_response(question)
        if self.addresses:
            answer.answer.append(dns.rrset.from_text(question.question[0].name, self.ttl, "IN", "A", *self.addresses))
        self.transport.sendto(answer.to_wire(), addr)


class Site:
    """`async with Site(folder) as site:` serves at site.port with names at site.resolver."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder)
        self.names = Names()
        self.visits: Counter[str] = Counter()
        self.orders: dict[str, str] = {}
        self.status = 200
        """Of each answer."""
        self.silent = False
        self.connections = 0

    async def __aenter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        files = self.authority.certificate(NAME)
        context.load_cert_chain(files.certificate, files.key)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self.names, local_addr=("127.0.0.1", 0))
        self.resolver: tuple[str, int] = self._transport.get_extra_info("sockname")
        return self

    async def __aexit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.close()
        self._transport.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                await self._answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        request, *lines = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if self.silent:
            await asyncio.sleep(60)
        method, path, _ = request.split(" ")
        status, answer, cookie = self._of(method, path, headers, body.decode())
        data = json.dumps(answer).encode()
        extra = f"Set-Cookie: ha_web_session={cookie}; HttpOnly\r\n" if cookie else ""
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{extra}"
            f"Content-Length: {len(data)}\r\n\r\n".encode()
            + data
        )

    def _of(self, method: str, path: str, headers: dict[str, str], body: str) -> tuple[int, dict[str, Any], str]:
        if self.status != 200:
            return self.status, {"error": "down"}, ""
        if path.startswith("/orders/"):
            key = path.removeprefix("/orders/")
            if method == "PUT":
                new = key not in self.orders
                self.orders.setdefault(key, body)
                return (201 if new else 200), {"key": key}, ""
            return (200, {"content": self.orders[key]}, "") if key in self.orders else (404, {}, "")
        session = headers.get("cookie", "").partition("=")[2] or f"session-{len(self.visits)}"
        self.visits[session] += 1
        who = {"server": "i-1", "zone": "euw1-az1", "region": "eu-west-1"}
        return 200, who | {"visits": self.visits[session]}, session
