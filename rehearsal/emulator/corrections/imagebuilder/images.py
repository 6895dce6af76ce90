"""Images: built, tested and distributed state by state, and registered as AMIs in each Region."""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.ec2.images import COPIES, INHERITED, devices, key_of
from rehearsal.emulator.corrections.imagebuilder import (
    API,
    GUIDE,
    KEPT,
    arn_of,
    documents,
    drop,
    keep,
    lifecycle,
    of_kind,
    wanted,
)
from rehearsal.emulator.corrections.imagebuilder.parts import OWNER, base_image
from rehearsal.emulator.emulators import client, moto_models
from rehearsal.emulator.wire import AwsError, Call

STATES = ("PENDING", "CREATING", "BUILDING", "TESTING", "DISTRIBUTING", "AVAILABLE")
"""The states of an image that is made: https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageState.html"""

SERVICE_ROLE = f"arn:aws:iam::{OWNER}:role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder"
"""The role that makes an image where none is given."""

TAG_OF_ALL = {"CreatedBy": "EC2 Image Builder"}
"""A tag of every AMI and snapshot that Image Builder makes; the managed policy for lifecycles asks for it."""


@implements("imagebuilder", "CreateImage", see=f"{API}CreateImage.html")
def create(call: Call) -> dict[str, Any]:
    """Begin the next build of a recipe, with configurations that exist."""
    given = call.parameters
    recipe = wanted(given["imageRecipeArn"])
    parts = {"infrastructureConfiguration": dict(wanted(given["infrastructureConfigurationArn"]))}
    if given.get("distributionConfigurationArn"):
        parts["distributionConfiguration"] = dict(wanted(given["distributionConfigurationArn"]))
    build = sum(image["_recipe"] == recipe["arn"] for image in of_kind("image", call.region)) + 1
    tests = {"imageTestsEnabled": True, "timeoutMinutes": 720, **(given.get("imageTestsConfiguration") or {})}
    image = {
        **parts,
        "_recipe": recipe["arn"],
        "enhancedImageMetadataEnabled": given.get("enhancedImageMetadataEnabled", True),
        "executionRole": given.get("executionRole") or SERVICE_ROLE,
        "imageRecipe": dict(recipe),
        "imageTestsConfiguration": tests,
        "loggingConfiguration": given.get("loggingConfiguration"),
        "name": recipe["name"],
        "osVersion": "Amazon Linux 2023",
        "platform": "Linux",
        "state": {"status": STATES[0]},
        "type": "AMI",
        "version": f"{recipe['version']}/{build}",
    }
    arn = arn_of("image", call.region, recipe["name"], recipe["version"], str(build))
    return {"imageBuildVersionArn": keep(arn, {k: v for k, v in image.items() if v is not None}, call)}


@implements("imagebuilder", "GetImage", see=f"{API}GetImage.html")
def get(call: Call) -> dict[str, Any]:
    """Return an image as it is, and move it one state on: the next look finds it there."""
    image = wanted(call.parameters["imageBuildVersionArn"])
    shown = {key: value for key, value in image.items() if not key.startswith("_")}
    status = image["state"]["status"]
    if status in STATES[:-1]:
        image["state"] = after(image, status, call.region)
        if image["state"]["status"] == STATES[-1]:
            lifecycle.run(call.region)
    return {"image": shown}


def after(image: dict[str, Any], status: str, region: str) -> dict[str, Any]:
    """The state that follows, or the failure of a build or a test."""
    following = STATES[STATES.index(status) + 1]
    if status in ("BUILDING", "TESTING") and (reason := failure(image, status, region)):
        return {"status": "FAILED", "reason": reason}
    if following == STATES[-1]:
        try:
            image["outputResources"] = {"amis": distributed(image, region)}
        except AwsError as error:
            return {"status": "FAILED", "reason": f"Distribution failed: {error.message}"}
    return {"status": following}


def failure(image: dict[str, Any], status: str, region: str) -> str | None:
    """Why a build or a test fails: an instance that can't start from the base, or a step that fails."""
    recipe = image["imageRecipe"]
    if status == "BUILDING" and (problem := cannot_start(image, recipe["parentImage"], region)):
        return problem
    if status == "TESTING" and not image["imageTestsConfiguration"]["imageTestsEnabled"]:
        return None
    for component in recipe["components"]:
        found = KEPT[component["componentArn"]]
        if found["type"] == status.removesuffix("ING") and (
            step := documents.failed_step(documents.parsed(found["data"]))
        ):
            return (
                f"SSM execution failed with status = 'Failed' in state = '{status}' and failure message = "
                f"'Step {step} of component {found['name']} failed: exit status 1'"
            )
    return None


