"""What an image is made of, and where it is to be: Image Builder's recipe, documents and distribution."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope
from ha_web.image.documents import build_document, content_of, trial_document
from ha_web.image.same_content import CONTENT_TAG

PLACES_TAG = "ha-web:regions"
VERSION = "1.0.0"
"""Of every recipe and document: each has a name of its own, so none has a second version."""


@dataclass(frozen=True)
class Parts:
    """What decides what an image is, and where."""

    base: pulumi.Output[str]
    install: pulumi.Input[str]
    test: pulumi.Input[str] | None
    disk_size: int
    root_device: str
    regions: Sequence[str]
    """The region that builds, then the others."""
    key_arns: Mapping[str, pulumi.Input[str]]

    @cached_property
    def content(self) -> pulumi.Output[str]:
        """The hash of what the image is made of."""
        made_of: dict[str, Any] = {
            "base": self.base,
            "install": self.install,
            "test": self.test or "",
            "disk": self.disk_size,
            "device": self.root_device,
        }
        return pulumi.Output.all(**made_of).apply(content_of)

    @cached_property
    def places(self) -> pulumi.Output[str]:
        """The hash of where the image is to be, and by which keys it is encrypted there."""
        arns: list[pulumi.Input[str]] = [self.key_arns.get(region, "") for region in self.regions]
        return pulumi.Output.all(*arns).apply(lambda known: content_of(dict(zip(self.regions, known, strict=True))))


def create_recipe(scope: Scope, parts: Parts) -> "aws.imagebuilder.ImageRecipe":
    """Create the recipe and its documents. AWS deletes none of them while an image refers to them, so they stay."""
    documents = [_document(scope, "build", parts.install, build_document)]
    if parts.test is not None:
        documents.append(_document(scope, "test", parts.test, trial_document))
    home = parts.regions[0]
    key = {"kms_key_id": parts.key_arns[home]} if home in parts.key_arns else {}
    ebs: Any = {
        "encrypted": "true",
        "delete_on_termination": "true",
        "volume_size": parts.disk_size,
        "volume_type": "gp3",
        **key,
    }
    return aws.imagebuilder.ImageRecipe(
        f"{scope.name}-recipe",
        version=VERSION,
        parent_image=parts.base,
        components=[{"component_arn": each.arn} for each in documents],
        block_device_mappings=[{"device_name": parts.root_device, "ebs": ebs}],
        # A distribution that changes builds nothing by itself; a recipe does: an image for a new region is needed.
        ami_tags={CONTENT_TAG: parts.content, PLACES_TAG: parts.places},
        systems_manager_agent={"uninstall_after_build": False},
        **scope.regional_args("recipe", retain_on_delete=True),
    )


def _document(
    scope: Scope, role: str, command: pulumi.Input[str], write: Callable[[str], str]
) -> "aws.imagebuilder.Component":
    return aws.imagebuilder.Component(
        f"{scope.name}-{role}",
        platform="Linux",
        version=VERSION,
        data=pulumi.Output.from_input(command).apply(write),
        **scope.regional_args(role, retain_on_delete=True),
    )


def create_distribution(scope: Scope, parts: Parts) -> "aws.imagebuilder.DistributionConfiguration":
    """Say where an image goes, under which name, with which tags and key."""
    targets: list[Any] = [
        {
            "region": region,
            "ami_distribution_configuration": {
                "name": f"{scope.name} {{{{ imagebuilder:buildDate }}}}",
                "description": f"Servers of {scope.name}",
                "ami_tags": {**scope.tags, "Name": scope.name, CONTENT_TAG: parts.content},
                **({"kms_key_id": parts.key_arns[region]} if region in parts.key_arns else {}),
            },
        }
        for region in parts.regions
    ]
    return aws.imagebuilder.DistributionConfiguration(
        f"{scope.name}-distribution", distributions=targets, **scope.regional_args("distribution")
    )
