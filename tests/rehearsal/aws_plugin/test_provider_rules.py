"""The data on the real provider's schema: of which version it is, and that all its words have a meaning here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rehearsal.aws_plugin import provider_rules, registry
from rehearsal.aws_plugin.provider.limits import FORMS, refusal, values_of
from rehearsal.aws_plugin.provider_rules import Limit, Rules
from rehearsal.plugin import sdk

TYPES = sorted(registry.types())


def limits_of(rules: Rules) -> Iterator[Limit]:
    waiting = [limit for fact in rules.arguments.values() for limit in (*fact.limits, *fact.each)]
    while waiting:
        limit = waiting.pop()
        waiting += [each for kind in ("any_of", "all_of") for each in limit.get(kind, ())]
        yield limit


def has(kind: sdk.Kind, path: str) -> bool:
    """Whether a path leads to a property."""
    name, _, below = path.partition(".")
    kind = kind.item if kind.name == "list" and kind.item else kind
    return name in kind.fields and (not below or has(kind.fields[name], below))


def test_the_facts_are_of_the_sdk_that_is_installed() -> None:
    assert provider_rules.sdk_version() == sdk.version("aws"), (
        "the SDK is of another version: read what changed in the provider's schemas into provider_rules.json"
    )


def test_every_type_of_the_rehearsal_has_facts_and_no_other() -> None:
    assert sorted(provider_rules.known()) == TYPES


@pytest.mark.parametrize("token", TYPES)
def test_facts_name_only_arguments_of_the_sdk(token: str) -> None:
    rules, arguments = provider_rules.of(token), sdk.Kind("object", None, sdk.resource(token).arguments)
    groups = (*rules.exactly_one_of, *rules.at_least_one_of, *rules.at_most_one_of, *rules.together)
    others = [path for fact in rules.arguments.values() for path in (*fact.conflicts_with, *fact.required_with)]
    named = {*rules.arguments, *rules.newer, *others, *(path for group in groups for path in group)}
    assert {path for path in named if not has(arguments, path)} == set()


@pytest.mark.parametrize("token", TYPES)
def test_limits_are_of_kinds_that_are_held(token: str) -> None:
    for limit in limits_of(provider_rules.of(token)):
        if "enum" in limit:
            assert values_of(limit["enum"]), limit
        if "form" in limit:
            assert limit["form"] in FORMS
        assert isinstance(refusal("1", limit), str)


@pytest.mark.parametrize("token", TYPES)
def test_a_default_of_an_entry_is_the_providers(token: str) -> None:
    defaults = {path: fact.default for path, fact in provider_rules.of(token).arguments.items()}
    differ = {path: value for path, value in registry.type_of(token).default.items() if defaults.get(path) != value}
    assert differ == {}
