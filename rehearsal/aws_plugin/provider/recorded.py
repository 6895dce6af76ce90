"""Calls that were recorded and not executed: `python -m rehearsal.aws_plugin.provider.recorded < stack-export.json`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls.context import RECORDED
from rehearsal.aws_plugin.entry import Attributes, Call, Members, Type


@dataclass(frozen=True)
class Recorded:
    """A type and those of its operations that no emulator has: validated, and not executed."""

    token: str
    operations: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.token}: {', '.join(self.operations)}"


def _operations(entry: Type) -> tuple[str, ...]:
    found: list[str] = []
    for step in (entry.create, *entry.then, *entry.update, *entry.deletes):
        calls: list[Any] = [step.add, step.remove] if isinstance(step, Members) else [step]
        found += [call.operation for call in calls if isinstance(call, (Call, Attributes)) and call.recorded]
    if entry.tags and entry.tags.recorded:
        found += [entry.tags.add, entry.tags.remove]
    return tuple(dict.fromkeys(found))


def recorded(types: Iterable[str]) -> list[Recorded]:
    """Those of the types that have operations that would be recorded, each once, in order of their names."""
    known = registry.types()
    found = [Recorded(token, _operations(known[token])) for token in sorted(set(types)) if token in known]
    return [each for each in found if each.operations]


def recorded_in(resources: Iterable[Mapping[str, Any]]) -> list[Recorded]:
    """List what was recorded and not executed for a stack's resources (`resources` of its export), a type each."""
    found: dict[str, set[str]] = {}
    for resource in resources:
        operations = (resource.get("outputs") or {}).get(RECORDED, [])
        if operations:
            found.setdefault(resource["type"], set()).update(operations)
    return [Recorded(token, tuple(sorted(operations))) for token, operations in sorted(found.items())]


def main() -> None:
    """Print a line a type for a stack export on stdin."""
    resources = json.load(sys.stdin).get("deployment", {}).get("resources", [])
    for each in recorded_in(resources):
        print(each)


if __name__ == "__main__":
    main()
