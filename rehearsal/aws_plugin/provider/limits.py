"""Values held against the limits of the provider's schema: `limits` and `each` of `provider_rules.json`."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from rehearsal.aws_plugin.calls import model
from rehearsal.aws_plugin.provider_rules import Limit

DAYS = "(mon|tue|wed|thu|fri|sat|sun)"
CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"


def _parses(parse: Callable[[str], Any]) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        try:
            parse(str(value))
        except (ValueError, binascii.Error):
            return False
        return True

    return fits


def _matching(pattern: str) -> Callable[[Any], bool]:
    return lambda value: re.fullmatch(pattern, str(value)) is not None


FORMS: Mapping[str, Callable[[Any], bool]] = {
    "address": _parses(ipaddress.ip_address),
    "arn": _matching(r"arn:[\w-]+:[\w.-]+:([\w-]*):(\d{12}|aws|aws-managed|third-party|aws-marketplace|cw.{10})?:.+"),
    "base64": _parses(lambda text: base64.b64decode(text, validate=True)),
    "daily window": _matching(f"{CLOCK}-{CLOCK}"),
    "given": lambda value: value not in ("", 0, "0"),
    "ipv4 address": _parses(ipaddress.IPv4Address),
    "ipv4 network": _parses(ipaddress.IPv4Network),
    "ipv6 address": _parses(ipaddress.IPv6Address),
    "ipv6 network": _parses(ipaddress.IPv6Network),
    "json": _parses(json.loads),
    "lower-case keys": lambda value: not isinstance(value, dict) or all(key == key.lower() for key in value),
    "network": _parses(ipaddress.ip_network),
    "number or empty": lambda value: value == "" or _parses(float)(value),
    "policy": lambda value: str(value).startswith("{") and _parses(json.loads)(value),
    "time": _parses(datetime.fromisoformat),
    "weekly window": _matching(f"{DAYS}:{CLOCK}-{DAYS}:{CLOCK}"),
    "whole number": _parses(int),
}
"""Forms of a value by name."""


@cache
def values_of(shape: str) -> tuple[str, ...]:
    """The values of an enum: a shape of a service's model, `elbv2:ProtocolEnum`."""
    service, _, name = shape.partition(":")
    return tuple(model.shape(service, name).enum)


def _range(low: Any, high: Any) -> str:
    if low is None or high is None:
        return f"at most {high}" if low is None else f"at least {low}"
    return f"{low} to {high}"


def _outside(number: float, bounds: Iterable[Any]) -> bool:
    low, high = bounds
    return (low is not None and number < low) or (high is not None and number > high)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _listed(value: Any, allowed: Iterable[str], *, any_case: bool) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    fits = {each.lower() for each in allowed} if any_case else set(allowed)
    if (text.lower() if any_case else text) in fits:
        return ""
    return f'"{text}" is none of {", ".join(sorted(allowed)[:20])}'


def refusal(  # noqa: PLR0911 - one return for each kind of limit
    value: Any, limit: Limit, *, any_case: bool = False
) -> str:
    """Why a value, which is known, is outside of a limit; empty if it isn't."""
    [(kind, bounds)] = limit.items() if len(limit) == 1 else [next(iter(limit.items()))]
    if kind == "any_of":
        reasons = [refusal(value, each, any_case=any_case) for each in bounds]
        return "" if not all(reasons) else ", or ".join(reasons)
    if kind == "all_of":
        return next((reason for each in bounds if (reason := refusal(value, each, any_case=any_case))), "")
    if kind == "one_of":
        return _listed(value, bounds, any_case=any_case)
    if kind == "enum":
        return _listed(value, values_of(bounds), any_case=any_case)
    if kind == "pattern":
        return "" if re.search(bounds, str(value)) else f"{value!r} doesn't match {bounds}"
    if kind == "form":
        return "" if FORMS[bounds](value) else f"{value!r} is no {bounds}"
    if kind == "length":
        return f"{len(str(value))} characters, not {_range(*bounds)}" if _outside(len(str(value)), bounds) else ""
    if kind == "items":
        size = len(value) if isinstance(value, (list, dict)) else 1
        return f"{size} given, not {_range(*bounds)}" if _outside(size, bounds) else ""
    number = _number(value)
    if number is None:
        return "" if value == "" else f"{value!r} is no number"
    if kind == "multiple_of":
        return f"{value} is no multiple of {bounds}" if number % bounds else ""
    return f"{value} is not {_range(*bounds)}" if _outside(number, bounds) else ""
