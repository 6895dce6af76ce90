"""How a release replaces servers, whatever the version: none goes before another serves in its place. No SDK here."""

from typing import Any

MIN_HEALTHY_PERCENT = 100
MAX_HEALTHY_PERCENT = 110
"""Launch before terminate, a tenth (at least one server) at a time:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-maintenance-policy-overview-and-considerations.html"""


def replacing() -> dict[str, Any]:
    """Return the preferences of an instance refresh that every release has, and every way back."""
    return {
        "MinHealthyPercentage": MIN_HEALTHY_PERCENT,
        "MaxHealthyPercentage": MAX_HEALTHY_PERCENT,
        "SkipMatching": True,
        # Both are how a person keeps a server out of the way of a release.
        "ScaleInProtectedInstances": "Ignore",
        "StandbyInstances": "Ignore",
    }
