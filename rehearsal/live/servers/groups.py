"""The Auto Scaling groups of a Region, for the console."""

from dataclasses import dataclass, field
from typing import Any

from rehearsal.live.account import Account

OVER = ("Successful", "Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed")
"""States of an instance refresh that is over.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html"""


@dataclass
class Groups:
    """What the groups are at."""

    groups: list[dict[str, Any]] = field(default_factory=list)
    lifecycles: dict[str, str] = field(default_factory=dict)
    """Lifecycle state by instance."""


async def read(account: Account, regions: list[str]) -> Groups:
    """Read the groups of some Regions."""
    found = Groups()
    for region in regions:
        for group in await account.ask_all("autoscaling", region, "describe_auto_scaling_groups", "AutoScalingGroups"):
            found.lifecycles |= {each["InstanceId"]: each["LifecycleState"] for each in group["Instances"]}
            found.groups.append(
                {
                    "name": group["AutoScalingGroupName"],
                    "region": region,
                    "desired": group["DesiredCapacity"],
                    "minimum": group["MinSize"],
                    "maximum": group["MaxSize"],
                    "refresh": await _refresh(account, region, group["AutoScalingGroupName"]),
                }
            )
    return found


async def _refresh(account: Account, region: str, group: str) -> str:
    said = await account.ask(
        "autoscaling", region, "describe_instance_refreshes", AutoScalingGroupName=group, MaxRecords=1
    )
    last = next(iter(said["InstanceRefreshes"]), None)
    if last is None or last["Status"] in OVER:
        return ""
    return f"{last.get('PercentageComplete', 0)} %, {last['Status']}"
