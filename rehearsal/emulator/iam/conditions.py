"""Conditions of policies: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

Keys = Mapping[str, Sequence[str]]
"""What is known of a request, by condition key in lower case: `aws:principalarn`."""

VARIABLE = re.compile(r"\$\{([^}]+)\}")


class UnknownOperatorError(LookupError):
    """A policy has a condition that isn't emulated: it must not count as met, nor as not met."""


@cache
def _wildcard(pattern: str, *, any_case: bool) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    text = "".join(parts.get(each) or re.escape(each) for each in pattern)
    return re.compile(text, re.DOTALL | (re.IGNORECASE if any_case else 0))


def like(pattern: str, text: str, *, any_case: bool = False) -> bool:
    """Whether a text matches a pattern with `*` and `?`."""
    return _wildcard(pattern, any_case=any_case).fullmatch(text) is not None


def arn_like(pattern: str, text: str) -> bool:
    """Whether an ARN matches a pattern, each of its six parts by itself."""
    wanted, found = pattern.split(":", 5), text.split(":", 5)
    return len(wanted) == len(found) and all(like(*pair) for pair in zip(wanted, found, strict=True))


def _within(network: str, address: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)


OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, found: wanted == found,
    "StringEqualsIgnoreCase": lambda wanted, found: wanted.lower() == found.lower(),
    "StringLike": like,
    "ArnEquals": arn_like,  # the two ARN operators are the same
    "ArnLike": arn_like,
    "Bool": lambda wanted, found: wanted.lower() == found.lower(),
    "IpAddress": _within,
    "NumericEquals": lambda wanted, found: float(wanted) == float(found),
    "NumericLessThan": lambda wanted, found: float(found) < float(wanted),
    "NumericLessThanEquals": lambda wanted, found: float(found) <= float(wanted),
    "NumericGreaterThan": lambda wanted, found: float(found) > float(wanted),
    "NumericGreaterThanEquals": lambda wanted, found: float(found) >= float(wanted),
}
"""What of a policy's value and of a request's must hold; those of `NEGATED` are the contrary."""

NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
}


def listed(value: Any) -> list[str]:
    """A policy's value, which may stand without its list, as texts."""
    values = value if isinstance(value, list) else [value]
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in values]


def filled(text: str, keys: Keys) -> str | None:
    """A policy's text with its variables (`${aws:PrincipalArn}`) filled in; None if one of them isn't known."""
    wanted = [name for name in VARIABLE.findall(text) if name not in "*?$"]
    if any(len(keys.get(name.lower(), ())) != 1 for name in wanted):
        return None
    return VARIABLE.sub(lambda found: found[1] if found[1] in "*?$" else keys[found[1].lower()][0], text)


def hold(condition: Mapping[str, Mapping[str, Any]], keys: Keys) -> bool:
    """Whether all of a statement's conditions hold."""
    return all(
        _holds(operator, listed(wanted), keys.get(name.lower()), keys)
        for operator, each in condition.items()
        for name, wanted in each.items()
    )


def _holds(operator: str, wanted: Sequence[str], found: Sequence[str] | None, keys: Keys) -> bool:
    quantifier, _, operator = operator.rpartition(":")
    if operator == "Null":
        return (found is None) == (wanted == ["true"])
    name = operator.removesuffix("IfExists")
    base = NEGATED.get(name, name)
    if base not in OPERATORS or quantifier not in ("", "ForAllValues", "ForAnyValue"):
        raise UnknownOperatorError(f"the rehearsal doesn't know the condition operator {operator}")
    texts = [text for each in wanted if (text := filled(each, keys)) is not None]

    def fits(value: str) -> bool:
        return any(OPERATORS[base](text, value) for text in texts) != (name in NEGATED)

    if found is None:
        # Without the key, a negated operator holds, and so does "for all values".
        return operator.endswith("IfExists") or name in NEGATED or quantifier == "ForAllValues"
    of_all = quantifier == "ForAllValues" or (not quantifier and name in NEGATED)
    return all(map(fits, found)) if of_all else any(map(fits, found))
