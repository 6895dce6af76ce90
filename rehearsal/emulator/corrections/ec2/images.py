"""EC2: copies of images, of which moto forgets half."""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.emulators import client, moto_models
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"

INHERITED = ("root_device_name", "root_device_type", "hypervisor", "boot_mode", "sriov", "image_type", "platform")
"""Settings that a copy has from its source, and moto sets to its own defaults."""

COPIES: dict[str, dict[str, Any]] = {}
"""By id of the copy: its block devices as they are described, and its state until it was seen once."""


@on_reset
def forget() -> None:
    """Forget the copies."""
    COPIES.clear()


@corrects("ec2", "CopyImage", see=f"{API}CopyImage.html")
async def copy_image(call: Call) -> Response:
    """Copy all that there is to an image, and leave it pending; refuse a source, a name or a key that can't be."""
    given = call.parameters
    source = source_of(given["SourceImageId"], given["SourceRegion"])
    check_name(given["Name"], call.region)
    key = key_of(given, call.region)
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    answer = call.read(response)
    image = moto_models("ec2", call.region).amis[answer["ImageId"]]
    original = moto_models("ec2", given["SourceRegion"]).amis[given["SourceImageId"]]
    for name in INHERITED:
        setattr(image, name, getattr(original, name))
    encrypted = bool(given.get("Encrypted")) or any(d.get("Ebs", {}).get("Encrypted") for d in devices_of(source))
    image.ebs_snapshot.encrypted, image.ebs_snapshot.kms_key_id = encrypted, key
    tag(given.get("TagSpecifications", []), {"image": image.id, "snapshot": image.ebs_snapshot.id}, call.region)
    COPIES[image.id] = {"State": "pending", "BlockDeviceMappings": devices(source, image.ebs_snapshot.id, encrypted)}
    return response


def tag(specifications: list[dict[str, Any]], ids: dict[str, str], region: str) -> None:
    """Tag the copy and its snapshot."""
    for each in specifications:
        if each.get("ResourceType") in ids:
            client("ec2", region).create_tags(Resources=[ids[each["ResourceType"]]], Tags=each["Tags"])


def source_of(image: str, region: str) -> dict[str, Any]:
    """The image that is copied, as it is described."""
    try:
        found: list[dict[str, Any]] = client("ec2", region).describe_images(ImageIds=[image])["Images"]
    except ClientError as error:
        raise AwsError(error.response["Error"]["Code"], error.response["Error"]["Message"]) from error
    if not found:
        raise AwsError("InvalidAMIID.NotFound", f"The image id '[{image}]' does not exist in {region}")
    return {**found[0], **COPIES.get(image, {})}


def check_name(name: str, region: str) -> None:
    """Refuse a name that an image of the account has already."""
    mine = client("ec2", region).describe_images(Owners=["self"], Filters=[{"Name": "name", "Values": [name]}])[
        "Images"
    ]
    if mine:
        raise AwsError("InvalidAMIName.Duplicate", f"AMI name {name} is already in use by AMI {mine[0]['ImageId']}")


def key_of(given: dict[str, Any], region: str) -> str | None:
    """The ARN of the key that was named, which must be of the copy's region."""
    if not given.get("KmsKeyId"):
        return None
    if not given.get("Encrypted"):
        raise AwsError("InvalidParameterCombination", "KmsKeyId is only for encrypted copies.")
    try:
        return str(client("kms", region).describe_key(KeyId=given["KmsKeyId"])["KeyMetadata"]["Arn"])
    except ClientError as error:
        raise AwsError("InvalidParameterValue", f"KMS key {given['KmsKeyId']} does not exist in {region}.") from error


def devices_of(image: dict[str, Any]) -> list[dict[str, Any]]:
    """The block devices of a described image."""
    found: list[dict[str, Any]] = image.get("BlockDeviceMappings", [])
    return found


def devices(source: dict[str, Any], snapshot: str, encrypted: bool) -> list[dict[str, Any]]:
    """The source's block devices, each from a snapshot of the copy's own."""
    ebs = {"SnapshotId": snapshot, "Encrypted": encrypted}
    return [{**d, "Ebs": {**d["Ebs"], **ebs}} if "Ebs" in d else d for d in devices_of(source)]


@corrects("ec2", "DescribeImages", see=f"{API}DescribeImages.html")
async def describe_images(call: Call) -> Response:
    """Tell of copies what moto doesn't know; one that was seen pending is available after."""
    response = await emulators.ask(call)
    if response.status != 200 or not any(copy.encode() in response.body for copy in COPIES):
        return response
    answer = call.read(response)
    images = [{**image, **COPIES.get(image["ImageId"], {})} for image in answer["Images"]]
    for image in images:
        if image["ImageId"] in COPIES:
            COPIES[image["ImageId"]]["State"] = "available"
    return call.answer({**answer, "Images": images})


@corrects("ec2", "ModifyImageAttribute", see=f"{API}ModifyImageAttribute.html")
async def modify_image(call: Call) -> Response:
    """Change the description, too, which moto leaves as it is."""
    image = moto_models("ec2", call.region).amis.get(call.parameters["ImageId"])
    if image is None or "Description" not in call.parameters:
        return await emulators.ask(call)
    image.description = call.parameters["Description"].get("Value", "")
    return call.answer({})
