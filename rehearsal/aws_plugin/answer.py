"""From AWS's answers back to properties: by the same names, in the program's spelling where nothing changed."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any

import jmespath

from rehearsal.aws_plugin import model, sdk, tagging
from rehearsal.aws_plugin.aws import is_gone
from rehearsal.aws_plugin.context import CallError, Context
from rehearsal.aws_plugin.difference import same
from rehearsal.aws_plugin.entry import As, Attributes, Call, Function, Hook, Read, Type

MANAGED = ("id", "urn", "region", "tags", "tagsAll")


class Answers:
    """What the reading calls of an entry answered."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.items: list[tuple[Read, Any]] = []
        self.properties: dict[str, Any] = {}
        self.exists = True

    def fetch(self, reads: tuple[Read | Hook, ...]) -> None:
        """Make the calls; `exists` is false if the first finds nothing."""
        for index, read in enumerate(reads):
            found = self._one(read)
            if found is None and index == 0:
                self.exists = False
                return
            if isinstance(read, Hook):
                self.properties |= found or {}
            elif found is not None:
                self.items.append((read, found))
                self.context.extra.setdefault("found", found)
        self.context.extra.pop("found", None)

    def _one(self, read: Read | Hook) -> Any:
        more = self.context.entry.gone if isinstance(self.context.entry, Type) else ()
        try:
            return read.run(self.context) if isinstance(read, Hook) else self.context.read(read)
        except CallError as error:
            if is_gone(error.cause, (*more, *(read.gone if isinstance(read, Read) else ()))):
                return None
            raise

    @property
    def main(self) -> Any:
        """What the first call found."""
        return self.items[0][1] if self.items else {}


def _renames(entry: Type | Function) -> Iterator[tuple[str, As]]:
    """Every rename of the entry's calls, the paths without `into`."""
    if isinstance(entry, Function):
        yield from ((name, model.as_renamed(to)) for name, to in entry.rename.items())
        return
    for step in (entry.create, *entry.then, *entry.update):
        if isinstance(step, Call):
            for name, to in step.rename.items():
                renamed = model.as_renamed(to)
                path = renamed.path.removeprefix(f"{step.into}.") if step.into else renamed.path
                yield name, As(path, renamed.values, renamed.to, renamed.back)


def _told_back(value: Any, renamed: As) -> Any:
    if value is None:
        return None
    if renamed.values is not None:
        return next((mine for mine, theirs in renamed.values.items() if same(theirs, value)), value)
    if renamed.to is not None:
        return renamed.back(value) if renamed.back else None
    return value


