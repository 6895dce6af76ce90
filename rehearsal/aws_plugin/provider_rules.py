"""What the real provider's schema says of each type's arguments, as data.

`provider_rules.json` has the facts; its `how` says where they come from and what its words mean. `tools/provider_rules`
writes it. Paths are the SDK's (`healthCheck.path`, without indices).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("provider_rules.json")

Limit = Mapping[str, Any]


@dataclass(frozen=True)
class Argument:
    """What the provider says of an argument, or of a property of a block."""

    required: bool = False
    computed: bool = False
    """AWS decides where the program doesn't: removing it changes nothing."""
    force_new: bool = False
    """A change replaces the resource."""
    write_only: bool = False
    """Never kept in the state, so that a change of it alone is no difference."""
    any_case: bool = False
    """Capitals and small letters are the same."""
    default: Any = None
    limits: tuple[Limit, ...] = ()
    each: tuple[Limit, ...] = ()
    """Limits of a list's members."""
    conflicts_with: tuple[str, ...] = ()
    required_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rules:
    """What the provider says of a type."""

    terraform: str
    """The type's name there."""
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    exactly_one_of: tuple[tuple[str, ...], ...] = ()
    at_least_one_of: tuple[tuple[str, ...], ...] = ()
    at_most_one_of: tuple[tuple[str, ...], ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    newer: tuple[str, ...] = ()
    """Arguments of the SDK that this version of the provider doesn't have."""
    not_held: tuple[str, ...] = ()
    """Checks of the provider's that are not written here."""

    def replaced_by(self, path: str) -> bool:
        """Whether a change at a path replaces the resource: the argument there does, or a block around it."""
        parts = path.split(".")
        return any(
            fact.force_new
            for end in range(1, len(parts) + 1)
            if (fact := self.arguments.get(".".join(parts[:end]))) is not None
        )

    def below(self, path: str) -> Iterator[tuple[str, Argument]]:
        """The properties of a block, at any depth."""
        return ((name, fact) for name, fact in self.arguments.items() if name.startswith(f"{path}."))


NONE = Rules("")
"""Of a type that the data doesn't have."""


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return loaded


def provider_version() -> str:
    """The provider and its version that the facts are of."""
    return str(_data()["provider"])


def sdk_version() -> str:
    """The version of the SDK for which they were written."""
    return str(_data()["sdk"])


def known() -> frozenset[str]:
    """The types that the data has."""
    return frozenset(_data()["types"])


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


@cache
def of(token: str) -> Rules:
    """What the provider says of a type; nothing where the data doesn't have it."""
    found = _data()["types"].get(token)
    if found is None:
        return NONE
    arguments = {
        path: Argument(**{name: value if name == "default" else _tuples(value) for name, value in fact.items()})
        for path, fact in found["arguments"].items()
    }
    return Rules(**{name: _tuples(value) for name, value in found.items() if name != "arguments"}, arguments=arguments)
