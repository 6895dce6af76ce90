"""What replaces a resource: what the real provider's schema says, even where AWS could change it in place."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import provider_rules, registry
from rehearsal.aws_plugin.provider.comparison import between
from tests.conftest import REGION


def replaces(token: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return between(registry.type_of(token), old, {}, new, REGION, {}).replaces


@pytest.mark.parametrize("token", sorted(registry.types()))
def test_every_argument_that_the_provider_replaces_for_replaces(token: str) -> None:
    facts = provider_rules.of(token).arguments
    forced = [path for path, fact in facts.items() if fact.force_new and "." not in path and not fact.write_only]
    assert [path for path in forced if replaces(token, {path: "a"}, {path: "b"}) != [path]] == []


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:memorydb/multiRegionCluster:MultiRegionCluster", "nodeType"),
        ("aws:elasticache/replicationGroup:ReplicationGroup", "durability"),
        ("aws:autoscaling/group:Group", "initialLifecycleHooks"),
        ("aws:cloudwatch/eventRule:EventRule", "eventBusName"),
        ("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "expectedBucketOwner"),
    ],
)
def test_what_aws_changes_in_place_is_replaced_where_the_provider_replaces_it(token: str, name: str) -> None:
    assert replaces(token, {name: "a"}, {name: "b"}) == [name]


def test_a_property_of_a_block_replaces_where_only_the_block_is_named() -> None:
    token, old = "aws:ec2/launchTemplate:LaunchTemplate", {"name": "a", "imageId": "ami-1"}
    assert replaces(token, old, {**old, "imageId": "ami-2"}) == []
    token = "aws:acm/certificate:Certificate"
    assert replaces(token, {"domainName": "a"}, {"domainName": "a", "validationOptions": [{"domainName": "a"}]}) == [
        "validationOptions"
    ]


def test_removing_what_aws_decides_otherwise_is_no_change() -> None:
    old = {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True, "enableDnsSupport": True}
    found = between(registry.type_of("aws:ec2/vpc:Vpc"), old, {}, {"cidrBlock": "10.0.0.0/16"}, REGION, {})
    assert found.inputs == {"enableDnsSupport": "DELETE"}


@pytest.mark.parametrize(
    ("token", "found", "changes"),
    [
        ("aws:autoscaling/group:Group", {"suspendedProcesses": ["Launch"]}, {"suspendedProcesses": "DELETE"}),
        ("aws:autoscaling/group:Group", {"terminationPolicies": ["Default"]}, {}),
        ("aws:autoscaling/group:Group", {"protectFromScaleIn": True}, {"protectFromScaleIn": "DELETE"}),
        ("aws:autoscaling/group:Group", {"desiredCapacity": 3}, {}),  # AWS decides it
        ("aws:lb/loadBalancer:LoadBalancer", {"idleTimeout": 60}, {}),  # the provider's default
        ("aws:lb/loadBalancer:LoadBalancer", {"idleTimeout": 61}, {"idleTimeout": "DELETE"}),
        ("aws:lb/loadBalancer:LoadBalancer", {"accessLogs": {"enabled": False, "bucket": "b"}}, {}),
        (
            "aws:lb/loadBalancer:LoadBalancer",
            {"accessLogs": {"enabled": True, "bucket": "b"}},
            {"accessLogs": "DELETE"},
        ),
        ("aws:lambda/function:Function", {"snapStart": {"applyOn": "None"}}, {}),
        ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {"fromPort": -1, "toPort": -1}, {}),
        ("aws:kms/key:Key", {"policy": "{}"}, {}),
        ("aws:elasticache/replicationGroup:ReplicationGroup", {"port": 6379}, {}),
    ],
)
def test_what_somebody_set_beside_the_program_is_a_difference_unless_aws_decides_it(
    token: str, found: dict[str, Any], changes: dict[str, str]
) -> None:
    assert (
        between(registry.type_of(token), {"name": "a"}, {"name": "a", **found}, {"name": "a"}, REGION, {}).inputs
        == changes
    )
