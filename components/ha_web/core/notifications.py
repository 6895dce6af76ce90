"""An SNS topic with its key, the AWS services that publish to it, and its e-mail subscriptions."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from ha_web.core.policy_documents import key_of_account, services_publish, topic_of
from ha_web.core.regions import partition_of
from ha_web.core.scope import Scope
from ha_web.core.wording import quoted

ADDRESS = re.compile(
    r"(?=.{3,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)
"""One bare address: SNS takes no display name, no list, and no letters beyond ASCII.
https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html"""

BACKUP = "backup.amazonaws.com"

BUT_SUCCESSES = {"State": [{"anything-but": ["COMPLETED"]}, {"exists": False}]}
"""Filter of the e-mails: AWS Backup names the state of a job in a message attribute, and nobody reads of jobs that
succeeded. Alarms and all else have no such attribute.
https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html"""


def address_problems(notify: Sequence[str]) -> list[str]:
    """Return a line for each text that is no e-mail address, and for each address given twice."""
    problems = [
        f"notify has {quoted(address)}; write an e-mail address" for address in notify if not ADDRESS.fullmatch(address)
    ]
    twice = sorted({address for address in notify if notify.count(address) > 1})
    return problems + [f"notify has {quoted(address)} twice; once is enough" for address in twice]


def recipient_problems(args: Mapping[str, Any], topic: str) -> list[str]:
    """Return a line for each invalid address, and one if addresses are given beside a topic that exists already.

    Args:
        topic: name of the component's argument for a topic.
    """
    notify = args.get("notify", [])
    if notify and topic in args:
        return [f"notify has {quoted(notify[0])}, and {topic} is given; subscribe addresses to that topic"]
    return address_problems(notify)


def account_root(scope: Scope) -> pulumi.Output[str]:
    """Return the ARN that stands for the whole account in a policy."""
    account = aws.get_caller_identity_output(opts=scope.invoke_opts()).account_id
    return pulumi.Output.format("arn:{0}:iam::{1}:root", partition_of(scope.region), account)


def topic_arn_of(
    given: pulumi.Input[str] | None, scope: Scope, role: str, *, publishers: list[str], notify: Sequence[str]
) -> pulumi.Output[str]:
    """Return the ARN of the topic that is given, or of a new one for these publishers and addresses."""
    if given is not None:
        return pulumi.Output.from_input(given)
    return create_topic(scope, role, publishers=publishers, notify=notify).arn


def create_topic(scope: Scope, role: str, *, publishers: list[str], notify: Sequence[str]) -> aws.sns.Topic:
    """Create a topic, encrypted with a key of its own, that these AWS services publish to.

    SNS's own key would be free but doesn't let CloudWatch and AWS Backup in; a key costs about $1 a month.

    Args:
        publishers: service principals.
        notify: e-mail addresses; each is sent a link to confirm the subscription, and nothing until it is confirmed.
    """
    name, root = f"{scope.name}-{role}", account_root(scope)
    key = aws.kms.Key(
        f"{name}-key",
        description=f"Messages of the topic {name}",
        enable_key_rotation=True,
        policy=root.apply(lambda arn: json.dumps(key_of_account(arn, services_publish(publishers)))),
        **scope.regional_args(f"{role}-key"),
    )
    topic = aws.sns.Topic(name, kms_master_key_id=key.arn, **scope.regional_args(role))
    aws.sns.TopicPolicy(
        f"{name}-policy",
        arn=topic.arn,
        policy=pulumi.Output.all(topic.arn, root).apply(lambda a: json.dumps(topic_of(a[0], a[1], publishers))),
        **scope.untagged_args(),
    )
    for address in notify:
        aws.sns.TopicSubscription(
            f"{name}-{address}",
            topic=topic.arn,
            protocol="email",
            endpoint=address,
            filter_policy=json.dumps(BUT_SUCCESSES) if BACKUP in publishers else None,
            **scope.untagged_args(),
        )
    return topic
