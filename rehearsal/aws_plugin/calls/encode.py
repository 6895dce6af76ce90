"""Arguments into requests: each value at its member, in the member's type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.api_limits import own
from rehearsal.aws_plugin.calls.model import UNKNOWN, RefusedError, Shape, is_unknown, member, pair, put, shape_at
from rehearsal.aws_plugin.entry import As


def sent(value: Any, renamed: As) -> Any:
    """Return a value in the form that AWS takes."""
    if is_unknown(value):
        return UNKNOWN
    if renamed.values is not None:
        if value not in renamed.values:
            allowed = ", ".join(map(str, renamed.values))
            raise RefusedError("", f"{value!r} is none of {allowed}")
        return renamed.values[value]
    return renamed.to(value) if renamed.to else value


def as_renamed(rename: str | As) -> As:
    """A rename in its long form."""
    return As(rename) if isinstance(rename, str) else rename


class Encoder:
    """Puts arguments into a request, member by member, in the types of the model."""

    def __init__(self, shape: Shape, request: dict[str, Any], rename: Mapping[str, str | As]) -> None:
        self.root, self.request, self.rename = shape, request, rename

    def put(self, path: str, value: Any, argument: str) -> None:
        """Set the member at `path` of the request to an argument's value."""
        if value is not None:
            put(self.request, path, self.encode(value, shape_at(self.root, path), argument))

    def encode(self, value: Any, shape: Shape, argument: str) -> Any:
        """A value in the type of a shape; RefusedError where it has none."""
        if isinstance(value, str) and value == UNKNOWN:
            return value
        if shape.type_name == "structure":
            return self._structure(value, shape, argument)
        if shape.type_name == "list":
            if isinstance(value, dict) and pair(shape.member):
                key, content = pair(shape.member) or ("", "")
                members = shape.member.members
                return [{key: k, content: self.encode(v, members[content], argument)} for k, v in value.items()]
            items = value if isinstance(value, list) else [value]
            return within([self.encode(item, shape.member, argument) for item in items], shape, argument)
        if shape.type_name == "map":
            if not isinstance(value, dict):
                raise RefusedError(argument, f"a map is wanted, not {value!r}")
            return {key: self.encode(each, shape.value, argument) for key, each in value.items()}
        return within(scalar(value, shape, argument), shape, argument)

    def _structure(self, value: Any, shape: Shape, argument: str) -> Any:
        if isinstance(value, list):
            lists = [name for name, inner in shape.members.items() if inner.type_name == "list"]
            if len(value) == 1 and isinstance(value[0], dict):
                value = value[0]
            elif len(lists) == 1:
                quantity = {"Quantity": len(value)} if "Quantity" in shape.members else {}
                return {lists[0]: self.encode(value, shape.members[lists[0]], argument)} | quantity
        if not isinstance(value, dict):
            if "Value" not in shape.members:
                raise RefusedError(argument, f"a block is wanted, not {value!r}")
            return {"Value": self.encode(value, shape.members["Value"], argument)}
        found: dict[str, Any] = {}
        for name, inner in value.items():
            if inner is not None:
                self._property(found, shape, f"{argument}.{name}", name, inner)
        return found

    def _property(self, found: dict[str, Any], shape: Shape, path: str, name: str, value: Any) -> None:
        renamed = as_renamed(self.rename[path]) if path in self.rename else None
        if renamed is None:
            target = member(shape, name)
            if target is None:
                raise RefusedError(
                    path, f"the rehearsal's entry doesn't send it to AWS ({shape.name} has no such member)"
                )
            renamed = As(target)
        try:
            value = sent(value, renamed)
        except RefusedError as error:
            raise RefusedError(path, error.reason) from None
        if renamed.path.startswith("/"):
            self.put(renamed.path[1:], value, path)
        else:
            put(found, renamed.path, self.encode(value, shape_at(shape, renamed.path), path))


def scalar(value: Any, shape: Shape, argument: str) -> Any:
    """A scalar in the member's type."""
    kind = shape.type_name
    if isinstance(value, (dict, list)):
        raise RefusedError(argument, f"one value is wanted, not {value!r}")
    try:
        if kind in ("integer", "long"):
            return int(value)
        if kind in ("float", "double"):
            return float(value)
    except ValueError:
        raise RefusedError(argument, f"{value!r} is not a number") from None
    if kind == "boolean":
        if str(value).lower() not in ("true", "false"):
            raise RefusedError(argument, f"{value!r} is neither true nor false")
        return str(value).lower() == "true"
    if kind == "blob":
        return value if isinstance(value, bytes) else str(value).encode()
    if kind == "string":
        text = str(value).lower() if isinstance(value, bool) else str(value)
        allowed = getattr(shape, "enum", None)
        if allowed and text not in allowed:
            raise RefusedError(argument, f'"{text}" is none of {", ".join(sorted(allowed)[:20])}')
        return text
    return value


def within(value: Any, shape: Shape, argument: str) -> Any:
    """Return a value that is within its shape's limits; RefusedError says what isn't."""
    for excess in own(value, shape):
        raise RefusedError(argument, f"{excess.value!r} must {excess.must}")
    return value
