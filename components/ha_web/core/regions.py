"""The AWS Region of a component, and the partition that follows from its name."""

import pulumi
import pulumi_aws as aws


def region_of(region: str | None, parent: pulumi.Resource) -> str:
    """Return the component's own region, or else that of its provider (looked up once, at preview)."""
    return region or aws.get_region(opts=pulumi.InvokeOptions(parent=parent)).region


def partition_of(region: str | None) -> str:
    """Return the partition that ARNs of a region begin with: `arn:<partition>:`.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
    return next((name for prefix, name in prefixes.items() if (region or "").startswith(prefix)), "aws")
