"""Each kind of application, put up by the real engine on the emulated AWS, changed, put back; and what is refused."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal.account import Account
from rehearsal.emulator import process
from rehearsal.emulator.process import Emulator
from rehearsal.home import CHECKOUT
from tests.engine.stack import SETTINGS, Stack

pytestmark = pytest.mark.xdist_group("applications")

EXAMPLES = CHECKOUT / "examples" / "applications"
REGION = "eu-west-1"

PROGRAM = """
import pulumi
import pulumi_aws as aws
from ha_web import ApplicationArtifacts, Fleet

config = pulumi.Config()
given = config.require_object("application")
own = {key: given.pop(key) for key in ("secrets", "egress", "policy_arns") if key in given}
artifacts = ApplicationArtifacts("app", {"regions": ["eu-west-1", "eu-central-1"], "architecture": "arm64", **given})
vpc = aws.ec2.Vpc("vpc", cidr_block="10.1.0.0/16", region="eu-west-1")
subnets = [
    aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.1.{number}.0/24", availability_zone=zone, region="eu-west-1")
    for number, zone in enumerate(("eu-west-1a", "eu-west-1b"))
]
group = aws.ec2.SecurityGroup("balancer", vpc_id=vpc.id, description="balancer", region="eu-west-1")
targets = aws.lb.TargetGroup("tg", port=8080, protocol="HTTP", vpc_id=vpc.id, region="eu-west-1")
fleet = Fleet(
    "web",
    {
        "vpc_id": vpc.id,
        "subnet_ids": [each.id for each in subnets],
        "zones": 2,
        "instance_type": "t4g.small",
        "application": {**artifacts.in_region("eu-west-1"), **own},
        "environment": {"PORT": "8080"},
        "idle": True,
        "release_apart": True,
        "load_balancer_security_group_id": group.id,
        "target_group_arns": [targets.arn],
        "region": "eu-west-1",
    },
)
pulumi.export("buckets", artifacts.bucket_names)
pulumi.export("versions", artifacts.version_ids)
pulumi.export("digest", artifacts.digest)
pulumi.export("template", fleet.launch_template_id)
pulumi.export("log", fleet.log_group_name)
"""


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    root = tmp_path_factory.mktemp("emulator")
    yield process.start(root)
    process.stop(root)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, emulator: Emulator) -> Stack:
    return Stack.new(tmp_path_factory.mktemp("applications"), emulator, PROGRAM, settings=SETTINGS)


def choose(stack: Stack, **application: Any) -> None:
    """Make an application the stack's."""
    file = stack.project / "Pulumi.dev.yaml"
    held = yaml.safe_load(file.read_text())
    held["config"]["tiny:application"] = application
    file.write_text(yaml.safe_dump(held))


def launched(stack: Stack) -> str:
    """The user data of the newest launch template."""
    ec2 = Account(stack.emulator).client("ec2", REGION)
    found = ec2.describe_launch_template_versions(LaunchTemplateId=stack.outputs()["template"], Versions=["$Latest"])
    return base64.b64decode(found["LaunchTemplateVersions"][0]["LaunchTemplateData"]["UserData"]).decode()


def stored(stack: Stack, region: str) -> bytes:
    """What a server of a region would fetch."""
    outputs = stack.outputs()
    where = {"Bucket": outputs["buckets"][region], "Key": "release.tar", "VersionId": outputs["versions"][region]}
    content: bytes = Account(stack.emulator).client("s3", region).get_object(**where)["Body"].read()
    return content


def refused(stack: Stack) -> list[str]:
    """The lines of ours with which a preview is refused."""
    done = stack.tried("preview")
    assert done.returncode != 0, done.stdout
    # Each is shown twice: when it happens, and at the end.
    return sorted({line.strip() for line in re.findall(r'(?:ApplicationArtifacts|Fleet) "[a-z]+": .*', done.stdout)})


@pytest.mark.parametrize("name", ["flask", "node", "static"])
def test_each_example_reaches_both_regions_and_its_servers_user_data(stack: Stack, name: str) -> None:
    choose(stack, package=str(EXAMPLES / name))
    stack.up()
    digest = stack.outputs()["digest"]
    assert {hashlib.sha256(stored(stack, region)).hexdigest() for region in (REGION, "eu-central-1")} == {digest}
    assert f"/opt/ha-web/releases/{digest}" in launched(stack)
    assert stack.outputs()["versions"][REGION] in launched(stack)
    assert stack.outputs()["log"] in launched(stack)
    assert stack.preview() == {}


