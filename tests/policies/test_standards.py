"""Standards by check: what is written belongs to checks and frameworks that there are."""

import json

import pytest
from resilience.crosswalk import catalogues
from resilience.rules import ALL
from resilience.standards import DATA, STANDARDS, requirements, titles

CHECKS = json.loads(DATA.read_text())["checks"]


def test_requirements_of_several_checks_are_put_together() -> None:
    found = requirements({"security-hub": ["RDS.3"], "prowler": ["rds_instance_storage_encrypted"]})

    assert found["fsbp"] == ()
    assert found["cis"] == ("2.2.1",)
    assert {"SC-28", "SC-28(1)"} < set(found["nist"])


def test_a_check_of_no_standard_has_none() -> None:
    assert requirements({"checkov": ["CKV_AWS_3"], "prowler": ["no_such_check"]}) == {}


def test_a_standard_without_a_known_requirement_is_named() -> None:
    assert requirements({"security-hub": ["EC2.53"]}) == {"cis": ()}


@pytest.mark.parametrize("catalogue", CHECKS)
def test_each_check_is_one_of_the_crosswalk_or_of_a_rule(catalogue: str) -> None:
    known = {check.id for check in catalogues()[catalogue].checks} | {rule.reference.id for rule in ALL}

    assert known.issuperset(CHECKS[catalogue])
    assert {standard for given in CHECKS[catalogue].values() for standard in given} <= set(STANDARDS)


def test_each_control_of_the_crosswalk_is_of_a_standard_or_of_another_kind() -> None:
    controls = {check.id for check in catalogues()["security-hub"].checks}
    without = {control for control in controls if not CHECKS["security-hub"][control]}

    assert without == {"EC2.14"}, "it is of PCI DSS only, and of a version of CIS that is no more"
    assert set(titles()) == set(STANDARDS)
