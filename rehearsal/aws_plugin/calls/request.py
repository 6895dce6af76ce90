"""The steps that an entry makes when a resource is created and updated, each with its arguments."""

from __future__ import annotations

from typing import Any

from rehearsal.aws_plugin.calls import model, tagging
from rehearsal.aws_plugin.calls.consumption import takes, target
from rehearsal.aws_plugin.calls.context import Context
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.calls.steps import build, run, skipped
from rehearsal.aws_plugin.entry import Call, Hook, Members, Step, Type

PUTS = ("Put", "Set", "Create", "Replace")
"""Operations that send the whole resource: what they don't mention is gone."""


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
        if isinstance(step, Call) and not skipped(step, context):
            given |= _cleared(step, context, taken)
            if step.each:
                given = {name: value for name, value in given.items() if name in context.changed}
        context.answer = run(step, context, given) or context.answer
        context.state.update(_outputs(step, context.answer))
    tagging.update(context)


def _cleared(call: Call, context: Context, taken: frozenset[str]) -> dict[str, Any]:
    """The values sent for arguments that were removed."""
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
            reason = f"was removed, and the rehearsal's entry doesn't say what {call.operation} sends then (cleared=)"
            raise RefusedError(name, reason)
    return found