def test_a_changed_package_is_a_new_version_and_the_former_stays_for_the_way_back(stack: Stack, tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / "static", tmp_path / "static")
    choose(stack, package=str(folder))
    stack.up()
    before, data = stack.outputs(), launched(stack)
    page = folder / "public" / "index.html"
    text = page.read_text()
    page.write_text("<p>changed")
    assert set(stack.preview()) == {
        ("update", "app-eu-west-1-releases-release"),
        ("update", "app-eu-central-1-releases-release"),
        ("update", "web-template"),
    }
    stack.up()
    after = stack.outputs()
    assert after["digest"] != before["digest"]
    assert launched(stack) != data
    s3 = Account(stack.emulator).client("s3", REGION)
    former = {"Bucket": before["buckets"][REGION], "Key": "release.tar", "VersionId": before["versions"][REGION]}
    assert hashlib.sha256(s3.get_object(**former)["Body"].read()).hexdigest() == before["digest"]
    page.write_text(text)
    stack.up()
    assert stack.outputs()["digest"] == before["digest"]
    assert stack.preview() == {}


def image(name: str) -> dict[str, str]:
    """A manifest of an image, which its digest is made of."""
    layer = {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1, "digest": f"sha256:{'0' * 64}"}
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    text = json.dumps({"schemaVersion": 2, "mediaType": kind, "config": layer, "layers": [], "name": name})
    return {"imageManifest": text, "imageDigest": f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"}


def in_ecr(stack: Stack, name: str, *regions: str) -> str:
    """A repository in these regions with one image, tagged 1; its digest."""
    for region in regions:
        ecr = Account(stack.emulator).client("ecr", region)
        ecr.create_repository(repositoryName=name)
        ecr.put_image(repositoryName=name, imageTag="1", **image(name))
    return image(name)["imageDigest"]


def test_a_container_by_tag_is_pinned_and_pulled_from_the_servers_own_region(stack: Stack) -> None:
    digest = in_ecr(stack, "shop", REGION, "eu-central-1")
    registry = f"123456789012.dkr.ecr.{REGION}.amazonaws.com"
    choose(stack, container=f"{registry}/shop:1")
    stack.up()
    assert f"--container {registry}/shop@{digest}" in launched(stack)
    assert stack.preview() == {}
    ecr = Account(stack.emulator).client("ecr", REGION)
    ecr.put_image(repositoryName="shop", imageTag="1", **image("a later one"))
    assert stack.preview() == {}


def test_a_container_that_a_region_lacks_is_refused_in_one_line(stack: Stack) -> None:
    digest = in_ecr(stack, "lonely", REGION)
    choose(stack, container=f"123456789012.dkr.ecr.{REGION}.amazonaws.com/lonely@{digest}")
    [line] = refused(stack)
    assert "lonely in eu-central-1 has no such image" in line


def test_an_image_of_ones_own_gets_the_servers_program_and_nothing_else(stack: Stack) -> None:
    choose(stack)
    stack.up()
    assert b'"kind": "image"' in stored(stack, REGION)
    assert stack.preview() == {}


def test_a_secret_is_read_where_the_servers_are_and_one_that_is_not_there_is_refused(stack: Stack) -> None:
    client = Account(stack.emulator).client("secretsmanager", REGION)
    arn = client.create_secret(Name="stripe", SecretString="sk_live_hidden")["ARN"]
    choose(stack, package=str(EXAMPLES / "static"), secrets={"STRIPE_KEY": arn})
    stack.up()
    assert arn in launched(stack)
    assert "sk_live_hidden" not in launched(stack) + json.dumps(stack.state())
    choose(stack, package=str(EXAMPLES / "static"), secrets={"STRIPE_KEY": arn.replace("stripe", "other")})
    [line] = refused(stack)
    assert line.endswith(
        f'application.secrets.STRIPE_KEY is "{arn.replace("stripe", "other")}"; there is none in {REGION}'
    )


def test_packages_that_no_server_could_run_are_refused_in_one_line(stack: Stack, tmp_path: Path) -> None:
    cases = {
        "name: x\n": "ha-web.yaml has no start: the command that runs the application",
        "start: ./missing\n": "start is ./missing; there is no missing in the package",
        "start: node .\nport: 443\n": "ha-web.yaml: port is 443; the application runs without root's rights",
        "start: node .\nport: 20050\n": "ha-web.yaml: port is 20050; the mount helper of the shared storage uses",
        "start: node .\narchitecture: x86_64\n": "ha-web.yaml: architecture is x86_64; the servers' instance type is",
    }
    for number, (manifest, reason) in enumerate(cases.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "ha-web.yaml").write_text(manifest)
        choose(stack, package=str(folder))
        [line] = refused(stack)
        assert reason in line
    choose(stack, package=str(EXAMPLES / "static"), container="ghcr.io/me/shop:latest")
    assert any("a tag may lead to another image tomorrow" in line for line in refused(stack))


def test_everything_is_taken_away_again_with_all_versions(stack: Stack) -> None:
    choose(stack, package=str(EXAMPLES / "static"))
    stack.up()
    stack.destroy()
    assert Account(stack.emulator).client("s3", REGION).list_buckets()["Buckets"] == []
