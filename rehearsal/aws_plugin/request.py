"""From steps of an entry and arguments to requests: what a step consumes, and what it sends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from rehearsal.aws_plugin import model, sdk, tagging
from rehearsal.aws_plugin.context import TEMPLATE, Context
from rehearsal.aws_plugin.entry import As, Attributes, Call, Function, Hook, Members, Read, Step, Type
from rehearsal.aws_plugin.model import Encoder, RefusedError

PUTS = ("Put", "Set", "Create", "Replace")
"""Operations that tell AWS the whole resource: what they don't mention is gone."""


def target(call: Call, shape: Any, argument: str) -> As | None:
    """Where a call puts an argument; an empty path means that its properties have places of their own."""
    if (call.takes is not None and argument not in call.takes) or argument in call.skip:
        return None
    if argument in call.rename:
        return model.as_renamed(call.rename[argument])
    if any(
        path.startswith(f"{argument}.") and model.as_renamed(to).path.startswith("/")
        for path, to in call.rename.items()
    ):
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
    """The arguments that a step tells AWS."""
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
def _consumed(token: str) -> frozenset[str]:
    from rehearsal.aws_plugin import registry  # noqa: PLC0415 - the registry loads the entries

    entry, cls = registry.type_of(token), sdk.resource(token)
    every: list[Any] = [entry.create, *entry.then, *entry.update, *entry.deletes, *entry.reads]
    found = {"region", *entry.local} | ({"tags"} if entry.tags else set())
    texts = {expression for step in every for expression in _named(step)} | set(templates(entry.id))
    if entry.tags:
        texts |= set(templates(entry.tags.target))
    for expression in texts:
        found |= {name for name in cls.arguments if name in expression.replace(".", " ").replace("[", " ").split()}
    for step in (entry.create, *entry.then, *entry.update):
        found |= takes(step, entry, cls)
    for other in (*entry.reads, *entry.deletes):
        found |= set(other.takes) if isinstance(other, Hook) else set()
    return frozenset(found)


def consumed(entry: Type) -> frozenset[str]:
    """Every argument that the entry does something with."""
    return _consumed(entry.token)


@cache
def _updatable(token: str) -> frozenset[str]:
    from rehearsal.aws_plugin import registry  # noqa: PLC0415 - as above

    entry, cls = registry.type_of(token), sdk.resource(token)
    found = set(entry.local) | ({"tags"} if entry.tags else set())
    for step in (*entry.then, *entry.update):
        found |= takes(step, entry, cls)
    return frozenset(found)


def updatable(entry: Type) -> frozenset[str]:
    """The arguments that can change in place."""
    return _updatable(entry.token)


