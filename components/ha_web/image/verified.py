"""An image's ids, given away once AWS says of each region's that it is there and the same."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.image.same_content import CONTENT_TAG, amis_by_region, content_problems, missing_problems


def same_everywhere(
    scope: Scope, image: "aws.imagebuilder.Image", regions: Sequence[str]
) -> pulumi.Output[dict[str, str]]:
    """Return the ids by region; ConfigurationError, in an `up` or a preview, if one is missing or differs."""

    def there(resources: Any) -> dict[str, str]:
        problems = Problems(f'ServerImage "{scope.name}"')
        amis = amis_by_region(resources)
        problems.add(*missing_problems(amis, regions, f"pulumi up --replace '**::{scope.name}-image'"))
        _raise(problems, image)
        return {region: amis[region] for region in regions}

    ids = image.output_resources.apply(there)
    said = [_said(scope, ids, region, home=region == regions[0]) for region in regions]

    def same(amis: dict[str, str], facts: list[dict[str, str]]) -> dict[str, str]:
        problems = Problems(f'ServerImage "{scope.name}"')
        problems.add(*content_problems(dict(zip(regions, facts, strict=True))))
        _raise(problems, image)
        return amis

    return pulumi.Output.all(ids, *said).apply(lambda known: same(known[0], known[1:]))


def _raise(problems: Problems, image: pulumi.Resource) -> None:
    """Raise the problems, each said in a line of its own first: the SDK wraps what is raised for an input."""
    for problem in problems.found:
        pulumi.log.error(f"{problems.subject}: {problem}", image)
    problems.raise_if_any()


def _said(
    scope: Scope, ids: pulumi.Output[dict[str, str]], region: str, *, home: bool
) -> pulumi.Output[dict[str, str]]:
    """Return what a region says of its image, as far as it must be the same in every region."""
    wanted: list[Any] = [{"name": "image-id", "values": [ids.apply(lambda amis: amis[region])]}]
    where = scope.region if home else region
    found = aws.ec2.get_ami_output(owners=["self"], filters=wanted, region=where, opts=scope.invoke_opts())
    return found.apply(
        lambda ami: {
            "content": (ami.tags or {}).get(CONTENT_TAG, ""),
            "architecture": ami.architecture,
            "root device": ami.root_device_name,
        }
    )
