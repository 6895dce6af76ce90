"""A notice when somebody disables a KMS key, or schedules its deletion."""

import json
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.event_mail import mail
from ha_web.core.problems import Problems
from ha_web.core.runbooks import Runbook
from ha_web.core.scope import Scope

KEY_LOSS = ["DeleteImportedKeyMaterial", "DisableKey", "ScheduleKeyDeletion"]
"""Calls after which nothing that the key encrypted can be read."""

MOST_KEYS = 20
"""Our choice: EventBridge takes patterns of 2,048 characters, and an ARN has up to 85.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"""

MAIL = mail(
    [
        "<call>: somebody disables a KMS key or schedules its deletion, in <region>, at <time>. "
        "Without it nothing that it encrypted can be read.",
        "Key: <key>",
        "Who: <who>, from <address>",
        "AWS refused it with (if nothing follows, it was done): <error>",
    ],
    {
        "call": "$.detail.eventName",
        "region": "$.region",
        "time": "$.time",
        "key": "$.detail.resources[0].ARN",
        "who": "$.detail.userIdentity.arn",
        "address": "$.detail.sourceIPAddress",
        "error": "$.detail.errorCode",
    },
    Runbook.STOLEN_CREDENTIALS,
)
"""What CloudTrail logs of such a call:
https://docs.aws.amazon.com/kms/latest/developerguide/ct-schedule-key-deletion.html"""


class KeyDeletionNoticeArgs(TypedDict):
    """The keys, and who is notified."""

    key_arns: list[pulumi.Input[str]]
    """ARNs of the keys of this region, 1 to 20."""
    topic_arn: pulumi.Input[str]
    """ARN of an SNS topic of this region that EventBridge may publish to, such as NotificationTopic's."""
    region: NotRequired[str]
    """AWS Region of the rule. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources."""


class KeyDeletionNotice(pulumi.ComponentResource):
    """Notifies a topic when somebody disables one of these keys, schedules its deletion, or tries to.

    The mail has what CloudTrail logged of it, call, key, who, from where and AWS's answer, and the runbook to open.

    Without its key no database, file, session or backup can be read. A deletion waits 7 to 30 days: this notice is what
    these days are for (`aws kms cancel-key-deletion`, then `enable-key`). EventBridge gets the calls from CloudTrail:
    the account needs a trail that logs management events in this region, which this component does not make.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html

    Errors (ConfigurationError, at preview): an unknown key; no key ARN, or more than a rule can have.
    """

    rule_arn: pulumi.Output[str]
    """ARN of the EventBridge rule."""

    def __init__(self, name: str, args: KeyDeletionNoticeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:KeyDeletionNotice", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))

        rule = aws.cloudwatch.EventRule(
            f"{name}-key-loss",
            description=f"A key of {name} is disabled, or its deletion is scheduled",
            event_pattern=pulumi.Output.all(*args["key_arns"]).apply(lambda arns: json.dumps(key_loss(arns))),
            **scope.regional_args("key-loss"),
        )
        aws.cloudwatch.EventTarget(
            f"{name}-key-loss-target",
            rule=rule.name,
            arn=args["topic_arn"],
            target_id="notices",
            input_transformer={**MAIL},
            **scope.untagged_args(),
        )

        self.rule_arn = rule.arn
        self.register_outputs({key: getattr(self, key) for key in KeyDeletionNotice.__annotations__})


def _checked(name: str, args: KeyDeletionNoticeArgs) -> KeyDeletionNoticeArgs:
    problems = Problems(f'KeyDeletionNotice "{name}"')
    args = problems.checked(args, KeyDeletionNoticeArgs)
    count = len(args["key_arns"])
    if not 1 <= count <= MOST_KEYS:
        problems.add(f"key_arns has {count} ARNs; a rule can have 1 to {MOST_KEYS}")
    problems.raise_if_any()
    return args


def key_loss(key_arns: Sequence[str]) -> dict[str, Any]:
    """Return the event pattern of calls that make data of these keys unreadable, as CloudTrail logs them."""
    return {
        "source": ["aws.kms"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {"eventName": KEY_LOSS, "resources": {"ARN": list(key_arns)}},
    }
