"""The outcomes that the load writes, a line of JSON each, and how they are read.

| `k` | What it is | Fields besides `k` and `t` |
|---|---|---|
| `v` | a visit of a session | `l`, `u`, `c` or `e`, `a`, `s`, `z`, `r`, `v`, `i` |
| `w` | a write of an order | `l`, `u`, `c` or `e`, `a`, `o`, `key`, `try` |
| `r` | an order looked for | `l`, `c` or `e`, `key`, `found`, `when` |
| `d` | a user's new answer of DNS | `u`, `a` (a list) |
| `s` | the load itself, each second | `cpu`, `late`, `open`, `rate` |

`t` seconds since 1970 at which the request was due, `l` seconds from then until its end, `u` user, `c` HTTP status,
`e` why there is none, `a` address, `s` server, `z` zone, `r` region, `v` the session's count, `i` the session's id
(shortened), `o` ack, fail or unknown, `try` 1 for the first attempt of a key, `found` true, false or null (not
known), `when` soon or end, `cpu` seconds of a processor in the second, `late` the longest delay of the clock of
arrivals, `open` requests under way, `rate` a second.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]

VISIT, WRITE, READ, DNS, STATE = "v", "w", "r", "d", "s"
REQUESTS = (VISIT, WRITE)
"""Kinds that are a request of a user: what fails of them, users saw. Those that look for orders are the drill's own."""

OK = 400
"""Statuses below this are answers."""


def line(record: Record) -> bytes:
    """A record as a line."""
    return json.dumps(record, separators=(",", ":")).encode() + b"\n"


def answered(record: Record) -> bool:
    """Return whether the user got what was asked for."""
    return 0 < int(record.get("c", 0)) < OK


def problem(record: Record) -> str:
    """Say why a request failed: `status 503`, `timeout`."""
    return str(record["e"]) if "e" in record else f"status {record.get('c', 0)}"


class Tail:
    """Reads a file of records that another process appends to."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._at = 0
        self._rest = b""

    def new(self) -> list[Record]:
        """Return the records that were written since the last call."""
        if not self._file.exists():
            return []
        with self._file.open("rb") as stream:
            stream.seek(self._at)
            text = self._rest + stream.read()
            self._at = stream.tell()
        *lines, self._rest = text.split(b"\n")
        return [json.loads(each) for each in lines if each]


def read(file: Path) -> Iterator[Record]:
    """Yield the records of a file."""
    yield from Tail(file).new()
