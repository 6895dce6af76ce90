"""The SNS topic of a region, to which alarms, backups and the failover publish."""

from typing import NotRequired, TypedDict

import pulumi

from ha_web.core.notifications import BACKUP, address_problems, create_topic
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope

PUBLISHERS = [BACKUP, "cloudwatch.amazonaws.com", "events.amazonaws.com", "events.rds.amazonaws.com"]
"""AWS Backup, CloudWatch alarms, EventBridge rules, RDS. A function needs topic and key in its IAM policy.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.GrantingPermissions.html"""


class NotificationTopicArgs(TypedDict):
    """Recipients and region."""

    notify: NotRequired[list[str]]
    """E-mail addresses to notify. AWS deletes a subscription that isn't confirmed within two days. Default: none."""
    region: NotRequired[str]
    """AWS Region of the topic. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources."""


class NotificationTopic(pulumi.ComponentResource):
    """An SNS topic, encrypted with a key of its own, for all that a region has to say.

    Alarms, BackupPlan, FailoverDns, FailoverAutomation, RegionSwitchPlan, DatabaseNotice and KeyDeletionNotice take it;
    without it each of the first five makes one of its own, with a key for $1 a month and one e-mail more for each
    address to confirm. CloudWatch, AWS Backup, EventBridge and RDS may publish, for this account
    only. Jobs of AWS Backup that succeeded send no e-mail.

    The mails of alarms and of EventBridge's rules say which runbook to open. AWS Backup and RDS write theirs
    themselves, and take no text. A failed job of AWS Backup also sets off an alarm, which has one. ElastiCache's own
    events don't come here: it publishes to no encrypted topic, and tells EventBridge of serverless caches only, not of
    nodes and failovers. Alarms watch its nodes.
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ElastiCacheSNS.html
    https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-elasticache.html

    Errors (ConfigurationError, at preview): an unknown key; an invalid e-mail address.
    """

    topic_arn: pulumi.Output[str]
    """ARN of the topic."""
    key_arn: pulumi.Output[str]
    """ARN of the KMS key that encrypts its messages."""

    def __init__(self, name: str, args: NotificationTopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        problems = Problems(f'NotificationTopic "{name}"')
        args = problems.checked(args, NotificationTopicArgs)
        problems.add(*address_problems(args.get("notify", [])))
        problems.raise_if_any()
        super().__init__("ha-web:index:NotificationTopic", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))

        topic = create_topic(scope, "notices", publishers=PUBLISHERS, notify=args.get("notify", []))

        self.topic_arn, self.key_arn = topic.arn, topic.kms_master_key_id.apply(str)
        self.register_outputs({key: getattr(self, key) for key in NotificationTopic.__annotations__})
