"""Each rule finds what it is for, finds nothing in what is well made, and survives what is not known yet."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pulumi_policy.proxy import unknown_checking_proxy
from resilience.resource import Resource
from resilience.rule import Rule, Setting
from resilience.rules import ALL

from tests.policies.judged import UNKNOWN, Pair, judged, listed
from tests.policies.pairs import PAIRS

NAMES = [rule.name for rule in ALL]


def test_every_rule_has_a_good_and_a_bad_resource() -> None:
    assert sorted(PAIRS) == sorted(NAMES)


@pytest.mark.parametrize("name", PAIRS)
def test_what_is_well_made_passes(name: str) -> None:
    pair = PAIRS[name]

    verdict = judged(name, *listed(pair.good), **pair.config)

    assert (verdict.messages, verdict.unknown) == ((), None)


@pytest.mark.parametrize("name", PAIRS)
def test_what_is_poorly_made_is_found(name: str) -> None:
    pair = PAIRS[name]

    verdict = judged(name, *listed(pair.bad), **pair.config)

    assert [message for message in verdict.messages if pair.says in message]


@pytest.mark.parametrize("name", PAIRS)
def test_a_property_that_is_not_known_yet_is_survived(name: str) -> None:
    for subject, rest in variants(PAIRS[name]):
        judged(name, subject, *rest, **PAIRS[name].config)


def variants(pair: Pair) -> Iterator[tuple[Resource, list[Resource]]]:
    """The subjects of a pair with one property after the other, and all of them, unknown."""
    for side in (pair.good, pair.bad):
        subject, *rest = listed(side)
        for hidden in [*[[key] for key in subject.props], list(subject.props)]:
            props: dict[str, Any] = {**dict.fromkeys(hidden, UNKNOWN), **shown(subject, hidden)}
            changed = Resource(
                subject.type, subject.name, subject.urn, unknown_checking_proxy(props), subject.provider, subject.links
            )
            yield changed, rest


def shown(subject: Resource, hidden: list[str]) -> dict[str, Any]:
    """The other properties, as far as they are known."""
    target: dict[str, Any] = subject.props["__target"]
    return {key: value for key, value in target.items() if key not in hidden}


@pytest.mark.parametrize("rule", ALL, ids=NAMES)
def test_a_rule_is_described(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert re.fullmatch(r"[A-Z`][^.!?]*\.", rule.sentence), "one sentence"
    assert rule.types
    assert (rule.check is None) != (rule.stack_check is None)
    assert re.fullmatch(r"(REL|SEC|OPS)\d{2}-BP\d{2}|[A-Za-z0-9]+\.\d+", rule.reference.id)
    for setting in rule.settings.values():
        assert isinstance(setting, Setting)
        assert setting.sentence


def test_names_are_unique() -> None:
    assert len(set(NAMES)) == len(NAMES)
