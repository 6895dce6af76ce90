"""What a log says was changed, and which of two Regions' changes is the last.

Two Regions may change the same at the same time: the last writer wins, in a hash each field by itself.
https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.html
"""

from collections.abc import Iterator, Sequence

Command = Sequence[bytes]
Unit = Sequence[Command]
"""What is done at once: a command, or a transaction's."""

Time = tuple[float, str]
"""Seconds of one clock, and the Region: of two at the same time one must be the last for both."""

WHOLE = b""
"""In place of a field: the whole key. The empty name of a field is taken for it, too."""

MARK = b"\x00copied"
"""A field that a copied change sets and takes away again, so that it is known for a copy and isn't sent back."""

NEVER: Time = (float("-inf"), "")

_PAIRS = (b"HSET", b"HMSET")
_FIELD = (b"HSETNX", b"HINCRBY", b"HINCRBYFLOAT")
_NOTHING = (b"SELECT", b"MULTI", b"EXEC", b"PING", b"FUNCTION")
_EACH = (b"DEL", b"UNLINK")
_PAIRED_KEYS = (b"MSET", b"MSETNX")
_TWO = (b"RENAME", b"RENAMENX", b"COPY", b"SMOVE", b"LMOVE", b"RPOPLPUSH")
_SECOND = (b"XGROUP", b"BITOP")


def units(text: bytes) -> Iterator[tuple[Unit, int]]:
    """Read a log's text as far as it is whole: each unit, and where it ends. Raises ValueError for other text."""
    at, open_since = 0, list[Command]()
    while (found := _command(text, at)) is not None:
        command, at = found
        if not command:
            continue
        if command[0].upper() == b"MULTI":
            open_since = [command]
        elif open_since and command[0].upper() != b"EXEC":
            open_since.append(command)
        else:
            yield (open_since[1:] if open_since else [command]), at
            open_since = []


def _command(text: bytes, at: int) -> tuple[Command, int] | None:
    """A command and where it ends; None if it isn't whole. A line that begins with # is a note, and no command."""
    end = text.find(b"\r\n", at)
    if end < 0:
        return None
    if text[at : at + 1] == b"#":
        return [], end + 2
    if text[at : at + 1] != b"*":
        raise ValueError(f"no command begins at byte {at} of the log")
    words, count, at = list[bytes](), int(text[at + 1 : end]), end + 2
    for _ in range(count):
        end = text.find(b"\r\n", at)
        if end < 0 or len(text) < (after := end + 2 + int(text[at + 1 : end])) + 2:
            return None
        words.append(text[end + 2 : after])
        at = after + 2
    return words, at


def is_copy(unit: Unit) -> bool:
    """Tell whether a unit was copied from another Region: nobody else may RESTORE, or knows the mark."""
    return any(command[0].upper() == b"RESTORE" or MARK in command for command in unit)


def changed(unit: Unit) -> Iterator[tuple[bytes, bytes]]:
    """Return what a unit changes: keys, each with a field or `WHOLE`."""
    for command in unit:
        name, *words = [command[0].upper(), *command[1:]]
        if name in _NOTHING or not words:
            continue
        if name in _PAIRS:
            yield from ((words[0], field) for field in words[1::2])
        elif name in _FIELD:
            yield words[0], words[1]
        elif name == b"HDEL":
            yield from ((words[0], field) for field in words[1:])
        else:
            yield from ((key, WHOLE) for key in _keys(name, words))


def _keys(name: bytes, words: Command) -> Command:
    if name in _EACH:
        return words
    if name in _PAIRED_KEYS:
        return words[::2]
    if name in _TWO:
        return words[:2]
    return words[1:2] if name in _SECOND else words[:1]


class Clocks:
    """When each thing was last changed in a Region, by its own users or as it was copied."""

    def __init__(self) -> None:
        self._times: dict[bytes, dict[bytes, Time]] = {}

    def set(self, key: bytes, field: bytes, time: Time) -> None:
        """Something was changed."""
        known = self._times.setdefault(key, {})
        known[field] = max(time, known.get(field, NEVER))

    def of(self, key: bytes, field: bytes) -> Time:
        """When a field was last changed, with the whole key or by itself; of the whole key, only with it."""
        known = self._times.get(key, {})
        return max(known.get(field, NEVER), known.get(WHOLE, NEVER))

    def last(self, key: bytes) -> Time:
        """When anything of a key was last changed."""
        return max(self._times.get(key, {}).values(), default=NEVER)

    def everything(self) -> dict[bytes, dict[bytes, Time]]:
        """All that was ever changed."""
        return {key: dict(fields) for key, fields in self._times.items()}
