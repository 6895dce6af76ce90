"""A copy of an image, through the plugin and the emulated account."""

from typing import Any

import pytest

from tests.conftest import Client
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

pytestmark = pytest.mark.xdist_group("services-images")

COPY = "aws:ec2/amiCopy:AmiCopy"
AWAY = "eu-central-1"


@pytest.fixture
def program(emulator: Any) -> Program:
    return Program(emulator, {"project": "shop"})


@pytest.fixture
def source(aws: Client) -> str:
    path = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    return str(aws("ssm", AWAY).get_parameter(Name=path)["Parameter"]["Value"])


def copied(program: Program, source: str, name: str, **args: Any) -> Resource:
    given = {"sourceAmiId": source, "sourceAmiRegion": AWAY, "encrypted": True, "tags": {"Name": name}}
    return program.up(COPY, name, **{**given, **args})


def described(aws: Client, image: str, region: str = "eu-west-1") -> dict[str, Any]:
    found: dict[str, Any] = aws("ec2", region).describe_images(ImageIds=[image])["Images"][0]
    return found


def test_a_copy_is_what_its_source_is_and_encrypted(program: Program, source: str, aws: Client, unique: str) -> None:
    it = copied(program, source, unique, description="a copy")
    found, original = described(aws, it.id), described(aws, source, AWAY)
    for same in ("Architecture", "RootDeviceName", "RootDeviceType", "VirtualizationType", "BootMode"):
        assert found[same] == original[same], same
    (device,), (former,) = found["BlockDeviceMappings"], original["BlockDeviceMappings"]
    assert device["Ebs"]["Encrypted"]
    assert device["Ebs"]["VolumeSize"] == former["Ebs"]["VolumeSize"]
    assert device["Ebs"]["SnapshotId"] != former["Ebs"]["SnapshotId"]
    assert (it.state["architecture"], it.state["rootDeviceName"]) == ("arm64", original["RootDeviceName"])
    assert {tag["Key"]: tag["Value"] for tag in found["Tags"]} == {"Name": unique, "project": "shop"}
    assert it.settled()


def test_a_copy_takes_a_while(source: str, aws: Client, unique: str) -> None:
    ec2 = aws("ec2")
    image = ec2.copy_image(Name=unique, SourceImageId=source, SourceRegion=AWAY)["ImageId"]
    assert [described(aws, image)["State"] for _ in range(3)] == ["pending", "available", "available"]


def test_another_source_is_another_copy_that_stands_beside_the_old_one(
    program: Program, source: str, aws: Client, unique: str
) -> None:
    it = copied(program, source, unique)
    tags = it.inputs["tags"]
    other = {"sourceAmiId": "ami-0123456789abcdef0", "sourceAmiRegion": AWAY, "encrypted": True, "tags": tags}
    difference = it.difference(other)
    assert (difference.replaces, difference.delete_before_replace) == (["sourceAmiId"], False)
    it.update(description="better told")
    assert described(aws, it.id)["Description"] == "better told"


def test_its_snapshots_go_with_it(program: Program, source: str, aws: Client, unique: str, refused: Any) -> None:
    it = copied(program, source, unique)
    (device,) = described(aws, it.id)["BlockDeviceMappings"]
    it.delete()
    assert it.gone()
    missing = {"SnapshotIds": [device["Ebs"]["SnapshotId"]]}
    assert refused(aws("ec2").describe_snapshots, **missing) == "InvalidSnapshot.NotFound"


def test_what_cannot_be_copied_is_refused(source: str, aws: Client, unique: str, refused: Any) -> None:
    ec2 = aws("ec2")
    given = {"Name": unique, "SourceImageId": source, "SourceRegion": AWAY}
    assert refused(ec2.copy_image, **{**given, "SourceImageId": "ami-0123456789abcdef0"}) == "InvalidAMIID.NotFound"
    assert refused(ec2.copy_image, **{**given, "SourceRegion": "us-east-1"}) == "InvalidAMIID.NotFound"
    key = aws("kms", AWAY).create_key()["KeyMetadata"]["Arn"]
    assert refused(ec2.copy_image, **given, Encrypted=True, KmsKeyId=key) == "InvalidParameterValue"
    ec2.copy_image(**given)
    assert refused(ec2.copy_image, **given) == "InvalidAMIName.Duplicate"


def test_a_server_starts_from_the_copy(program: Program, source: str, aws: Client, unique: str, network: Any) -> None:
    it = copied(program, source, unique)
    wanted = {"ImageId": it.id, "InstanceType": "t4g.small", "SubnetId": network.subnets[0]}
    (made,) = aws("ec2").run_instances(**wanted, MinCount=1, MaxCount=1)["Instances"]
    assert (made["ImageId"], made["Architecture"]) == (it.id, "arm64")
