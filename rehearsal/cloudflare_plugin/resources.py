"""The engine's requests for a Cloudflare resource: check, diff, create, read, update, delete."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rehearsal.cloudflare_plugin import rules
from rehearsal.cloudflare_plugin.entry import Type
from rehearsal.cloudflare_plugin.names import api_name, from_api, to_api
from rehearsal.cloudflare_plugin.store import Store
from rehearsal.cloudflare_plugin.types import RANGES, TYPES
from rehearsal.plugin import sdk
from rehearsal.plugin.conventions import DEFAULTS, RECORDED
from rehearsal.plugin.difference import Difference, changes, same
from rehearsal.plugin.shapes import Failures, object_failures

Values = dict[str, Any]

IP_RANGES = "cloudflare:index/getIpRanges:getIpRanges"


def type_of(token: str) -> Type:
    """The entry of a type; LookupError if there is none."""
    if token not in TYPES:
        raise LookupError(f"{token} is not rehearsed: it has no entry in rehearsal/cloudflare_plugin/types.py")
    return TYPES[token]


@dataclass(frozen=True)
class CloudflareResources:
    """Resources kept in a store."""

    store: Store

    def check(self, token: str, name: str, news: Values, olds: Values, seed: bytes) -> tuple[Values, Failures]:  # noqa: ARG002 - the protocol's
        """The inputs as they are, and what is wrong with them: property and reason."""
        try:
            entry, cls = type_of(token), sdk.resource(token)
        except LookupError as error:
            return news, [("", str(error))]
        inputs = _given(news)
        found = object_failures(inputs, sdk.Kind("object", None, cls.arguments, cls.required), "")
        return inputs, found or rules.failures(entry, inputs)

    def diff(self, token: str, old_inputs: Values, olds: Values, news: Values) -> Difference:  # noqa: ARG002 - the protocol's
        """Compare, and decide whether Cloudflare can't change it."""
        entry, found = type_of(token), Difference()
        for name in sorted({*old_inputs, *news} - {DEFAULTS}):
            fixed = name in (*entry.ids, *entry.replace)
            for path, kind in changes(
                old_inputs.get(name), news.get(name), name, ordered=name in entry.ordered
            ).items():
                found.inputs[path] = f"{kind}_REPLACE" if fixed else kind
                found.replaces += [name] if fixed and name not in found.replaces else []
        found.delete_before_replace = bool(entry.unique and found.replaces)
        return found

    def create(self, token: str, name: str, inputs: Values, *, preview: bool) -> tuple[str, Values]:  # noqa: ARG002 - the protocol's
        """Keep an object of the API's shape; its id and state. A preview knows the inputs only."""
        entry = type_of(token)
        if preview:
            return "", _given(inputs)
        id, path = str(inputs[entry.id]) if entry.id else uuid.uuid4().hex, _path(entry, inputs)
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        with self.store.open() as paths:
            rules.refuse(entry, inputs, paths, id)
            kept = {"created_on": now, **entry.filled, **self._body(entry, inputs), "id": id, "modified_on": now}
            answer = paths.setdefault(path, {})[id] = kept
        return id, self._state(entry, inputs, answer, {}, "PATCH" if entry.id else "POST")

    def read(self, token: str, name: str, id: str, inputs: Values, state: Values) -> tuple[Values, Values] | None:  # noqa: ARG002 - the protocol's
        """Inputs and state as the store has them now; None if the object is gone."""
        entry = type_of(token)
        if not inputs:
            raise RuntimeError("importing is not rehearsed for Cloudflare")
        answer = self.store.find(_path(entry, inputs), id)
        if answer is None:
            return None
        actual = self._actual(entry, inputs, answer)
        return actual, self._state(entry, actual, answer, state)

    def update(
        self,
        token: str,
        name: str,  # noqa: ARG002 - the protocol's
        id: str,
        old_inputs: Values,  # noqa: ARG002 - the protocol's
        olds: Values,
        news: Values,
        *,
        preview: bool,
    ) -> Values:
        """Put the object anew."""
        entry = type_of(token)
        if preview:
            return {**{k: v for k, v in olds.items() if k != "modifiedOn"}, **_given(news)}
        path = _path(entry, news)
        with self.store.open() as paths:
            before = paths.get(path, {}).get(id)
            if before is None:
                raise RuntimeError(f"{entry.update} {path}/{id}: 404 not found")
            rules.refuse(entry, news, paths, id)
            now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
            kept = {"created_on": before.get("created_on", now), **entry.filled, **self._body(entry, news)}
            answer = paths[path][id] = {**kept, "id": id, "modified_on": now}
        return self._state(entry, news, answer, olds, entry.update)

    def delete(self, token: str, name: str, id: str, inputs: Values, state: Values) -> None:  # noqa: ARG002 - the protocol's
        """Drop the object; that it is gone already is success. A setting stays as it is."""
        entry = type_of(token)
        if entry.id:
            return
        with self.store.open() as paths:
            rules.refuse_deletion(_path(entry, inputs or state), id, paths)
            paths.get(_path(entry, inputs or state), {}).pop(id, None)

    def invoke(self, token: str, args: Values) -> tuple[Values, Failures]:
        """Cloudflare's published networks; no other function is rehearsed."""
        if token != IP_RANGES:
            raise LookupError(f"{token} is not rehearsed by the emulated cloudflare plugin")
        cls = sdk.function(token)
        wrong = object_failures(_given(args), sdk.Kind("object", None, cls.arguments, cls.required), "")
        wrong += [("networks", "only Cloudflare's own networks are rehearsed")] if args.get("networks") else []
        return {} if wrong else {**RANGES, "etag": "rehearsal", "jdcloudCidrs": [], "id": "ipRanges"}, wrong

    def _body(self, entry: Type, inputs: Values) -> Values:
        """The request: every argument but those of the path, under the API's names."""
        kinds = sdk.resource(entry.token).arguments
        given = {name: value for name, value in _given(inputs).items() if name not in (*entry.ids, "settingId")}
        return {api_name(name): to_api(value, kinds[name]) for name, value in given.items()}

    def _actual(self, entry: Type, inputs: Values, answer: Values) -> Values:
        """The arguments as the API answers them, spelled as the program does where they are equal."""
        kinds, answered = sdk.resource(entry.token).arguments, rules.answered(entry, answer)
        actual: Values = {name: inputs[name] for name in (*entry.ids, *entry.unread, "settingId") if name in inputs}
        for name, kind in kinds.items():
            value = from_api(answered.get(api_name(name)), kind)
            if value is None or name in actual:
                continue
            default = from_api(entry.filled.get(api_name(name)), kind)
            if name in inputs and same(inputs[name], value, ordered=name in entry.ordered):
                actual[name] = inputs[name]
            elif name in inputs or (value not in ("", [], {}) and not same(value, default)):
                actual[name] = value
        return actual

    def _state(self, entry: Type, inputs: Values, answer: Values, old: Values, method: str = "") -> Values:
        """The outputs that the engine keeps: what the API answers, the arguments, and what was recorded."""
        outputs = sdk.resource(entry.token).outputs
        answered = {name: from_api(answer.get(api_name(name)), kind) for name, kind in outputs.items()}
        found = {name: value for name, value in answered.items() if value is not None and name not in ("id", "urn")}
        recorded = {*old.get(RECORDED, []), *([f"{method} {_template(entry)}"] if method else [])}
        return {**found, **_given(inputs), RECORDED: sorted(recorded)}


def _given(values: Mapping[str, Any]) -> Values:
    return {key: value for key, value in values.items() if value is not None and key != DEFAULTS}


def _path(entry: Type, inputs: Mapping[str, Any]) -> str:
    return entry.path.format(**{name: inputs[name] for name in entry.ids})


def _template(entry: Type) -> str:
    return entry.path.replace("{accountId}", ":account").replace("{zoneId}", ":zone")
