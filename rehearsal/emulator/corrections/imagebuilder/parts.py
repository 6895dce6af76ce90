"""What images are made of and by: components, recipes, configurations, and the tags of all."""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.imagebuilder import (
    API,
    KEPT,
    arn_of,
    documents,
    drop,
    invalid,
    keep,
    now,
    of_kind,
    wanted,
)
from rehearsal.emulator.emulators import client
from rehearsal.emulator.wire import AwsError, Call

OWNER = ACCOUNT
NOT_SETTINGS = frozenset({"clientToken", "dryRun", "tags", "semanticVersion"})


def settings(call: Call) -> dict[str, Any]:
    """What was given, without what isn't part of the thing."""
    return {key: value for key, value in call.parameters.items() if key not in NOT_SETTINGS and value is not None}


def users(kind: str, region: str, member: str, arn: str) -> list[str]:
    """ARNs of the things of a kind whose member is this ARN."""
    return [thing["arn"] for thing in of_kind(kind, region) if thing.get(member) == arn]


@implements("imagebuilder", "CreateComponent", see=f"{API}CreateComponent.html")
def create_component(call: Call) -> dict[str, Any]:
    """Keep a version of a component, whose document must be one."""
    given = settings(call)
    if ("data" in given) == ("uri" in given):
        raise AwsError("InvalidParameterCombinationException", "Specify either data or uri.")
    document = documents.parsed(given["data"]) if "data" in given else {"phases": [{"name": "build"}]}
    arn = arn_of("component", call.region, given["name"], call.parameters["semanticVersion"], "1")
    version = {"version": call.parameters["semanticVersion"], "owner": OWNER, "encrypted": True}
    keep(arn, {**given, **version, "type": documents.kind(document)}, call)
    return {"componentBuildVersionArn": arn}


@implements("imagebuilder", "GetComponent", see=f"{API}GetComponent.html")
def get_component(call: Call) -> dict[str, Any]:
    """Return one version of a component."""
    return {"component": wanted(call.parameters["componentBuildVersionArn"])}


@implements("imagebuilder", "DeleteComponent", see=f"{API}DeleteComponent.html")
def delete_component(call: Call) -> dict[str, Any]:
    """Delete a version that no recipe has."""
    arn = call.parameters["componentBuildVersionArn"]
    recipes = of_kind("image-recipe", call.region)
    drop(arn, [r["arn"] for r in recipes if arn in (c["componentArn"] for c in r["components"])])
    return {"componentBuildVersionArn": arn}


@implements("imagebuilder", "CreateImageRecipe", see=f"{API}CreateImageRecipe.html")
def create_recipe(call: Call) -> dict[str, Any]:
    """Keep a recipe of components and an image that exist."""
    given = settings(call)
    for component in given.get("components", []):
        if component["componentArn"] not in KEPT:
            raise invalid("components", f"The component {component['componentArn']} does not exist.")
    if given["parentImage"].startswith("ami-"):
        base_image(given["parentImage"], call.region)
    arn = arn_of("image-recipe", call.region, given["name"], call.parameters["semanticVersion"])
    version = {"version": call.parameters["semanticVersion"], "owner": OWNER, "platform": "Linux", "type": "AMI"}
    keep(arn, {"components": [], **given, **version}, call)
    return {"imageRecipeArn": arn}


def base_image(image: str, region: str) -> dict[str, Any]:
    """The image that a recipe starts from, as EC2 describes it."""
    try:
        found: list[dict[str, Any]] = client("ec2", region).describe_images(ImageIds=[image])["Images"]
        return found[0]
    except (ClientError, IndexError) as error:
        raise invalid("parentImage", f"The image {image} does not exist in {region}.") from error


@implements("imagebuilder", "GetImageRecipe", see=f"{API}GetImageRecipe.html")
def get_recipe(call: Call) -> dict[str, Any]:
    """Return a recipe."""
    return {"imageRecipe": wanted(call.parameters["imageRecipeArn"])}


@implements("imagebuilder", "DeleteImageRecipe", see=f"{API}DeleteImageRecipe.html")
def delete_recipe(call: Call) -> dict[str, Any]:
    """Delete a recipe that no image was made by."""
    arn = call.parameters["imageRecipeArn"]
    drop(arn, users("image", call.region, "_recipe", arn))
    return {"imageRecipeArn": arn}


def check_infrastructure(call: Call) -> None:
    """Refuse an instance profile, a subnet or a security group that doesn't exist."""
    given = call.parameters
    try:
        client("iam", "us-east-1").get_instance_profile(InstanceProfileName=given["instanceProfileName"])
    except ClientError as error:
        raise invalid("instanceProfileName", "The provided instance profile does not exist.") from error
    ec2 = client("ec2", call.region)
    try:
        if given.get("subnetId"):
            ec2.describe_subnets(SubnetIds=[given["subnetId"]])
        if given.get("securityGroupIds"):
            ec2.describe_security_groups(GroupIds=given["securityGroupIds"])
    except ClientError as error:
        raise invalid("subnetId", error.response["Error"]["Message"]) from error
    if bool(given.get("subnetId")) != bool(given.get("securityGroupIds")):
        raise AwsError("InvalidParameterCombinationException", "Give subnetId and securityGroupIds together.")


