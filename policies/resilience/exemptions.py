"""Exemptions: a resource that a team lets break a rule, with the reason, which every run shows."""

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
"""Of the setting `exempt` that every rule has: resources by name or URN (`*` stands for anything), and why."""


@dataclass(frozen=True)
class Exemption:
    """A resource, or several by a pattern, that may break a rule, and why."""

    resource: str
    reason: str

    def covers(self, name: str, urn: str) -> bool:
        """Whether the resource of this name and URN is meant."""
        return any(fnmatchcase(value, self.resource) for value in (name, urn))


def exemptions_of(config: Mapping[str, Any]) -> list[Exemption]:
    """What a rule's config exempts."""
    return [Exemption(each["resource"], each["reason"]) for each in config.get(SETTING, ())]


@dataclass(frozen=True)
class Use:
    """An exemption that kept a finding from being one."""

    rule: str
    urn: str
    message: str
    reason: str


class Uses:
    """The exemptions that a run made use of; several threads add to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[Use, None] = {}

    def add(self, uses: Iterable[Use]) -> None:
        """Remember them, each once."""
        with self._lock:
            self._found.update(dict.fromkeys(uses))

    def take(self) -> list[Use]:
        """All of them, in the order in which they came; the next run starts anew."""
        with self._lock:
            found, self._found = list(self._found), {}
        return found
