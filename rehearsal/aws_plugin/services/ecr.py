"""ECR: images in repositories, which a program looks up."""

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.entry import Function, Hook, HookContext

NONE = "Your query returned no results"
SEVERAL = "Your query returned more than one result; name a tag or a digest, or set mostRecent"


def _image(context: HookContext) -> Mapping[str, Any]:
    args = context.args
    wanted = {"imageDigest": args.get("imageDigest"), "imageTag": args.get("imageTag")}
    asked = {name: value for name, value in wanted.items() if value}
    registry = {"registryId": args["registryId"]} if args.get("registryId") else {}
    repository = args["repositoryName"]
    found = context.call(
        "DescribeImages", {"repositoryName": repository, **registry, **({"imageIds": [asked]} if asked else {})}
    )["imageDetails"]
    if not found:
        raise CallError("DescribeImages", ValueError(NONE))
    if len(found) > 1 and not args.get("mostRecent"):
        raise CallError("DescribeImages", ValueError(SEVERAL))
    image = max(found, key=lambda each: each["imagePushedAt"])
    [described] = context.call("DescribeRepositories", {"repositoryNames": [repository], **registry})["repositories"]
    return {
        "id": image["imageDigest"],
        "imageDigest": image["imageDigest"],
        "imagePushedAt": int(image["imagePushedAt"].timestamp()),
        "imageSizeInBytes": image.get("imageSizeInBytes", 0),
        "imageTags": image.get("imageTags", []),
        "imageUri": f"{described['repositoryUri']}@{image['imageDigest']}",
        "registryId": image["registryId"],
        "repositoryName": repository,
        "region": context.region,
    }


FUNCTIONS = [
    Function(
        "aws:ecr/getImage:getImage",
        "ecr",
        Hook(_image, takes=("imageDigest", "imageTag", "mostRecent", "registryId", "repositoryName")),
    ),
]
