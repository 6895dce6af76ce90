"""Exemptions: resources that may violate a rule, each with a reason that every run shows, and a last day if need be."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import Any

SETTING = "exempt"
SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "resource": {"type": "string", "minLength": 1},
            "reason": {"type": "string", "minLength": 10},
            "until": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        },
        "required": ["resource", "reason"],
        "additionalProperties": False,
    },
}
"""Schema of the setting `exempt`, which every rule has: resources by name or URN (`*` matches anything), why,
and the last day (in UTC) on which they may."""


@dataclass(frozen=True)
class Exemption:
    """A resource, or several by a pattern, that may violate a rule, the reason, and the last day."""

    resource: str
    reason: str
    until: date | None = None

    def covers(self, name: str, urn: str) -> bool:
        """Return whether the exemption is for the resource of this name and URN, be it over or not."""
        return any(fnmatchcase(value, self.resource) for value in (name, urn))

    @property
    def is_over(self) -> bool:
        """True if its last day is past."""
        return self.until is not None and self.until < datetime.now(UTC).date()


def exemptions_of(config: Mapping[str, Any]) -> list[Exemption]:
    """The exemptions in a rule's configuration."""
    return [
        Exemption(each["resource"], each["reason"], date.fromisoformat(each["until"]) if "until" in each else None)
        for each in config.get(SETTING, ())
    ]


@dataclass(frozen=True)
class Use:
    """A finding that an exemption suppressed."""

    rule: str
    urn: str
    message: str
    reason: str


class Uses:
    """The exemptions used in a run; safe to fill from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[Use, None] = {}

    def add(self, uses: Iterable[Use]) -> None:
        """Record uses, each once."""
        with self._lock:
            self._found.update(dict.fromkeys(uses))

    def take(self) -> list[Use]:
        """Return the uses in the order in which they came, and start again empty."""
        with self._lock:
            found, self._found = list(self._found), {}
        return found
