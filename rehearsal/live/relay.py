"""The way of hosts to the emulated account: an HTTP relay in each, silent for what the host can't reach.

A process reaches AWS at the same address everywhere, `AWS_ENDPOINT_URL`. Which Region a call is for stands in its
signature (https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html); a Region that is cut answers
nobody outside of it, and to those in a place that is cut nobody answers.
"""

import asyncio
import contextlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h11

from rehearsal.live.network.places import EDGE, Place

SCOPE = re.compile(rb"Credential=[^/]+/\d{8}/([a-z0-9-]+)/|X-Amz-Credential=[^&\s]*?%2F\d{8}%2F([a-z0-9-]+)%2F")

EVERYWHERE = "us-east-1"
"""Where services without a Region (IAM, Route 53) are signed for: they are reached from wherever there is a way out."""

SILENCE = 3600.0
"""Seconds; every client has given up by then."""

Reachable = Callable[[Place, Place], bool]


class Relay:
    """Passes requests on to the account, over a Unix socket to outside the namespaces."""

    def __init__(self, account: Path, reachable: Reachable) -> None:
        self._account, self._reachable = account, reachable
        self.under_way: set[asyncio.Task[Any]] = set()
        """Strong references: a task whose client has gone is in a cycle of its own."""

    def serve(self, place: Place | None) -> "Connection":
        """Return the handler of a host's connections; without a place of one who reaches everything."""
        return Connection(self, place)

    def answers(self, place: Place | None, head: bytes) -> bool:
        """Return whether a request is answered that comes from a place."""
        if place is None:
            return True
        found = SCOPE.search(head)
        region = next((each for each in found.groups() if each), b"").decode() if found else ""
        if region == place.region:
            return self._reachable(place, Place(region))
        return self._reachable(place, EDGE if region in ("", EVERYWHERE) else Place(region))

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection to the account."""
        return await asyncio.open_unix_connection(str(self._account))


class Connection:
    """Handles the connections of one host."""

    def __init__(self, relay: Relay, place: Place | None) -> None:
        self._relay, self._place = relay, place

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one request on, and its answer back; the client opens another connection for the next."""
        if task := asyncio.current_task():
            self._relay.under_way.add(task)
            task.add_done_callback(self._relay.under_way.discard)
        with contextlib.suppress(OSError, h11.RemoteProtocolError, asyncio.IncompleteReadError):
            await self._pass_on(reader, writer)
        writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ours = h11.Connection(h11.SERVER)
        while (event := ours.next_event()) is h11.NEED_DATA:
            ours.receive_data(await reader.read(65536))
        if not isinstance(event, h11.Request):
            return
        head = b" ".join([event.target, *(value for name, value in event.headers if name == b"authorization")])
        if not self._relay.answers(self._place, head):
            await asyncio.sleep(SILENCE)
            return
        theirs = h11.Connection(h11.CLIENT)
        account_reader, account_writer = await self._relay.open()
        try:
            headers = [(n, v) for n, v in event.headers if n not in (b"connection", b"expect")]
            request = h11.Request(
                method=event.method, target=event.target, headers=[*headers, (b"connection", b"close")]
            )
            account_writer.write(theirs.send(request) or b"")
            if ours.they_are_waiting_for_100_continue:
                writer.write(ours.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            while not isinstance(event, h11.EndOfMessage):
                event = ours.next_event()
                if event is h11.NEED_DATA:
                    ours.receive_data(await reader.read(65536))
                elif isinstance(event, h11.Data | h11.EndOfMessage):
                    account_writer.write(theirs.send(event) or b"")
                    await account_writer.drain()
                else:
                    return
            while answer := await account_reader.read(65536):
                if self._place is not None and not self._relay.answers(self._place, head):
                    await asyncio.sleep(SILENCE)  # cut while the answer was on its way
                writer.write(answer)
                await writer.drain()
        finally:
            account_writer.close()
