"""Whether an image is in each region, and the same."""

from types import SimpleNamespace
from typing import Any

import pytest
from ha_web.image.same_content import amis_by_region, content_problems, missing_problems

HOME = {"content": "abc", "architecture": "arm64"}


@pytest.mark.parametrize("as_objects", [False, True])
def test_the_amis_are_those_of_the_output(as_objects: bool) -> None:
    ami: Any = {"region": "eu-west-1", "image": "ami-1", "name": "shop"}
    resources: Any = {"amis": [SimpleNamespace(**ami) if as_objects else ami], "containers": []}
    assert amis_by_region([SimpleNamespace(**resources) if as_objects else resources]) == {"eu-west-1": "ami-1"}


@pytest.mark.parametrize("resources", [None, [], [{"amis": None}]])
def test_a_failed_build_has_none(resources: Any) -> None:
    assert amis_by_region(resources) == {}


def test_a_region_without_the_image_is_named_with_the_command_that_builds_again() -> None:
    [problem] = missing_problems({"eu-west-1": "ami-1"}, ["eu-west-1", "eu-central-1"], "pulumi up --replace x")
    assert problem.startswith("Image Builder has no image in eu-central-1: ")
    assert problem.endswith("build again: pulumi up --replace x")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({**HOME, "content": "abd"}, "the image in eu-central-1 has content abd, that in eu-west-1 abc"),
        ({**HOME, "content": ""}, "has content none"),
        ({**HOME, "architecture": "x86_64"}, "has architecture x86_64"),
    ],
)
def test_images_that_differ_are_named(other: dict[str, str], reason: str) -> None:
    [problem] = content_problems({"eu-west-1": HOME, "eu-central-1": other})
    assert reason in problem


def test_images_that_are_the_same_are_fine_and_one_has_no_other() -> None:
    assert content_problems({"eu-west-1": HOME, "eu-central-1": dict(HOME)}) == []
    assert content_problems({"eu-west-1": {}}) == []
