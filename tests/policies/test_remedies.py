"""Remedies of rules: a resource that is judged bad passes once its remedy is applied, and nothing else changes."""

from typing import Any

import pytest
from resilience.rule import judge

from tests.policies.judged import UNKNOWN, judged, resource, rule
from tests.policies.pairs import PAIRS
from tests.policies.pairs.balancing import BALANCER

MENDED: dict[str, dict[str, Any]] = {
    "balancer-deletion-protection": {"enableDeletionProtection": True},
    "balancer-can-leave-a-zone": {"enableZonalShift": True},
    "balancer-drops-invalid-headers": {"dropInvalidHeaderFields": True},
    "subnet-has-no-public-addresses": {"mapPublicIpOnLaunch": False},
    "target-group-drains-in-time": {"deregistrationDelay": 120},
}


def remedied(name: str, subject: Any) -> Any:
    """A resource's properties after the rule's remedy."""
    remedy = rule(name).remedy
    assert remedy
    return remedy(subject, rule(name).config({}))


@pytest.mark.parametrize("name", MENDED)
def test_a_remedy_mends_what_its_rule_finds(name: str) -> None:
    bad: Any = PAIRS[name].bad

    mended = remedied(name, bad)

    assert mended == {**{key: bad.props[key] for key in bad.props}, **MENDED[name]}
    again = resource(bad.type.removeprefix("aws:"), **mended)
    assert not judge(rule(name), again, {}).messages


@pytest.mark.parametrize("name", MENDED)
def test_a_remedy_leaves_alone_what_is_well_made(name: str) -> None:
    assert remedied(name, PAIRS[name].good) is None


def test_a_remedy_leaves_unknown_properties_as_they_are() -> None:
    balancer = resource(BALANCER, subnets=[UNKNOWN], accessLogs={"bucket": UNKNOWN})

    assert remedied("balancer-deletion-protection", balancer) == {
        "subnets": [UNKNOWN],
        "accessLogs": {"bucket": UNKNOWN},
        "enableDeletionProtection": True,
    }


def test_a_network_balancer_gets_no_setting_that_it_does_not_have() -> None:
    balancer = resource(BALANCER, loadBalancerType="network")

    assert remedied("balancer-drops-invalid-headers", balancer) is None
    assert judged("balancer-drops-invalid-headers", balancer).messages == ()
