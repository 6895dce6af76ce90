"""Answers of an entry's reading calls, as properties of the resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jmespath

from rehearsal.aws_plugin.calls import model, tagging
from rehearsal.aws_plugin.calls.clients import is_gone
from rehearsal.aws_plugin.calls.context import CallError, Context
from rehearsal.aws_plugin.calls.decode import Decoder, received, scalar
from rehearsal.aws_plugin.calls.encode import as_renamed
from rehearsal.aws_plugin.entry import Attributes, Hook, Read, Type
from rehearsal.plugin import sdk

MANAGED = ("id", "urn", "region", "tags", "tagsAll")


class Answers:
    """The answers of an entry's reading calls."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.items: list[tuple[Read, Any]] = []
        self.properties: dict[str, Any] = {}
        self.exists = True

    def fetch(self, reads: tuple[Read | Hook, ...]) -> None:
        """Make the calls; `exists` is false if the first finds nothing."""
        for index, read in enumerate(reads):
            found = self._one(read)
            if found is None and index == 0:
                self.exists = False
                return
            if isinstance(read, Hook):
                self.properties |= found or {}
            elif found is not None:
                self.items.append((read, found))
                self.context.extra.setdefault("found", found)
        self.context.extra.pop("found", None)

    def _one(self, read: Read | Hook) -> Any:
        more = self.context.entry.gone if isinstance(self.context.entry, Type) else ()
        try:
            return read.run(self.context) if isinstance(read, Hook) else self.context.read(read)
        except CallError as error:
            if is_gone(error.cause, (*more, *(read.gone if isinstance(read, Read) else ()))):
                return None
            raise

    def decoder(self) -> Decoder:
        """The decoder that finds properties in the answers."""
        return Decoder(self.context.entry, self.items, self.properties)

    @property
    def main(self) -> Any:
        """The find of the first call."""
        return self.items[0][1] if self.items else {}


def attribute_values(step: Attributes, context: Context) -> dict[str, Any]:
    """Paths of arguments -> values, from a list of keys and values."""
    if step.read is None:
        return {}
    listed = context.read(step.read) or []
    key, value = step.names
    actual = {each.get(key): each.get(value) for each in listed}
    found = {}
    for path, to in step.keys.items():
        renamed = as_renamed(to)
        name = context.resolve(renamed.path)
        if name in actual:
            found[path] = received(actual[name], renamed)
    return found


def nest(paths: Mapping[str, Any]) -> dict[str, Any]:
    """{"a.b": 1} as {"a": {"b": 1}}."""
    found: dict[str, Any] = {}
    for path, value in paths.items():
        model.put(found, path, value)
    return found


def observe(context: Context) -> dict[str, Any] | None:
    """Every property that can be read; None if the resource is gone."""
    entry = context.entry
    assert isinstance(entry, Type)
    answers = Answers(context)
    answers.fetch(entry.reads)
    if not answers.exists:
        return None
    decoder = answers.decoder()
    kinds = {**context.cls.outputs, **context.cls.arguments}
    found = {name: decoder.value(name, kind) for name, kind in kinds.items() if name not in MANAGED or not entry.tags}
    for step in (*entry.then, *entry.update):
        if isinstance(step, Attributes):
            for name, value in nest(attribute_values(step, context)).items():
                kind = kinds[name]
                inner = [value] if kind.name == "list" and isinstance(value, dict) else value
                found[name] = decoder.decode(inner, kind, name)
    found = {name: value for name, value in found.items() if value is not None and name not in ("id", "urn", "region")}
    context.state.update({name: value for name, value in found.items() if name not in context.cls.arguments})
    found |= outputs(context, answers.main, {k: v for k, v in found.items() if k not in context.args})
    tags = tagging.read(context, answers.main)
    if tags is not None:
        found["tags"] = tags
    return found


def outputs(context: Context, item: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs that the entry defines: JMESPath in what was read, templates, and reads of their own."""
    context.state.update(known)
    found: dict[str, Any] = {}
    for name, how in context.entry.outputs.items():
        if isinstance(how, Read):
            value = context.read(how)
        else:
            value = context.resolve(how) if "{" in how else jmespath.search(how, item)
        if value is not None:
            found[name] = scalar(value, context.cls.outputs.get(name, sdk.Kind("any")))
            context.state[name] = found[name]
    return found
