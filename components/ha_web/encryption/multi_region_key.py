"""One key in several regions, so that what is copied from one to another can be read where it arrives."""

from dataclasses import replace
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.wording import quoted


class MultiRegionKeyArgs(TypedDict):
    """Where the key is, and what for."""

    regions: list[str]
    """AWS Regions, one or more. The first has the key, the others replicas of it. The first can't change: AWS makes
    no replica into the key of a stack, and no key that is in use into another."""
    description: NotRequired[str]
    """What it encrypts, for people. Default: the component's name."""
    tags: NotRequired[dict[str, str]]
    """Tags of key and replicas."""


class MultiRegionKey(pulumi.ComponentResource):
    """A KMS key with the same key material in each region: what one encrypts, each of the others decrypts.

    Whether a key is multi-region is decided when it is made and never changes, so this component makes one even for a
    single region: regions can be added later, one by one, and nothing that is encrypted is touched. Each region's key
    has a policy and an ARN of its own; rotation, yearly, is the first one's and holds for all.
    https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html

    **Guards state.** What is encrypted is lost with its key. A key is deleted 30 days after a destroy; until then it
    can be recovered. AWS waits with the first one until its replicas are gone.

    Errors (ConfigurationError, at preview): an unknown key; no region; a region twice.
    """

    arns: dict[str, pulumi.Output[str]]
    """ARN of the key in each region."""

    def __init__(self, name: str, args: MultiRegionKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:MultiRegionKey", name, None, opts)
        first, *others = args["regions"]
        scope = Scope(name, self, first, args.get("tags", {}))
        description = args.get("description", name)

        key = aws.kms.Key(
            f"{name}-key",
            description=description,
            multi_region=True,
            enable_key_rotation=True,
            **scope.regional_args("key"),
        )
        self.arns = {first: key.arn}
        for region in others:
            there = replace(scope, region=region)
            replica = aws.kms.ReplicaKey(
                f"{name}-{region}-key",
                description=description,
                primary_key_arn=key.arn,
                **there.regional_args(f"{region}-key"),
            )
            self.arns[region] = replica.arn
        self.register_outputs({"arns": self.arns})


def _checked(name: str, args: MultiRegionKeyArgs) -> MultiRegionKeyArgs:
    problems = Problems(f'MultiRegionKey "{name}"')
    args = problems.checked(args, MultiRegionKeyArgs)
    regions = args["regions"]
    if not regions:
        problems.add("regions is empty; a key is in at least one region")
    for region in sorted({each for each in regions if regions.count(each) > 1}):
        problems.add(f"regions has {quoted(region)} twice; a region has one key")
    problems.raise_if_any()
    return args
