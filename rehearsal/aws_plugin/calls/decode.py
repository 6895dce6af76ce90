"""From AWS's answers back to properties, by the same names and renames."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jmespath

from rehearsal.aws_plugin.calls import model, tagging
from rehearsal.aws_plugin.calls.encode import as_renamed
from rehearsal.aws_plugin.entry import As, Call, Function, Read, Type
from rehearsal.plugin import sdk
from rehearsal.plugin.difference import same


def _renames(entry: Type | Function) -> Iterator[tuple[str, As]]:
    """Every rename of the entry's calls, the paths without `into`."""
    if isinstance(entry, Function):
        yield from ((name, as_renamed(to)) for name, to in entry.rename.items())
        return
    for step in (entry.create, *entry.then, *entry.update):
        if isinstance(step, Call):
            for name, to in step.rename.items():
                renamed = as_renamed(to)
                path = renamed.path.removeprefix(f"{step.into}.") if step.into else renamed.path
                yield name, As(path, renamed.values, renamed.to, renamed.back)


def received(value: Any, renamed: As) -> Any:
    """AWS's value as the program gives it; None if the entry doesn't say."""
    if value is None:
        return None
    if renamed.values is not None:
        return next((mine for mine, theirs in renamed.values.items() if same(theirs, value)), value)
    if renamed.to is not None:
        return renamed.back(value) if renamed.back else None
    return value


class Decoder:
    """Finds properties in what was read."""

    def __init__(
        self, entry: Type | Function, items: Sequence[tuple[Read, Any]], properties: Mapping[str, Any]
    ) -> None:
        self.items, self.properties = items, properties
        self.rename: dict[str, As] = {}
        for name, renamed in _renames(entry):
            self.rename.setdefault(name, renamed)

    def value(self, name: str, kind: sdk.Kind) -> Any:
        """The actual value of a property; None if it can't be seen."""
        if name in self.properties:
            return self.properties[name]
        for read, item in self.items:
            if name in read.rename:
                return self.decode(jmespath.search(read.rename[name], item), kind, name)
        renamed = self.rename.get(name)
        if renamed and not renamed.path.startswith("/"):
            found = self._search(renamed.path)
            if found is not None or renamed.to is not None:
                return self.decode(received(found, renamed), kind, name)
        if any(path.startswith(f"{name}.") and to.path.startswith("/") for path, to in self.rename.items()):
            fields = self._fields({}, kind.item if kind.name == "list" and kind.item else kind, name)
            return ([fields] if kind.name == "list" else fields) if fields else None
        for _, item in self.items:
            key = model.same_name(item, name) if isinstance(item, dict) else None
            if key is not None:
                return self.decode(item[key], kind, name)
        return None

    def _search(self, path: str) -> Any:
        for _, item in self.items:
            found = jmespath.search(path, item)
            if found is not None:
                return found
        return None

    def decode(self, value: Any, kind: sdk.Kind, path: str) -> Any:
        """A value of an answer in the SDK's terms."""
        if isinstance(value, datetime.datetime):
            value = value.isoformat()
        value = model.decoded_blob(value)
        if value is None:
            return None
        if kind.name == "object":
            value = value[0] if isinstance(value, list) and len(value) == 1 else value
            return self._fields(value, kind, path) if isinstance(value, dict) else None
        if kind.name == "list" and kind.item:
            if isinstance(value, dict):
                value = _unwrapped(value, kind.item)
            items = [self.decode(each, kind.item, path) for each in (value if isinstance(value, list) else [value])]
            return [each for each in items if each is not None]
        if kind.name == "map" and kind.item:
            value = tagging.decode(value) if isinstance(value, list) else value
            return {k: self.decode(v, kind.item, path) for k, v in value.items()} if isinstance(value, dict) else None
        return scalar(value, kind)

    def _fields(self, value: dict[str, Any], kind: sdk.Kind, path: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, inner in kind.fields.items():
            below = f"{path}.{name}"
            renamed = self.rename.get(below)
            if renamed is not None and renamed.path.startswith("/"):
                actual = received(self._search(renamed.path[1:]), renamed)
            elif renamed is not None:
                actual = received(jmespath.search(renamed.path, value), renamed)
            else:
                key = model.same_name(value, name)
                actual = value[key] if key is not None else None
            decoded = self.decode(actual, inner, below)
            if decoded is not None:
                found[name] = decoded
        return found


def _unwrapped(value: dict[str, Any], kind: sdk.Kind) -> list[Any]:
    """A list from a structure: the structure itself if it is the one block, else the list inside (`Items`)."""
    if any(model.same_name(value, name) for name in kind.fields):
        return [value]
    return next((each for each in value.values() if isinstance(each, list)), [value])


def camel(value: Any) -> Any:
    """An answer's structure with camelCase names, for what the SDK gives no kind."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: camel(each) for key, each in value.items()}
    if isinstance(value, list):
        return [camel(each) for each in value]
    return value.isoformat() if isinstance(value, datetime.datetime) else model.decoded_blob(value)


def scalar(value: Any, kind: sdk.Kind) -> Any:
    """A scalar of an answer in the SDK's kind; None if it has no such form."""
    if isinstance(value, dict) and set(value) == {"Value"}:
        value = value["Value"]
    if kind.name == "str":
        value = int(value) if isinstance(value, float) and value.is_integer() else value
        if isinstance(value, (dict, list)):
            return json.dumps(value, sort_keys=True)
        return str(value).lower() if isinstance(value, bool) else str(value)
    if kind.name == "bool":
        return str(value).lower() in ("true", "enabled", "on", "1") if not isinstance(value, (dict, list)) else None
    if kind.name in ("int", "float"):
        try:
            number = float(value)
        except (TypeError, ValueError):
            return None
        return int(number) if kind.name == "int" or number.is_integer() else number
    return camel(value)
