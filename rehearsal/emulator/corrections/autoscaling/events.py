"""What Auto Scaling tells EventBridge: of a server that can't be launched, and how a refresh ends or is taken back.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-eventbridge-events.html
"""

import json
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import eventbridge

from rehearsal.emulator import ACCOUNT

REFRESH = "EC2 Auto Scaling Instance Refresh"

ENDS = {
    "Successful": f"{REFRESH} Succeeded",
    "Failed": f"{REFRESH} Failed",
    "Cancelled": f"{REFRESH} Cancelled",
    "RollbackInProgress": f"{REFRESH} Rollback Started",
    "RollbackSuccessful": f"{REFRESH} Rollback Succeeded",
    "RollbackFailed": f"{REFRESH} Rollback Failed",
}
"""The event of a refresh's status."""


def tell(arn: str, event: str, detail: Mapping[str, Any]) -> None:
    """Tell the default bus of the group's Region of an event of a group."""
    entry = {"Source": "aws.autoscaling", "DetailType": event, "Detail": json.dumps(detail), "Resources": [arn]}
    with request_scope(ACCOUNT, arn.split(":")[3]):
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def tell_of_refresh(arn: str, group: str, identifier: str, status: str) -> None:
    """Tell of the status that a refresh has now."""
    tell(arn, ENDS[status], {"InstanceRefreshId": identifier, "AutoScalingGroupName": group})


def tell_of_failed_launch(activity: Mapping[str, Any]) -> None:
    """Tell of an activity that launched nothing."""
    names = ("StatusCode", "AutoScalingGroupName", "ActivityId", "StatusMessage", "Description", "Cause")
    times = {name: activity[name].strftime("%Y-%m-%dT%H:%M:%SZ") for name in ("StartTime", "EndTime")}
    more = {"Details": {}, "RequestId": activity["ActivityId"], "EC2InstanceId": "", **times}
    detail = {**{name: activity[name] for name in names}, **more}
    tell(activity["AutoScalingGroupARN"], "EC2 Instance Launch Unsuccessful", detail)
