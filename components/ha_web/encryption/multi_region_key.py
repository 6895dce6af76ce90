"""One KMS key in several regions, so that data copied from one to another can be decrypted there."""

from dataclasses import replace
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.wording import quoted


class MultiRegionKeyArgs(TypedDict):
    """The regions of the key, and its purpose."""

    regions: list[str]
    """AWS Regions, one or more. The first has the primary key, the others replicas of it. The first must not
    change: that would replace the key, and data that the old one encrypted is lost once AWS has deleted it."""
    description: NotRequired[str]
    """Description of what it encrypts. Default: the component's name."""
    tags: NotRequired[dict[str, str]]
    """Tags of the key and its replicas."""


class MultiRegionKey(pulumi.ComponentResource):
    """A multi-Region KMS key: the same key material in each region, so that each can decrypt what another encrypted.

    A key is made multi-Region when it is created or never, so this component does so even for a single region: other
    regions can be added later without re-encrypting anything. Each region's key has a policy and an ARN of its own. The
    first one rotates every year, and with it all of its replicas.
    https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html

    **Guards state.** Data is lost with the key that encrypts it, and final snapshots and recovery points outlive what
    they are of. So `pulumi destroy`, or removing a region, leaves the keys in the account (`retain_on_delete`), where
    each costs about $1 a month. Delete them by hand when nothing needs them any more, replicas first: `aws kms
    schedule-key-deletion`. If you add a region again, AWS refuses a second replica beside the one that was left there:
    take that back with `pulumi import aws:kms/replicaKey:ReplicaKey` and its name, parent and key id.
    https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html

    Errors (ConfigurationError, at preview): an unknown key; no region; a region twice.
    """

    arns: dict[str, pulumi.Output[str]]
    """ARN of the key by region."""

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
            **scope.regional_args("key", retain_on_delete=True),
        )
        self.arns = {first: key.arn}
        for region in others:
            there = replace(scope, region=region)
            replica = aws.kms.ReplicaKey(
                f"{name}-{region}-key",
                description=description,
                primary_key_arn=key.arn,
                **there.regional_args(f"{region}-key", retain_on_delete=True),
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
