"""SNS: topics, their policies and subscriptions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from rehearsal.aws_plugin.calls.model import UNKNOWN, RefusedError
from rehearsal.aws_plugin.entry import AutoName, Call, Hook, HookContext, Read, Refuse, Tags, Type

DELIVERY_LOGS = {
    f"{protocol}{kind}": f"{name}{kind[0].upper()}{kind[1:]}"
    for protocol, name in {
        "application": "Application",
        "firehose": "Firehose",
        "http": "HTTP",
        "lambda": "Lambda",
        "sqs": "SQS",
    }.items()
    for kind in ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
}

TOPIC = {
    **DELIVERY_LOGS,
    "archivePolicy": "ArchivePolicy",
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "fifoThroughputScope": "FifoThroughputScope",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "maximumMessageSize": "MaximumMessageSize",
    "policy": "Policy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
}
"""https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html"""

SUBSCRIPTION = {
    "deliveryPolicy": "DeliveryPolicy",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "rawMessageDelivery": "RawMessageDelivery",
    "redrivePolicy": "RedrivePolicy",
    "replayPolicy": "ReplayPolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}
"""https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html"""


RESET = {
    "contentBasedDeduplication": False,
    "filterPolicy": "{}",
    "rawMessageDelivery": False,
    "redrivePolicy": None,
}
"""Values that reset an attribute where an empty one doesn't; None sends the attribute without a value."""


def one_by_one(operation: str, target: str, attributes: Mapping[str, str]) -> tuple[Call, ...]:
    """A call an attribute: SNS sets one at a time, and an empty value resets most of them."""
    return tuple(
        Call(
            operation,
            {target: "{id}", "AttributeName": attribute},
            rename={argument: "AttributeValue"},
            takes=(argument,),
            cleared={argument: RESET.get(argument, "")},
        )
        for argument, attribute in attributes.items()
    )


def refuse_contradictions(context: HookContext) -> None:
    """Refuse a name that SNS doesn't accept, and settings that only FIFO topics have."""
    args, fifo = context.args, context.args.get("fifoTopic") is True
    name = args.get("name", UNKNOWN)
    if name != UNKNOWN and name.endswith(".fifo") != fifo:
        raise RefusedError("name", f'"{name}" must {"end" if fifo else "not end"} with .fifo')
    if name != UNKNOWN and not re.fullmatch(r"[0-9A-Za-z_-]{1,256}", name.removesuffix(".fifo")):
        raise RefusedError("name", f'"{name}" has other signs than letters, digits, _ and -')
    for setting in ("archivePolicy", "contentBasedDeduplication", "fifoThroughputScope"):
        if args.get(setting) and not fifo:
            raise RefusedError(setting, "only FIFO topics have it")


def default_policy(context: HookContext) -> None:
    """The policy of a topic for which the program has none: its own account may use it."""
    topic = context.id
    changing = ("SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic")
    using = ("GetTopicAttributes", "ListSubscriptionsByTopic", "Subscribe", "Publish")
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in (*changing, *using)],
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceOwner": topic.split(":")[4]}},
    }
    policy = json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})
    context.call("SetTopicAttributes", {"TopicArn": topic, "AttributeName": "Policy", "AttributeValue": policy})


def unsubscribe(context: HookContext) -> None:
    """End the subscription; one that waits for its confirmation can't be ended, and lapses by itself."""
    attributes = context.call("GetSubscriptionAttributes", {"SubscriptionArn": context.id})["Attributes"]
    if attributes.get("PendingConfirmation") != "true":
        context.call("Unsubscribe", {"SubscriptionArn": context.id})


POLICY = Call(
    "SetTopicAttributes", {"TopicArn": "{arn}", "AttributeName": "Policy"}, rename={"policy": "AttributeValue"}
)

TYPES = [
    Type(
        "aws:sns/topic:Topic",
        "sns",
        refuse=(
            Refuse("archivePolicy", "!fifoTopic && archivePolicy", "only of a FIFO topic"),
            Refuse("fifoThroughputScope", "!fifoTopic && fifoThroughputScope", "only of a FIFO topic"),
            Refuse("contentBasedDeduplication", "!fifoTopic && contentBasedDeduplication", "only of a FIFO topic"),
        ),
        create=Call("CreateTopic", rename={"fifoTopic": "Attributes.FifoTopic"}),
        id="TopicArn",
        then=(Hook(refuse_contradictions, dry=True), *one_by_one("SetTopicAttributes", "TopicArn", TOPIC)),
        read=Read("GetTopicAttributes", {"TopicArn": "{id}"}, "Attributes"),
        delete=Call("DeleteTopic", {"TopicArn": "{id}"}),
        tags=Tags("TagResource", "UntagResource", {"ResourceArn": "{id}"}, read="ListTagsForResource"),
        outputs={"arn": "TopicArn", "owner": "Owner"},
        auto_name=AutoName(maximum=256),
        computed=("policy", "signatureVersion", "tracingConfig", "fifoThroughputScope", "maximumMessageSize"),
    ),
    Type(
        "aws:sns/topicPolicy:TopicPolicy",
        "sns",
        create=POLICY,
        id="{arn}",
        update=(POLICY,),
        read=Read("GetTopicAttributes", {"TopicArn": "{id}"}, "Attributes", rename={"arn": "TopicArn"}),
        delete=Hook(default_policy),
        outputs={"owner": "Owner"},
    ),
    Type(
        "aws:sns/topicSubscription:TopicSubscription",
        "sns",
        refuse=(Refuse("filterPolicyScope", "filterPolicyScope && !filterPolicy", "needs filterPolicy"),),
        create=Call(
            "Subscribe",
            {"TopicArn": "{topic}", "ReturnSubscriptionArn": True},
            rename={argument: f"Attributes.{attribute}" for argument, attribute in SUBSCRIPTION.items()},
        ),
        id="SubscriptionArn",
        update=one_by_one("SetSubscriptionAttributes", "SubscriptionArn", SUBSCRIPTION),
        read=Read("GetSubscriptionAttributes", {"SubscriptionArn": "{id}"}, "Attributes", rename={"topic": "TopicArn"}),
        delete=Hook(unsubscribe),
        outputs={
            "arn": "SubscriptionArn",
            "ownerId": "Owner",
            "pendingConfirmation": "PendingConfirmation",
            "confirmationWasAuthenticated": "ConfirmationWasAuthenticated",
        },
        local=("confirmationTimeoutInMinutes", "endpointAutoConfirms"),
    ),
]
