"""What an edit of the stack file would change, as the real engine previews it."""

from pathlib import Path

import pytest

from tests.engine.conftest import Config, Site

pytestmark = pytest.mark.xdist_group("site")


def test_an_unchanged_program_changes_nothing(site: Site, tmp_path: Path) -> None:
    assert site.preview(lambda _: None, tmp_path) == []


def test_a_longer_health_check_interval_touches_the_target_groups_and_nothing_else(site: Site, tmp_path: Path) -> None:
    def edit(config: Config) -> None:
        config["ha-web:healthCheck"] = {"interval": 10}

    steps = site.preview(edit, tmp_path)

    assert {(step.op, step.type) for step in steps} == {("update", "aws:lb/targetGroup:TargetGroup")}
    assert {step.properties for step in steps} == {frozenset({"healthCheck.interval"})}
    assert len(steps) == 2  # one a region


def test_adding_a_zone_moves_no_other_subnet(site: Site, tmp_path: Path) -> None:
    zones = sorted(i["availabilityZoneId"] for i in site.inputs("aws:ec2/subnet:Subnet"))
    assert len(zones) == 18  # three tiers, three zones, two regions

    def edit(config: Config) -> None:
        config["ha-web:zones"] = 2

    steps = site.preview(edit, tmp_path)

    subnets = [step for step in steps if step.type == "aws:ec2/subnet:Subnet"]
    assert {step.op for step in subnets} == {"delete"}
    assert len(subnets) == 6  # the third zone's three tiers, in two regions
    assert not [step for step in steps if "replace" in step.op]


def test_a_new_image_release_rolls_the_fleet_in_place(site: Site, tmp_path: Path) -> None:
    def edit(config: Config) -> None:
        config["ha-web:servers"]["imageRelease"] = "2"

    steps = site.preview(edit, tmp_path)

    assert ("update", "aws:autoscaling/group:Group") in {(s.op, s.type) for s in steps}
    assert not [s for s in steps if "replace" in s.op]
