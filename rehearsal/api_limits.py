"""What AWS's API says of a value and botocore doesn't hold against it: patterns, lengths, ranges and enums.

Where botocore's model is wrong or older than AWS, `EXCEPTIONS` says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sized
from dataclasses import dataclass
from functools import cache
from typing import Any

Shape = Any  # botocore's classes are untyped

EXCEPTIONS: Mapping[tuple[str, str], str] = {
    ("InstanceType", "enum"): "EC2 has new types before botocore has; EC2 itself says which there are",
}
"""Per shape and limit why it isn't held."""

CLASSES = {
    "L": r"A-Za-z\u00aa\u00b5\u00ba\u00c0-\U0010ffff",
    "M": r"\u0300-\u036f",
    "N": r"0-9\u00b2\u00b3\u00b9\u00bc-\u00be",
    "P": r"!-#%-*,-/:;?@\[-\]_{}\u00a1\u00a7\u00ab\u00b6\u00b7\u00bb\u00bf",
    "Print": r"\x20-\x7e",
    "Z": r" \u00a0",
    "ASCII": r"\x00-\x7f",
}
"""Java's classes of characters. They are wider here: most of what is beyond Latin counts as a letter."""

BEYOND_THE_BMP = r"\uD800\uDC00-\uDBFF\uDFFF"
"""How Java writes all characters that it has two code units for."""

SHOWN = 20
"""Members of an enum that a message has."""

Unknown = Callable[[Any], bool]
"""Whether a value is one that is known only later."""


@dataclass(frozen=True)
class Excess:
    """A value that is outside of a limit."""

    path: str
    """Where in the request."""
    value: Any
    must: str
    """What AWS wants, in its own words: `have length less than or equal to 64`."""


TOKEN = re.compile(r"\\p\{(\w+)\}|\\.|.", re.DOTALL)


@cache
def compiled(pattern: str) -> re.Pattern[str] | None:
    """A pattern of the API's, which is Java's, as Python's; None if Python can't have it.

    The whole value must match, as AWS has it.
    """
    try:
        return re.compile(_python(pattern.replace(BEYOND_THE_BMP, r"\U00010000-\U0010ffff")), re.ASCII)
    except (re.error, KeyError):
        return None


def _python(pattern: str) -> str:
    found, inside = "", False
    for token in TOKEN.finditer(pattern):
        text, named = token[0], token[1]
        after = pattern[token.end() : token.end() + 1]
        if named:
            text = CLASSES[named] if inside else f"[{CLASSES[named]}]"
        elif text == "-" and inside and found.endswith((r"\w", r"\d", r"\s")) and after != "]":
            text = r"\-"
        elif inside and text in "[|&~":
            text = f"\\{text}"
        elif text in "[]":
            inside = text == "["
        found += text
    return found


def excesses(value: Any, shape: Shape, path: str = "", unknown: Unknown = lambda _: False) -> Iterator[Excess]:
    """Everything in a value that is outside of its shape's limits, or of the limits of a shape in it."""
    if value is None or unknown(value):
        return
    yield from own(value, shape, path)
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, inner in shape.members.items():
            yield from excesses(value.get(name), inner, f"{path}.{name}".lstrip("."), unknown)
    elif shape.type_name == "list" and isinstance(value, list):
        for at, each in enumerate(value, 1):
            yield from excesses(each, shape.member, f"{path}.{at}.member", unknown)
    elif shape.type_name == "map" and isinstance(value, dict):
        for key, each in value.items():
            yield from excesses(key, shape.key, f"{path}.key", unknown)
            yield from excesses(each, shape.value, f"{path}.{key}.member", unknown)


def own(value: Any, shape: Shape, path: str = "") -> Iterator[Excess]:
    """What is wrong with a value itself, whatever is in it."""
    limits = {kind: limit for kind, limit in shape.metadata.items() if (shape.name, kind) not in EXCEPTIONS}
    yield from (Excess(path, value, must) for must in (*_sizes(value, limits), *_texts(value, limits)))


def _sizes(value: Any, limits: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float | Sized):
        return
    kind, size = ("length", len(value)) if isinstance(value, Sized) else ("value", value)
    if size < limits.get("min", size):
        yield f"have {kind} greater than or equal to {limits['min']}"
    if size > limits.get("max", size):
        yield f"have {kind} less than or equal to {limits['max']}"


def _texts(value: Any, limits: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(value, str):
        return
    if (allowed := limits.get("enum")) and value not in allowed:
        some = ", ".join(allowed[:SHOWN]) + (", ..." if len(allowed) > SHOWN else "")
        yield f"satisfy enum value set: [{some}]"
    pattern = compiled(limits["pattern"]) if limits.get("pattern") else None
    if pattern and not pattern.fullmatch(value):
        yield f"satisfy regular expression pattern: {limits['pattern']}"
