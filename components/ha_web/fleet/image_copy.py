"""A copy of a fleet's image in another region, made before servers must start from it."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.wording import quoted

COPY_TAG = "ha-web:copy-of"
"""Tag of a copy, whose value is the id of the image that it was made of."""


class ImageCopyArgs(TypedDict):
    """The image to copy, and the AWS Region of the copy."""

    source_image_id: pulumi.Input[str]
    """Id of the image (`ami-...`): one of the account's own, or one that it may copy."""
    source_region: str
    """AWS Region of that image."""
    key_arn: NotRequired[pulumi.Input[str]]
    """ARN of a KMS key of the copy's region, which encrypts its snapshots; its policy must let the role
    AWSServiceRoleForAutoScaling use it. Default: the account's default key for EBS; `aws/ebs` lets every
    principal use it, a customer managed key needs the same policy.
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html"""
    region: NotRequired[str]
    """AWS Region of the copy. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of the copy."""


class ImageCopy(pulumi.ComponentResource):
    """An encrypted copy of an image, with snapshots of its own: it depends on neither the source image nor its region.

    A new source image makes a new copy. The old one stays, and the last one even after `pulumi destroy`: a fleet that
    goes back to what it served before needs it. All have the tag `ha-web:copy-of`, and nothing deletes them, so now and
    then list them (`aws ec2 describe-images --owners self --filters Name=tag-key,Values=ha-web:copy-of`) and be rid of
    those that no launch template names (`aws ec2 deregister-image --delete-associated-snapshots --image-id ...`). A
    ServerImage needs no copy, and its old images are deleted by a policy.

    What can't be copied: an image from AWS Marketplace, one with a billing product code that another account shares
    (Windows, say), an encrypted one that another account shares, one of another partition. None of these is
    Amazon Linux. But AWS publishes that in every region, with an SSM parameter that names it; copy it only to run the
    very same release in both regions. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html

    Errors (ConfigurationError, at preview): an unknown or missing key; a copy into the image's own region.
    """

    image_id: pulumi.Output[str]
    """Id of the copy, for `FleetArgs.image_id`. Known once it can be launched."""

    def __init__(self, name: str, args: ImageCopyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        problems = Problems(f'ImageCopy "{name}"')
        args = problems.checked(args, ImageCopyArgs)
        if args["source_region"] == args.get("region"):
            problems.add(f"region is {quoted(args['source_region'])}, where the image is; name the standby's region")
        problems.raise_if_any()

        super().__init__("ha-web:index:ImageCopy", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))
        args_of_copy = scope.regional_args("copy", retain_on_delete=True)
        copy = aws.ec2.AmiCopy(
            f"{name}-copy",
            description=pulumi.Output.format("Copy of {0} in {1}", args["source_image_id"], args["source_region"]),
            source_ami_id=args["source_image_id"],
            source_ami_region=args["source_region"],
            encrypted=True,
            kms_key_id=args.get("key_arn"),
            **{**args_of_copy, "tags": {**args_of_copy["tags"], COPY_TAG: args["source_image_id"]}},
        )
        self.image_id = copy.id
        self.register_outputs({key: getattr(self, key) for key in ImageCopy.__annotations__})
