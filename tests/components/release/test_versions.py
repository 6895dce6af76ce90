"""Versions: what a group, an instance and a parameter say of them."""

from typing import Any

import pytest
from ha_web.release.versions import Version, parsed, value_of, version_of

ONE = Version("lt-1", "3")
SEVERAL = Version("lt-1", "3", ("m7g.large", "m6g.large"))


@pytest.mark.parametrize("version", [ONE, SEVERAL])
def test_a_version_is_read_from_the_configuration_and_the_parameter_that_it_makes(version: Version) -> None:
    assert version_of(version.configuration) == version
    assert parsed(value_of("web", version)) == ("web", version)


def test_a_group_without_a_number_launches_a_moving_version() -> None:
    assert version_of({"LaunchTemplate": {"LaunchTemplateId": "lt-1"}}) == Version("lt-1", "$Default")
    assert version_of({"LaunchConfigurationName": "old"}) is None


@pytest.mark.parametrize(
    ("version", "instance", "has"),
    [
        (ONE, {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "3"}, "InstanceType": "c7g.large"}, True),
        (ONE, {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "2"}}, False),
        (ONE, {"LaunchTemplate": {"LaunchTemplateId": "lt-2", "Version": "3"}}, False),
        (ONE, {}, False),
        (SEVERAL, {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "3"}, "InstanceType": "m6g.large"}, True),
        (SEVERAL, {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "3"}, "InstanceType": "t4g.nano"}, False),
    ],
)
def test_an_instance_has_a_version_by_its_template_and_one_of_the_types(
    version: Version, instance: dict[str, Any], has: bool
) -> None:
    assert version.has(instance) is has
