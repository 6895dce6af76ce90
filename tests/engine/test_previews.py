"""What an edit of the stack file would change, as the real engine previews it."""

import json
from pathlib import Path

import pytest

from rehearsal.engine import EngineError
from tests.engine.conftest import Config, Site

pytestmark = pytest.mark.xdist_group("site")


def test_an_unchanged_program_changes_nothing(site: Site, tmp_path: Path) -> None:
    assert site.preview(lambda _: None, tmp_path) == []


def test_a_longer_health_check_interval_touches_the_target_groups_and_nothing_else(site: Site, tmp_path: Path) -> None:
    def edit(config: Config) -> None:
        config["ha-web:healthCheck"] = {"interval": 6}

    # The copies of the outputs say what the site recovers from, and in what time; so does the dashboard.
    saying = {"aws:s3/bucketObjectv2:BucketObjectv2", "aws:cloudwatch/dashboard:Dashboard"}
    steps = [step for step in site.preview(edit, tmp_path) if step.type not in saying]

    assert {(step.op, step.type) for step in steps} == {("update", "aws:lb/targetGroup:TargetGroup")}
    assert {step.properties for step in steps} == {frozenset({"healthCheck.interval"})}
    assert len(steps) == 2  # one a region


def test_removing_a_zone_takes_its_own_subnets_and_moves_no_other(site: Site, tmp_path: Path) -> None:
    zones = sorted(i["availabilityZoneId"] for i in site.inputs("aws:ec2/subnet:Subnet"))
    assert len(zones) == 18  # three tiers, three zones, two regions

    def edit(config: Config) -> None:
        config["ha-web:zones"] = 2
        config["ha-web:servers"]["load"] = 1  # what a lost zone of two leaves of three

    steps = site.preview(edit, tmp_path)

    subnets = [step for step in steps if step.type == "aws:ec2/subnet:Subnet"]
    assert {step.op for step in subnets} == {"delete"}
    assert len(subnets) == 6  # the third zone's three tiers, in two regions
    assert not [step for step in steps if "replace" in step.op]


def test_what_the_owner_can_no_longer_bear_stops_the_preview(site: Site, tmp_path: Path) -> None:
    def edit(config: Config) -> None:
        config["ha-web:healthCheck"] = {"interval": 30}

    with pytest.raises(EngineError) as refused:
        site.preview(edit, tmp_path)

    line = "ha-web:objectives.server.recovery is 15s; worst case is 62s = 30s × 2 checks + 2s timeout"
    assert line in json.loads(refused.value.output)["diagnostics"][0]["message"]


def test_a_new_base_builds_a_new_image_and_rolls_both_fleets_in_place(site: Site, tmp_path: Path) -> None:
    [recipe] = site.inputs("aws:imagebuilder/imageRecipe:ImageRecipe")
    ec2 = site.account.client("ec2", "eu-west-1")
    [now] = ec2.describe_images(ImageIds=[recipe["parentImage"]])["Images"]
    others = ec2.describe_images(
        Owners=[now["OwnerId"]], Filters=[{"Name": "architecture", "Values": [now["Architecture"]]}]
    )["Images"]
    image = next(other["ImageId"] for other in others if other["ImageId"] != now["ImageId"])

    def edit(config: Config) -> None:
        config["ha-web:servers"]["image"] = image

    steps = site.preview(edit, tmp_path)

    changed = {(step.op, step.type, step.name) for step in steps}
    for role in ("primary", "standby"):
        assert ("update", "aws:ec2/launchTemplate:LaunchTemplate", f"{role}-template") in changed
    built = {"aws:imagebuilder/imageRecipe:ImageRecipe", "aws:imagebuilder/image:Image"}
    assert {step.type for step in steps if "replace" in step.op} == built


def test_a_new_release_pins_the_parameter_anew_and_rolls_nothing_while_it_names_the_same_image(
    site: Site, tmp_path: Path
) -> None:
    def edit(config: Config) -> None:
        config["ha-web:servers"]["imageRelease"] = "2"

    steps = site.preview(edit, tmp_path)

    assert {(step.op, step.type) for step in steps} == {
        ("create", "aws:ssm/parameter:Parameter"),
        ("delete", "aws:ssm/parameter:Parameter"),
        ("update", "aws:ssm/parameter:Parameter"),  # what remembers the images by release
    }
