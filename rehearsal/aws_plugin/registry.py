"""All entries, by token."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from rehearsal.aws_plugin import services
from rehearsal.aws_plugin.entry import Function, Type


class UnknownTokenError(LookupError):
    """The rehearsal has no entry for a type or function."""


@lru_cache
def _entries() -> tuple[dict[str, Type], dict[str, Function]]:
    types: dict[str, Type] = {}
    functions: dict[str, Function] = {}
    for found in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
        module = importlib.import_module(found.name)
        for entry in getattr(module, "TYPES", ()):
            assert entry.token not in types, f"{entry.token} has two entries"
            types[entry.token] = entry
        for function in getattr(module, "FUNCTIONS", ()):
            assert function.token not in functions, f"{function.token} has two entries"
            functions[function.token] = function
    return types, functions


def types() -> dict[str, Type]:
    """Every type's entry by token."""
    return _entries()[0]


def functions() -> dict[str, Function]:
    """Every function's entry by token."""
    return _entries()[1]


def type_of(token: str) -> Type:
    """The entry of a type; UnknownTokenError if there is none."""
    if token not in types():
        raise UnknownTokenError(f"{token} is not rehearsed: it has no entry in rehearsal/aws_plugin/services/")
    return types()[token]


def function_of(token: str) -> Function:
    """The entry of a function; UnknownTokenError if there is none."""
    if token not in functions():
        raise UnknownTokenError(f"{token} is not rehearsed: it has no entry in rehearsal/aws_plugin/services/")
    return functions()[token]
