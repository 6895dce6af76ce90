"""Load balancers: what replaces one, and what of its logs AWS is told, as by the real provider."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.provider.comparison import between
from tests.conftest import REGION
from tests.rehearsal.aws_plugin.asked import of_update

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
A, B = {"subnetId": "a"}, {"subnetId": "b"}
A_FIXED = {"subnetId": "a", "privateIpv4Address": "10.0.0.9"}


@pytest.mark.parametrize(
    ("kind", "name", "old", "new", "replaced"),
    [
        ("network", "subnets", ["a", "b"], ["a"], True),
        ("network", "subnets", ["a", "b"], ["a", "c"], True),
        ("network", "subnets", ["a"], ["a", "b"], False),
        ("application", "subnets", ["a", "b", "c"], ["a", "b"], False),
        ("network", "subnetMappings", [A, B], [A], True),
        ("application", "subnetMappings", [A, B], [A], False),
        ("application", "subnetMappings", [A], [A_FIXED], True),
        ("application", "subnetMappings", [A, B], [A_FIXED], True),
        ("application", "subnetMappings", [A], [A_FIXED, B], True),
        ("network", "subnetMappings", [A], [A, B], False),
        ("network", "securityGroups", [], ["sg-1"], True),
        ("network", "securityGroups", ["sg-1"], ["sg-2"], False),
        ("application", "securityGroups", [], ["sg-1"], False),
        ("network", "secondaryIpsAutoAssignedPerSubnet", 2, 1, True),
        ("network", "secondaryIpsAutoAssignedPerSubnet", 1, 2, False),
    ],
)
def test_a_balancer_is_replaced_for_what_its_type_can_not_change(
    kind: str, name: str, old: Any, new: Any, *, replaced: bool
) -> None:
    entry, type_of = registry.type_of(BALANCER), {"loadBalancerType": kind}
    found = between(entry, {**type_of, name: old}, {}, {**type_of, name: new}, REGION, {})
    assert found.inputs
    assert (found.replaces == [name]) == replaced


def test_logs_that_are_removed_are_switched_off_and_no_bucket_is_named() -> None:
    logs = {"bucket": "logs", "enabled": True}
    [made] = of_update(BALANCER, {"name": "web", "accessLogs": logs}, accessLogs=None)
    assert made["Attributes"] == [{"Key": "access_logs.s3.enabled", "Value": "false"}]
