"""A policy config for some frameworks: their rules run, the others don't."""

import pytest
from resilience.configuration import problems
from resilience.frameworks import FRAMEWORKS, config, requirements
from resilience.rules import ALL


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_framework_has_rules_and_leaves_some_out(framework: str) -> None:
    levels = config([framework])

    assert 0 < list(levels.values()).count("disabled") < len(ALL)
    assert list(problems(levels, ALL)) == []


def test_advice_on_request_is_switched_on_where_the_framework_has_it() -> None:
    assert config(["nist"])["function-traced"] == "advisory"
    assert config(["fsbp"])["function-traced"] == "disabled", "Lambda.7 is of NIST, not of the best practices"


def test_two_frameworks_have_the_rules_of_both() -> None:
    both, one = config(["fsbp", "checkov"]), config(["fsbp"])

    assert {name for name, level in both.items() if level == "disabled"} < {
        name for name, level in one.items() if level == "disabled"
    }


def test_a_standard_has_its_own_rules_and_not_its_neighbours() -> None:
    nist, cis, fsbp = (config([name]) for name in ("nist", "cis", "fsbp"))

    assert "balancer-deletion-protection" not in nist
    assert cis["balancer-deletion-protection"] == "disabled", "CIS asks for none"
    assert "key-rotates" not in nist.keys() | cis.keys()
    assert fsbp["key-rotates"] == "disabled", "KMS.4 is of CIS and NIST only"


def test_a_control_that_the_crosswalk_does_not_have_counts_by_the_rules_own_reference() -> None:
    [rule] = [rule for rule in ALL if rule.reference.id == "CloudWatch.16"]

    assert "AU-11" in requirements(rule)["nist"]
    assert rule.name not in config(["nist"])
