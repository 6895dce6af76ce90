"""The container image of each region: looked up in that region's registry, and pinned where it was given by a tag."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import pulumi
import pulumi_aws as aws

from ha_web.application.containers import Image, Repository, parse_image
from ha_web.core.problems import Problems
from ha_web.core.regions import partition_of
from ha_web.core.scope import Scope

_MISSING = re.compile(r"NotFound|returned no results|couldn't find", re.I)
"""How ECR and the provider say that there is no such image. Another failure, such as a missing right, says nothing."""


@dataclass(frozen=True)
class ContainerImages:
    """References by digest, and the repositories that the servers' role needs, by region."""

    references: dict[str, pulumi.Output[str]] = field(default_factory=dict)
    repository_arns: dict[str, str] = field(default_factory=dict)


def create_container_images(scope: Scope, reference: str, regions: Sequence[str]) -> ContainerImages:
    """Return the image for the servers of each region.

    With ECR, a region's servers pull from its own registry: that of a lost region gives nothing. Raises
    ConfigurationError for a region whose registry doesn't have the image, as far as a look-up can tell.
    """
    image = parse_image(reference)
    assert image  # checked before
    repository = image.ecr
    if repository is None:
        return ContainerImages({region: pulumi.Output.from_input(image.pinned) for region in regions})
    problems = Problems(f'ApplicationArtifacts "{scope.name}"')
    found = {region: _digest(scope, repository, image, region, problems) for region in regions}
    problems.raise_if_any()
    digest = image.digest or _pinned(scope, reference, found[regions[0]])
    known = pulumi.Output.from_input(digest)
    return ContainerImages(
        references={region: known.apply(partial(repository.image, region)) for region in regions},
        repository_arns={region: repository.arn(region, partition_of(region)) for region in regions},
    )


def _digest(scope: Scope, repository: Repository, image: Image, region: str, problems: Problems) -> str:
    """Return the digest that a region's registry has for the image; empty if the registry can't be asked."""
    try:
        return aws.ecr.get_image(
            repository_name=repository.name,
            registry_id=repository.account,
            image_digest=image.digest,
            image_tag=None if image.digest else image.tag,
            region=region,
            opts=scope.invoke_opts(),
        ).image_digest
    except Exception as error:  # the SDK raises plain Exception for what the provider answers
        if _MISSING.search(str(error)):
            problems.add(
                f"container is {image.name}{f'@{image.digest}' if image.digest else f':{image.tag}'}; "
                f"{repository.name} in {region} has no such image: servers pull from their own region's registry, so "
                "replicate the repository (aws ecr put-replication-configuration)"
            )
        elif image.digest is None:
            problems.add(
                f"container is {image.name}:{image.tag}; ECR in {region} can't be asked for its digest: {error}"
            )
    return ""


def _pinned(scope: Scope, reference: str, digest: str) -> pulumi.Output[str]:
    """Return the digest that the tag had at first: a parameter keeps it, and ignores where the tag leads later."""
    role = f"container-{hashlib.sha256(reference.encode()).hexdigest()[:8]}"
    pin = aws.ssm.Parameter(
        f"{scope.name}-{role}",
        type="String",
        description=f"Digest of {reference} when it was first deployed",
        value=digest,
        **scope.regional_args(role, ignore_changes=["value"]),
    )
    return pulumi.Output.unsecret(pin.value)  # the provider treats every value as secret; a digest is none