class Decoder:
    """Finds properties in what was read."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.entry = answers.context.entry
        self.rename: dict[str, As] = {}
        for name, renamed in _renames(self.entry):
            self.rename.setdefault(name, renamed)

    def value(self, name: str, kind: sdk.Kind) -> Any:
        """The actual value of a property; None if it can't be seen."""
        if name in self.answers.properties:
            return self.answers.properties[name]
        for read, item in self.answers.items:
            if name in read.rename:
                return self.decode(jmespath.search(read.rename[name], item), kind, name)
        renamed = self.rename.get(name)
        if renamed and not renamed.path.startswith("/"):
            found = self._search(renamed.path)
            if found is not None or renamed.to is not None:
                return self.decode(_told_back(found, renamed), kind, name)
        if any(path.startswith(f"{name}.") and to.path.startswith("/") for path, to in self.rename.items()):
            fields = self._fields({}, kind.item if kind.name == "list" and kind.item else kind, name)
            return ([fields] if kind.name == "list" else fields) if fields else None
        for _, item in self.answers.items:
            key = model.same_name(item, name) if isinstance(item, dict) else None
            if key is not None:
                return self.decode(item[key], kind, name)
        return None

    def _search(self, path: str) -> Any:
        for _, item in self.answers.items:
            found = jmespath.search(path, item)
            if found is not None:
                return found
        return None

    def decode(self, value: Any, kind: sdk.Kind, path: str) -> Any:
        """A value of an answer in the SDK's terms."""
        if isinstance(value, datetime.datetime):
            value = value.isoformat()
        value = model.decoded_blob(value)
        if value is None:
            return None
        if kind.name == "object":
            value = value[0] if isinstance(value, list) and len(value) == 1 else value
            return self._fields(value, kind, path) if isinstance(value, dict) else None
        if kind.name == "list" and kind.item:
            if isinstance(value, dict):
                value = next((each for each in value.values() if isinstance(each, list)), [value])
            items = [self.decode(each, kind.item, path) for each in (value if isinstance(value, list) else [value])]
            return [each for each in items if each is not None]
        if kind.name == "map" and kind.item:
            value = tagging.decode(value) if isinstance(value, list) else value
            return {k: self.decode(v, kind.item, path) for k, v in value.items()} if isinstance(value, dict) else None
        return _scalar(value, kind)

    def _fields(self, value: dict[str, Any], kind: sdk.Kind, path: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, inner in kind.fields.items():
            below = f"{path}.{name}"
            renamed = self.rename.get(below)
            if renamed is not None and renamed.path.startswith("/"):
                actual = _told_back(self._search(renamed.path[1:]), renamed)
            elif renamed is not None:
                actual = _told_back(jmespath.search(renamed.path, value), renamed)
            else:
                key = model.same_name(value, name)
                actual = value[key] if key is not None else None
            decoded = self.decode(actual, inner, below)
            if decoded is not None:
                found[name] = decoded
        return found


def camel(value: Any) -> Any:
    """An answer's structure with camelCase names, for what the SDK gives no kind."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: camel(each) for key, each in value.items()}
    if isinstance(value, list):
        return [camel(each) for each in value]
    return value.isoformat() if isinstance(value, datetime.datetime) else model.decoded_blob(value)


def _scalar(value: Any, kind: sdk.Kind) -> Any:
    if isinstance(value, dict) and set(value) == {"Value"}:
        value = value["Value"]
    if kind.name == "str":
        value = int(value) if isinstance(value, float) and value.is_integer() else value
        if isinstance(value, (dict, list)):
            return json.dumps(value, sort_keys=True)
        return str(value).lower() if isinstance(value, bool) else str(value)
    if kind.name == "bool":
        return str(value).lower() in ("true", "enabled", "on", "1") if not isinstance(value, (dict, list)) else None
    if kind.name in ("int", "float"):
        try:
            number = float(value)
        except (TypeError, ValueError):
            return None
        return int(number) if kind.name == "int" or number.is_integer() else number
    return camel(value)


def settled(given: Any, actual: Any, kind: sdk.Kind, *, ordered: bool = False) -> Any:
    """The program's own value where AWS has the same, else AWS's."""
    if actual is None or same(given, actual, ordered=ordered) or _same_resource(given, actual):
        return given
    if kind.name == "object" and isinstance(given, dict) and isinstance(actual, dict):
        return {
            name: settled(value, actual.get(name), kind.fields.get(name, sdk.Kind("any")), ordered=ordered)
            for name, value in given.items()
        }
    if kind.name == "list" and kind.item and isinstance(given, list) and isinstance(actual, list):
        return _settled_list(given, actual, kind.item, ordered=ordered)
    return actual


def _same_resource(given: Any, actual: Any) -> bool:
    """Whether one is the ARN and the other the id of the same thing; AWS accepts either and answers with one."""
    if not (isinstance(given, str) and isinstance(actual, str)):
        return False
    arn, short = (given, actual) if given.startswith("arn:") else (actual, given)
    return arn.startswith("arn:") and bool(short) and arn.endswith((f"/{short}", f":{short}"))


def _settled_list(given: list[Any], actual: list[Any], kind: sdk.Kind, *, ordered: bool) -> list[Any]:
    """Members that AWS has as given keep their spelling and place; the rest are AWS's."""
    if ordered and len(given) == len(actual):
        return [settled(one, other, kind, ordered=True) for one, other in zip(given, actual, strict=True)]
    left, found = list(actual), []
    for one in given:
        match = next((other for other in left if same(settled(one, other, kind), one)), None)
        if match is not None:
            left.remove(match)
            found.append(one)
    return found + left


def attribute_values(step: Attributes, context: Context) -> dict[str, Any]:
    """Paths of arguments -> values, from a list of keys and values."""
    if step.read is None:
        return {}
    listed = context.read(step.read) or []
    key, value = step.names
    actual = {each.get(key): each.get(value) for each in listed}
    found = {}
    for path, to in step.keys.items():
        renamed = model.as_renamed(to)
        name = context.resolve(renamed.path)
        if name in actual:
            found[path] = _told_back(actual[name], renamed)
    return found


def nest(paths: Mapping[str, Any]) -> dict[str, Any]:
    """{"a.b": 1} as {"a": {"b": 1}}."""
    found: dict[str, Any] = {}
    for path, value in paths.items():
        model.put(found, path, value)
    return found


def observe(context: Context) -> dict[str, Any] | None:
    """Every property that can be read; None if the resource is gone."""
    entry = context.entry
    assert isinstance(entry, Type)
    answers = Answers(context)
    answers.fetch(entry.reads)
    if not answers.exists:
        return None
    decoder = Decoder(answers)
    kinds = {**context.cls.outputs, **context.cls.arguments}
    found = {name: decoder.value(name, kind) for name, kind in kinds.items() if name not in MANAGED or not entry.tags}
    for step in (*entry.then, *entry.update):
        if isinstance(step, Attributes):
            for name, value in nest(attribute_values(step, context)).items():
                kind = kinds[name]
                inner = [value] if kind.name == "list" and isinstance(value, dict) else value
                found[name] = decoder.decode(inner, kind, name)
    found = {name: value for name, value in found.items() if value is not None and name not in ("id", "urn", "region")}
    context.state.update({name: value for name, value in found.items() if name not in context.cls.arguments})
    found |= outputs(context, answers.main, {k: v for k, v in found.items() if k not in context.args})
    tags = tagging.read(context, answers.main)
    if tags is not None:
        found["tags"] = tags
    return found


def outputs(context: Context, item: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs that the entry defines: JMESPath in what was read, templates, and reads of their own."""
    context.state.update(known)
    found: dict[str, Any] = {}
    for name, how in context.entry.outputs.items():
        if isinstance(how, Read):
            value = context.read(how)
        else:
            value = context.resolve(how) if "{" in how else jmespath.search(how, item)
        if value is not None:
            found[name] = _scalar(value, context.cls.outputs.get(name, sdk.Kind("any")))
            context.state[name] = found[name]
    return found
