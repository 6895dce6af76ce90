"""Limits of Cloudflare's API: what it refuses, and what it leaves out of its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.cloudflare_plugin.entry import Type
from rehearsal.cloudflare_plugin.names import api_name
from rehearsal.cloudflare_plugin.store import Objects
from rehearsal.plugin.conventions import is_unknown
from rehearsal.plugin.shapes import Failures


def failures(entry: Type, inputs: Mapping[str, Any]) -> Failures:
    """List what is wrong with the arguments alone, at preview."""
    given = {name: value for name, value in inputs.items() if not is_unknown(value)}
    found = [
        (name, f'"{given[name]}" is no id: they are 32 hexadecimal digits')
        for name in entry.ids
        if name in given and not re.fullmatch(r"[0-9a-f]{32}", str(given[name]))
    ]
    for name, allowed in entry.among.items():
        found += [
            (name, f'"{value}" is not one of {", ".join(map(str, allowed))}')
            for value in _each(given.get(name))
            if value not in allowed
        ]
    for name, (least, most) in entry.between.items():
        if name in given and not least <= float(given[name]) <= most:
            found.append((name, f"{given[name]} is not from {least} to {most}"))
    return found


def _each(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _each(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _each(inner)
    elif value is not None:
        yield value


def refuse(entry: Type, inputs: Mapping[str, Any], paths: Mapping[str, Objects], id: str) -> None:
    """RuntimeError for what only the account shows: a name that is taken, an object that isn't there."""
    own = entry.path.format(**{name: inputs[name] for name in entry.ids})
    if entry.unique:
        taken = inputs[entry.unique]
        if any(each.get(api_name(entry.unique)) == taken for key, each in paths.get(own, {}).items() if key != id):
            raise RuntimeError(f'{own}: {entry.unique} "{taken}" is taken')
    for name, path in entry.refers.items():
        # A zone's balancer doesn't name the account of its pools.
        pattern = re.compile(re.sub(r"\{\w+\}", r"[^/]+", path))
        there = {key for each, objects in paths.items() if pattern.fullmatch(each) for key in objects}
        for value in _each(inputs.get(name)):
            if value not in there:
                raise RuntimeError(f'{own}: {name} is "{value}"; there is no such object')


def refuse_deletion(path: str, id: str, paths: Mapping[str, Objects]) -> None:
    """RuntimeError if other objects refer to this one, as the API does (code 1005)."""
    for other, objects in paths.items():
        for each in objects.values():
            if (other, each["id"]) != (path, id) and id in _each(each):
                raise RuntimeError(f"DELETE {path}/{id}: 412 this object is referenced by other objects: {other}")


def answered(entry: Type, answer: Mapping[str, Any]) -> dict[str, Any]:
    """An object as the API answers it: without what it leaves out while it is empty or zero."""
    found = dict(answer)
    for path in entry.silent:
        found = _without(found, path.split("."))
    return found


def _without(value: Any, path: list[str]) -> Any:
    if isinstance(value, list):
        return [_without(each, path) for each in value]
    if not isinstance(value, Mapping) or path[0] not in value:
        return value
    if len(path) > 1:
        return {**value, path[0]: _without(value[path[0]], path[1:])}
    return {key: each for key, each in value.items() if key != path[0] or not _empty(each)}


def _empty(value: Any) -> bool:
    """Nothing, zero, or a block of nothing but these."""
    if isinstance(value, Mapping):
        return all(_empty(each) for each in value.values())
    return value in (None, 0, "", [], False)
