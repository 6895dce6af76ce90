"""Checks of a component's arguments, before any resource is registered.

Each problem is one line that names the subject, the value and the reason: `Fleet "web": minimum is 1;
surviving a zone needs at least 2`. A component collects its problems and raises them at once:

    problems = Problems(f'Network "{name}"')
    args = problems.checked(args, NetworkArgs)   # unknown and missing keys, wrong kinds; raises by itself
    problems.add(cidr_problem(args["cidr"]))     # a line, or None
    problems.raise_if_any()
"""

import types
import typing
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, TypeVar

import pulumi

from ha_web.core.wording import nearest, quoted

T = TypeVar("T")
_ABSENT = object()


class ConfigurationError(pulumi.RunError, ValueError):
    """Raised for arguments that cannot work. Its text has a line for each problem; Pulumi shows no traceback."""


class Problems:
    """The problems found in one component's arguments."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.found: list[str] = []

    def add(self, *problems: str | None) -> None:
        """Add problems. None is ignored, so that a check may be called in place."""
        self.found += [problem for problem in problems if problem]

    def raise_if_any(self) -> None:
        """Raise ConfigurationError with all problems so far, a line each, if there are any."""
        if self.found:
            raise ConfigurationError("\n".join(f"{self.subject}: {problem}" for problem in self.found))

    def checked(self, args: T, shape: type[T]) -> T:
        """Return the arguments without None, with whole floats as int (other languages send floats) and enums as enums.

        Raises ConfigurationError for unknown keys (naming the nearest known one), missing ones, and values of
        the wrong kind, at any depth of nested TypedDicts.
        """
        clean = self._value("", args, shape)
        self.raise_if_any()
        return typing.cast(T, clean)

    def _value(self, path: str, value: Any, hint: Any) -> Any:
        hint = _bare(hint)
        if typing.is_typeddict(hint):
            return self._mapping(path, value, hint)
        origin = typing.get_origin(hint)
        if _is_input(hint):
            return value
        if isinstance(value, pulumi.Output):
            self.add(f"{path} is an output, known only after deployment; resources depend on it, so give a plain value")
            return _ABSENT
        if origin is not None and issubclass(origin, Mapping):
            return self._dict(path, value, typing.get_args(hint)[1])
        if origin is not None and issubclass(origin, Iterable):
            return self._list(path, value, typing.get_args(hint)[0])
        return self._scalar(path, value, hint)

    def _mapping(self, path: str, value: Any, shape: Any) -> Any:
        if not isinstance(value, Mapping):
            self.add(f"{path or 'args'} is {value!r}; it must be a mapping with {_list_of(shape.__annotations__)}")
            return _ABSENT
        hints = shape.__annotations__  # get_type_hints cannot resolve what pulumi.Input refers to
        prefix = f"{path}." if path else ""
        given = {key: item for key, item in value.items() if item is not None}
        for key in given:
            if key not in hints:
                self.add(f"{prefix}{key} is unknown; {nearest(key, hints)}")
        for key in sorted(shape.__required_keys__ - given.keys()):
            self.add(f"{prefix}{key} is missing")
        clean = {key: self._value(f"{prefix}{key}", item, hints[key]) for key, item in given.items() if key in hints}
        return {key: item for key, item in clean.items() if item is not _ABSENT}

    def _dict(self, path: str, value: Any, hint: Any) -> Any:
        if not isinstance(value, Mapping):
            return self._wrong(path, value, "a mapping")
        return {key: self._value(f"{path}.{key}", item, hint) for key, item in value.items()}

    def _list(self, path: str, value: Any, hint: Any) -> Any:
        if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
            return self._wrong(path, value, "a list")
        return [self._value(f"{path}[{index}]", item, hint) for index, item in enumerate(value)]

    def _scalar(self, path: str, value: Any, hint: Any) -> Any:
        if isinstance(hint, type) and issubclass(hint, Enum):
            known = [str(member.value) for member in hint]
            return hint(str(value)) if str(value) in known else self._wrong(path, value, f"one of {_list_of(known)}")
        fits, wanted = _SCALARS.get(hint, (_anything, ""))
        if not fits(value):
            return self._wrong(path, value, wanted)
        return int(value) if hint is int else value

    def _wrong(self, path: str, value: Any, wanted: str) -> Any:
        self.add(f"{path} is {quoted(value)}; it must be {wanted}")
        return _ABSENT


def _list_of(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return _is_number(value) and (isinstance(value, int) or value.is_integer())


def _anything(_value: Any) -> bool:
    return True


_SCALARS: dict[Any, tuple[Callable[[Any], bool], str]] = {
    bool: (lambda value: isinstance(value, bool), "true or false"),
    int: (_is_whole, "a whole number"),
    float: (_is_number, "a number"),
    str: (lambda value: isinstance(value, str), "a string"),
}


def _bare(hint: Any) -> Any:
    """Return a hint without NotRequired, Required and `| None`."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.NotRequired, typing.Required):
        return _bare(inner[0])
    rest = [arg for arg in inner if arg is not type(None)]
    if origin in (typing.Union, types.UnionType) and len(rest) == 1:
        return _bare(rest[0])
    return hint


def _is_input(hint: Any) -> bool:
    """Return whether an Output may be given: `pulumi.Input[X]` is a union with Output in it."""
    return typing.get_origin(hint) in (typing.Union, types.UnionType) or hint is Any
