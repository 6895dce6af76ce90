"""Orders in the database, under a key that the client chooses: what was answered may not be lost or taken twice."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .database import Database, DatabaseDown
from .page import HEADERS

KEY_FORM = re.compile(r"[A-Za-z0-9_-]{1,64}")
MOST_BYTES = 1024
TABLE = """
CREATE TABLE IF NOT EXISTS orders (
    key text PRIMARY KEY, content text NOT NULL, server text NOT NULL, taken timestamptz NOT NULL DEFAULT now()
)"""
INSERT = "INSERT INTO orders (key, content, server) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING"
SELECT = "SELECT content, server, taken FROM orders WHERE key = $1"
NO_TABLE = "42P01"
LOCK = 715_001
"""Of whoever makes the table: two at once, and one of them fails."""


class Orders:
    """Answers PUT and GET for `/orders/<key>`."""

    def __init__(self, database: Database, who: dict[str, str], retry_after: int) -> None:
        self._database, self._who, self._retry_after = database, who, retry_after

    async def answer(self, request: Request) -> Response:
        """Takes an order or tells of it; 503 while the database fails over."""
        key = request.path_params["key"]
        if not KEY_FORM.fullmatch(key):
            return self._json(400, error="a key has 1 to 64 letters, digits, - and _")
        try:
            return await (self._put(key, request) if request.method == "PUT" else self._get(key))
        except DatabaseDown as problem:
            # Whoever counts needs the difference: "unknown" may have been written, "not taken" certainly was not.
            outcome = {"outcome": "unknown" if problem.unknown else "not taken"} if request.method == "PUT" else {}
            return self._json(503, error="database not available", reason=str(problem), **outcome)

    async def _put(self, key: str, request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return self._json(413, error=f"an order has {MOST_BYTES} bytes at most")
        try:
            content = body.decode()
        except UnicodeDecodeError:
            content = "\0"
        if "\0" in content:
            return self._json(400, error="an order is text in UTF-8")
        taken, found = await self._database.run(lambda connection: self._take(connection, key, content))
        if found != content:
            return self._json(409, error="another order has this key", key=key)
        return self._json(201 if taken else 200, key=key, outcome="taken" if taken else "was taken before")

    async def _get(self, key: str) -> Response:
        row = await self._database.run(lambda connection: _find(connection, key))
        if row is None:
            return self._json(404, error="no such order", key=key)
        return self._json(200, key=key, content=row["content"], taken=row["taken"].isoformat(), taken_by=row["server"])

    async def _take(self, connection: Any, key: str, content: str) -> tuple[bool, str]:
        """Whether it is new, and the content that the key has. Each statement has been committed when it returns."""
        try:
            done = await connection.execute(INSERT, key, content, self._who["server"])
        except Exception as problem:
            if getattr(problem, "sqlstate", None) != NO_TABLE:
                raise
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
                await connection.execute(TABLE)
            done = await connection.execute(INSERT, key, content, self._who["server"])
        if done == "INSERT 0 1":
            return True, content
        return False, str((await connection.fetchrow(SELECT, key))["content"])

    def _json(self, status: int, **content: str) -> Response:
        headers = HEADERS | ({"Retry-After": str(self._retry_after)} if status == 503 else {})
        return JSONResponse(self._who | content, status, headers)


async def _find(connection: Any, key: str) -> Any:
    try:
        return await connection.fetchrow(SELECT, key)
    except Exception as problem:
        if getattr(problem, "sqlstate", None) != NO_TABLE:
            raise
        return None
