"""The program's own spelling where AWS has the same, so that only drift is a change."""

from __future__ import annotations

from typing import Any

from rehearsal.plugin import sdk
from rehearsal.plugin.difference import same


def settled(given: Any, actual: Any, kind: sdk.Kind, *, ordered: bool = False) -> Any:
    """The program's own value where AWS has the same, else AWS's."""
    if actual is None or same(given, actual, ordered=ordered) or _same_resource(given, actual):
        return given
    if kind.name == "object" and isinstance(given, dict) and isinstance(actual, dict):
        return {
            name: settled(value, actual.get(name), kind.fields.get(name, sdk.Kind("any")), ordered=ordered)
            for name, value in given.items()
        }
    if kind.name == "list" and kind.item and isinstance(given, list) and isinstance(actual, list):
        return _settled_list(given, actual, kind.item, ordered=ordered)
    return actual


def _same_resource(given: Any, actual: Any) -> bool:
    """Return whether one is the ARN and the other the id of the same thing; AWS accepts either and answers with one."""
    if not (isinstance(given, str) and isinstance(actual, str)):
        return False
    arn, short = (given, actual) if given.startswith("arn:") else (actual, given)
    return arn.startswith("arn:") and bool(short) and arn.endswith((f"/{short}", f":{short}"))


def _matches(one: Any, other: Any, kind: sdk.Kind) -> bool:
    """Return whether a member of AWS's set is one of the program's; a block needs a property in common."""
    if isinstance(one, dict) and isinstance(other, dict) and one and not set(one) & set(other):
        return False
    return same(settled(one, other, kind), one)


def _settled_list(given: list[Any], actual: list[Any], kind: sdk.Kind, *, ordered: bool) -> list[Any]:
    """Members that AWS has as given keep their spelling and place; the rest are AWS's."""
    if ordered and len(given) == len(actual):
        return [settled(one, other, kind, ordered=True) for one, other in zip(given, actual, strict=True)]
    left, found = list(actual), []
    for one in given:
        matches = [other for other in left if _matches(one, other, kind)]
        if matches:
            match = max(matches, key=lambda other: len(set(one) & set(other)) if isinstance(one, dict) else 0)
            left.remove(match)
            found.append(one)
    return found + left
