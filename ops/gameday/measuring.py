"""What users see: a request every moment, whatever became of the one before."""

import http.client
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 4.0
"""Seconds until a user gives up."""

WAITING = 64
"""Requests that may wait at a time: with one each half second and this time limit, far more than there are."""

SLICE = 5.0
"""Seconds that a figure of the report is of."""


@dataclass(frozen=True)
class Asked:
    """A request, and what became of it."""

    at: float
    took: float
    problem: str = ""
    """Empty if it was answered."""

    @property
    def ended(self) -> float:
        """When its user knew."""
        return self.at + self.took


def ask(url: str, timeout: float = TIMEOUT) -> Asked:
    """Ask once, by a connection and a look-up in DNS of its own: as a user who comes just now."""
    parts = urlsplit(url)
    made = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = made(parts.netloc, timeout=timeout)
    at, began, problem = time.time(), time.monotonic(), ""
    try:
        connection.request("GET", parts.path or "/", headers={"user-agent": "ha-web gameday"})
        status = connection.getresponse().status
        problem = f"status {status}" if status >= 500 else ""
    except ssl.SSLError as error:
        problem = f"TLS: {error.reason or error}"
    except (OSError, http.client.HTTPException) as error:
        problem = type(error).__name__
    finally:
        connection.close()
    return Asked(at, time.monotonic() - began, problem)


@dataclass
class Asker:
    """Asks a site at a rate until it is told to end."""

    url: str
    every: float
    once: Callable[[str], Asked] = ask
    done: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ended = threading.Event()
        self._pool = ThreadPoolExecutor(WAITING)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Asker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._pool.shutdown()

    def _run(self) -> None:
        next_at = time.monotonic()
        while not self._ended.wait(max(0.0, next_at - time.monotonic())):
            self._pool.submit(self._one)
            next_at += self.every

    def _one(self) -> None:
        self.done.append(self.once(self.url))


def failed(asked: Iterable[Asked]) -> list[Asked]:
    """Return those that were not answered, in the order of time."""
    return sorted((each for each in asked if each.problem), key=lambda each: each.at)


def recovered(asked: Iterable[Asked], fault_at: float) -> float:
    """Return the seconds from a fault until the last user knew that a request had failed; 0 if none did."""
    return max((each.ended - fault_at for each in failed(asked) if each.ended > fault_at), default=0.0)


def is_calm(asked: Sequence[Asked], now: float, seconds: float) -> bool:
    """Return whether the last seconds had answers, and no failure."""
    lately = [each for each in asked if each.ended > now - seconds]
    return bool(lately) and not failed(lately)


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the value that this share of all is not above."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 4) if ordered else None


def figures(asked: Sequence[Asked]) -> dict[str, Any]:
    """Return what all requests amount to."""
    bad, times = failed(asked), [each.took for each in asked if not each.problem]
    gap = max(bad[-1].ended - bad[0].at, 0.0) if bad else 0.0
    return {
        "requests": len(asked),
        "failed": len(bad),
        "problems": dict(Counter(each.problem for each in bad)),
        "gap": round(gap, 2),
        "p50": percentile(times, 0.5),
        "p99": percentile(times, 0.99),
        "share": len(bad) / len(asked) if asked else 0.0,
    }


def slices(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """Return the figures of each few seconds."""
    by_time: dict[float, list[Asked]] = {}
    for each in asked:
        by_time.setdefault(each.at // SLICE * SLICE, []).append(each)
    return [
        {
            "at": at,
            "answered": len(some) - len(failed(some)),
            **{key: value for key, value in figures(some).items() if key in ("failed", "p50", "p99", "problems")},
            "regions": {},
            "zones": {},
        }
        for at, some in sorted(by_time.items())
    ]
