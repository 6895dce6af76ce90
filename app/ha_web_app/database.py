"""The database (PostgreSQL) as this application uses it: few connections, short time limits, honest about doubt."""

import asyncio
import importlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
log = logging.getLogger("ha_web_app.database")

# What a failover, a restart or a lack of room brings and ends; any other error is a bug and must be seen.
# Classes of https://www.postgresql.org/docs/current/errcodes-appendix.html, and read_only_sql_transaction.
PASSING = ("08", "53", "57", "25006", "40")


class DatabaseDown(Exception):
    """The database can't serve a call now. `unknown`: what was asked may have been done all the same."""

    def __init__(self, reason: str, *, unknown: bool) -> None:
        super().__init__(reason)
        self.unknown = unknown


class Database:
    """Holds as many connections as calls are under way at once, `connections` at most.

    One that fails is closed, never reused, so that the next one resolves the endpoint's name again and finds the new
    writer. Of several hosts in the URL the one that took writes last is asked first.

    Args:
        url: `postgresql://user:password@host:port/name`, as libpq takes it; also with two hosts.
        limit: how long a call may take, connecting and waiting for a connection included, in seconds.
        connections: how many calls may be under way at once; further ones wait.
    """

    def __init__(self, url: str, *, limit: float, connections: int) -> None:
        self._client: Any = importlib.import_module("asyncpg")  # only those who have a database load its client
        self._urls, self._limit = _one_host_each(url), limit
        self._slots = asyncio.Semaphore(connections)
        self._idle: list[Any] = []
        self._problem = ""

    async def run(self, work: Callable[[Any], Awaitable[T]]) -> T:
        """Hands a connection to the work, which must bear being repeated.

        Raises:
            DatabaseDown: the database can't be used now, or didn't answer within the limit.
        """
        deadline = _now() + self._limit
        try:
            async with asyncio.timeout_at(deadline):
                await self._slots.acquire()
        except TimeoutError:
            raise DatabaseDown(f"all connections were busy for {self._limit:g} s", unknown=False) from None
        try:
            return await self._run(work, deadline)
        finally:
            self._slots.release()

    async def aclose(self) -> None:
        """Closes all idle connections."""
        while self._idle:
            self._idle.pop().terminate()

    async def _run(self, work: Callable[[Any], Awaitable[T]], deadline: float) -> T:
        unknown = False
        while True:
            kept = bool(self._idle)
            try:
                connection = self._idle.pop() if kept else await self._connect(deadline)
                if not connection.is_closed():
                    unknown = True  # from here on the database may do what the answer then doesn't tell
                    return await self._ask(connection, work, deadline)
            except Exception as problem:
                if not self._passes(problem):
                    raise
                # A kept connection may be of before a failover; a new one says how things are.
                if not kept or _now() >= deadline:
                    text = str(problem) or f"no answer within {self._limit:g} s"
                    self._note(f"{type(problem).__name__}: {text}")
                    raise DatabaseDown(f"{type(problem).__name__}: {text}", unknown=unknown) from problem

    async def _ask(self, connection: Any, work: Callable[[Any], Awaitable[T]], deadline: float) -> T:
        """At the deadline the connection is cut and no cancellation sent.

        A commit whose wait for a replica is cancelled is visible, and lost with the writer all the same:
        https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION-HA
        """
        end = asyncio.get_running_loop().call_at(deadline, connection.terminate)
        try:
            result = await work(connection)
        except BaseException:
            connection.terminate()
            raise
        finally:
            end.cancel()
        self._note("")
        self._idle.append(connection)
        return result

    async def _connect(self, deadline: float) -> Any:
        """A connection to a host that takes writes; each host gets its share of the time that is left."""
        problem: Exception = TimeoutError()
        for tried, url in enumerate(list(self._urls)):
            share = (deadline - _now()) / (len(self._urls) - tried)
            try:
                async with asyncio.timeout(share):
                    return await self._client.connect(url, target_session_attrs="read-write", timeout=None)
            except Exception as error:
                if not self._passes(error):
                    raise
                problem = error
                self._urls.append(self._urls.pop(0))
        raise problem

    def _passes(self, problem: Exception) -> bool:
        """Whether a failover, a restart or a lack of room brings this error."""
        code = getattr(problem, "sqlstate", None)
        if code is not None:
            return str(code).startswith(PASSING)
        # The last: no host takes writes, or the server has said good-bye on a connection that was idle.
        return isinstance(problem, OSError | TimeoutError | self._client.InternalClientError)

    def _note(self, problem: str) -> None:
        """One line in the log when the database goes down, and one when it is back."""
        if problem and not self._problem:
            log.warning("database down: %s", problem)
        if self._problem and not problem:
            log.warning("database back")
        self._problem = problem


def _one_host_each(url: str) -> list[str]:
    """The URL once for each host in it: a silent host must not use up the time of the other."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    return [parts._replace(netloc=f"{user}{at}{host}").geturl() for host in hosts.split(",")]


def _now() -> float:
    return asyncio.get_running_loop().time()