@implements("imagebuilder", "CreateInfrastructureConfiguration", see=f"{API}CreateInfrastructureConfiguration.html")
def create_infrastructure(call: Call) -> dict[str, Any]:
    """Keep what instances build with."""
    check_infrastructure(call)
    arn = arn_of("infrastructure-configuration", call.region, call.parameters["name"])
    return {"infrastructureConfigurationArn": keep(arn, settings(call), call)}


@implements("imagebuilder", "GetInfrastructureConfiguration", see=f"{API}GetInfrastructureConfiguration.html")
def get_infrastructure(call: Call) -> dict[str, Any]:
    """Return an infrastructure configuration."""
    return {"infrastructureConfiguration": wanted(call.parameters["infrastructureConfigurationArn"])}


@implements("imagebuilder", "UpdateInfrastructureConfiguration", see=f"{API}UpdateInfrastructureConfiguration.html")
def update_infrastructure(call: Call) -> dict[str, Any]:
    """An update is the whole configuration: what it doesn't mention is gone."""
    check_infrastructure(call)
    arn = call.parameters["infrastructureConfigurationArn"]
    renew(arn, {k: v for k, v in settings(call).items() if k != "infrastructureConfigurationArn"})
    return {"infrastructureConfigurationArn": arn}


def renew(arn: str, given: dict[str, Any]) -> None:
    """Put new settings in place of all old ones."""
    old = wanted(arn)
    KEPT[arn] = {**{k: old[k] for k in ("arn", "name", "dateCreated", "tags")}, **given, "dateUpdated": now()}


@implements("imagebuilder", "DeleteInfrastructureConfiguration", see=f"{API}DeleteInfrastructureConfiguration.html")
def delete_infrastructure(call: Call) -> dict[str, Any]:
    """Delete a configuration; images that were made with it don't need it."""
    arn = call.parameters["infrastructureConfigurationArn"]
    drop(arn, [])
    return {"infrastructureConfigurationArn": arn}


def check_distributions(call: Call) -> None:
    """Refuse names of images that would be the same for every build, and Regions given twice."""
    given = call.parameters["distributions"]
    for each in given:
        name = each.get("amiDistributionConfiguration", {}).get("name")
        if name is not None and "imagebuilder:buildDate" not in name:
            raise invalid("distributions", f"The name {name} must include {{{{ imagebuilder:buildDate }}}}.")
    regions = [each["region"] for each in given]
    if len(regions) != len(set(regions)):
        raise invalid("distributions", "A Region is given twice.")


@implements("imagebuilder", "CreateDistributionConfiguration", see=f"{API}CreateDistributionConfiguration.html")
def create_distribution(call: Call) -> dict[str, Any]:
    """Keep where images go."""
    check_distributions(call)
    arn = arn_of("distribution-configuration", call.region, call.parameters["name"])
    return {"distributionConfigurationArn": keep(arn, settings(call), call)}


@implements("imagebuilder", "GetDistributionConfiguration", see=f"{API}GetDistributionConfiguration.html")
def get_distribution(call: Call) -> dict[str, Any]:
    """Return a distribution configuration."""
    return {"distributionConfiguration": wanted(call.parameters["distributionConfigurationArn"])}


@implements("imagebuilder", "UpdateDistributionConfiguration", see=f"{API}UpdateDistributionConfiguration.html")
def update_distribution(call: Call) -> dict[str, Any]:
    """An update is the whole configuration: what it doesn't mention is gone."""
    check_distributions(call)
    arn = call.parameters["distributionConfigurationArn"]
    renew(arn, {k: v for k, v in settings(call).items() if k != "distributionConfigurationArn"})
    return {"distributionConfigurationArn": arn}


@implements("imagebuilder", "DeleteDistributionConfiguration", see=f"{API}DeleteDistributionConfiguration.html")
def delete_distribution(call: Call) -> dict[str, Any]:
    """Delete a configuration; images that were distributed by it don't need it."""
    arn = call.parameters["distributionConfigurationArn"]
    drop(arn, [])
    return {"distributionConfigurationArn": arn}


@implements("imagebuilder", "TagResource", see=f"{API}TagResource.html")
def tag(call: Call) -> dict[str, Any]:
    """Add tags."""
    wanted(call.parameters["resourceArn"])["tags"].update(call.parameters["tags"])
    return {}


@implements("imagebuilder", "UntagResource", see=f"{API}UntagResource.html")
def untag(call: Call) -> dict[str, Any]:
    """Remove tags."""
    tags = wanted(call.parameters["resourceArn"])["tags"]
    for key in call.parameters["tagKeys"]:
        tags.pop(key, None)
    return {}


@implements("imagebuilder", "ListTagsForResource", see=f"{API}ListTagsForResource.html")
def list_tags(call: Call) -> dict[str, Any]:
    """Return the tags."""
    return {"tags": wanted(call.parameters["resourceArn"])["tags"]}
