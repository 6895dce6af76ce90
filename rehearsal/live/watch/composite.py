"""Rules of composite alarms, such as `ALARM("a") AND NOT OK("b")`. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

import re
from collections.abc import Callable, Iterator

TOKEN = re.compile(
    r"\s*(?:(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*\"?(?P<name>[^\")]+?)\"?\s*\)|(?P<word>\w+|[()]))"
)


class RuleError(ValueError):
    """A rule that can't be read."""


def holds(rule: str, state_of: Callable[[str], str]) -> bool:
    """Tell whether a rule holds. `state_of`: an alarm's state by its name. Raises RuleError."""
    tokens = [*_tokens(rule, state_of)]
    result = _either(tokens)
    if tokens:
        raise RuleError(f"{rule} can't be read")
    return result


def _tokens(rule: str, state_of: Callable[[str], str]) -> Iterator[str | bool]:
    at = 0
    while at < len(rule.rstrip()):
        found = TOKEN.match(rule, at)
        if not found:
            raise RuleError(f"{rule} can't be read")
        at = found.end()
        if found["state"]:
            yield state_of(found["name"].rpartition(":alarm:")[2]) == found["state"]
        else:
            yield {"TRUE": True, "FALSE": False}.get(found["word"], found["word"])


def _either(tokens: list[str | bool]) -> bool:
    result = _all(tokens)
    while tokens and tokens[0] == "OR":
        tokens.pop(0)
        result = _all(tokens) or result
    return result


def _all(tokens: list[str | bool]) -> bool:
    result = _one(tokens)
    while tokens and tokens[0] == "AND":
        tokens.pop(0)
        result = _one(tokens) and result
    return result


def _one(tokens: list[str | bool]) -> bool:
    token = tokens.pop(0) if tokens else ")"
    if isinstance(token, bool):
        return token
    if token == "NOT":
        return not _one(tokens)
    if token != "(":
        raise RuleError(f"{token} is out of place in the rule")
    result = _either(tokens)
    if not tokens or tokens.pop(0) != ")":
        raise RuleError("a parenthesis of the rule isn't closed")
    return result
