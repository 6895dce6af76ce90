"""What the real provider refuses at preview, by the data of its schema and by what the entries add to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jmespath

from rehearsal.aws_plugin import provider_rules
from rehearsal.aws_plugin.entry import Refuse
from rehearsal.aws_plugin.provider.limits import refusal
from rehearsal.aws_plugin.provider_rules import Argument, Rules
from rehearsal.plugin.conventions import DEFAULTS, UNKNOWN, is_unknown


@dataclass(frozen=True)
class Refusal:
    """Why inputs are refused.

    Attributes:
        path: the argument, or the property of a block.
        about: the arguments that it is about.
        others: the paths of those beside it.
    """

    path: str
    reason: str
    about: frozenset[str]
    others: frozenset[str] = frozenset()


def argument_of(path: str) -> str:
    """The argument that a path begins with."""
    return path.split(".")[0].split("[")[0]


def is_given(value: Any) -> bool:
    """Whether the provider sees an argument: an empty list or block is none, false and 0 are values."""
    return value is not None and value not in ([], {})


def blocks_at(value: Any, path: str, above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """The blocks that a path leads to, each with where it is: `rules[0]`; the empty path is the resource itself."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from blocks_at(each, path, f"{above}[{index}]")
    elif isinstance(value, dict) and not path:
        yield above, value
    elif isinstance(value, dict):
        name, _, below = path.partition(".")
        yield from blocks_at(value.get(name), below, f"{above}.{name}" if above else name)


def _split(path: str) -> tuple[str, str]:
    above, _, name = path.rpartition(".")
    return above, name


def values_at(inputs: Mapping[str, Any], path: str) -> list[Any]:
    """The values that are given at a path, in whichever block."""
    above, name = _split(path)
    return [block[name] for _, block in blocks_at(dict(inputs), above) if is_given(block.get(name))]


class _Judge:
    """The inputs of one resource, held against its type's rules."""

    def __init__(self, rules: Rules, inputs: Mapping[str, Any], filled: frozenset[str]) -> None:
        self.rules = rules
        self.inputs = {name: value for name, value in inputs.items() if name not in filled and name != DEFAULTS}
        self.filled = {name: value for name, value in inputs.items() if name != DEFAULTS}
        self.found: list[Refusal] = []

    def _values(self, path: str, block: Mapping[str, Any], above: str) -> list[Any]:
        """What is given at a path: in this block if it is of it, else anywhere."""
        parent, name = _split(path)
        if parent == above:
            return [block[name]] if is_given(block.get(name)) else []
        return values_at(self.inputs, path)

    def arguments(self) -> None:
        """Hold each argument that is given, and each property of a block."""
        for path, fact in self.rules.arguments.items():
            above, name = _split(path)
            for place, block in blocks_at(self.filled, above):
                self._argument(fact, f"{place}.{name}" if place else name, block.get(name))
            for place, block in blocks_at(self.inputs, above):
                if is_given(block.get(name)) and not _unknown(block[name]):
                    self._neighbours(fact, f"{place}.{name}" if place else name, block, above)

    def _argument(self, fact: Argument, place: str, value: Any) -> None:
        if value is None:
            if fact.required:
                self._say(place, "is required")
            return
        if _unknown(value):
            return
        for limit in fact.limits:
            self._limit(place, value, limit, fact)
        for index, each in enumerate(value if isinstance(value, list) else [value] if fact.each else []):
            for limit in fact.each:
                if not is_unknown(each):
                    self._limit(f"{place}[{index}]", each, limit, fact)

    def _limit(self, place: str, value: Any, limit: Mapping[str, Any], fact: Argument) -> None:
        if is_unknown(value) and "items" not in limit:
            return
        reason = refusal(value, limit, any_case=fact.any_case)
        if reason:
            self._say(place, reason)

    def _say(self, place: str, reason: str, *others: str) -> None:
        about = frozenset(map(argument_of, (place, *others)))
        if not any(each.about == about and each.others and others for each in self.found):
            self.found.append(Refusal(place, reason, about, frozenset(others)))

    def _neighbours(self, fact: Argument, place: str, block: Mapping[str, Any], above: str) -> None:
        for other in fact.conflicts_with:
            if any(not _unknown(value) for value in self._values(other, block, above)):
                self._say(place, f"conflicts with {other}", other)
        for other in fact.required_with:
            if not self._values(other, block, above):
                self._say(place, f"needs {other}", other)

    def groups(self) -> None:
        """Hold the arguments of which one, at most one or all are wanted."""
        rules = self.rules
        for group in rules.exactly_one_of:
            self._group(group, "exactly one of", least=1, most=1)
        for group in rules.at_least_one_of:
            self._group(group, "at least one of", least=1, most=len(group))
        for group in rules.at_most_one_of:
            self._group(group, "at most one of", least=0, most=1)
        for group in rules.together:
            self._together(group)

    def _around(self, group: tuple[str, ...]) -> Iterator[tuple[str, Mapping[str, Any], str]]:
        """The blocks whose properties a group is of."""
        parents = {_split(path)[0] for path in group}
        above = min(parents, key=len) if len(parents) > 1 else parents.pop()
        for place, block in blocks_at(self.inputs, above):
            yield place, block, above

    def _group(self, group: tuple[str, ...], which: str, *, least: int, most: int) -> None:
        for place, block, above in self._around(group):
            values = {path: self._values(path, block, above) for path in group}
            known = [path for path, each in values.items() if any(not _unknown(value) for value in each)]
            open_ = [path for path, each in values.items() if each and path not in known]
            if len(known) > most or len(known) + len(open_) < least:
                given = " and ".join(known) or "none"
                self._say(place or group[0], f"{which} {', '.join(group)} is wanted; given: {given}", *group)

    def _together(self, group: tuple[str, ...]) -> None:
        for place, block, above in self._around(group):
            given = [path for path in group if self._values(path, block, above)]
            if given and len(given) < len(group):
                missing = ", ".join(path for path in group if path not in given)
                self._say(place or given[0], f"needs {missing}", *group)


def _unknown(value: Any) -> bool:
    return isinstance(value, str) and UNKNOWN in value


def of_schema(token: str, inputs: Mapping[str, Any]) -> list[Refusal]:
    """What the provider's schema refuses in the inputs of a resource."""
    judge = _Judge(provider_rules.of(token), inputs, frozenset(inputs.get(DEFAULTS, [])))
    judge.arguments()
    judge.groups()
    return judge.found


def of_entry(refusals: tuple[Refuse, ...], inputs: Mapping[str, Any]) -> list[Refusal]:
    """What the provider's own code refuses beyond its schema, as the entry says; what isn't known yet passes."""
    known = {name: value for name, value in inputs.items() if name != DEFAULTS}
    return [
        Refusal(each.argument, each.reason, frozenset({argument_of(each.argument)}))
        for each in refusals
        if not is_unknown([known.get(name) for name in each.names]) and jmespath.search(each.when, known)
    ]
