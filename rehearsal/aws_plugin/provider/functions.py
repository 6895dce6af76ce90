"""Functions of the provider (invokes), answered from the emulator."""

from __future__ import annotations

from typing import Any

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls import model
from rehearsal.aws_plugin.calls.answer import Answers, outputs
from rehearsal.aws_plugin.calls.clients import Clients
from rehearsal.aws_plugin.calls.consumption import target, templates
from rehearsal.aws_plugin.calls.context import Context
from rehearsal.aws_plugin.calls.steps import build
from rehearsal.aws_plugin.entry import Call, Function, Hook, Read
from rehearsal.plugin import sdk
from rehearsal.plugin.shapes import Failures, shape_failures


def invoke(clients: Clients, region: str, token: str, args: dict[str, Any]) -> tuple[dict[str, Any], Failures]:
    """A function's result, and what is wrong with its arguments; `region` is the provider's."""
    entry, cls = registry.function_of(token), sdk.function(token)
    given = {name: value for name, value in args.items() if value is not None}
    wrong = shape_failures(given, sdk.Kind("object", None, cls.arguments, cls.required), "")
    unused = [name for name in _unused(entry, cls, given) if name in cls.arguments]
    wrong += [(name, "the rehearsal's entry for this function doesn't use it") for name in unused]
    if wrong:
        return {}, wrong
    region = given.get("region") or region
    context = Context(entry, cls, clients, region, given)
    try:
        result = _result(context, entry)
    except model.RefusedError as error:
        return {}, [(error.path, error.reason)]
    echoed = {name: value for name, value in given.items() if name in cls.outputs}
    where = {"region": region} if "region" in cls.outputs else {}
    return {**echoed, **where, **result}, []


def _as_call(read: Read, entry: Function) -> Call:
    return Call(read.operation, read.params, entry.rename, service=read.service)


def _unused(entry: Function, cls: sdk.Class, given: dict[str, Any]) -> list[str]:
    used = {"region", *entry.takes}
    if isinstance(entry.read, Read):
        call = _as_call(entry.read, entry)
        shape = model.input_shape(call.service or entry.service, call.operation)
        used |= {name for name in cls.arguments if target(call, shape, name)}
        used |= {name for text in templates(entry.read.params) for name in cls.arguments if name in text}
    else:
        used |= set(entry.read.takes)
    return sorted(set(given) - used)


def _result(context: Context, entry: Function) -> dict[str, Any]:
    if isinstance(entry.read, Hook):
        return dict(entry.read.run(context) or {})
    call = _as_call(entry.read, entry)
    taken = {name: value for name, value in context.args.items() if name != "region" and name not in entry.takes}
    read = Read(call.operation, build(call, context, taken), entry.read.at, entry.read.rename, call.service)
    answers = Answers(context)
    answers.fetch((read,))
    if not answers.exists:
        raise RuntimeError(f"{entry.token}: {call.operation}: couldn't find resource for {context.args}")
    decoder = answers.decoder()
    found = {name: decoder.value(name, kind) for name, kind in context.cls.outputs.items() if name != "id"}
    found = {name: value for name, value in found.items() if value is not None}
    found |= outputs(context, answers.main, found)
    context.id = str(context.resolve(entry.id) if entry.id else context.region)
    return {**found, "id": context.id}
