"""Security groups: the kind of a rule's source, and rules that go before their group, as with the real provider."""

from __future__ import annotations

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.provider.comparison import between
from tests.conftest import REGION
from tests.rehearsal.aws_plugin.asked import calls, of_deletion

RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
TCP = {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
OPEN = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def test_another_kind_of_source_is_another_rule_and_another_source_of_the_kind_is_not() -> None:
    entry, old = registry.type_of(RULE), {**TCP, "cidrIpv4": "10.0.0.0/16"}
    assert between(entry, old, {}, {**TCP, "cidrIpv4": "10.1.0.0/16"}, REGION, {}).replaces == []
    found = between(entry, old, {}, {**TCP, "referencedSecurityGroupId": "sg-2"}, REGION, {})
    assert sorted(found.replaces) == ["cidrIpv4", "referencedSecurityGroupId"]


@pytest.mark.parametrize(
    ("revoke", "made"),
    [
        (True, ["DescribeSecurityGroups", "RevokeSecurityGroupEgress", "DeleteSecurityGroup"]),
        (False, ["DeleteSecurityGroup"]),
    ],
)
def test_a_groups_rules_go_before_it_where_the_program_wants_that(made: list[str], *, revoke: bool) -> None:
    group = {"GroupId": "it", "IpPermissionsEgress": [OPEN]}
    answers = {"DescribeSecurityGroups": {"SecurityGroups": [group]}}
    asked = of_deletion("aws:ec2/securityGroup:SecurityGroup", {"name": "a", "revokeRulesOnDelete": revoke}, answers)
    assert calls(asked) == made
