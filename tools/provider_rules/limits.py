"""One limit of a schema, in the provider's words, as limits in the words of `provider_rules.json`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tools.provider_rules import checks, words
from tools.provider_rules.checks import ADDED, Limit

Number = int | float | None


def number(text: str) -> Number:
    """A number as Go writes it; None for an expression."""
    text = words.CONSTANTS.get(text, text).replace("_", "")
    if shorter := re.fullmatch(r"\(?(\d+) ?- ?(?:sdkid\.)?UniqueIDSuffixLength(?: - (\d+))?\)?", text):
        return int(shorter[1]) - ADDED - int(shorter[2] or 0)
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() else value


CLASSES = {"L": "a-zA-Z", "Z": r"\s", "N": "0-9"}


def python_pattern(pattern: str) -> str:
    """A pattern of Go's as one of Python's."""
    pattern = re.sub(r"\\p\{(\w)\w*\}", lambda found: CLASSES.get(found[1], r"\S"), pattern)
    pattern = pattern.replace("[:alnum:]", "A-Za-z0-9").replace(r"\z", r"\Z").replace("(?i)", "")
    re.compile(pattern)
    return pattern


BOTH, LEAST, MOST = "both", "least", "most"

BOUNDS = {
    "StringLenBetween": ("length", BOTH),
    "LengthBetween": ("length", BOTH),
    "LengthAtMost": ("length", MOST),
    "IntBetween": ("between", BOTH),
    "Between": ("between", BOTH),
    "FloatBetween": ("between", BOTH),
    "ValidateTypeStringNullableIntBetween": ("between", BOTH),
    "IntAtLeast": ("between", LEAST),
    "AtLeast": ("between", LEAST),
    "ValidateTypeStringNullableIntAtLeast": ("between", LEAST),
    "IntAtMost": ("between", MOST),
    "AtMost": ("between", MOST),
    "SizeAtMost": ("items", MOST),
    "SizeAtLeast": ("items", LEAST),
    "SizeBetween": ("items", BOTH),
    "MapSizeBetween": ("items", BOTH),
    "MapSizeAtMost": ("items", MOST),
}
"""The provider's checks of sizes and ranges: what they bound, and on which side."""


@dataclass(frozen=True)
class Argument:
    """Whose limit it is."""

    terraform: str
    package: str
    path: str


def _bounds(name: str, given: list[str]) -> list[Limit] | None:
    kind, side = BOUNDS[name]
    values = [number(each) for each in given]
    if None in values:
        return None
    low, high = {BOTH: values, LEAST: [values[0], None], MOST: [None, values[0]]}[side]
    return [{kind: [low, high]}]


def _one_of(argument: Argument, values: list[str]) -> list[Limit] | None:
    if len(values) == 1 and (values[0] in words.LISTS.get(argument.package, {}) or "(" in values[0]):
        found = words.listed(argument.package, values[0])
        return [{"one_of": found}] if found else None
    return None if any("(" in value or not value for value in values) else [{"one_of": values}]


def _enum(argument: Argument, shape: str) -> list[Limit] | None:
    name = shape.rpartition(".")[2]
    if own := words.LISTS.get(argument.package, {}).get(name):
        return [{"one_of": own}]
    found = words.enum_of(argument.package, name)
    return [{"enum": found}] if found else None


def _pattern(_: Argument, pattern: str) -> list[Limit] | None:
    if pattern == "^%s.*$":  # a parameter's value of its own: the one with which the provider fills it in
        return [{"pattern": "^custom-"}]
    return None if "%s" in pattern else [{"pattern": python_pattern(pattern)}]


def _any_of(argument: Argument, choices: list[Mapping[str, Any]]) -> list[Limit] | None:
    found = [limits_of(argument, choice) for choice in choices]
    if not all(limits for limits, _ in found) or any(lost for _, lost in found):
        return None
    return [{"any_of": [limits[0] if len(limits) == 1 else {"all_of": limits} for limits, _ in found]}]


KINDS: Mapping[str, Callable[[Argument, Any], list[Limit] | None]] = {
    "any_of": _any_of,
    "enum": _enum,
    "one_of": _one_of,
    "pattern": _pattern,
    "IntDivisibleBy": lambda _, given: [{"multiple_of": number(given[0])}],
    "ConflictsWith": lambda *_: [],  # no limit of the value: read with the other conflicts
}


def _limits(argument: Argument, kind: str, given: Any) -> list[Limit] | None:
    if kind == "check":
        found = checks.limits_of(given, argument.terraform, argument.path)
        return None if found is None else list(found)
    if kind in BOUNDS:
        return _bounds(kind, given)
    return KINDS[kind](argument, given) if kind in KINDS else None


def limits_of(argument: Argument, limit: Mapping[str, Any]) -> tuple[list[Limit], list[str]]:
    """What a limit means, and what of it isn't known, by the provider's names."""
    held, lost = [], []
    for kind, given in limit.items():
        found = _limits(argument, kind, given)
        if found is None:
            lost.append(given if kind == "check" else kind if kind.startswith("Map") else f"{kind} {given}")
        else:
            held += found
    return held, lost
