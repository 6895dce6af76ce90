"""A policy config for some frameworks: their rules run, the others don't."""

import pytest
from resilience.configuration import problems
from resilience.frameworks import FRAMEWORKS, config
from resilience.rules import ALL


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_framework_has_rules_and_leaves_some_out(framework: str) -> None:
    levels = config([framework])

    assert 0 < list(levels.values()).count("disabled") < len(ALL)
    assert list(problems(levels, ALL)) == []


def test_advice_on_request_is_switched_on_where_the_framework_has_it() -> None:
    assert config(["fsbp"])["function-traced"] == "advisory"
    assert config(["trusted-advisor"])["function-traced"] == "disabled"


def test_two_frameworks_have_the_rules_of_both() -> None:
    both, one = config(["fsbp", "checkov"]), config(["fsbp"])

    assert {name for name, level in both.items() if level == "disabled"} < {
        name for name, level in one.items() if level == "disabled"
    }
