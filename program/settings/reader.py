"""Read a stack's config into frozen dataclasses and find every problem at once.

A settings class is a frozen dataclass whose fields are made by `setting`; config keys are the field names in
camelCase. `read` never raises for bad input: it collects one line a problem, each naming the key, the value and the
reason, so that a user mends a stack file in one go.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from typing import Any

from ha_web.core.wording import nearest

NAMESPACE = "ha-web:"
"""What stands before our keys in a stack file: the project's name."""
_MISSING = dataclasses.MISSING
T = typing.TypeVar("T")


class Problems:
    """What is wrong with a config, and which settings are therefore not to be judged further."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._bad: set[str] = set()

    def add(self, key: str, reason: str) -> None:
        """Report a problem with the setting `key`; `reason` is the rest of the sentence."""
        self.lines.append(f"{key} {reason}")
        self._bad.add(key)

    def add_unknown(self, key: str, known: typing.Iterable[str]) -> None:
        """Report a key that nothing reads; what stands beside it can be judged all the same."""
        name = key.rsplit(".", 1)[-1].rsplit(":", 1)[-1]
        self.lines.append(f"{key} is not a setting; {nearest(name, known)}")

    def touch(self, *keys: str) -> bool:
        """Whether any of these settings, or a part of one, is already known to be bad."""
        return any(bad == key or bad.startswith(f"{key}.") for bad in self._bad for key in keys)


def setting(describe: str, default: Any = _MISSING, *, minimum: int | None = None, one_of: Any = None) -> Any:
    """A field of a settings class: what it means, its default (none: required), and the values it may have."""
    metadata = {"describe": describe, "minimum": minimum, "one_of": tuple(map(str, one_of)) if one_of else None}
    if callable(default):
        return dataclasses.field(default_factory=default, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def key_of(field_name: str) -> str:
    """The config key of a field: `health_check` is `healthCheck`."""
    head, *rest = field_name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def keys_of(settings: type) -> dict[str, dataclasses.Field[Any]]:
    """The config keys that a settings class knows, with their fields."""
    return {key_of(field.name): field for field in dataclasses.fields(settings)}


def given(settings: Any) -> dict[str, Any]:
    """The fields of a settings group that have a value: a component's arguments of the same names."""
    return {name: value for name, value in dataclasses.asdict(settings).items() if value is not None}


def read(settings: type[T], values: Mapping[str, Any], path: str, problems: Problems) -> T:
    """An instance of `settings` from `values`; a part that is missing or bad is None in it (see `problems`).

    `path` is what stands before each key in messages, such as `ha-web:` or `ha-web:servers.`.
    """
    known = keys_of(settings)
    hints = typing.get_type_hints(settings)
    for key in values:
        if key not in known:
            problems.add_unknown(f"{path}{key}", known)
    found: dict[str, Any] = {}
    for key, field in known.items():
        name = f"{path}{key}"
        if key in values and values[key] is not None:
            found[field.name] = _convert(values[key], hints[field.name], field, name, problems)
        elif field.default is _MISSING and field.default_factory is _MISSING:
            problems.add(name, f"is missing; it is {field.metadata['describe']}")
            found[field.name] = None
    return settings(**found)


def _convert(value: Any, wanted: Any, field: dataclasses.Field[Any], name: str, problems: Problems) -> Any:
    """`value` as `wanted`; None, and a line in `problems`, when it cannot be."""
    if isinstance(wanted, types.UnionType):
        [wanted] = [part for part in typing.get_args(wanted) if part is not type(None)]
    if dataclasses.is_dataclass(wanted):
        mapping = _parsed(value)
        if not isinstance(mapping, dict):
            problems.add(name, f"is {value!r}; it must be a map of {', '.join(keys_of(typing.cast(type, wanted)))}")
            return None
        return read(typing.cast(type, wanted), mapping, f"{name}.", problems)
    try:
        converted = _plain(value, wanted)
    except ValueError as reason:
        problems.add(name, f"is {value!r}; {reason}")
        return None
    _check_range(converted, field, name, problems)
    return converted


def _parsed(value: Any) -> Any:
    """Structured config reaches a program as JSON text."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.loads(value)
    return value


def _plain(value: Any, wanted: Any) -> Any:
    """A text, whole number, yes/no, list of texts or map of texts. Raises ValueError with what was expected."""
    if wanted is bool:
        if str(value).lower() not in ("true", "false"):
            raise ValueError("it must be true or false")
        return str(value).lower() == "true"
    if wanted is int:
        try:
            return int(str(value))
        except ValueError:
            raise ValueError("it must be a whole number") from None
    if wanted is str:
        if not isinstance(value, str | int | float) or value == "":
            raise ValueError("it must be a text that is not empty")
        return str(value)
    shape, item = typing.get_origin(wanted), (typing.get_args(wanted) or (str,))[-1]
    content = _parsed(value)
    if shape is list and isinstance(content, list):
        return [_plain(part, item) for part in content]
    if shape is dict and isinstance(content, dict):
        return {str(key): _plain(part, item) for key, part in content.items()}
    raise ValueError("it must be a list" if shape is list else "it must be a map")


def _check_range(value: Any, field: dataclasses.Field[Any], name: str, problems: Problems) -> None:
    minimum, one_of = field.metadata["minimum"], field.metadata["one_of"]
    if minimum is not None and value < minimum:
        problems.add(name, f"is {value}; it must be at least {minimum}")
    if one_of and value not in one_of:
        problems.add(name, f"is {value!r}; {nearest(str(value), one_of)}")


def reference(settings: type) -> dict[str, dict[str, Any]]:
    """What `Pulumi.yaml` tells about each key: the description, with a line for each part of a group; the default."""
    found: dict[str, dict[str, Any]] = {}
    for key, field in keys_of(settings).items():
        text = field.metadata["describe"]
        group = _group(typing.get_type_hints(settings)[field.name])
        for part, inner in keys_of(group).items() if group else ():
            default = "" if inner.default in (None, _MISSING) else f" ({inner.default})"
            text += f"\n- {part}: {inner.metadata['describe']}{default}"
        found[f"{NAMESPACE}{key}"] = {"description": text}
        if field.default not in (None, _MISSING):
            found[f"{NAMESPACE}{key}"]["default"] = field.default
    return found


def _group(hint: Any) -> type | None:
    """The settings class in a hint such as `Region | None`."""
    parts = (hint, *typing.get_args(hint))
    return next((part for part in parts if isinstance(part, type) and dataclasses.is_dataclass(part)), None)
