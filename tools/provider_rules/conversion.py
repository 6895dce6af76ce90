"""A type's schema, as the provider's source says it, in the words of `provider_rules.json`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.plugin import sdk
from tools.provider_rules import words
from tools.provider_rules.checks import Limit
from tools.provider_rules.limits import Argument, limits_of, number
from tools.provider_rules.paths import Paths, paths_of, terraform_name

GROUPS = {
    "ExactlyOneOf": "exactly_one_of",
    "AtLeastOneOf": "at_least_one_of",
    "Conflicting": "at_most_one_of",
    "RequiredTogether": "together",
}
"""Rules of a whole type, by the provider's names."""

NORMALISED_OTHERWISE = ("policy", "event_pattern", "routing_rules", "rule_json", "group_description")
"""Arguments that the provider brings into its own form without making capitals small: JSON, and an empty text."""

Fact = Mapping[str, Any]


@dataclass
class _Type:
    """A type that is being converted, and what was found besides its arguments."""

    token: str
    terraform: str
    package: str
    paths: Paths
    lost: set[str] = field(default_factory=set)

    def shown(self, path: str) -> str | None:
        """The SDK's path of one of the schema's, which may count: `default_action.0.order`."""
        found = self.paths.get(re.sub(r"\.\d+\.", ".", path))
        return found[0] if found else None

    def all_shown(self, paths: Iterable[str]) -> list[str]:
        """The SDK's paths of those that it has."""
        return [shown for path in paths if (shown := self.shown(path))]

    def limits(self, path: str, given: Iterable[Mapping[str, Any]]) -> list[Limit]:
        """Limits of an argument; what isn't known is noted."""
        held: list[Limit] = []
        for limit in given:
            found, lost = limits_of(Argument(self.terraform, self.package, path), limit)
            held += found
            self.lost |= {f"{path}: {name}" for name in lost}
        return held


def _default(made: _Type, text: str, kind: str) -> Any:
    if kind == "bool":
        return text == "true"
    if text in words.CONSTANTS:
        text = words.CONSTANTS[text]
    elif kind == "str" and re.fullmatch(r"[A-Za-z]+[a-z][A-Z]\w*", text):
        text = words.constant(made.package, text) or text
    return number(text) if kind in ("int", "float") else text


def _sizes(fact: Fact, kind: str) -> list[Limit]:
    """How many blocks there may be; what may be there once is no list in the SDK."""
    least, most = (number(fact[name]) if fact.get(name) else None for name in ("min_items", "max_items"))
    most = None if most == 1 else most
    return [{"items": [least, most]}] if kind == "list" and (least, most) != (None, None) else []


def _split(limits: list[Limit], kind: str) -> tuple[list[Limit], list[Limit]]:
    """Limits of the value, and of each of its members."""
    if kind == "map":
        return limits, []
    of_the_size = [limit for limit in limits if "items" in limit]
    others = [limit for limit in limits if "items" not in limit]
    return (of_the_size, others) if kind == "list" else (others, [])


def _marks(made: _Type, path: str, fact: Fact, kind: str) -> dict[str, Any]:
    shown = made.paths[path][0]
    marks = {
        "required": fact.get("required") and shown not in sdk.resource(made.token).required,
        "computed": fact.get("computed") and fact.get("optional"),
        "force_new": fact.get("force_new"),
        "write_only": fact.get("write_only"),
    }
    found: dict[str, Any] = {name: True for name, holds in marks.items() if holds}
    if fact.get("default") not in (None, "") and (default := _default(made, fact["default"], kind)) is not None:
        found["default"] = default
    lowered = fact.get("normalised") and not path.endswith(NORMALISED_OTHERWISE)
    if lowered or "CaseInsensitive" in str(fact.get("diff_suppressed_by")):
        found["any_case"] = True
    return found


def _argument(made: _Type, path: str, fact: Fact) -> dict[str, Any]:
    shown, kind = made.paths[path][0], made.paths[path][1].name
    given = fact.get("limits", [])
    limits, members = _split([*_sizes(fact, kind), *made.limits(path, given)], kind)
    conflicts = [*fact.get("conflicts_with", []), *(each for limit in given for each in limit.get("ConflictsWith", []))]
    found = {
        "limits": limits,
        "each": [*members, *made.limits(path, fact.get("element_limits", []))],
        "conflicts_with": sorted(set(made.all_shown(conflicts)) - {shown}),
        "required_with": [other for other in made.all_shown(fact.get("required_with", [])) if other != shown],
    }
    return _marks(made, path, fact, kind) | {name: value for name, value in found.items() if value}


def _groups(made: _Type, facts: Mapping[str, Fact], rules: Iterable[Mapping[str, list[str]]]) -> dict[str, Any]:
    groups: dict[str, list[list[str]]] = {}
    for path, fact in facts.items():
        for name in ("exactly_one_of", "at_least_one_of"):
            group = sorted(made.all_shown(fact.get(name, [])))
            if made.shown(path) and len(group) > 1 and group not in groups.get(name, []):
                groups.setdefault(name, []).append(group)
    for rule in rules:
        for kind, paths in rule.items():
            groups.setdefault(GROUPS[kind], []).append(made.all_shown(paths))
    return groups


def type_rules(token: str, rules: Mapping[str, Any]) -> dict[str, Any]:
    """What the provider's schema says of a type of the SDK, given what it says of all types."""
    terraform = terraform_name(token, rules)
    facts = rules[terraform]["arguments"]
    paths, newer = paths_of(token, facts)
    made = _Type(token, terraform, rules[terraform]["package"].rpartition("/")[2], paths)
    arguments = {
        paths[path][0]: found
        for path, fact in facts.items()
        if path in paths and (found := _argument(made, path, fact))
    }
    left = {"newer": newer, "not_held": sorted(made.lost)}
    return {
        "terraform": terraform,
        **_groups(made, facts, rules[terraform].get("config_rules") or []),
        **{name: value for name, value in left.items() if value},
        "arguments": arguments,
    }
