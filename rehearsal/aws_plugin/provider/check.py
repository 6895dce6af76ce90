"""Check: names, kinds and requests are validated before anything is made, at preview."""

from __future__ import annotations

import hashlib
from typing import Any

from rehearsal.aws_plugin.calls import request
from rehearsal.aws_plugin.calls.consumption import consumed
from rehearsal.aws_plugin.calls.context import Context
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.calls.steps import run
from rehearsal.aws_plugin.entry import AutoName, Members, Type
from rehearsal.aws_plugin.provider.refusals import argument_of, of_entry, of_schema
from rehearsal.plugin import sdk
from rehearsal.plugin.conventions import DEFAULTS
from rehearsal.plugin.shapes import Failures, object_failures


def auto_name(naming: AutoName, name: str, seed: bytes, prefix: str | None = None) -> str:
    """The name that pulumi-aws would make, from the logical name or `namePrefix`; ValueError if too long for AWS."""
    base = prefix or f"{naming.prefix}{name.lower() if naming.lower else name}-"
    if len(base) + 7 > naming.maximum:
        raise ValueError(f'"{base}" and 7 random digits are longer than {naming.maximum} characters')
    return base + hashlib.sha256(seed + name.encode()).hexdigest()[:7]


def _filled(value: Any, path: list[str], default: Any) -> Any:
    """A value with a default at a path inside it, wherever the blocks on the way are given."""
    if isinstance(value, list):
        return [_filled(each, path, default) for each in value]
    if not isinstance(value, dict):
        return value
    name, *below = path
    if below:
        return {**value, name: _filled(value[name], below, default)} if name in value else value
    return value if value.get(name) is not None else {**value, name: default}


def with_defaults(entry: Type, news: dict[str, Any], olds: dict[str, Any], name: str, seed: bytes) -> dict[str, Any]:
    """The inputs with what the provider fills in: a name, and the entry's defaults."""
    found = {key: value for key, value in news.items() if value is not None and key != DEFAULTS}
    filled = [key for key in entry.default if key not in found and "." not in key]
    found |= {key: entry.default[key] for key in filled}
    for path in entry.default:
        if "." in path:
            found = _filled(found, path.split("."), entry.default[path])
    naming = entry.naming
    if naming and naming.argument not in found:
        kept = olds.get(naming.argument) if naming.argument in olds.get(DEFAULTS, []) else None
        kept = kept if found.get("namePrefix") == olds.get("namePrefix") else None
        found[naming.argument] = kept or auto_name(naming, name, seed, found.get("namePrefix"))
        filled.append(naming.argument)
    return {**found, DEFAULTS: filled} if filled else found


def failures(context: Context, inputs: dict[str, Any]) -> Failures:
    """Everything wrong with the inputs: unknown, missing, not consumed, refused by the provider or by AWS's model."""
    entry, cls = context.entry, context.cls
    assert isinstance(entry, Type)
    required = cls.required | set(entry.required)
    found = object_failures(inputs, sdk.Kind("object", None, cls.arguments, frozenset(required)), "")
    known = {name: value for name, value in inputs.items() if name in cls.arguments}
    used = consumed(entry) | ({"namePrefix"} if entry.naming else set())
    for name in sorted(known.keys() - used):
        found.append(
            (
                name,
                "the rehearsal's entry for this type doesn't send it to AWS; add it to rehearsal/aws_plugin/services/",
            )
        )
    if found:
        return found
    context.args, context.dry = known, True
    for make in (request.create, request.after_create):
        try:
            make(context)
        except RefusedError as error:
            found.append((error.path, error.reason))
    found += _sets(context, entry)
    told = {argument_of(path) for path, _ in found}
    of_provider = of_schema(entry.token, inputs) + of_entry(entry.refuse, inputs)
    found += [(each.path, each.reason) for each in of_provider if not each.about & told]
    return [each for each in found if each[0]] or found  # what AWS's model says of a request names no argument


def _sets(context: Context, entry: Type) -> Failures:
    """Check what is attached member by member, which a dry run of the steps leaves out."""
    found: Failures = []
    for step in entry.then:
        if isinstance(step, Members) and step.created and step.argument in context.args:
            try:
                run(step, context, {step.argument: context.args[step.argument]})
            except RefusedError as error:
                found.append((error.path or step.argument, error.reason))
    return found
