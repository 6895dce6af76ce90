"""EC2: launch templates, of which moto shows fifteen at most and builds no version upon another."""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.emulators import client
from rehearsal.emulator.wire import AwsError, Call

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"

ALL = 1_000_000
"""More than there are: everything comes on one page."""


def asked(call: Call, operation: str, **parameters: Any) -> dict[str, Any]:
    """Return moto's answer, or raise its error."""
    try:
        answer: dict[str, Any] = getattr(client("ec2", call.region), operation)(**parameters)
    except ClientError as error:
        raise AwsError(error.response["Error"]["Code"], error.response["Error"]["Message"]) from error
    answer.pop("ResponseMetadata", None)
    return answer


@implements("ec2", "DescribeLaunchTemplates", see=f"{API}DescribeLaunchTemplates.html")
def describe(call: Call) -> dict[str, Any]:
    """Describe all that were asked for."""
    return asked(call, "describe_launch_templates", **{**call.parameters, "MaxResults": ALL})


@implements("ec2", "DescribeLaunchTemplateVersions", see=f"{API}DescribeLaunchTemplateVersions.html")
def describe_versions(call: Call) -> dict[str, Any]:
    """Describe all that were asked for, without the template's own tags, which moto has in the first version."""
    answer = asked(call, "describe_launch_template_versions", **{**call.parameters, "MaxResults": ALL})
    for version in answer["LaunchTemplateVersions"]:
        data = version["LaunchTemplateData"]
        if tags := [each for each in data.get("TagSpecifications", []) if each["ResourceType"] != "launch-template"]:
            data["TagSpecifications"] = tags
        else:
            data.pop("TagSpecifications", None)
    return answer


@implements("ec2", "CreateLaunchTemplateVersion", see=f"{API}CreateLaunchTemplateVersion.html")
def create_version(call: Call) -> dict[str, Any]:
    """Start from the source version, where one is named, and put what is given over it."""
    given = dict(call.parameters)
    if source := given.pop("SourceVersion", None):
        which = {key: given[key] for key in ("LaunchTemplateId", "LaunchTemplateName") if key in given}
        found = asked(call, "describe_launch_template_versions", **which, Versions=[source])
        before = found["LaunchTemplateVersions"][0]["LaunchTemplateData"]
        given["LaunchTemplateData"] = {**before, **given["LaunchTemplateData"]}
    return asked(call, "create_launch_template_version", **given)
