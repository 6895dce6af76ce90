"""The engine's requests for a resource: check, diff, create, read, update, delete."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls import answer, request
from rehearsal.aws_plugin.calls.clients import BUSY, Clients, code, is_gone
from rehearsal.aws_plugin.calls.context import CallError, Context
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.calls.steps import run
from rehearsal.aws_plugin.entry import Call, Hook, Type
from rehearsal.aws_plugin.provider import check
from rehearsal.aws_plugin.provider.comparison import as_read, between, decided, is_same, left_to_aws
from rehearsal.aws_plugin.provider.state import drifted, new_id, state_of
from rehearsal.plugin import sdk
from rehearsal.plugin.conventions import DEFAULTS
from rehearsal.plugin.difference import Difference, changes
from rehearsal.plugin.errors import PartialError
from rehearsal.plugin.shapes import Failures

GENERATED = re.compile(r"-[0-9a-f]{7}$")

DELETE_PATIENCE = 20.0
"""Seconds that a deletion is retried while something still depends on the thing (the real provider: minutes)."""


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
    ) -> tuple[dict[str, Any], Failures]:
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
        """Compare the former inputs with the new ones, and decide whether AWS replaces."""
        return between(registry.type_of(token), old_inputs, olds, news, self.region, self.default_tags)

    def create(self, token: str, name: str, inputs: dict[str, Any], *, preview: bool) -> tuple[str, dict[str, Any]]:
        """Make the resource; its id and state. A preview makes nothing, and knows the inputs only."""
        context = self._context(token, name, inputs)
        if preview:
            return "", {**_plain(inputs), "region": context.region}
        try:
            context.answer = request.create(context)
            context.id = new_id(context)
            context.dry = False
        except RefusedError as error:
            raise RuntimeError(str(error)) from None
        try:
            request.after_create(context)
            state = self._observed(context)
        except (CallError, RefusedError, RuntimeError) as error:  # RuntimeError: a hook waited in vain
            raise PartialError(str(error), context.id, state_of(context, {})) from error
        if state is None:
            raise PartialError("was created, but can't be found", context.id, state_of(context, {}))
        return context.id, state

    def _observed(self, context: Context) -> dict[str, Any] | None:
        """The state after a change: what AWS answers, in the program's spelling where it is the same."""
        entry = context.entry
        assert isinstance(entry, Type)
        if not entry.reads:
            return state_of(context, answer.outputs(context, {}, {}))
        found = answer.observe(context)
        if found is None:
            return None
        context.args = drifted(context, found, importing=False)
        return state_of(context, found)

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
        actual = drifted(context, found, importing=not inputs)
        if not inputs:
            actual = _with_name(entry, id, actual)
        context.args = {key: value for key, value in actual.items() if key != DEFAULTS}
        kept = {DEFAULTS: inputs[DEFAULTS]} if DEFAULTS in inputs else {}
        return {**actual, **kept}, state_of(context, found)

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
        old = as_read(registry.type_of(token), old_inputs, olds)
        context = self._context(token, name, news, id=id, state=dict(olds), old=old)
        entry = context.entry
        assert isinstance(entry, Type)
        context.old = old = decided(entry, old, context.args)
        names = {name for name in {*old, *context.args} if not is_same(entry, name, old, context.args, olds)}
        context.changed = frozenset(
            n for n in names if changes(old.get(n), context.args.get(n), n, ordered=n in entry.ordered)
        )
        context.dry = preview
        try:
            request.update(context)
            if preview:
                kept = {name: olds[name] for name in left_to_aws(entry) if name in olds}
                state = {**kept, **state_of(context, {})}
                return {key: value for key, value in state.items() if key not in _unknown_after(entry, context)}
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


def _with_name(entry: Type, id: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs of an import with the generated name that the id ends with, where no answer has it.

    The provider reads it, and doesn't know that it was generated: https://github.com/pulumi/pulumi/issues/12378
    """
    last = re.split(r"[:/]", id)[-1]
    if entry.naming and entry.naming.argument not in inputs and GENERATED.search(last):
        return {**inputs, entry.naming.argument: last}
    return inputs


def _unknown_after(entry: Type, context: Context) -> set[str]:
    """Return the outputs that are unknown in the preview of an update: what it may change, as the provider says."""
    return {name for name in entry.volatile if context.changed - set(entry.unannounced.get(name, ()))}


def _still_there(context: Context, entry: Type) -> bool:
    """Return whether the thing can be read, although something wasn't found when it was deleted."""
    answers = answer.Answers(context)
    answers.fetch(entry.reads[:1])
    return bool(entry.reads) and answers.exists


def _patiently(context: Context, entry: Type, step: Call | Hook) -> CallError | None:
    """Delete, again and again while something depends on it; the error if something wasn't found."""
    until, pause = time.monotonic() + DELETE_PATIENCE, 0.2
    while True:
        try:
            run(step, context, {})
            return None
        except CallError as error:
            if is_gone(error.cause, entry.gone):
                return error
            busy = BUSY.search(code(error.cause)) or any(each in str(error) for each in entry.busy)
            if not busy or time.monotonic() > until:
                raise
            time.sleep(pause)
            pause = min(pause * 2, 3.0)


def _plain(inputs: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if key != DEFAULTS}
