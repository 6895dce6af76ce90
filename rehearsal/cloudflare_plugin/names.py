"""The SDK's names (`expectedCodes`) and the API's (`expected_codes`), at any depth. Keys of maps are nobody's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.plugin.sdk import Kind, snake

RENAMED = {
    "hosts": "Host",
    "emails": "email",
    "eventSources": "event_source",
    "newHealths": "new_health",
    "poolIds": "pool_id",
}
"""Names that differ in the SDK: the request header of an origin, and what it has in the plural."""


def api_name(name: str) -> str:
    """The API's name of an argument."""
    return RENAMED.get(name, snake(name))


def to_api(value: Any, kind: Kind) -> Any:
    """A value of an argument as the API takes it."""
    if kind.name == "object" and isinstance(value, Mapping):
        return {api_name(key): to_api(each, kind.fields[key]) for key, each in value.items() if key in kind.fields}
    if kind.name == "map" and isinstance(value, Mapping):
        return {key: to_api(each, kind.item or Kind("any")) for key, each in value.items()}
    if kind.name == "list" and isinstance(value, list):
        return [to_api(each, kind.item or Kind("any")) for each in value]
    return value


def from_api(value: Any, kind: Kind) -> Any:
    """Turn what the API has into a value of the argument; what the SDK doesn't know is left out."""
    if kind.name == "object" and isinstance(value, Mapping):
        pairs = {key: from_api(value.get(api_name(key)), each) for key, each in kind.fields.items()}
        return {key: each for key, each in pairs.items() if each is not None}
    if kind.name == "map" and isinstance(value, Mapping):
        return {key: from_api(each, kind.item or Kind("any")) for key, each in value.items()}
    if kind.name == "list" and isinstance(value, list):
        return [from_api(each, kind.item or Kind("any")) for each in value]
    return value
