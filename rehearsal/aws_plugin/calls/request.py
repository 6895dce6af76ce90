"""The steps that an entry makes when a resource is created and updated, each with its arguments."""

from __future__ import annotations

from typing import Any

from rehearsal.aws_plugin import provider_rules
from rehearsal.aws_plugin.calls import model, tagging
from rehearsal.aws_plugin.calls.consumption import takes, target
from rehearsal.aws_plugin.calls.context import Context
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.calls.steps import build, run, skipped
from rehearsal.aws_plugin.entry import Call, Hook, Members, Step, Type

PUTS = ("Put", "Set", "Create", "Replace")
"""Operations that send the whole resource: what they don't mention is gone."""

NOTHING = provider_rules.Argument()

ZERO: tuple[Any, ...] = (0, False, "", [], {}, "0")
"""Values that the provider takes for none where it asks whether an argument is given."""


def create(context: Context) -> Any:
    """Make the creating call, with the tags where it has a place for them."""
    entry = context.entry
    assert isinstance(entry, Type)
    if isinstance(entry.create, Hook):
        return run(entry.create, context, {})
    call = next((call for call in entry.instead if not skipped(call, context)), entry.create)
    request = build(call, context, _given(call, context))
    tagging.into_create(context, call, request)
    return context.send(call, request)


def _given(step: Step, context: Context) -> dict[str, Any]:
    assert isinstance(context.entry, Type)
    taken = takes(step, context.entry, context.cls)
    given = {name: value for name, value in context.args.items() if name in taken and value is not None}
    left_out = step.nonzero if isinstance(step, Call) else ()
    return {name: value for name, value in given.items() if name not in left_out or value not in ZERO}


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


def updating(entry: Type) -> tuple[Step, ...]:
    """The steps of an update, in their order: those of `then` that aren't also in `update`, then these."""
    return (*(step for step in entry.then if not any(step is each for each in entry.update)), *entry.update)


def update(context: Context) -> None:
    """Make the calls whose arguments changed (`context.changed`)."""
    entry = context.entry
    assert isinstance(entry, Type)
    for step in updating(entry):
        taken = takes(step, entry, context.cls)
        always = isinstance(step, Call) and step.always
        if not ((taken & context.changed) - set(entry.unsent) or always):
            continue
        given = _given(step, context)
        if isinstance(step, Call) and not skipped(step, context):
            given |= _cleared(step, context, taken)
            sent = _sent(step, context, taken)
            given = {name: value for name, value in given.items() if name in sent}
        context.answer = run(step, context, given) or context.answer
        context.state.update(_outputs(step, context.answer))
    tagging.update(context)


def _sent(call: Call, context: Context, taken: frozenset[str]) -> frozenset[str]:
    """The arguments of an update that AWS is told, as the real provider does: those that changed, and what goes along.

    A call that tells AWS the whole resource, or a part of it (`into`), has all of them; so has one that is always made.
    """
    if call.each:
        return taken & context.changed
    if call.whole or call.into or call.always or call.operation.startswith(PUTS):
        return taken
    shape = model.input_shape(call.service or context.entry.service, call.operation)
    along = {name for changed in (*(taken & context.changed), "*") for name in call.along.get(changed, ())}
    required = {name for name in taken if _member(call, shape, name) in (shape.required_members if shape else ())}
    changed = taken & context.changed
    beside = {name for name in taken if "." in _path(call, shape, name)} if changed else set()
    same = {name for name in beside if _member(call, shape, name) in {_member(call, shape, each) for each in changed}}
    return frozenset(changed | along | required | same)


def _path(call: Call, shape: Any, argument: str) -> str:
    place = target(call, shape, argument)
    return place.path if place else ""


def _member(call: Call, shape: Any, argument: str) -> str:
    """The member of the request that an argument goes into."""
    return _path(call, shape, argument).split(".")[0].split("[")[0]


def _cleared(call: Call, context: Context, taken: frozenset[str]) -> dict[str, Any]:
    """The values sent for arguments that were removed."""
    shape = model.input_shape(call.service or context.entry.service, call.operation)
    empty: dict[str, Any] = {"bool": False, "list": [], "map": {}}
    facts = provider_rules.of(context.entry.token).arguments
    found = {}
    for name in sorted(taken & context.changed):
        if context.args.get(name) is not None or target(call, shape, name) is None:
            continue
        kind = context.cls.arguments[name].name
        if name in call.cleared:
            found[name] = call.cleared[name]
        elif call.whole or call.operation.startswith(PUTS):
            continue
        elif (default := facts.get(name, NOTHING).default) is not None:
            found[name] = default
        elif kind in empty:
            found[name] = empty[kind]
        else:
            reason = f"was removed, and the rehearsal's entry doesn't say what {call.operation} sends then (cleared=)"
            raise RefusedError(name, reason)
    return found
