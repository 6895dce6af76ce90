"""A notice of servers that can't be launched, and of releases that fail or are taken back."""

import json
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope

FAILURES = [
    "EC2 Instance Launch Unsuccessful",
    "EC2 Auto Scaling Instance Refresh Failed",
    "EC2 Auto Scaling Instance Refresh Rollback Started",
    "EC2 Auto Scaling Instance Refresh Rollback Failed",
]
"""https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html and, for refreshes,
https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-eventbridge-events.html"""


class ReleaseNoticeArgs(TypedDict):
    """The group, and who is notified."""

    group_name: pulumi.Input[str]
    """Name of the Auto Scaling group."""
    topic_arn: pulumi.Input[str]
    """ARN of an SNS topic of this region that EventBridge may publish to, such as NotificationTopic's."""
    region: NotRequired[str]
    """AWS Region of the rule. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources."""


class ReleaseNotice(pulumi.ComponentResource):
    """Notifies a topic when a server of a group can't be launched, or a release into it fails or is taken back.

    It tells also of what happens while no `pulumi up` looks: a lack of capacity when the group scales or heals, and the
    end of a release whose `up` was interrupted. AWS sends these events on a best-effort basis.

    Errors (ConfigurationError, at preview): an unknown or missing key.
    """

    rule_arn: pulumi.Output[str]
    """ARN of the EventBridge rule."""

    def __init__(self, name: str, args: ReleaseNoticeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = Problems(f'ReleaseNotice "{name}"').checked(args, ReleaseNoticeArgs)
        super().__init__("ha-web:index:ReleaseNotice", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))

        rule = aws.cloudwatch.EventRule(
            f"{name}-release-failure",
            description=f"A server of {name} can't be launched, or a release fails",
            event_pattern=pulumi.Output.from_input(args["group_name"]).apply(lambda group: json.dumps(failures(group))),
            **scope.regional_args("release-failure"),
        )
        aws.cloudwatch.EventTarget(
            f"{name}-release-failure-target",
            rule=rule.name,
            arn=args["topic_arn"],
            target_id="notices",
            **scope.untagged_args(),
        )

        self.rule_arn = rule.arn
        self.register_outputs({key: getattr(self, key) for key in ReleaseNotice.__annotations__})


def failures(group: str) -> dict[str, Any]:
    """Return the event pattern of launches and releases of a group that fail."""
    return {"source": ["aws.autoscaling"], "detail-type": FAILURES, "detail": {"AutoScalingGroupName": [group]}}
