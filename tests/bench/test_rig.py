from typing import Any

import pytest

from bench.rig import UNKNOWN, Key, differences, of_provider

VPC = ("aws:ec2/vpc:Vpc", "web-vpc")


def test_the_same_plan_has_no_differences() -> None:
    plan = {VPC: {"cidrBlock": "10.0.0.0/16", "tags": {"Name": "web"}}}

    assert differences(plan, {VPC: {"cidrBlock": "10.0.0.0/16", "tags": {"Name": "web"}}}) == []


def test_a_resource_that_only_one_program_has_is_named() -> None:
    assert differences({VPC: {}}, {}) == ["only in one program: aws:ec2/vpc:Vpc web-vpc"]


@pytest.mark.parametrize(
    ("ours", "flat", "path"),
    [
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, "a.b[1]"),
        ({"a": [1]}, {"a": [1, 2]}, "a"),
        ({"a": 1}, {}, "a"),
        ({"a": "same"}, {"a": "other"}, "a"),
    ],
)
def test_an_input_that_differs_is_named_with_its_path(ours: Any, flat: Any, path: str) -> None:
    assert differences({VPC: ours}, {VPC: flat}) == [f"aws:ec2/vpc:Vpc web-vpc: {path} differs"]


def test_what_one_side_does_not_know_yet_may_be_anything() -> None:
    assert differences({VPC: {"arn": UNKNOWN, "ids": UNKNOWN}}, {VPC: {"arn": "arn:x", "ids": ["a"]}}) == []


def test_names_that_the_provider_makes_up_may_end_differently() -> None:
    assert differences({VPC: {"name": "web-lb-1a2b3c4"}}, {VPC: {"name": "web-lb-9f8e7d6"}}) == []


def test_components_and_the_stack_are_no_resources_of_a_provider() -> None:
    planned: dict[Key, Any] = {VPC: {}, ("ha-web:index:Network", "web"): {}, ("pulumi:pulumi:Stack", "x"): {}}

    assert of_provider(planned) == {VPC: {}}
