"""Values held against what the SDK's classes accept."""

from __future__ import annotations

import difflib
from typing import Any

from rehearsal.plugin import sdk
from rehearsal.plugin.conventions import DEFAULTS, UNKNOWN

Failures = list[tuple[str, str]]


def _nearest(name: str, names: Any) -> str:
    close = difflib.get_close_matches(name, names, 1)
    return f' (did you mean "{close[0]}"?)' if close else ""


def shape_failures(value: Any, kind: sdk.Kind, path: str) -> Failures:
    """List where a value doesn't have the kind that the SDK's class gives it."""
    if value is None or value == UNKNOWN or kind.name == "any":
        return []
    if kind.name in ("list", "map", "object"):
        wanted = list if kind.name == "list" else dict
        if not isinstance(value, wanted):
            return [(path, f"a {kind.name} is wanted, not {value!r}")]
        if kind.name == "object":
            return object_failures(value, kind, path)
        pairs = enumerate(value) if isinstance(value, list) else value.items()
        inner = kind.item or sdk.Kind("any")
        return [
            f
            for key, each in pairs
            for f in shape_failures(each, inner, f"{path}[{key}]" if kind.name == "list" else f"{path}.{key}")
        ]
    if isinstance(value, (dict, list)):
        return [(path, f"a {kind.name} is wanted, not {value!r}")]
    return [] if _scalar_fits(value, kind.name) else [(path, f"a {kind.name} is wanted, not {value!r}")]


def _scalar_fits(value: Any, kind: str) -> bool:
    if kind == "bool":
        return str(value).lower() in ("true", "false")
    if kind in ("int", "float"):
        try:
            return kind == "float" or float(value).is_integer()
        except ValueError:
            return False
    return True


def object_failures(value: dict[str, Any], kind: sdk.Kind, path: str) -> Failures:
    """Arguments that the class doesn't have, missing ones, and those of another kind."""
    before = f"{path}." if path else ""
    failures: Failures = []
    for name, each in value.items():
        if name in kind.fields:
            failures += shape_failures(each, kind.fields[name], before + name)
        elif name != DEFAULTS:
            failures.append((before + name, f"the SDK's class has no such argument{_nearest(name, kind.fields)}"))
    missing = [name for name in sorted(kind.required) if value.get(name) is None]
    return failures + [(before + name, "is required") for name in missing]
