"""Differences between two sets of arguments, path by path, as the engine prints them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from rehearsal.plugin.conventions import DEFAULTS, is_unknown


@dataclass
class Difference:
    """The effect of an update: property path -> kind (ADD, UPDATE_REPLACE ...), of inputs and of outputs only."""

    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    replaces: list[str] = field(default_factory=list)
    delete_before_replace: bool = False


def _document(text: str) -> Any:
    """The JSON document in a string; None if it is none."""
    if text[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def canonical(  # noqa: PLR0911 - one return for each kind of value
    value: Any, *, ordered: bool = False, document: bool = False
) -> Any:
    """A form in which equal values are equal: sets sorted, JSON parsed, scalars as strings."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(int(value)) if float(value).is_integer() else str(value)
    if isinstance(value, dict):
        pairs = {k: canonical(v, ordered=ordered, document=document) for k, v in value.items()}
        return {k: v for k, v in sorted(pairs.items()) if v is not None and k != DEFAULTS}
    if isinstance(value, list):
        items = [canonical(each, ordered=ordered, document=document) for each in value]
        if document and len(items) == 1:
            return items[0]
        return items if ordered else sorted(items, key=lambda each: json.dumps(each, sort_keys=True))
    if isinstance(value, str):
        parsed = _document(value)
        return value if parsed is None else canonical(parsed, document=True)
    return value


def same(one: Any, other: Any, *, ordered: bool = False) -> bool:
    """Return whether two values mean the same to AWS."""
    return bool(canonical(one, ordered=ordered) == canonical(other, ordered=ordered))


def _below(path: str, name: str) -> str:
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        return f"{path}.{name}" if path else name
    return f"{path}[{json.dumps(name)}]"


def changes(old: Any, new: Any, path: str = "", *, ordered: bool = False) -> dict[str, str]:
    """Path -> ADD, DELETE or UPDATE. Lists are compared as sets unless `ordered`."""
    if old is None or new is None:
        return {} if old is new else {path: "ADD" if old is None else "DELETE"}
    if isinstance(old, dict) and isinstance(new, dict):
        found: dict[str, str] = {}
        for name in dict.fromkeys([*old, *new]):
            if name != DEFAULTS:
                found |= changes(old.get(name), new.get(name), _below(path, name), ordered=ordered)
        return found
    if isinstance(old, list) and isinstance(new, list):
        return _list_changes(old, new, path, ordered=ordered)
    if is_unknown(new) or not same(old, new, ordered=ordered):
        return {path: "UPDATE"}
    return {}


def _list_changes(old: list[Any], new: list[Any], path: str, *, ordered: bool) -> dict[str, str]:
    before, after = list(enumerate(old)), list(enumerate(new))
    if not ordered:
        for pair in list(before):
            equal = next((other for other in after if same(pair[1], other[1]) and not is_unknown(other[1])), None)
            if equal:
                before.remove(pair)
                after.remove(equal)
    found: dict[str, str] = {}
    for (_, one), (index, other) in zip(before, after, strict=False):
        found |= changes(one, other, f"{path}[{index}]", ordered=ordered)
    found |= {f"{path}[{index}]": "DELETE" for index, _ in before[len(after) :]}
    return found | {f"{path}[{index}]": "ADD" for index, _ in after[len(before) :]}
