"""The versions that a region has served, from the history of its release's parameter. No SDK here."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Served:
    """A version that was served, and since when."""

    version: int
    since: datetime


def served(history: Iterable[Mapping[str, Any]]) -> tuple[Served, ...]:
    """Return the versions in a parameter's history, the last one first."""
    entries = sorted(history, key=lambda entry: int(entry["Version"]), reverse=True)
    return tuple(Served(int(json.loads(entry["Value"])["version"]), entry["LastModifiedDate"]) for entry in entries)


def way_back(versions: Sequence[Served], back: int) -> int | None:
    """Return the version that was served so many releases before the last one; None if there was none.

    What was gone back from doesn't count: after 6, 7, 6 and 8, the version before 8 is 6. A way back is itself no
    release: after 6, 7 and 6, the version before the last release, 7, is the 6 that is served.
    """
    before: list[int] = []
    newest: list[int] = []
    for each in reversed(versions):
        is_return = bool(before) and each.version < before[-1]
        while before and before[-1] >= each.version:
            before.pop()
        before.append(each.version)
        newest = newest if is_return else [*before]
    return newest[-1 - back] if len(newest) > back else None


def lines(versions: Sequence[Served]) -> list[str]:
    """Return what was served, a line each."""
    return [f"  {each.version:>5}  since {each.since:%Y-%m-%d %H:%M}" for each in versions]
