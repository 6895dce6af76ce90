"""botocore's service models: operations, the shapes of their requests, and how a name finds a member."""

from __future__ import annotations

import base64
import re
import threading
from functools import cache
from itertools import pairwise
from typing import Any

import botocore.session
import botocore.validate

from rehearsal.api_limits import excesses
from rehearsal.plugin import conventions

UNKNOWN, is_unknown = conventions.UNKNOWN, conventions.is_unknown

Shape = Any  # botocore's classes are untyped


class RefusedError(Exception):
    """An argument that can't be sent to AWS: its path and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


_session = botocore.session.Session()

_lock = threading.Lock()

_services: dict[str, Any] = {}


def _service(name: str) -> Any:
    with _lock:
        if name not in _services:
            _services[name] = _session.get_service_model(name)
    return _services[name]


def operation(service: str, name: str) -> Any:
    """botocore's model of an operation."""
    return _service(service).operation_model(name)


def shape(service: str, name: str) -> Shape:
    """A shape of a service's model by its name."""
    return _service(service).shape_for(name)


def input_shape(service: str, name: str) -> Shape:
    """Shape of an operation's request; operations without any have None."""
    return operation(service, name).input_shape


@cache
def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _variants(plain: str) -> list[str]:
    """A name and what its singular or plural may be."""
    found = [plain, plain + "s", plain + "es"]
    if plain.endswith("ies"):
        found.append(plain[:-3] + "y")
    if plain.endswith("y"):
        found.append(plain[:-1] + "ies")
    if plain.endswith("es"):
        found.append(plain[:-2])
    if plain.endswith("s"):
        found.append(plain[:-1])
    return found


def same_name(names: Any, wanted: str) -> str | None:
    """The name among `names` that is `wanted` but for case and plural; None if there is none."""
    return _same_name(tuple(names), wanted)


@cache
def _same_name(names: tuple[str, ...], wanted: str) -> str | None:
    by_plain = {_plain(name): name for name in reversed(names)}
    for variant in _variants(_plain(wanted)):
        if variant in by_plain:
            return str(by_plain[variant])
    return None


def member(shape: Shape, name: str) -> str | None:
    """The member of a structure that an argument means."""
    if shape is None or shape.type_name != "structure":
        return None
    return same_name(shape.members, name)


def pair(shape: Shape) -> tuple[str, str] | None:
    """The names of key and value in a structure that is a pair, as a tag; None if it is none."""
    if shape.type_name != "structure":
        return None
    key = next((name for name in shape.members if name.lower() in ("key", "tagkey")), None)
    value = next((name for name in shape.members if name.lower() in ("value", "tagvalue")), None)
    return (key, value) if key and value and len(shape.members) == 2 else None


def steps(path: str) -> list[str | int]:
    """`A.B[0].C` as ["A", "B", 0, "C"]."""
    return [int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", path)]


def shape_at(shape: Shape, path: str) -> Shape:
    """The shape that a path leads to; LookupError if it leads nowhere (a mistake in an entry)."""
    for step in steps(path):
        if isinstance(step, int):
            shape = shape.member
        elif shape.type_name == "map":
            shape = shape.value
        elif shape.type_name == "structure" and step in shape.members:
            shape = shape.members[step]
        else:
            raise LookupError(f"{shape.name} has no member {step!r} (path {path!r})")
    return shape


def put(target: Any, path: str, value: Any) -> None:
    """Set what a path leads to, making structures and lists on the way."""
    way = steps(path)
    for step, following in pairwise(way):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            while len(target) <= step:
                target.append(type(empty)())
            target = target[step]
        else:
            target = target.setdefault(step, empty)
    last = way[-1]
    if isinstance(last, int):
        target.extend([None] * (last + 1 - len(target)))
    if isinstance(value, dict) and not isinstance(last, int) and isinstance(target.get(last), dict):
        target[last].update(value)
    else:
        target[last] = value


def _placeholder(shape: Shape) -> Any:
    """Something that passes validation, for what is known only later."""
    kind = shape.type_name
    least = int(shape.metadata.get("min", 0) or 0)
    if kind == "structure":
        return {name: _placeholder(shape.members[name]) for name in shape.required_members}
    simple = {"list": [], "map": {}, "boolean": False, "blob": b"x", "timestamp": 0, "float": 0.0, "double": 0.0}
    if kind == "list" and least:
        return [_placeholder(shape.member)] * least
    if kind in ("integer", "long"):
        return least
    return simple.get(kind, "x" * max(least, 1))


def filled(value: Any, shape: Shape) -> Any:
    """A request whose unknown values are replaced by placeholders of the right type."""
    if isinstance(value, str) and UNKNOWN in value:
        return _placeholder(shape)
    if isinstance(value, dict) and shape.type_name == "structure":
        return {k: filled(v, shape.members[k]) if k in shape.members else v for k, v in value.items()}
    if isinstance(value, dict) and shape.type_name == "map":
        return {k: filled(v, shape.value) for k, v in value.items()}
    if isinstance(value, list) and shape.type_name == "list":
        return [filled(v, shape.member) for v in value]
    return value


def problems(service: str, name: str, request: dict[str, Any]) -> str:
    """Say in one line what botocore's model finds wrong with a request; empty if nothing."""
    shape = input_shape(service, name)
    if shape is None:
        return f"takes no {', '.join(request)}" if request else ""
    report = botocore.validate.ParamValidator().validate(filled(request, shape), shape)
    if report.has_errors():
        return "; ".join(report.generate_report().splitlines())
    return "; ".join(
        f"{each.path} is {each.value!r} and must {each.must}" for each in excesses(request, shape, "", is_unknown)
    )


def decoded_blob(value: Any) -> Any:
    """Bytes as text, or as base64 where they are not text."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()
