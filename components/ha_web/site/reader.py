"""Read settings into frozen dataclasses and find every problem at once.

A settings class is a frozen dataclass whose fields are made by `setting`. A stack file spells the fields in camelCase,
the arguments of a Site as they are. `read` never raises for bad input: it collects one line a problem, each naming the
key, the value and the reason, so that a user mends all in one go. docs/decisions/0014 holds this against a library. No
SDK here.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from typing import Any, NamedTuple

from ha_web.core.wording import nearest

MISSING = dataclasses.MISSING
T = typing.TypeVar("T")
Spelling = Callable[[str], str]
"""How whoever gives the settings spells the name of a field."""


class Problems:
    """Collects what is wrong with settings, and which are therefore not judged further.

    Args:
        said: how a text is said that has names of settings in a stack file's spelling. Default: as it is.
    """

    def __init__(self, said: Callable[[str], str] = str) -> None:
        self.lines: list[str] = []
        self._said = said
        self._bad: set[str] = set()

    def add(self, key: str, reason: str) -> None:
        """Report a problem with the setting `key`; `reason` is the rest of the sentence."""
        self.lines.append(self._said(f"{key} {reason}"))
        self._bad.add(key)

    def add_unknown(self, path: str, key: str, known: Iterable[str]) -> None:
        """Report a key that nothing reads; what is beside it can be judged all the same."""
        self.lines.append(f"{self._said(path)}{key} is not a setting; {nearest(key, known)}")

    def any_bad(self, *keys: str) -> bool:
        """Return whether any of these settings, or a part of one, is already known to be bad."""
        return any(bad == key or bad.startswith((f"{key}.", f"{key}[")) for bad in self._bad for key in keys)


def setting(
    describe: str, default: Any = MISSING, *, minimum: int | None = None, one_of: Any = None, late: bool = False
) -> Any:
    """Return a field of a settings class: its meaning, its default (none: required), the values it may have.

    Args:
        one_of: the enum of its values.
        late: True where a Site takes an output, which is known only after deployment: for the field, or for each value
            of a list or map. No check may ask for such a value: see `is_late`.
    """
    metadata = {"describe": describe, "minimum": minimum, "enum": one_of, "late": late}
    if callable(default):
        return dataclasses.field(default_factory=default, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def key_of(field_name: str) -> str:
    """Return the config key of a field: `health_check` is `healthCheck`."""
    head, *rest = field_name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def keys_of(settings: type, spelled: Spelling = key_of) -> dict[str, dataclasses.Field[Any]]:
    """Return the keys that a settings class knows, with their fields."""
    return {spelled(field.name): field for field in dataclasses.fields(settings)}


def kinds_of(settings: type, spelled: Spelling = key_of) -> dict[str, Any]:
    """Return the type of each key's value, without `| None`."""
    hints = typing.get_type_hints(settings)
    return {key: _without_none(hints[field.name]) for key, field in keys_of(settings, spelled).items()}


def group_of(kind: Any) -> type | None:
    """Return the settings class that a value of this type is read into, if it is a group of settings."""
    return kind if isinstance(kind, type) and dataclasses.is_dataclass(kind) else None


def is_required(field: dataclasses.Field[Any]) -> bool:
    """Return whether a setting has no default."""
    return field.default is MISSING and field.default_factory is MISSING


def values_of(one_of: Any) -> tuple[str, ...]:
    """Return the texts that a setting with these values may have; none where it may have any."""
    return tuple(map(str, one_of or ()))


def is_late(value: Any) -> bool:
    """Return whether a value is an output, known only after deployment."""
    return callable(getattr(value, "apply", None))


def given(settings: Any) -> dict[str, Any]:
    """Return the fields of settings that have a value, groups too: arguments of the same names."""
    values = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    return {name: _own(value) for name, value in values.items() if value is not None}


def _own(value: Any) -> Any:
    """Return a copy of what could be changed; an output is never copied."""
    if dataclasses.is_dataclass(value):
        return given(value)
    return copy(value) if isinstance(value, list | dict) else value