def cannot_start(image: dict[str, Any], parent: str, region: str) -> str | None:
    """Why no instance of these types starts from the base image: another architecture."""
    types = image["infrastructureConfiguration"].get("instanceTypes")
    if not types or not parent.startswith("ami-"):
        return None
    wants = base_image(parent, region)["Architecture"]
    found = client("ec2", region).describe_instance_types(InstanceTypes=types)["InstanceTypes"]
    for each in found:
        if wants not in each["ProcessorInfo"]["SupportedArchitectures"]:
            return f"The architecture '{wants}' of the image doesn't match that of the type {each['InstanceType']}."
    return None


def distributed(image: dict[str, Any], region: str) -> list[dict[str, Any]]:
    """Register an AMI in each Region, with the tags that it is to have there."""
    targets = image.get("distributionConfiguration", {}).get("distributions") or [{"region": region}]
    found = []
    for target in targets:
        given = target.get("amiDistributionConfiguration") or {}
        own = target["region"] == region
        name = (given.get("name") or f"{image['name']} {{{{ imagebuilder:buildDate }}}}").replace(
            "{{ imagebuilder:buildDate }}",
            f"{image['dateCreated'].replace(':', '-')} {image['version'].replace('/', '-')}",
        )
        tags = {**TAG_OF_ALL, "Ec2ImageBuilderArn": image["arn"], **given.get("amiTags", {})}
        tags |= image["imageRecipe"].get("amiTags", {}) if own else {}
        ami = register(image["imageRecipe"], region, target["region"], name, given.get("kmsKeyId"), tags)
        description = given.get("description") or image["imageRecipe"].get("description") or ""
        found.append(
            {"region": target["region"], "image": ami, "name": name, "accountId": OWNER, "description": description}
        )
    return found


def register(
    recipe: dict[str, Any], source_region: str, region: str, name: str, key: str | None, tags: dict[str, str]
) -> str:
    """Register an AMI of the base's kind in a Region, with an encrypted snapshot of its own."""
    parent = base_image(recipe["parentImage"], source_region)
    ebs: dict[str, Any] = next((d["ebs"] for d in recipe.get("blockDeviceMappings", []) if d.get("ebs")), {})
    key = key or ebs.get("kmsKeyId")
    encrypted = bool(key) or bool(ebs.get("encrypted"))
    arn = key_of({"KmsKeyId": key, "Encrypted": True}, region)
    try:
        ec2 = client("ec2", region)
        ami = ec2.copy_image(SourceImageId=parent["ImageId"], SourceRegion=source_region, Name=name)["ImageId"]
    except ClientError as error:
        raise AwsError("InvalidRequest", error.response["Error"]["Message"]) from error
    made = moto_models("ec2", region).amis[ami]
    original = moto_models("ec2", source_region).amis[parent["ImageId"]]
    for attribute in INHERITED:
        setattr(made, attribute, getattr(original, attribute))
    made.ebs_snapshot.encrypted, made.ebs_snapshot.kms_key_id = encrypted, arn
    size = {"VolumeSize": ebs["volumeSize"]} if ebs.get("volumeSize") else {}
    kind = {"VolumeType": ebs["volumeType"]} if ebs.get("volumeType") else {}
    mappings = [
        {**d, "Ebs": {**d["Ebs"], **size, **kind}} if "Ebs" in d else d
        for d in devices(parent, made.ebs_snapshot.id, encrypted)
    ]
    COPIES[ami] = {"State": "available", "BlockDeviceMappings": mappings}
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    ec2.create_tags(Resources=[ami, made.ebs_snapshot.id], Tags=pairs)
    return str(ami)


@implements("imagebuilder", "DeleteImage", see=f"{GUIDE}delete-resources.html")
def delete(call: Call) -> dict[str, Any]:
    """Delete the record of an image that isn't being made. Its AMIs stay."""
    arn = call.parameters["imageBuildVersionArn"]
    if wanted(arn)["state"]["status"] in STATES[:-1]:
        raise AwsError("InvalidRequestException", f"The image {arn} is being made; cancel that first.")
    drop(arn, [])
    return {"imageBuildVersionArn": arn}
