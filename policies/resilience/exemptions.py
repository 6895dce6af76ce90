"""Exemptions: resources that may violate a rule, each with a reason that every run shows."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
        },
        "required": ["resource", "reason"],
        "additionalProperties": False,
    },
}
"""Schema of the setting `exempt`, which every rule has: resources by name or URN (`*` matches anything), and why."""


@dataclass(frozen=True)
class Exemption:
    """A resource, or several by a pattern, that may violate a rule, and the reason."""

    resource: str
    reason: str

    def covers(self, name: str, urn: str) -> bool:
        """Return whether the exemption applies to the resource of this name and URN."""
        return any(fnmatchcase(value, self.resource) for value in (name, urn))


def exemptions_of(config: Mapping[str, Any]) -> list[Exemption]:
    """The exemptions in a rule's configuration."""
    return [Exemption(each["resource"], each["reason"]) for each in config.get(SETTING, ())]


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
