"""A resource's properties as a remedy may change them."""

from collections.abc import Mapping, Sequence
from typing import Any


def plain(value: Any) -> Any:
    """Dictionaries and lists of one's own; what is not known yet stays so, instead of raising an error."""
    if isinstance(value, Mapping):
        known = value if isinstance(value, dict) else value["__target"]
        return {key: plain(each) for key, each in known.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        listed = value if isinstance(value, list) else value["__target"]  # type: ignore[call-overload]  # Pulumi's proxy
        return [plain(each) for each in listed]
    return value
