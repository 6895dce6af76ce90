"""The state that the engine keeps of a resource: its id, its outputs, and its inputs as AWS has them."""

from __future__ import annotations

from typing import Any

from rehearsal.aws_plugin.calls import tagging
from rehearsal.aws_plugin.calls.context import RECORDED, Context
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.calls.settle import settled
from rehearsal.aws_plugin.entry import Hook, Type
from rehearsal.plugin import sdk


def new_id(context: Context) -> str:
    """The id that the creation gave."""
    entry = context.entry
    assert isinstance(entry, Type)
    if isinstance(context.answer, dict) and isinstance(entry.create, Hook) and "id" in context.answer:
        context.state.update({key: value for key, value in context.answer.items() if key != "id"})
        return str(context.answer["id"])
    how = entry.id if "{" in entry.id else f"{{answer.{entry.id}}}"
    found = context.resolve(how)
    if found in (None, ""):
        raise RefusedError("id", f"nothing at {entry.id!r} in the answer of the creation")
    return str(found)


def state_of(context: Context, found: dict[str, Any]) -> dict[str, Any]:
    """The outputs that the engine keeps: arguments as given, what was read, the region, all tags."""
    entry, arguments = context.entry, context.cls.arguments
    assert isinstance(entry, Type)
    outputs = {*context.cls.outputs, RECORDED} - arguments.keys()
    kept = {key: value for key, value in context.state.items() if key in outputs}
    state = {**kept, **{key: value for key, value in found.items() if key != "tags" or not entry.tags}, **context.args}
    if "region" in context.cls.outputs:
        state["region"] = context.region
    if entry.tags:
        state["tagsAll"] = found["tags"] if "tags" in found else tagging.effective(context)
    return {key: value for key, value in state.items() if value is not None}


def drifted(context: Context, found: dict[str, Any], *, importing: bool) -> dict[str, Any]:
    """The arguments as AWS has them, those that are equal as the program spelled them."""
    entry = context.entry
    assert isinstance(entry, Type)
    actual = dict(context.args)
    wanted = context.cls.arguments if importing else [*context.args, *entry.watched]
    for name in dict.fromkeys(wanted):
        if name not in context.args and not found.get(name):
            continue
        if name in entry.unread or (name == "tags" and entry.tags) or found.get(name) is None:
            continue
        kind = context.cls.arguments.get(name, sdk.Kind("any"))
        actual[name] = settled(context.args.get(name), found[name], kind, ordered=name in entry.ordered)
    if entry.tags and "tags" in found:
        own = context.args.get("tags") or {}
        tags = {k: v for k, v in found["tags"].items() if k in own or context.default_tags.get(k) != v}
        actual.pop("tags", None)
        actual |= {"tags": tags} if tags or own else {}
    return actual
