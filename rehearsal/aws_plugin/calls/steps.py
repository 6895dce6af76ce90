"""Steps of an entry as API calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.aws_plugin.calls import model
from rehearsal.aws_plugin.calls.consumption import target
from rehearsal.aws_plugin.calls.context import Context
from rehearsal.aws_plugin.calls.encode import Encoder, as_renamed, scalar, sent
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.entry import As, Attributes, Call, Hook, HookContext, Members, Step
from rehearsal.plugin import sdk
from rehearsal.plugin.difference import same


def build(call: Call, context: HookContext, given: Mapping[str, Any]) -> dict[str, Any]:
    """The request of a call for the arguments given."""
    service = call.service or context.entry.service
    shape = model.input_shape(service, call.operation)
    request = context.request(call.params)
    if shape is None:
        return request
    encoder = Encoder(shape, request, call.rename)
    for name, value in given.items():
        place = target(call, shape, name)
        if place is None or value is None:
            continue
        try:
            _place(encoder, place, name, value)
        except RefusedError as error:
            raise RefusedError(error.path or name, error.reason) from None
    return request


def _place(encoder: Encoder, place: As, name: str, value: Any) -> None:
    if place.path:
        encoder.put(place.path.removeprefix("/"), sent(value, place), name)
        return
    for block in value if isinstance(value, list) else [value]:
        for inner, each in block.items() if isinstance(block, dict) else ():
            path = f"{name}.{inner}"
            if path not in encoder.rename:
                raise RefusedError(path, "the rehearsal's entry doesn't send it to AWS")
            if each is not None:
                nested = as_renamed(encoder.rename[path])
                encoder.put(nested.path.removeprefix("/"), sent(each, nested), path)


def run(step: Step, context: Context, given: Mapping[str, Any]) -> Any:
    """Make the calls of a step for the arguments given; the answer of the last."""
    if isinstance(step, Hook):
        return step.run(context) if step.dry or not context.dry else None
    if isinstance(step, Attributes):
        return _run_attributes(step, context, given)
    if isinstance(step, Members):
        return _run_members(step, context, given.get(step.argument))
    if skipped(step, context):
        return None
    if not step.each:
        return context.send(step, build(step, context, given))
    for name, value in given.items():
        context.send(step, build(step, context, {name: value}))
    return None


def skipped(call: Call, context: Context) -> bool:
    """Return whether the call's `when` says that it isn't made."""
    return bool(call.when) and context.resolve(call.when) in (None, False, "", [], {})


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The values of a block by path, without indices."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, f"{path}.{name}")
    elif isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        yield from leaves(value[0], path)
    else:
        yield path, value


def _run_attributes(step: Attributes, context: Context, given: Mapping[str, Any]) -> Any:
    pairs: dict[str, Any] = {}
    for name, value in given.items():
        for path, each in leaves(value, name):
            if path not in step.keys:
                raise RefusedError(path, "the rehearsal's entry doesn't send it to AWS")
            renamed = as_renamed(step.keys[path])
            pairs[context.resolve(renamed.path)] = sent(each, renamed)
    pairs = _changed_only(step, context, pairs)
    for path in _removed(step, context, given):
        key = context.resolve(as_renamed(step.keys[path]).path)
        value = step.cleared.get(path, False)
        pairs |= {} if key is None or value is None else {key: value}
    if not pairs:
        return None
    service = step.service or context.entry.service
    member = model.input_shape(service, step.operation).members[step.member].member
    key, value = step.names
    listed = [{key: k, value: scalar(v, member.members[value], k)} for k, v in pairs.items()]
    call = Call(step.operation, step.params, service=step.service, recorded=step.recorded)
    return context.send(call, {**build(call, context, {}), step.member: listed})


def _changed_only(step: Attributes, context: Context, pairs: dict[str, Any]) -> dict[str, Any]:
    """The pairs that an update changes; all of them in a creation."""
    if not context.id or not context.old:
        return pairs
    before: dict[str, Any] = {}
    for name, value in context.old.items():
        for path, each in leaves(value, name):
            if path in step.keys:
                renamed = as_renamed(step.keys[path])
                before[context.resolve(renamed.path)] = sent(each, renamed)
    return {key: value for key, value in pairs.items() if not same(before.get(key), value)}


def _removed(step: Attributes, context: Context, given: Mapping[str, Any]) -> list[str]:
    now = {path for name, value in given.items() for path, _ in leaves(value, name)}
    before = {path for name, value in context.old.items() for path, _ in leaves(value, name)}
    gone = sorted((before - now) & set(step.keys))
    for path in gone:
        if path not in step.cleared and not _boolean(context, path):
            raise RefusedError(path, "was removed, and the rehearsal's entry doesn't say what to send then (cleared=)")
    return gone


def _boolean(context: Context, path: str) -> bool:
    kind = sdk.Kind("object", None, context.cls.arguments)
    for name in path.split("."):
        kind = kind.item if kind.name == "list" and kind.item else kind
        kind = kind.fields.get(name, sdk.Kind("any"))
    return kind.name == "bool"


def _members(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _sent_members(step: Members, context: Context, value: Any) -> Any:
    """Members in AWS's form, in which the entry's function may have put templates."""
    if step.to is None:
        return value
    return context.resolve([step.to(each) for each in value] if isinstance(value, list) else step.to(value))


def _run_members(step: Members, context: Context, wanted: Any) -> None:
    if model.is_unknown(wanted):
        return
    before = _members(None if not context.id else context.old.get(step.argument))
    after = _members(wanted)
    removed = [each for each in before if each not in after]
    added = [each for each in after if each not in before]
    for call, changed, name in ((step.remove, removed, "removed"), (step.add, added, "added")):
        for extra in [{"item": each} for each in changed] if step.each else [{name: changed}] * bool(changed):
            context.extra = {name: _sent_members(step, context, value) for name, value in extra.items()}
            context.send(call, build(call, context, {}))
    context.extra = {}
