"""Lifecycle policies: which images of a recipe or with a tag are deleted, with their AMIs and snapshots.

AWS runs them about once a day; here they run after each build, so that a rehearsal shows what is kept.
"""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.imagebuilder import API, KEPT, arn_of, drop, invalid, keep, of_kind, wanted
from rehearsal.emulator.corrections.imagebuilder.parts import renew, settings
from rehearsal.emulator.emulators import client
from rehearsal.emulator.wire import Call

RULES = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-lifecycle-rules.html"


def checked(call: Call) -> dict[str, Any]:
    """The settings of a policy: a role that exists, and count rules only where something is deleted."""
    given = settings(call)
    try:
        client("iam", "us-east-1").get_role(RoleName=given["executionRole"].rsplit("/", 1)[-1])
    except ClientError as error:
        raise invalid(
            "executionRole", "The provided role does not exist or does not have sufficient permissions."
        ) from error
    for detail in given["policyDetails"]:
        if detail["filter"]["type"] == "COUNT" and detail["action"]["type"] != "DELETE":
            raise invalid("policyDetails", "A count filter needs the action DELETE.")
        if detail["filter"]["type"] == "AGE" and "unit" not in detail["filter"]:
            raise invalid("policyDetails", "An age filter needs a unit.")
    return {"status": "ENABLED", **given}


@implements("imagebuilder", "CreateLifecyclePolicy", see=f"{API}CreateLifecyclePolicy.html")
def create(call: Call) -> dict[str, Any]:
    """Keep a policy."""
    arn = arn_of("lifecycle-policy", call.region, call.parameters["name"])
    return {"lifecyclePolicyArn": keep(arn, checked(call), call)}


@implements("imagebuilder", "GetLifecyclePolicy", see=f"{API}GetLifecyclePolicy.html")
def get(call: Call) -> dict[str, Any]:
    """Return a policy."""
    found = wanted(call.parameters["lifecyclePolicyArn"])
    return {"lifecyclePolicy": {k: v for k, v in found.items() if not k.startswith("date")}}


@implements("imagebuilder", "UpdateLifecyclePolicy", see=f"{API}UpdateLifecyclePolicy.html")
def update(call: Call) -> dict[str, Any]:
    """An update is the whole policy: what it doesn't mention is gone."""
    arn = call.parameters["lifecyclePolicyArn"]
    renew(arn, {k: v for k, v in checked(call).items() if k != "lifecyclePolicyArn"})
    return {"lifecyclePolicyArn": arn}


@implements("imagebuilder", "DeleteLifecyclePolicy", see=f"{API}DeleteLifecyclePolicy.html")
def delete(call: Call) -> dict[str, Any]:
    """Delete a policy; what it has kept stays."""
    arn = call.parameters["lifecyclePolicyArn"]
    drop(arn, [])
    return {"lifecyclePolicyArn": arn}


def run(region: str) -> None:
    """Let every enabled policy of the Region do what its count rules say."""
    for policy in of_kind("lifecycle-policy", region):
        if policy["status"] == "ENABLED":
            for detail in policy["policyDetails"]:
                if detail["filter"]["type"] == "COUNT":
                    _apply(detail, _selected(policy["resourceSelection"], region))


def _selected(selection: dict[str, Any], region: str) -> list[dict[str, Any]]:
    """The available images that a policy is about, newest first."""
    recipes = {(r["name"], r["semanticVersion"]) for r in selection.get("recipes") or []}
    tags = selection.get("tagMap") or {}
    return [
        image
        for image in reversed(of_kind("image", region))
        if image["state"]["status"] == "AVAILABLE"
        and ((image["name"], image["version"].split("/")[0]) in recipes or any(_tagged(image["tags"], tags)))
    ]


def _tagged(has: dict[str, str], wants: dict[str, str]) -> list[bool]:
    return [True for key, value in wants.items() if has.get(key) == value]


def _apply(detail: dict[str, Any], images: list[dict[str, Any]]) -> None:
    included = detail["action"].get("includeResources") or {}
    for image in images[int(detail["filter"]["value"]) :]:
        amis = image.get("outputResources", {}).get("amis", [])
        if not any(_excluded(detail.get("exclusionRules") or {}, image, ami) for ami in amis):
            for ami in amis if included.get("amis") else []:
                _deregister(ami["image"], ami["region"], snapshots=bool(included.get("snapshots")))
            del KEPT[image["arn"]]


def _excluded(rules: dict[str, Any], image: dict[str, Any], ami: dict[str, Any]) -> bool:
    """Whether a rule spares an image: by its own tags, its AMI's tags, or because something runs from it."""
    of_amis = rules.get("amis") or {}
    ec2 = client("ec2", ami["region"])
    described = ec2.describe_images(ImageIds=[ami["image"]])["Images"]
    tags = {t["Key"]: t["Value"] for d in described for t in d.get("Tags", [])}
    launched = ec2.describe_instances(Filters=[{"Name": "image-id", "Values": [ami["image"]]}])["Reservations"]
    return bool(
        _tagged(image["tags"], rules.get("tagMap") or {})
        or _tagged(tags, of_amis.get("tagMap") or {})
        or (of_amis.get("lastLaunched") and launched)
        or ami["region"] in (of_amis.get("regions") or [])
    )


def _deregister(ami: str, region: str, *, snapshots: bool) -> None:
    ec2 = client("ec2", region)
    described = ec2.describe_images(ImageIds=[ami])["Images"]
    ec2.deregister_image(ImageId=ami)
    for device in described[0]["BlockDeviceMappings"] if snapshots and described else []:
        if device.get("Ebs", {}).get("SnapshotId"):
            ec2.delete_snapshot(SnapshotId=device["Ebs"]["SnapshotId"])
