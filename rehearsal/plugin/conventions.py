"""Names and values that the engine, or the real providers, give a meaning to."""

from typing import Any

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Sent by the engine for a value that is known only later (pulumi/sdk, plugin.UnknownStringValue)."""

DEFAULTS = "__defaults"
"""Names of the arguments that the provider filled in, among the inputs; the real provider keeps them so, too."""

RECORDED = "__recorded"
"""The output that keeps the names of the operations that were validated and not executed."""


def is_unknown(value: Any) -> bool:
    """Return whether a value is, or contains, something that is known only later."""
    if isinstance(value, dict):
        return any(is_unknown(each) for each in value.values())
    if isinstance(value, list):
        return any(is_unknown(each) for each in value)
    return isinstance(value, str) and UNKNOWN in value