def build(call: Call, context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
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
        encoder.put(place.path.removeprefix("/"), model.told(value, place), name)
        return
    for block in value if isinstance(value, list) else [value]:
        for inner, each in block.items() if isinstance(block, dict) else ():
            path = f"{name}.{inner}"
            if path not in encoder.rename:
                raise RefusedError(path, "the rehearsal's entry doesn't tell it to AWS")
            if each is not None:
                nested = model.as_renamed(encoder.rename[path])
                encoder.put(nested.path.removeprefix("/"), model.told(each, nested), path)


def run(step: Step, context: Context, given: Mapping[str, Any]) -> Any:
    """Make the calls of a step for the arguments given; the answer of the last."""
    if isinstance(step, Hook):
        return step.run(context) if step.dry or not context.dry else None
    if isinstance(step, Attributes):
        return _run_attributes(step, context, given)
    if isinstance(step, Members):
        return _run_members(step, context, given.get(step.argument))
    if _skipped(step, context):
        return None
    if not step.each:
        return context.send(step, build(step, context, given))
    for name, value in given.items():
        context.send(step, build(step, context, {name: value}))
    return None


def _skipped(call: Call, context: Context) -> bool:
    return bool(call.when) and context.resolve(call.when) in (None, False, "", [], {})


def create(context: Context) -> Any:
    """Make the creating call, with the tags where it has a place for them."""
    entry = context.entry
    assert isinstance(entry, Type)
    if isinstance(entry.create, Hook):
        return run(entry.create, context, {})
    request = build(entry.create, context, _given(entry.create, context))
    tagging.into_create(context, entry.create, request)
    return context.send(entry.create, request)


def _given(step: Step, context: Context) -> dict[str, Any]:
    assert isinstance(context.entry, Type)
    taken = takes(step, context.entry, context.cls)
    return {name: value for name, value in context.args.items() if name in taken and value is not None}


def after_create(context: Context) -> None:
    """Make the calls that follow a creation."""
    entry = context.entry
    assert isinstance(entry, Type)
    for step in entry.then:
        given = _given(step, context)
        if isinstance(step, Members) and step.created:
            continue
        if given or not takes(step, entry, context.cls):
            context.state.update(_outputs(step, run(step, context, given)))
    tagging.after_create(context)


def _outputs(step: Step, answer: Any) -> dict[str, Any]:
    return dict(answer) if isinstance(step, Hook) and answer else {}


def update(context: Context) -> None:
    """Make the calls whose arguments changed (`context.changed`)."""
    entry = context.entry
    assert isinstance(entry, Type)
    for step in (*entry.then, *entry.update):
        taken = takes(step, entry, context.cls)
        always = isinstance(step, Call) and step.always
        if not (taken & context.changed or always):
            continue
        given = _given(step, context)
        if isinstance(step, Call) and not _skipped(step, context):
            given |= _cleared(step, context, taken)
            if step.each:
                given = {name: value for name, value in given.items() if name in context.changed}
        context.answer = run(step, context, given) or context.answer
        context.state.update(_outputs(step, context.answer))
    tagging.update(context)


def _cleared(call: Call, context: Context, taken: frozenset[str]) -> dict[str, Any]:
    """What AWS is told for arguments that were removed."""
    shape = model.input_shape(call.service or context.entry.service, call.operation)
    empty: dict[str, Any] = {"bool": False, "list": [], "map": {}}
    found = {}
    for name in sorted(taken & context.changed):
        if context.args.get(name) is not None or target(call, shape, name) is None:
            continue
        kind = context.cls.arguments[name].name
        if name in call.cleared:
            found[name] = call.cleared[name]
        elif call.whole or call.operation.startswith(PUTS):
            continue
        elif kind in empty:
            found[name] = empty[kind]
        else:
            reason = f"was removed, and the rehearsal's entry doesn't say what {call.operation} is told then (cleared=)"
            raise RefusedError(name, reason)
    return found


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
                raise RefusedError(path, "the rehearsal's entry doesn't tell it to AWS")
            renamed = model.as_renamed(step.keys[path])
            pairs[context.resolve(renamed.path)] = model.told(each, renamed)
    for path in _removed(step, context, given):
        key = context.resolve(model.as_renamed(step.keys[path]).path)
        pairs |= {} if key is None else {key: step.cleared.get(path, False)}
    if not pairs:
        return None
    service = step.service or context.entry.service
    member = model.input_shape(service, step.operation).members[step.member].member
    key, value = step.names
    listed = [{key: k, value: model.scalar(v, member.members[value], k)} for k, v in pairs.items()]
    call = Call(step.operation, step.params, service=step.service, recorded=step.recorded)
    return context.send(call, {**build(call, context, {}), step.member: listed})


def _removed(step: Attributes, context: Context, given: Mapping[str, Any]) -> list[str]:
    now = {path for name, value in given.items() for path, _ in leaves(value, name)}
    before = {path for name, value in context.old.items() for path, _ in leaves(value, name)}
    gone = sorted((before - now) & set(step.keys))
    for path in gone:
        if path not in step.cleared and not _boolean(context, path):
            raise RefusedError(
                path, "was removed, and the rehearsal's entry doesn't say what AWS is told then (cleared=)"
            )
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


def _told_members(step: Members, context: Context, value: Any) -> Any:
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
            context.extra = {name: _told_members(step, context, value) for name, value in extra.items()}
            context.send(call, build(call, context, {}))
    context.extra = {}
