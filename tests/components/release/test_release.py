"""Release: the parameter, its hook, and refusals."""

import json
from typing import Any, cast

import pytest
from ha_web.core.problems import ConfigurationError
from ha_web.release.release import Release, ReleaseArgs

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

PARAMETER = "aws:ssm/parameter:Parameter"


def arguments(**args: Any) -> ReleaseArgs:
    base = {
        "group_name": "web-group",
        "group_arn": "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:1:autoScalingGroupName/web-group",
        "launch_template_id": "lt-1",
        "launch_template_version": 7,
        "region": "eu-west-1",
    }
    return cast(ReleaseArgs, {**base, **args})


def release(**args: Any) -> Made[Release]:
    return make(lambda: Release("web", arguments(**args)))


def held(made: Made[Release]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(made.one(PARAMETER)["insecureValue"])
    return found


def test_the_parameter_tells_what_is_served_for_all_to_read_and_changes_by_a_release_only() -> None:
    made = release()
    assert held(made) == {"group": "web-group", "launchTemplate": "lt-1", "version": 7}
    assert "value" not in made.one(PARAMETER)  # which the provider hides
    assert (
        made.one(PARAMETER).options["before_create"] == made.one(PARAMETER).options["before_update"] == ["web-release"]
    )
    assert made.outputs["version"] == 7


def test_an_earlier_version_may_be_named() -> None:
    made = release(settings={"version": 5.0})  # other languages send floats
    assert (held(made)["version"], made.outputs["version"]) == (5, 5)


def test_a_region_that_holds_its_version_keeps_what_the_parameter_says() -> None:
    assert release(settings={"hold": True}).one(PARAMETER).options["ignore_changes"] == ["insecureValue"]
    assert release().one(PARAMETER).options["ignore_changes"] == []


def test_several_instance_types_are_part_of_what_is_served() -> None:
    assert held(release(instance_types=["m7g.large", "m6g.large"]))["instanceTypes"] == ["m7g.large", "m6g.large"]


def test_a_name_that_no_parameter_may_begin_with_is_no_matter() -> None:
    assert make(lambda: Release("aws-shop", arguments())).one(PARAMETER).name == "release-aws-shop"


def test_it_previews_before_anything_exists() -> None:
    assert make(lambda: Release("web", arguments()), preview=True).outputs["parameter_name"] is None


def test_region_reaches_every_child_and_call() -> None:
    assert_region_reaches_everything(lambda region: Release("web", arguments(region=region)))


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ({"settings": {"version": 0}}, 'Release "web": version is 0; versions count from 1'),
        ({"settings": {"bake": 1}}, "settings.bake is unknown; the nearest known one is bake_seconds"),
        ({"group": "x"}, "group is unknown"),
    ],
)
def test_a_wrong_argument_is_refused_with_the_reason(args: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        release(**args)
    assert line in str(error.value)
