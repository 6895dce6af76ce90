"""What stands in an account and can't be brought to life: it is said before anything starts."""

from collections.abc import Callable
from typing import Any

MEMORYDB = (
    "sessions are in MemoryDB ({cluster} in {region}), which the live plane doesn't run: it has no log that zones "
    "share, and no Regions that all take writes. Set ha-web:sessions.durable to false in a stack for it; failures of "
    "ElastiCache are rehearsed in its place"
)


def why_not(client: Callable[[str, str], Any]) -> str:
    """Return why the live plane can't bring an account to life, with what helps; empty if it can.

    client: makes a boto3 client of a service in a Region of the account.
    """
    regions = client("ec2", "us-east-1").describe_regions()["Regions"]
    for region in sorted(each["RegionName"] for each in regions):
        for cluster in client("memorydb", region).describe_clusters()["Clusters"]:
            return MEMORYDB.format(cluster=cluster["Name"], region=region)
    return ""
