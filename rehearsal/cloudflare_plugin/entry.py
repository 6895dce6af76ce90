"""The description of a resource type: where the API keeps it, what it fills in, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Type:
    """A resource type. Arguments have the SDK's names, `filled` and `silent` the API's.

    `path`: of its collection, with arguments in braces. `id`: argument that names the object, where it isn't given a
    random id; a setting is always there, so that its deletion changes nothing. `filled`: what the API answers where
    nothing was given. `silent`: what it leaves out of its answers while it is empty or zero, so that whoever gives
    it sees a difference for ever; dots descend, also into lists. `replace`: arguments that can't change. `ordered`:
    lists whose order counts. `among`: allowed values. `between`: least and most. `refers`: arguments that name objects
    of another path. `unique`: argument that no two objects of the path share. `unread`: arguments that the API doesn't
    answer at all. `update`: the method.
    """

    token: str
    path: str
    id: str = ""
    filled: Mapping[str, Any] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()
    among: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    between: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    refers: Mapping[str, str] = field(default_factory=dict)
    unique: str = ""
    unread: tuple[str, ...] = ()
    update: str = "PUT"

    @property
    def ids(self) -> tuple[str, ...]:
        """Arguments in the path: ids of an account or a zone, which never change."""
        return tuple(name for name in ("accountId", "zoneId") if f"{{{name}}}" in self.path)
