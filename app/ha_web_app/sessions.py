"""Sessions in Valkey: a hash a session, found by the random id in the visitor's cookie."""

import asyncio
import re
import secrets
import ssl
import time
from dataclasses import dataclass
from typing import Any

from valkey import exceptions as errors
from valkey.asyncio.connection import Connection, SSLConnection

from .gate import StoreDown
from .settings import Settings

Command = tuple[str | int, ...]

# What a failover, a restart or a lack of memory brings and ends; any other error is a bug and must be seen.
PASSING = (
    OSError,
    errors.BusyLoadingError,
    errors.ConnectionError,
    errors.ExecAbortError,
    errors.OutOfMemoryError,
    errors.ReadOnlyError,
    errors.TimeoutError,
)
PASSING_CODES = ("MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "MISCONF", "MOVED", "UNBLOCKED")
ID_BYTES = 24
ID_FORM = re.compile(r"[A-Za-z0-9_-]{32}")
# A probe writes, because a demoted primary answers PING too. Its key stays: not every store has TTLs.
PROBE: list[Command] = [("PING",), ("SET", "probe", "1")]
SWEEP = 20  # sessions looked at for each new one, so that those that are over stay few


@dataclass(frozen=True)
class Visit:
    """What a visit found: the session's id, visits with this one, start (Unix time, s).

    `is_new`: there was no such session, or it is over.
    """

    session_id: str
    visits: int
    started: int
    is_new: bool


class Sessions:
    """The session store as this application uses it.

    Holds as many connections as calls are under way at once (the gate bounds them). One that fails is closed,
    never reused, so that the next one resolves the endpoint's name again and finds the new primary.
    A store in cluster mode (of one shard) has one name for all its nodes; one that isn't the primary answers where
    that is (MOVED), and new connections go there, until one fails.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._idle: list[Connection] = []
        self._tls: Any = None
        self._cursor = "0"
        self._endpoint = {"host": settings.session_host, "port": settings.session_port}
        self._class: type[Connection] = Connection
        self._arguments: dict[str, Any] = {
            **self._endpoint,
            "username": settings.session_user,
            "password": settings.session_password,
            "socket_timeout": settings.session_timeout,
            "decode_responses": True,
            "socket_keepalive": True,
            "lib_name": None,  # spares two round trips on each new connection
            "lib_version": None,
        }
        if settings.session_tls:
            self._class = SSLConnection
            self._arguments |= {
                "ssl_check_hostname": True,  # the client's default is off
                "ssl_min_version": ssl.TLSVersion.TLSv1_2,
                "ssl_ca_certs": settings.session_ca_file,
            }

    async def visit(self, session_id: str | None) -> Visit:
        """Counts a visit and lets the session live for another TTL.

        An id that the store doesn't know is replaced by a new one: somebody else may have chosen it.

        Raises:
            StoreDown: the store can't be used now.
        """
        known = session_id if session_id and ID_FORM.fullmatch(session_id) else None
        visit = await self._count(known or secrets.token_urlsafe(ID_BYTES))
        if known and visit.is_new:
            await self._exchange([("DEL", f"session:{known}")])
            visit = await self._count(secrets.token_urlsafe(ID_BYTES))
        if visit.is_new and not self._settings.store_expires:
            await self._sweep()
        return visit

    async def _count(self, session_id: str) -> Visit:
        key, now = f"session:{session_id}", int(time.time())
        ttl = self._settings.session_ttl
        expiry: Command = ("EXPIRE", key, ttl) if self._settings.store_expires else ("HSET", key, "last", now)
        transaction: list[Command] = [
            ("MULTI",),
            ("HGET", key, "last"),
            ("HSETNX", key, "started", now),
            ("HINCRBY", key, "visits", 1),
            ("HGET", key, "started"),
            expiry,
            ("EXEC",),
        ]
        replies = await self._exchange(transaction, wait=True)
        last, created, visits, started, _ = replies[len(transaction) - 1]
        return Visit(session_id, int(visits), int(started), bool(created) or int(last or now) < now - ttl)

    async def _sweep(self) -> None:
        """Deletes what is over of the next few sessions, for a store that has no TTL."""
        scan: Command = ("SCAN", self._cursor, "MATCH", "session:*", "COUNT", SWEEP)
        [(self._cursor, keys)] = await self._exchange([scan])
        lasts = await self._exchange([("HGET", key, "last") for key in keys])
        since = int(time.time()) - self._settings.session_ttl
        over = [key for key, last in zip(keys, lasts, strict=True) if int(last or since) < since]
        await self._exchange([("DEL", key) for key in over])

    async def probe(self) -> None:
        """Tries the store, writing included, over a new connection; raises `StoreDown`."""
        connection = self._new()
        try:
            await self._talk(connection, PROBE, wait=True)
        finally:
            await connection.disconnect(nowait=True)

    async def reconnect(self) -> None:
        """Like `probe`, and lets go of all idle connections first: they may lead to the old primary."""
        await self.aclose()
        await self.probe()

    async def aclose(self) -> None:
        """Closes all idle connections."""
        while self._idle:
            await self._idle.pop().disconnect(nowait=True)

    def _new(self) -> Connection:
        """A connection that isn't open yet. All have one TLS context.

        The client's own would read the authorities' certificates anew for each: 18 ms of a processor, and a failover
        makes all connections new at once.
        """
        connection = self._class(**self._arguments)
        if isinstance(connection, SSLConnection):
            self._tls = self._tls or connection.ssl_context
            connection.ssl_context = self._tls
        return connection

    async def _exchange(self, commands: list[Command], wait: bool = False) -> list[Any]:
        connection = self._idle.pop() if self._idle else self._new()
        try:
            replies = await self._talk(connection, commands, wait)
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        self._idle.append(connection)
        return replies

    async def _talk(
        self, connection: Connection, commands: list[Command], wait: bool, moved: bool = False
    ) -> list[Any]:
        """Sends all commands in one go and reads their replies, with the replicas' confirmation if wanted.

        WAIT speaks of the writes of its own connection, so it has to follow them there. `moved`: it was sent here
        by another node, and is not sent on again.
        """
        replicas, milliseconds = self._settings.wait_replicas, self._settings.wait_timeout
        if wait and replicas:
            sent = [*commands, ("WAIT", replicas, milliseconds)]
        else:
            sent, replicas = commands, 0
        try:
            async with asyncio.timeout(self._settings.session_timeout):
                await connection.connect()  # type: ignore[no-untyped-call] # the client leaves it untyped
                await connection.send_packed_command(connection.pack_commands(sent))
                replies = [_checked(await connection.read_response()) for _ in sent]
        except PASSING as problem:
            self._arguments |= self._endpoint
            text = str(problem) or f"no answer within {self._settings.session_timeout:g} s"
            raise StoreDown(f"{type(problem).__name__}: {text}") from problem
        except errors.ResponseError as problem:
            code, *words = str(problem).split()
            if code == "MOVED" and not moved:
                host, _, port = words[1].rpartition(":")
                self._arguments |= {"host": host or connection.host, "port": int(port)}
                await connection.disconnect(nowait=True)
                connection.host, connection.port = self._arguments["host"], int(port)
                return await self._talk(connection, commands, wait, moved=True)
            if code in PASSING_CODES:
                self._arguments |= self._endpoint
                raise StoreDown(str(problem)) from problem
            raise
        if replicas and replies[-1] < replicas:
            raise StoreDown(f"{replies[-1]} of {replicas} replicas confirmed within {milliseconds} ms")
        return replies


def _checked(reply: Any) -> Any:
    """The reply; a transaction's reply holds the errors of its commands, of which the first is raised."""
    for part in reply if isinstance(reply, list) else ():
        if isinstance(part, Exception):
            raise part
    return reply
