"""What users do: visits of a session, whose count may never go back, and orders under a key of their own."""

import asyncio
import json
from collections.abc import Callable
from random import Random
from typing import Any

from rehearsal.drill.load.https import Answer, Browser
from rehearsal.drill.load.records import OK, READ, VISIT, WRITE, Record

COOKIE = "ha_web_session"
VISIT_PATH = "/?format=json"
TRIES, PAUSE = 3, 1.0
"""Attempts of an order that was not acknowledged, under the same key, and seconds (real ones) between them."""
AGAIN = 0.05
"""Share of acknowledged orders that are sent once more, as by a client that lost the answer."""
SOON = 0.2
"""Share of acknowledged orders that are looked for at once."""

Write = Callable[[Record], None]


class User:
    """A user with a session."""

    def __init__(self, number: int, browser: Browser, write: Write, clock: Callable[[], float]) -> None:
        self.number = number
        self._browser = browser
        self._write = write
        self._clock = clock
        self._cookie = ""
        self._first: asyncio.Future[None] | None = None

    async def visit(self, due: float, patience: float) -> None:
        """Visit the page once. The session begins with the first visit that is answered."""
        if not self._cookie:
            await self._after_first()
        answer = await self._browser.request("GET", VISIT_PATH, patience=patience, cookie=self._cookie)
        for part in answer.headers.get("set-cookie", "").split(";"):
            if part.startswith(f"{COOKIE}="):
                self._cookie = part
        record: Record = {"k": VISIT, "t": round(due, 4), "l": round(self._clock() - due, 4), "u": self.number}
        self._write(record | outcome(answer) | _seen(answer) | {"i": self._cookie[-8:]})
        if self._first is not None and not self._first.done():
            self._first.set_result(None)

    async def _after_first(self) -> None:
        """Wait for the visit that begins the session, as a page's further requests wait for the page."""
        if self._first is None or self._first.done():
            self._first = asyncio.get_running_loop().create_future()
            return
        await asyncio.wait([self._first], timeout=1)

    def close(self) -> None:
        """Close the browser."""
        self._browser.close()


class Writer:
    """Places orders, and looks for them."""

    def __init__(self, browser: Browser, write: Write, clock: Callable[[], float], random: Random, run: str) -> None:
        self._browser = browser
        self._write = write
        self._clock = clock
        self._random = random
        self._run = run
        self._placed = 0

    async def order(self, due: float, patience: float) -> None:
        """Place an order under a new key, and again under the same key while nobody acknowledges it."""
        self._placed += 1
        key = f"{self._run}-{self._placed}"
        for attempt in range(1, TRIES + 1):
            if await self._put(key, attempt, due, patience) == "ack":
                break
            await asyncio.sleep(PAUSE)
            due = self._clock()
        else:
            return
        if self._random.random() < SOON:
            await self.look(key, patience, "soon")
        if self._random.random() < AGAIN:
            await self._put(key, TRIES + 1, self._clock(), patience)

    async def _put(self, key: str, attempt: int, due: float, patience: float) -> str:
        answer = await self._browser.request("PUT", f"/orders/{key}", patience=patience, body=_content(key))
        ended = judged(answer)
        record: Record = {"k": WRITE, "t": round(due, 4), "l": round(self._clock() - due, 4), "u": "w"}
        self._write(record | outcome(answer) | _seen(answer) | {"o": ended, "key": key, "try": attempt})
        return ended

    async def look(self, key: str, patience: float, when: str) -> bool | None:
        """Look for an order; None if nobody could say."""
        due = self._clock()
        answer = await self._browser.request("GET", f"/orders/{key}", patience=patience)
        found: bool | None = None
        if answer.status == 404:
            found = False
        elif 0 < answer.status < OK:
            found = _json(answer).get("content") == _content(key).decode()
        record: Record = {"k": READ, "t": round(due, 4), "l": round(self._clock() - due, 4), "u": "w"}
        self._write(record | outcome(answer) | {"key": key, "found": found, "when": when})
        return found

    def close(self) -> None:
        """Close the browser."""
        self._browser.close()


def outcome(answer: Answer) -> Record:
    """The fields of a record that tell how a request ended."""
    ended: Record = {"e": answer.error} if answer.error else {"c": answer.status}
    return {"a": answer.address, **ended}


def judged(answer: Answer) -> str:
    """Return what an order's answer says of it: ack, fail (certainly not taken) or unknown (may be taken)."""
    if 0 < answer.status < OK:
        return "ack"
    if not answer.sent or 400 <= answer.status < 500:
        return "fail"
    return "fail" if _json(answer).get("outcome") == "not taken" else "unknown"


def _seen(answer: Answer) -> Record:
    """Who answered, and the session's count."""
    body = _json(answer)
    fields = {"s": body.get("server"), "z": body.get("zone"), "r": body.get("region"), "v": body.get("visits")}
    return {name: value for name, value in fields.items() if value is not None}


def _json(answer: Answer) -> dict[str, Any]:
    if not answer.headers.get("content-type", "").startswith("application/json"):
        return {}
    try:
        body = json.loads(answer.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _content(key: str) -> bytes:
    return json.dumps({"order": key}).encode()
