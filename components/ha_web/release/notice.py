"""A notice of servers that can't be launched, and of releases that fail or are taken back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.event_mail import Mail, mail
from ha_web.core.problems import Problems
from ha_web.core.runbooks import Runbook
from ha_web.core.scope import Scope

PLACE = {"event": "$.detail-type", "group": "$.detail.AutoScalingGroupName", "region": "$.region", "time": "$.time"}
"""Where it happened. The event's name is AWS's own, as its console has it."""


@dataclass(frozen=True)
class Told:
    """Events that one rule looks for, and their mail.

    The events: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html and
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-eventbridge-events.html
    """

    role: str
    description: str
    events: Sequence[str]
    text: Mail

    def pattern(self, group: str) -> dict[str, Any]:
        """Return the event pattern of these events of a group."""
        detail = {"AutoScalingGroupName": [group]}
        return {"source": ["aws.autoscaling"], "detail-type": [*self.events], "detail": detail}


RELEASES = Told(
    role="release-failure",
    description="A release into {} fails",
    events=[
        "EC2 Auto Scaling Instance Refresh Failed",
        "EC2 Auto Scaling Instance Refresh Rollback Started",
        "EC2 Auto Scaling Instance Refresh Rollback Failed",
    ],
    text=mail(
        [
            "<event>: a release into the group <group> in <region> fails, or is taken back. It happened at <time>.",
            "Instance refresh: <refresh>. Why: ha-web release status",
        ],
        {**PLACE, "refresh": "$.detail.InstanceRefreshId"},
        Runbook.RELEASE,
    ),
)
LAUNCHES = Told(
    role="launch-failure",
    description="A server of {} can't be launched",
    events=["EC2 Instance Launch Unsuccessful"],
    text=mail(
        [
            "<event>: AWS launches no server for the group <group> in <region>. It happened at <time>.",
            "StatusMessage: <reason>",
        ],
        {**PLACE, "reason": "$.detail.StatusMessage"},
        Runbook.QUOTA,
    ),
)


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
    end of a release whose `up` was interrupted. The mail says what happened and where, AWS's reason for a launch, and
    which runbook to open. AWS sends these events on a best-effort basis.

    Errors (ConfigurationError, at preview): an unknown or missing key.
    """

    rule_arn: pulumi.Output[str]
    """ARN of the EventBridge rule on releases."""
    launch_rule_arn: pulumi.Output[str]
    """ARN of the EventBridge rule on launches."""

    def __init__(self, name: str, args: ReleaseNoticeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = Problems(f'ReleaseNotice "{name}"').checked(args, ReleaseNoticeArgs)
        super().__init__("ha-web:index:ReleaseNotice", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))

        group = pulumi.Output.from_input(args["group_name"])
        release, launch = (_tell(scope, told, group, args["topic_arn"]) for told in (RELEASES, LAUNCHES))

        self.rule_arn, self.launch_rule_arn = release.arn, launch.arn
        self.register_outputs({key: getattr(self, key) for key in ReleaseNotice.__annotations__})


def _tell(scope: Scope, told: Told, group: pulumi.Output[str], topic: pulumi.Input[str]) -> aws.cloudwatch.EventRule:
    """Have the topic told of these events of the group."""
    name = f"{scope.name}-{told.role}"
    rule = aws.cloudwatch.EventRule(
        name,
        description=told.description.format(scope.name),
        event_pattern=group.apply(lambda known: json.dumps(told.pattern(known))),
        **scope.regional_args(told.role),
    )
    aws.cloudwatch.EventTarget(
        f"{name}-target",
        rule=rule.name,
        arn=topic,
        target_id="notices",
        input_transformer={**told.text},
        **scope.untagged_args(),
    )
    return rule
