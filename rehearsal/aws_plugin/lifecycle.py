"""What the engine asks of a resource: check, diff, create, read, update, delete."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from rehearsal.aws_plugin import answer, check, registry, request, sdk, tagging
from rehearsal.aws_plugin.aws import BUSY, Clients, code, is_gone
from rehearsal.aws_plugin.context import RECORDED, CallError, Context
from rehearsal.aws_plugin.difference import DEFAULTS, changes
from rehearsal.aws_plugin.entry import Call, Hook, Type
from rehearsal.aws_plugin.model import RefusedError

DELETE_PATIENCE = 20.0
"""Seconds that a deletion is retried while something still depends on the thing (the real provider: minutes)."""


class PartialError(Exception):
    """Something was created, but not all that belongs to it; the engine keeps what there is."""

    def __init__(self, reason: str, id: str, state: dict[str, Any]) -> None:
        super().__init__(reason)
        self.id, self.state = id, state


@dataclass
class Difference:
    """What an update would do: property path -> kind (ADD, UPDATE_REPLACE ...), of inputs and of outputs only."""

    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    replaces: list[str] = field(default_factory=list)
    delete_before_replace: bool = False


@dataclass
class Lifecycle:
    """Resources of one configured provider."""

    clients: Clients
    region: str
    default_tags: dict[str, str] = field(default_factory=dict)

    def _context(self, token: str, name: str, args: dict[str, Any], **more: Any) -> Context:
        entry = registry.type_of(token)
        given = {key: value for key, value in args.items() if key != DEFAULTS and value is not None}
        state = more.get("state") or {}
        region = given.get("region") or state.get("region") or self.region
        return Context(
            entry, sdk.resource(token), self.clients, region, given, name, default_tags=self.default_tags, **more
        )

    def check(
        self, token: str, name: str, news: dict[str, Any], olds: dict[str, Any], seed: bytes
    ) -> tuple[dict[str, Any], check.Failures]:
        """The inputs with the provider's own filled in, and what is wrong with them: property and reason."""
        try:
            entry = registry.type_of(token)
            inputs = check.with_defaults(entry, news, olds, name, seed)
            context = self._context(token, name, {})
        except (LookupError, ValueError) as error:
            return news, [("", str(error))]
        context.region = news.get("region") or self.region
        context.clients = None
        return inputs, check.failures(context, inputs)

    def diff(self, token: str, old_inputs: dict[str, Any], olds: dict[str, Any], news: dict[str, Any]) -> Difference:
        """What differs between the former inputs and the new ones, and whether AWS replaces."""
        entry, found = registry.type_of(token), Difference()
        old_inputs = _decided(entry, old_inputs, news)
        in_place = request.updatable(entry)
        for name in sorted({*old_inputs, *news} - {DEFAULTS, "region"}):
            ordered = name in entry.ordered
            for path, kind in changes(old_inputs.get(name), news.get(name), name, ordered=ordered).items():
                replaces = (
                    name not in in_place or _listed(path, entry.replace) or _too_far(entry, name, old_inputs, news)
                )
                found.inputs[path] = f"{kind}_REPLACE" if replaces else kind
                found.replaces += [name] if replaces and name not in found.replaces else []
        self._region_difference(found, olds, news)
        self._tag_difference(found, entry, olds, news)
        if found.replaces:
            found.delete_before_replace = entry.delete_before_replace or _fixed_name(entry, old_inputs, news)
        return found

    def _region_difference(self, found: Difference, olds: dict[str, Any], news: dict[str, Any]) -> None:
        was, now = olds.get("region"), news.get("region") or self.region
        if was and was != now:
            (found.inputs if "region" in news else found.outputs)["region"] = "UPDATE_REPLACE"
            found.replaces.append("region")

    def _tag_difference(self, found: Difference, entry: Type, olds: dict[str, Any], news: dict[str, Any]) -> None:
        """The provider's default tags changed: the resource's inputs don't show it, its tags do."""
        own = news.get("tags") or {}
        if entry.tags and "tagsAll" in olds and isinstance(own, dict):
            for path, kind in changes(olds["tagsAll"], {**self.default_tags, **own}, "tagsAll").items():
                if path.replace("tagsAll", "tags", 1) not in found.inputs and "tags" not in found.inputs:
                    found.outputs[path] = kind

    def create(self, token: str, name: str, inputs: dict[str, Any], *, preview: bool) -> tuple[str, dict[str, Any]]:
        """Make the resource; its id and state. A preview makes nothing, and knows the inputs only."""
        context = self._context(token, name, inputs)
        if preview:
            return "", {**_plain(inputs), "region": context.region}
        try:
            context.answer = request.create(context)
            context.id = _new_id(context)
            context.dry = False
        except RefusedError as error:
            raise RuntimeError(str(error)) from None
        try:
            request.after_create(context)
            state = self._observed(context)
        except (CallError, RefusedError, RuntimeError) as error:  # RuntimeError: a hook waited in vain
            raise PartialError(str(error), context.id, _state(context, {})) from error
        if state is None:
            raise PartialError("was created, but can't be found", context.id, _state(context, {}))
        return context.id, state

    def _observed(self, context: Context) -> dict[str, Any] | None:
        """The state after a change: the arguments as given, the rest as read."""
        entry = context.entry
        assert isinstance(entry, Type)
        if not entry.reads:
            return _state(context, answer.outputs(context, {}, {}))
        found = answer.observe(context)
        return None if found is None else _state(context, found)

    def read(
        self, token: str, name: str, id: str, inputs: dict[str, Any], state: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Inputs and state as AWS has them now, in the program's spelling where equal; None if the resource is gone."""
        context = self._context(token, name, inputs, id=id, state=dict(state))
        entry = context.entry
        assert isinstance(entry, Type)
        if not entry.reads:
            return inputs, state
        context.args = context.args or {k: v for k, v in state.items() if k in context.cls.arguments}
        found = answer.observe(context)
        if found is None:
            return None
        actual = self._drifted(context, entry, found, importing=not inputs)
        context.args = {key: value for key, value in actual.items() if key != DEFAULTS}
        kept = {DEFAULTS: inputs[DEFAULTS]} if DEFAULTS in inputs else {}
        return {**actual, **kept}, _state(context, found)

    def _drifted(self, context: Context, entry: Type, found: dict[str, Any], *, importing: bool) -> dict[str, Any]:
        actual = dict(context.args)
        wanted = context.cls.arguments if importing else [*context.args, *entry.watched]
        for name in dict.fromkeys(wanted):
            if name not in context.args and not found.get(name):
                continue
            if name in entry.unread or (name == "tags" and entry.tags) or found.get(name) is None:
                continue
            kind = context.cls.arguments.get(name, sdk.Kind("any"))
            actual[name] = answer.settled(context.args.get(name), found[name], kind, ordered=name in entry.ordered)
        if entry.tags and "tags" in found:
            own = context.args.get("tags") or {}
            tags = {k: v for k, v in found["tags"].items() if k in own or context.default_tags.get(k) != v}
            actual.pop("tags", None)
            actual |= {"tags": tags} if tags or own else {}
        return actual

    def update(
        self,
        token: str,
        name: str,
        id: str,
        old_inputs: dict[str, Any],
        olds: dict[str, Any],
        news: dict[str, Any],
        *,
        preview: bool,
    ) -> dict[str, Any]:
        """Change the resource in place; its new state. A preview leaves out the outputs that the update changes."""
        old = {key: value for key, value in old_inputs.items() if key != DEFAULTS}
        context = self._context(token, name, news, id=id, state=dict(olds), old=old)
        entry = context.entry
        assert isinstance(entry, Type)
        context.old = old = _decided(entry, old, context.args)
        names = {*old, *context.args}
        context.changed = frozenset(
            n for n in names if changes(old.get(n), context.args.get(n), n, ordered=n in entry.ordered)
        )
        context.dry = preview
        try:
            request.update(context)
            if preview:
                state = _state(context, {})
                return {key: value for key, value in state.items() if key not in entry.volatile}
            state = self._observed(context) or {}
        except RefusedError as error:
            raise RuntimeError(str(error)) from None
        return state

    def delete(self, token: str, name: str, id: str, inputs: dict[str, Any], state: dict[str, Any]) -> None:
        """Delete the resource; that it is gone already is success."""
        args = inputs or {k: v for k, v in state.items() if k in sdk.resource(token).arguments}
        context = self._context(token, name, args, id=id, state=dict(state))
        entry = context.entry
        assert isinstance(entry, Type)
        for step in entry.deletes:
            missing = _patiently(context, entry, step)
        if entry.deletes and missing and _still_there(context, entry):
            raise missing


def _still_there(context: Context, entry: Type) -> bool:
    """Whether the thing can be read, although something wasn't found when it was deleted."""
    answers = answer.Answers(context)
    answers.fetch(entry.reads[:1])
    return bool(entry.reads) and answers.exists


def _patiently(context: Context, entry: Type, step: Call | Hook) -> CallError | None:
    """Delete, again and again while something depends on it; the error if something wasn't found."""
    until, pause = time.monotonic() + DELETE_PATIENCE, 0.2
    while True:
        try:
            request.run(step, context, {})
            return None
        except CallError as error:
            if is_gone(error.cause, entry.gone):
                return error
            if not BUSY.search(code(error.cause)) or time.monotonic() > until:
                raise
            time.sleep(pause)
            pause = min(pause * 2, 3.0)


def _decided(entry: Type, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The former arguments without those that the program now leaves to AWS."""
    return {key: value for key, value in old.items() if key not in entry.computed or new.get(key) is not None}


def _listed(path: str, listed: tuple[str, ...]) -> bool:
    """Whether a path (`rules[0].name`) is one of an entry's (`rules.name`) or below it."""
    plain = "".join(part if i % 2 == 0 else "" for i, part in enumerate(path.replace("]", "[").split("[")))
    return any(plain == each or plain.startswith(f"{each}.") for each in listed)


def _too_far(entry: Type, name: str, old_inputs: dict[str, Any], news: dict[str, Any]) -> bool:
    """Whether AWS can't change an argument in place from this value to that one."""
    return name in entry.replace_if and entry.replace_if[name](old_inputs.get(name), news.get(name))


def _fixed_name(entry: Type, old_inputs: dict[str, Any], news: dict[str, Any]) -> bool:
    """Whether old and new would have the same name, because the program gave it."""
    naming = entry.naming
    if not naming or naming.argument in news.get(DEFAULTS, []):
        return False
    return old_inputs.get(naming.argument) == news.get(naming.argument)


def _plain(inputs: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if key != DEFAULTS}


def _new_id(context: Context) -> str:
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


def _state(context: Context, found: dict[str, Any]) -> dict[str, Any]:
    """The outputs that the engine keeps: arguments as given, what was read, the region, all tags."""
    entry, arguments = context.entry, context.cls.arguments
    assert isinstance(entry, Type)
    outputs = {*context.cls.outputs, RECORDED} - arguments.keys()
    kept = {key: value for key, value in context.state.items() if key in outputs}
    state = {**kept, **{key: value for key, value in found.items() if key != "tags" or not entry.tags}, **context.args}
    if "region" in context.cls.outputs:
        state["region"] = context.region
    if entry.tags:
        state["tagsAll"] = {**tagging.effective(context), **(found.get("tags") or {})}
    return {key: value for key, value in state.items() if value is not None}
