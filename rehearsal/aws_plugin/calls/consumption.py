"""Arguments and the steps of an entry: where each goes, and which can change in place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from rehearsal.aws_plugin.calls import model
from rehearsal.aws_plugin.calls.context import TEMPLATE
from rehearsal.aws_plugin.calls.encode import as_renamed
from rehearsal.aws_plugin.entry import As, Attributes, Call, Function, Hook, Members, Read, Step, Type
from rehearsal.plugin import sdk


def target(call: Call, shape: Any, argument: str) -> As | None:
    """The place where a call puts an argument; an empty path means that its properties have places of their own."""
    if (call.takes is not None and argument not in call.takes) or argument in call.skip:
        return None
    if argument in call.rename:
        return as_renamed(call.rename[argument])
    if any(path.startswith(f"{argument}.") and as_renamed(to).path.startswith("/") for path, to in call.rename.items()):
        return As("")
    found = model.member(shape, argument)
    if found and found not in call.params:
        return As(found)
    if call.into:
        inner = model.member(model.shape_at(shape, call.into), argument)
        return As(f"{call.into}.{inner}") if inner else None
    return None


def _free(entry: Type | Function, cls: sdk.Class) -> list[str]:
    """Arguments that steps may consume: the region and managed tags are the core's."""
    managed = {"region"} | ({"tags", "tagsAll"} if isinstance(entry, Type) and entry.tags else set())
    return [name for name in cls.arguments if name not in managed]


def takes(step: Step, entry: Type, cls: sdk.Class) -> frozenset[str]:
    """The arguments that a step sends."""
    if isinstance(step, Call) and step.takes is not None:
        return frozenset(step.takes)
    if isinstance(step, Call):
        shape = model.input_shape(step.service or entry.service, step.operation)
        return frozenset(name for name in _free(entry, cls) if target(step, shape, name) is not None)
    if isinstance(step, Attributes):
        return frozenset(path.split(".")[0] for path in step.keys)
    if isinstance(step, Members):
        return frozenset((step.argument,))
    return frozenset(step.takes)


def templates(value: Any) -> Iterator[str]:
    """Expressions in the templates of a value."""
    if isinstance(value, str):
        yield from TEMPLATE.findall(value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from templates(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from templates(each)


def _named(step: Any) -> set[str]:
    """Expressions in the templates of a step."""
    if isinstance(step, Members):
        return _named(step.add) | _named(step.remove)
    if isinstance(step, Call):
        return {*templates(step.params), *templates(step.when), *templates(step.waits)}
    if isinstance(step, (Attributes, Read)):
        return {*templates(step.params)}
    return set()


@cache
def consumed(entry: Type) -> frozenset[str]:
    """Every argument that the entry does something with."""
    cls = sdk.resource(entry.token)
    every: list[Any] = [entry.create, *entry.instead, *entry.then, *entry.update, *entry.deletes, *entry.reads]
    found = {"region", *entry.local} | ({"tags"} if entry.tags else set())
    texts = {expression for step in every for expression in _named(step)} | set(templates(entry.id))
    if entry.tags:
        texts |= set(templates(entry.tags.target))
    for expression in texts:
        found |= set(cls.arguments) & set(re.findall(r"\w+", expression))
    for step in (entry.create, *entry.instead, *entry.then, *entry.update):
        found |= takes(step, entry, cls)
    for other in (*entry.reads, *entry.deletes):
        found |= set(other.takes) if isinstance(other, Hook) else set()
    return frozenset(found)


@cache
def updatable(entry: Type) -> frozenset[str]:
    """The arguments that can change in place."""
    cls = sdk.resource(entry.token)
    found = {*entry.local, *entry.unsent} | ({"tags"} if entry.tags else set())
    for step in (*entry.then, *entry.update):
        found |= takes(step, entry, cls)
    return frozenset(found)
