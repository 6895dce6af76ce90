"""Other catalogues' checks: each has a rule or a reason, every rule named exists, and the page is current."""

import re

import pytest
from resilience import crosswalk
from resilience.rules import ALL

CHECKS = [(name, check) for name, each in crosswalk.catalogues().items() for check in each.checks]
NAMES = {rule.name for rule in ALL}
REASONS = ("not wanted: ", "seen in the account only: ")


@pytest.mark.parametrize("check", [check for _, check in CHECKS], ids=[f"{name}-{check.id}" for name, check in CHECKS])
def test_a_check_has_rules_that_exist_or_a_reason(check: crosswalk.Check) -> None:
    assert bool(check.rules) != bool(check.left_out)
    assert NAMES.issuperset(check.rules)
    assert not check.partly or check.rules
    assert not check.left_out or (check.left_out.startswith(REASONS) and not check.left_out.endswith(": "))


@pytest.mark.parametrize("name", crosswalk.catalogues())
def test_a_check_is_listed_once(name: str) -> None:
    ids = [check.id for check in crosswalk.catalogues()[name].checks]

    assert sorted(set(ids)) == sorted(ids)


def test_a_control_that_a_rule_refers_to_is_in_the_crosswalk_under_that_rule() -> None:
    services = {check.id.split(".")[0] for name, check in CHECKS if name == "security-hub"}
    by_rule = crosswalk.ids_by_rule()

    for rule in ALL:
        if re.fullmatch(r"[A-Za-z0-9]+\.\d+", rule.reference.id) and rule.reference.id.split(".")[0] in services:
            assert rule.reference.id in by_rule.get(rule.name, {}).get("security-hub", ()), rule.name


def test_the_page_is_current() -> None:
    assert crosswalk.PAGE.read_text() == crosswalk.in_markdown(), "stale: run `make tables`"
