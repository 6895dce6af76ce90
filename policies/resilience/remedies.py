"""Remedies: setting properties of a resource that a rule found at fault, with secrets kept secret."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pulumi_policy import Secret

from resilience.resource import Resource


def mended(resource: Resource, wrong: Iterable[str], **values: Any) -> Mapping[str, Any] | None:
    """The resource's properties with these values set, if anything is wrong; None if nothing is."""
    return {**raw(resource.props), **values} if any(wrong) else None


def raw(value: Any) -> Any:
    """A value without the proxies that Pulumi puts around it, at any depth; what is secret is a `Secret`."""
    if isinstance(value, Mapping):
        found = value if isinstance(value, dict) else value["__target"]
        return {name: raw(each) for name, each in found.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        listed: Any = value if isinstance(value, list) else value["__target"]  # type: ignore[call-overload] # a proxy's
        return [raw(each) for each in listed]
    return value


def in_clear(value: Any) -> Any:
    """A value without the marks of what is secret, as rules see it."""
    if isinstance(value, Secret):
        return in_clear(value.value)
    if isinstance(value, dict):
        return {name: in_clear(each) for name, each in value.items()}
    if isinstance(value, list):
        return [in_clear(each) for each in value]
    return value


def applied(before: dict[str, Any], mended: Mapping[str, Any]) -> dict[str, Any]:
    """The raw properties with those that were mended, be it a few or all of them."""
    return {**before, **{name: _still_secret(before.get(name), value) for name, value in mended.items()}}


def _still_secret(before: Any, after: Any) -> Any:
    if isinstance(before, Secret):
        return Secret(_still_secret(before.value, after))
    if isinstance(before, dict) and isinstance(after, Mapping):
        return {name: _still_secret(before.get(name), each) for name, each in after.items()}
    if isinstance(before, list) and isinstance(after, list):
        kept = [_still_secret(*pair) for pair in zip(before, after, strict=False)]
        return [*kept, *after[len(before) :]]
    return after
