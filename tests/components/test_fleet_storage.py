"""Servers that mount shared storage, and servers from an image that is known only later."""

import json
from typing import Any

import pulumi
import pytest
from ha_web import ConfigurationError

from tests.components.test_fleet import ASKED, PIN, TEMPLATE, fleet

FILES = "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-{}"
WAY_IN = "arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-{}"
ACCESS = {"file_system_arn": FILES.format(1), "access_point_arn": WAY_IN.format(1)}


def rights(**args: Any) -> list[dict[str, Any]]:
    policies = [p for p in fleet(**args).all("aws:iam/rolePolicy:RolePolicy") if p.name == "web-file-systems"]
    return [statement for policy in policies for statement in json.loads(policy["policy"])["Statement"]]


def test_servers_mount_and_write_over_tls_through_exactly_that_access_point() -> None:
    assert rights(file_systems=[ACCESS]) == [
        {
            "Effect": "Allow",
            "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            "Resource": FILES.format(1),
            "Condition": {
                "Bool": {"aws:SecureTransport": "true"},
                "StringEquals": {"elasticfilesystem:AccessPointArn": WAY_IN.format(1)},
            },
        }
    ]


def test_each_file_system_has_a_right_of_its_own() -> None:
    other = {"file_system_arn": FILES.format(2), "access_point_arn": WAY_IN.format(2)}
    assert [right["Resource"] for right in rights(file_systems=[ACCESS, other])] == [FILES.format(1), FILES.format(2)]


def test_without_file_systems_there_is_no_right_to_mount() -> None:
    assert rights() == []


def test_a_server_starts_only_once_it_may_mount() -> None:
    profile = fleet(file_systems=[ACCESS]).one("aws:iam/instanceProfile:InstanceProfile")
    assert "web-file-systems" in {urn.rpartition("::")[2] for urn in profile.options["depends_on"]}


def test_an_image_that_is_known_only_later_is_used_as_it_comes() -> None:
    made = fleet(image_id=pulumi.Output.from_input("ami-0fedcba9876543210"))
    assert made.one(TEMPLATE)["imageId"] == "ami-0fedcba9876543210" == made.outputs["image_id"]
    assert (made.all(PIN), [call for call in made.calls if call.token == ASKED]) == ([], [])


def test_two_images_at_once_are_refused() -> None:
    with pytest.raises(ConfigurationError, match='Fleet "web": image and image_id are both given; servers start from'):
        fleet(image="ami-0fedcba9876543210", image_id="ami-0fedcba9876543210")
