"""EC2 Image Builder: components, recipes, configurations, images and lifecycle policies."""

from __future__ import annotations

import time
from typing import Any

from rehearsal.aws_plugin.entry import As, Call, Hook, HookContext, Read, Tags, Type

TAGS = Tags("TagResource", "UntagResource", {"resourceArn": "{id}"})
"""The tagging of everything of this service: an id is an ARN, and what is read has its tags."""

TOKEN = {"clientToken": "{unique}"}
"""What makes a request that is sent twice one request."""

PENDING = frozenset({"BUILDING", "CREATING", "DISTRIBUTING", "INTEGRATING", "PENDING", "TESTING"})
"""States in which the provider goes on waiting; any other but AVAILABLE is a failure."""

PAUSE = 0.1
"""Seconds between two looks (the real provider: up to 10)."""


def await_available(context: HookContext) -> None:
    """Wait until an image is built, tested and distributed; the failure says what Image Builder gives as the reason."""
    while True:
        state = context.call("GetImage", {"imageBuildVersionArn": context.id})["image"]["state"]
        if state["status"] == "AVAILABLE":
            return
        if state["status"] not in PENDING:
            reason = state.get("reason") or ""
            raise RuntimeError(
                f"waiting for Image Builder Image ({context.id}) create: unexpected state '{state['status']}', "
                f"wanted target 'AVAILABLE'. last error: {reason}"
            )
        time.sleep(PAUSE)


def send_nothing(_context: HookContext) -> None:
    """An update of an image changes its tags and nothing else, whatever the program says."""


def first(value: Any) -> Any:
    """The one value of a component's parameter, which the API has as a list."""
    return value[0] if isinstance(value, list) and value else value


INFRASTRUCTURE = (
    *("description", "instanceMetadataOptions", "instanceProfileName", "instanceTypes", "keyPair", "logging"),
    *("placement", "resourceTags", "securityGroupIds", "snsTopicArn", "subnetId", "terminateInstanceOnFailure"),
)
POLICY = ("description", "executionRole", "policyDetails", "resourceSelection", "resourceType", "status")

TYPES = [
    Type(
        "aws:imagebuilder/component:Component",
        "imagebuilder",
        create=Call("CreateComponent", TOKEN, rename={"version": "semanticVersion"}, skip=("skipDestroy",)),
        id="componentBuildVersionArn",
        read=Read("GetComponent", {"componentBuildVersionArn": "{id}"}, "component"),
        delete=Call("DeleteComponent", {"componentBuildVersionArn": "{id}"}, when="{!skipDestroy}"),
        tags=TAGS,
        auto_name="name",
        local=("skipDestroy",),
        unread=("uri",),
        computed=("data",),
    ),
    Type(
        "aws:imagebuilder/imageRecipe:ImageRecipe",
        "imagebuilder",
        create=Call(
            "CreateImageRecipe",
            TOKEN,
            rename={
                "version": "semanticVersion",
                "systemsManagerAgent": "additionalInstanceConfiguration.systemsManagerAgent",
                "userDataBase64": "additionalInstanceConfiguration.userDataOverride",
                "components.parameters.value": As("value", to=lambda value: [value], back=first),
            },
        ),
        id="imageRecipeArn",
        read=Read(
            "GetImageRecipe",
            {"imageRecipeArn": "{id}"},
            "imageRecipe",
            {
                "systemsManagerAgent": "additionalInstanceConfiguration.systemsManagerAgent",
                "userDataBase64": "additionalInstanceConfiguration.userDataOverride",
            },
        ),
        delete=Call("DeleteImageRecipe", {"imageRecipeArn": "{id}"}),
        tags=TAGS,
        auto_name="name",
        ordered=("components",),
        computed=("systemsManagerAgent", "userDataBase64"),
    ),
    Type(
        "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration",
        "imagebuilder",
        create=Call("CreateInfrastructureConfiguration", TOKEN),
        id="infrastructureConfigurationArn",
        update=(
            Call(
                "UpdateInfrastructureConfiguration",
                {**TOKEN, "infrastructureConfigurationArn": "{id}"},
                takes=INFRASTRUCTURE,
                whole=True,
            ),
        ),
        read=Read(
            "GetInfrastructureConfiguration", {"infrastructureConfigurationArn": "{id}"}, "infrastructureConfiguration"
        ),
        delete=Call("DeleteInfrastructureConfiguration", {"infrastructureConfigurationArn": "{id}"}),
        tags=TAGS,
        auto_name="name",
        volatile=("dateUpdated",),
        default={"terminateInstanceOnFailure": False, "logging.s3Logs.s3KeyPrefix": "/"},
        watched=("instanceMetadataOptions", "keyPair", "logging", "placement", "snsTopicArn"),
    ),
    Type(
        "aws:imagebuilder/distributionConfiguration:DistributionConfiguration",
        "imagebuilder",
        create=Call(
            "CreateDistributionConfiguration",
            TOKEN,
            rename={"distributions.launchTemplateConfigurations.default": "setDefaultVersion"},
        ),
        id="distributionConfigurationArn",
        update=(
            Call(
                "UpdateDistributionConfiguration",
                {**TOKEN, "distributionConfigurationArn": "{id}"},
                rename={"distributions.launchTemplateConfigurations.default": "setDefaultVersion"},
                takes=("description", "distributions"),
                whole=True,
            ),
        ),
        read=Read(
            "GetDistributionConfiguration", {"distributionConfigurationArn": "{id}"}, "distributionConfiguration"
        ),
        delete=Call("DeleteDistributionConfiguration", {"distributionConfigurationArn": "{id}"}),
        tags=TAGS,
        auto_name="name",
        volatile=("dateUpdated",),
    ),
    Type(
        "aws:imagebuilder/image:Image",
        "imagebuilder",
        create=Call("CreateImage", TOKEN),
        id="imageBuildVersionArn",
        then=(Hook(await_available),),
        update=(Hook(send_nothing, takes=("executionRole", "imageScanningConfiguration")),),
        read=Read(
            "GetImage",
            {"imageBuildVersionArn": "{id}"},
            "image",
            {
                "distributionConfigurationArn": "distributionConfiguration.arn",
                "imageRecipeArn": "imageRecipe.arn",
                "infrastructureConfigurationArn": "infrastructureConfiguration.arn",
                "outputResources": "outputResources && [outputResources]",
            },
        ),
        delete=Call("DeleteImage", {"imageBuildVersionArn": "{id}"}),
        tags=TAGS,
        default={"enhancedImageMetadataEnabled": True},
        computed=("executionRole", "imageScanningConfiguration", "imageTestsConfiguration", "workflows"),
    ),
    Type(
        "aws:imagebuilder/lifecyclePolicy:LifecyclePolicy",
        "imagebuilder",
        create=Call("CreateLifecyclePolicy", TOKEN),
        id="lifecyclePolicyArn",
        update=(Call("UpdateLifecyclePolicy", {**TOKEN, "lifecyclePolicyArn": "{id}"}, takes=POLICY, whole=True),),
        read=Read("GetLifecyclePolicy", {"lifecyclePolicyArn": "{id}"}, "lifecyclePolicy"),
        delete=Call("DeleteLifecyclePolicy", {"lifecyclePolicyArn": "{id}"}),
        tags=TAGS,
        auto_name="name",
        default={"status": "ENABLED"},
    ),
]
