"""A type's schema becomes facts of the SDK's arguments."""

from __future__ import annotations

from typing import Any

import pytest

from tools.provider_rules.conversion import type_rules
from tools.provider_rules.paths import UnknownTypeError, terraform_name

GROUP = "aws:lb/targetGroup:TargetGroup"


def target_group(**arguments: Any) -> dict[str, Any]:
    facts = {path.replace("__", "."): fact for path, fact in arguments.items()}
    return type_rules(GROUP, {"aws_alb_target_group": {"package": "internal/service/elbv2", "arguments": facts}})


@pytest.mark.parametrize(
    ("path", "fact", "shown"),
    [
        ("vpc_id", {"optional": True, "force_new": True}, {"vpcId": {"force_new": True}}),
        ("ip_address_type", {"optional": True, "computed": True}, {"ipAddressType": {"computed": True}}),
        ("arn_suffix", {"computed": True}, {}),
        ("slow_start", {"default": "0"}, {"slowStart": {"default": 0}}),
        ("proxy_protocol_v2", {"default": "false"}, {"proxyProtocolV2": {"default": False}}),
        ("target_type", {"default": "TargetTypeEnumInstance"}, {"targetType": {"default": "instance"}}),
        ("protocol_version", {"normalised": "upper"}, {"protocolVersion": {"any_case": True}}),
    ],
)
def test_an_argument_has_the_facts_of_its_schema(path: str, fact: dict[str, Any], shown: dict[str, Any]) -> None:
    assert target_group(**{path: fact})["arguments"] == shown


def test_capitals_count_in_a_policy_that_is_normalised_as_json() -> None:
    facts = {"assume_role_policy": {"normalised": True, "diff_suppressed_by": "verify.SuppressEquivalentPolicyDiffs"}}
    role = {"aws_iam_role": {"package": "internal/service/iam", "arguments": {**facts, "name": {"normalised": True}}}}
    assert type_rules("aws:iam/role:Role", role)["arguments"] == {"name": {"any_case": True}}


def test_a_property_of_a_block_is_under_the_blocks_path() -> None:
    found = target_group(health_check={"computed": True, "optional": True}, health_check__path={"required": True})
    assert found["arguments"] == {"healthCheck": {"computed": True}, "healthCheck.path": {"required": True}}


def test_a_list_in_the_singular_is_found_and_its_members_limits_are_apart_from_its_size() -> None:
    found = target_group(
        target_failover={"min_items": "1", "max_items": "2"},
        target_failover__on_unhealthy={"limits": [{"one_of": ["targetFailover_Values()"]}]},
    )
    assert found["arguments"] == {
        "targetFailovers": {"limits": [{"items": [1, 2]}]},
        "targetFailovers.onUnhealthy": {"limits": [{"one_of": ["rebalance", "no_rebalance"]}]},
    }


def test_arguments_that_exclude_each_other_name_each_other_in_the_sdks_names() -> None:
    found = target_group(
        name={"conflicts_with": ["name_prefix"]}, name_prefix={"exactly_one_of": ["name", "name_prefix"]}
    )
    assert found["arguments"] == {"name": {"conflicts_with": ["namePrefix"]}}
    assert found["exactly_one_of"] == [["name", "namePrefix"]]


def test_a_rule_of_the_whole_type_is_kept() -> None:
    rules = {
        "aws_backup_restore_testing_selection": {
            "package": "internal/service/backup",
            "arguments": {"protected_resource_arns": {}, "protected_resource_conditions": {}},
            "config_rules": [{"ExactlyOneOf": ["protected_resource_arns", "protected_resource_conditions"]}],
        }
    }
    found = type_rules("aws:backup/restoreTestingSelection:RestoreTestingSelection", rules)
    assert found["exactly_one_of"] == [["protectedResourceArns", "protectedResourceConditions"]]


def test_what_the_schema_does_not_have_is_named_as_newer_and_what_it_checks_otherwise_as_not_held() -> None:
    found = target_group(port={"limits": [{"check": "validatePort"}]})
    assert "healthCheck" in found["newer"]
    assert found["not_held"] == ["port: validatePort"]


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:autoscaling/group:Group", "aws_autoscaling_group"),
        ("aws:ec2/vpc:Vpc", "aws_vpc"),
        ("aws:lb/loadBalancer:LoadBalancer", "aws_alb"),
        ("aws:lb/listenerRule:ListenerRule", "aws_alb_listener_rule"),
        ("aws:s3/bucketObjectv2:BucketObjectv2", "aws_s3_object"),
    ],
)
def test_a_type_is_found_by_the_providers_name(token: str, name: str) -> None:
    assert terraform_name(token, {name: {}}) == name


def test_a_type_that_nobody_has_read_is_refused() -> None:
    with pytest.raises(UnknownTypeError, match="aws:ec2/vpc:Vpc: the rules have none of aws_ec2_vpc, aws_vpc"):
        terraform_name("aws:ec2/vpc:Vpc", {})