def read(
    settings: type[T], values: Mapping[str, Any], problems: Problems, path: str = "", spelled: Spelling = key_of
) -> T:
    """Return an instance of `settings` from `values`; a part that is missing or bad is None in it (see `problems`).

    Args:
        path: what precedes each key in messages, such as `servers.`.
        spelled: how the keys of `values` are spelled.
    """
    known, kinds = keys_of(settings, spelled), kinds_of(settings, spelled)
    for key in values:
        if key not in known:
            problems.add_unknown(path, key, known)
    found: dict[str, Any] = {}
    for key, field in known.items():
        name = f"{path}{key_of(field.name)}"
        if values.get(key) is not None:
            source = _Source(name, spelled, problems, late=field.metadata["late"])
            found[field.name] = _convert(values[key], kinds[key], source)
            if found[field.name] is not None and not is_late(found[field.name]):
                _check_range(found[field.name], field, name, problems)
        elif is_required(field):
            problems.add(name, f"is missing; it is {field.metadata['describe']}")
            found[field.name] = None
    return settings(**found)


class _Source(NamedTuple):
    """Where a value comes from: its name in messages, how keys are spelled there, and whether it may be an output."""

    name: str
    spelled: Spelling
    problems: Problems
    late: bool

    def at(self, part: str) -> "_Source":
        """Return the source of a part of the value."""
        return self._replace(name=f"{self.name}{part}")


def _convert(value: Any, kind: Any, source: _Source) -> Any:
    """Return `value` as `kind`; or None, with a problem, when it can't be."""
    shape, group = typing.get_origin(kind) or kind, group_of(kind)
    try:
        if is_late(value):
            if source.late and shape in PLAIN:
                return value
            raise ValueError("resources depend on it, so give a plain value")
        if shape in PLAIN:
            return PLAIN[shape](value)
        content = _parsed(value)
        if group:
            if not isinstance(content, Mapping):
                raise ValueError(f"it must be a map of {', '.join(keys_of(group))}")
            return read(group, content, source.problems, f"{source.name}.", source.spelled)
        item = typing.get_args(kind)[-1]
        if shape is list:
            if not isinstance(content, list):
                raise ValueError("it must be a list")
            return [_convert(part, item, source.at(f"[{number}]")) for number, part in enumerate(content)]
        if not isinstance(content, Mapping):
            raise ValueError("it must be a map")
        return {str(key): _convert(part, item, source.at(f".{key}")) for key, part in content.items()}
    except ValueError as reason:
        source.problems.add(source.name, f"is {_written(value)}; {reason}")
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
        return int(str(int(value) if isinstance(value, float) and value.is_integer() else value))
    except ValueError:
        raise ValueError("it must be a whole number") from None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError("YAML reads words such as yes, no, on and off as true or false; put the text in quotes")
    if not isinstance(value, str | int | float) or value == "":
        raise ValueError("it must be a text that is not empty")
    return str(value)


def _number(value: Any) -> float:
    try:
        return float(str(value))
    except ValueError:
        raise ValueError("it must be a number") from None


PLAIN = {bool: _flag, int: _whole, float: _number, str: _text}
"""Readers of what has no parts; each raises ValueError with what it expects."""


def _check_range(value: Any, field: dataclasses.Field[Any], name: str, problems: Problems) -> None:
    minimum, one_of = field.metadata["minimum"], values_of(field.metadata["enum"])
    if minimum is not None and value < minimum:
        problems.add(name, f"is {value}; it must be at least {minimum}")
    if one_of and value not in one_of:
        problems.add(name, f"is {_written(value)}; {nearest(value, one_of)}")


def _written(value: Any) -> str:
    """Return a value as people write it in a stack file: texts in quotes, `true`, `null`. One line."""
    if is_late(value):
        return "an output, known only after deployment"
    if isinstance(value, str) and '"' in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False, default=str)


def _without_none(hint: Any) -> Any:
    if not isinstance(hint, types.UnionType):
        return hint
    [kind] = [part for part in typing.get_args(hint) if part is not type(None)]
    return kind
