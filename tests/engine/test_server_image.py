"""One image for the servers of two regions, by the real engine: built when it changes, tried, and kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.engine.stack import Stack, changes

pytestmark = pytest.mark.xdist_group("image-engine")

AWAY = "eu-central-1"

PROGRAM = """
import pulumi
import pulumi_aws as aws
from ha_web import ServerImage

config = pulumi.Config()
image = ServerImage(
    "shop",
    {
        "instance_type": "t4g.small",
        "install_command": f"echo {config.get('package') or 'one'}",
        "test_command": config.get("test") or "echo healthy",
        "base_image": config.get("base"),
        "base_release": config.get("release") or "1",
        "region": "HERE",
        "regions": ["AWAY"],
        "keep": 2,
    },
)
for region in ("HERE", "AWAY"):
    template = aws.ec2.LaunchTemplate(
        f"servers-{region}", image_id=image.image_ids[region], instance_type="t4g.small", region=region
    )
    pulumi.export(f"version-{region}", template.latest_version)
pulumi.export("images", image.image_ids)
pulumi.export("content", image.content)
pulumi.export("base", image.base_image_id)
""".replace("HERE", REGION).replace("AWAY", AWAY)


@pytest.fixture
def stack(emulator: Emulator, tmp_path: Path, unique: str) -> Stack:
    return Stack.new(tmp_path, emulator, PROGRAM, unique)


def outputs(stack: Stack) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stack.run("stack", "output", "--json"))
    return found


ANNOUNCED = 'ServerImage "shop": Image Builder builds the image, tries it and copies it to eu-west-1 and eu-central-1'


def up(stack: Stack, **settings: str) -> dict[str, Any]:
    for key, value in settings.items():
        stack.run("config", "set", key, value)
    assert ANNOUNCED in stack.run("up", "--yes", "--skip-preview")
    assert changes(stack.previewed()) == {}, "a second up builds nothing"
    return outputs(stack)


def there_is(aws: Client, region: str, image: str) -> bool:
    return bool(aws("ec2", region).describe_images(ImageIds=[image])["Images"])


def test_a_new_package_is_a_new_image_in_both_regions_and_the_former_ones_stay(stack: Stack, aws: Client) -> None:
    one = up(stack)
    assert set(one["images"]) == {REGION, AWAY}
    for region, image in one["images"].items():
        [found] = aws("ec2", region).describe_images(ImageIds=[image])["Images"]
        tags = {tag["Key"]: tag["Value"] for tag in found["Tags"]}
        assert (tags["ha-web:content"], tags["CreatedBy"]) == (one["content"], "EC2 Image Builder")

    two = up(stack, package="two")
    assert two["content"] != one["content"]
    assert (one[f"version-{AWAY}"], two[f"version-{AWAY}"]) == (1, 2)
    assert all(there_is(aws, region, image) for region, image in one["images"].items())

    back = up(stack, package="one")
    assert back["content"] == one["content"]
    assert back[f"version-{REGION}"] == 3
    assert all(there_is(aws, region, image) for region, image in two["images"].items())
    assert not any(there_is(aws, region, image) for region, image in one["images"].items()), "two are kept"

    stack.run("destroy", "--yes", "--skip-preview")
    assert all(there_is(aws, region, image) for region, image in back["images"].items()), "images outlive the stack"


def test_an_image_that_fails_its_test_reaches_no_server_and_ends_the_up_with_the_reason(stack: Stack) -> None:
    good = up(stack)
    stack.run("config", "set", "package", "bad")
    stack.run("config", "set", "test", "exit 1")
    failed = stack.tried("up", "--yes", "--skip-preview")
    assert failed.returncode != 0
    assert "Step Try of component shop-test" in failed.stdout + failed.stderr
    assert outputs(stack)[f"version-{REGION}"] == good[f"version-{REGION}"]

    again = stack.tried("up", "--yes", "--skip-preview")
    assert again.returncode != 0
    assert "pulumi up --replace '**::shop-image'" in again.stdout + again.stderr
    mended = up(stack, package="mended", test="echo healthy")
    assert mended[f"version-{REGION}"] == good[f"version-{REGION}"] + 1


def test_an_earlier_release_of_the_base_is_the_image_that_it_was(stack: Stack, aws: Client, unique: str) -> None:
    ssm, path = aws("ssm"), f"/golden/{unique}"
    public = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    first = ssm.get_parameter(Name=public)["Parameter"]["Value"]
    newer = aws("ec2").copy_image(Name=unique, SourceImageId=first, SourceRegion=REGION)["ImageId"]

    ssm.put_parameter(Name=path, Type="String", Value=first)
    assert up(stack, base=path)["base"] == first
    ssm.put_parameter(Name=path, Type="String", Value=newer, Overwrite=True)
    assert ANNOUNCED not in stack.run("up", "--yes", "--skip-preview"), "what is published since changes nothing"
    assert up(stack, release="2")["base"] == newer
    assert up(stack, release="1")["base"] == first, "where it was; the parameter has the newer one still"
