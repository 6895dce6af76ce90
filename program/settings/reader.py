"""Read a stack's config into frozen dataclasses and find every problem at once.

A settings class is a frozen dataclass whose fields are made by `setting`; config keys are the field names in
camelCase. `read` never raises for bad input: it collects one line a problem, each naming the key, the value and the
reason, so that a user mends a stack file in one go. docs/decisions/0014 holds this against a library. No SDK here.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any

from ha_web.core.wording import nearest

NAMESPACE = "ha-web:"
"""The project's name, which precedes our keys in a stack file."""
MISSING = dataclasses.MISSING
T = typing.TypeVar("T")


class Problems:
    """Collects what is wrong with a config, and which settings are therefore not judged further."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._bad: set[str] = set()

    def add(self, key: str, reason: str) -> None:
        """Report a problem with the setting `key`; `reason` is the rest of the sentence."""
        self.lines.append(f"{key} {reason}")
        self._bad.add(key)

    def add_unknown(self, key: str, known: Iterable[str]) -> None:
        """Report a key that nothing reads; what is beside it can be judged all the same."""
        name = key.rsplit(".", 1)[-1].rsplit(":", 1)[-1]
        self.lines.append(f"{key} is not a setting; {nearest(name, known)}")

    def any_bad(self, *keys: str) -> bool:
        """Return whether any of these settings, or a part of one, is already known to be bad."""
        return any(bad == key or bad.startswith((f"{key}.", f"{key}[")) for bad in self._bad for key in keys)


def setting(describe: str, default: Any = MISSING, *, minimum: int | None = None, one_of: Any = None) -> Any:
    """Return a field of a settings class: its meaning, its default (none: required), the values it may have."""
    metadata = {"describe": describe, "minimum": minimum, "one_of": tuple(map(str, one_of)) if one_of else None}
    if callable(default):
        return dataclasses.field(default_factory=default, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def key_of(field_name: str) -> str:
    """Return the config key of a field: `health_check` is `healthCheck`."""
    head, *rest = field_name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def keys_of(settings: type) -> dict[str, dataclasses.Field[Any]]:
    """Return the config keys that a settings class knows, with their fields."""
    return {key_of(field.name): field for field in dataclasses.fields(settings)}


def kinds_of(settings: type) -> dict[str, Any]:
    """Return the type of each config key's value, without `| None`."""
    hints = typing.get_type_hints(settings)
    return {key: _without_none(hints[field.name]) for key, field in keys_of(settings).items()}


def group_of(kind: Any) -> type | None:
    """Return the settings class that a value of this type is read into, if it is a group of settings."""
    return kind if isinstance(kind, type) and dataclasses.is_dataclass(kind) else None


def is_required(field: dataclasses.Field[Any]) -> bool:
    """Return whether a setting has no default."""
    return field.default is MISSING and field.default_factory is MISSING


def given(settings: Any) -> dict[str, Any]:
    """Return the fields of a settings group that have a value: a component's arguments of the same names."""
    return {name: value for name, value in dataclasses.asdict(settings).items() if value is not None}


def read(settings: type[T], values: Mapping[str, Any], path: str, problems: Problems) -> T:
    """Return an instance of `settings` from `values`; a part that is missing or bad is None in it (see `problems`).

    `path` precedes each key in messages, such as `ha-web:` or `ha-web:servers.`.
    """
    known, kinds = keys_of(settings), kinds_of(settings)
    for key in values:
        if key not in known:
            problems.add_unknown(f"{path}{key}", known)
    found: dict[str, Any] = {}
    for key, field in known.items():
        name = f"{path}{key}"
        if values.get(key) is not None:
            found[field.name] = _convert(values[key], kinds[key], name, problems)
            if found[field.name] is not None:
                _check_range(found[field.name], field, name, problems)
        elif is_required(field):
            problems.add(name, f"is missing; it is {field.metadata['describe']}")
            found[field.name] = None
    return settings(**found)


def _convert(value: Any, kind: Any, name: str, problems: Problems) -> Any:
    """Return `value` as `kind`; or None, with a line in `problems`, when it can't be."""
    shape, group = typing.get_origin(kind) or kind, group_of(kind)
    try:
        if shape in PLAIN:
            return PLAIN[shape](value)
        content = _parsed(value)
        if group:
            if not isinstance(content, Mapping):
                raise ValueError(f"it must be a map of {', '.join(keys_of(group))}")
            return read(group, content, f"{name}.", problems)
        item = typing.get_args(kind)[-1]
        if shape is list:
            if not isinstance(content, list):
                raise ValueError("it must be a list")
            return [_convert(part, item, f"{name}[{number}]", problems) for number, part in enumerate(content)]
        if not isinstance(content, Mapping):
            raise ValueError("it must be a map")
        return {str(key): _convert(part, item, f"{name}.{key}", problems) for key, part in content.items()}
    except ValueError as reason:
        problems.add(name, f"is {_written(value)}; {reason}")
        return None


def _parsed(value: Any) -> Any:
    """Return structured config, which reaches a program as JSON text. Raises ValueError if it is cut short or wrong."""
    if not (isinstance(value, str) and value[:1] in ("{", "[")):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not valid JSON: {error.msg} at character {error.pos + 1}") from None


def _flag(value: Any) -> bool:
    if str(value).lower() not in ("true", "false"):
        raise ValueError("it must be true or false")
    return str(value).lower() == "true"


def _whole(value: Any) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise ValueError("it must be a whole number") from None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError("YAML reads words such as yes, no, on and off as true or false; put the text in quotes")
    if not isinstance(value, str | int | float) or value == "":
        raise ValueError("it must be a text that is not empty")
    return str(value)


PLAIN = {bool: _flag, int: _whole, str: _text}
"""Readers of what has no parts; each raises ValueError with what it expects."""


def _check_range(value: Any, field: dataclasses.Field[Any], name: str, problems: Problems) -> None:
    minimum, one_of = field.metadata["minimum"], field.metadata["one_of"]
    if minimum is not None and value < minimum:
        problems.add(name, f"is {value}; it must be at least {minimum}")
    if one_of and value not in one_of:
        problems.add(name, f"is {_written(value)}; {nearest(value, one_of)}")


def _written(value: Any) -> str:
    """Return a value as people write it in a stack file: texts in quotes, `true`, `null`. One line."""
    if isinstance(value, str) and '"' in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False, default=str)


def _without_none(hint: Any) -> Any:
    if not isinstance(hint, types.UnionType):
        return hint
    [kind] = [part for part in typing.get_args(hint) if part is not type(None)]
    return kind
