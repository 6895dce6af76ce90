"""Which region a component is in, and what follows from its name. `region=` is not inherited from a parent."""

import pulumi
import pulumi_aws as aws


def region_of(region: str | None, parent: pulumi.Resource) -> str:
    """The component's own region, or that of the provider its parent has (asked for once, at preview)."""
    return region or aws.get_region(opts=pulumi.InvokeOptions(parent=parent)).region


def partition_of(region: str | None) -> str:
    """The partition that ARNs of a region begin with.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
    return next((name for prefix, name in prefixes.items() if (region or "").startswith(prefix)), "aws")
