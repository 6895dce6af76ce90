"""KMS keys, and the encryption of topics and queues."""

from collections.abc import Iterator, Mapping
from typing import Any

from resilience.aws.policy_documents import everyone, statements
from resilience.aws.types import (
    EXTERNAL_KEYS,
    KEY,
    KEY_POLICY,
    METRIC_ALARM,
    QUEUE,
    QUEUE_POLICY,
    REPLICA_KEY,
    SECRET,
    SECRET_POLICY,
    TOPIC,
    TOPIC_POLICY,
)
from resilience.known import is_known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()


SYMMETRIC = "SYMMETRIC_DEFAULT"
"""AWS's default. https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html"""

DELETION_DAYS = 30
"""AWS's default. https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html"""

SNS_KEY = "alias/aws/sns"


def _rotating(key: Resource, config: Config) -> Mapping[str, Any] | None:
    return {"enableKeyRotation": True} if any(rotates(key, config)) else None


@RULES.rule(
    "key-rotates", "A symmetric key is rotated by AWS.", Severity.MEDIUM, security_hub("KMS.4"), KEY, remedy=_rotating
)
def rotates(key: Resource, _: Config) -> Iterator[str]:
    """Asymmetric keys, HMAC keys and those in a key store of one's own can't be.

    https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
    """
    symmetric = key.get("customerMasterKeySpec", SYMMETRIC) == SYMMETRIC
    if symmetric and not key.has("customKeyStoreId") and not key.get("enableKeyRotation"):
        yield "enableKeyRotation is off"


@RULES.rule(
    "key-deletion-waits",
    "A key can be had back for a while after its deletion.",
    Severity.MEDIUM,
    security_hub("KMS.3"),
    KEY,
    REPLICA_KEY,
    *EXTERNAL_KEYS,
    days=Setting(14, "the least days between the order to delete a key and its end", {"minimum": 7, "maximum": 30}),
)
def deletion_waits(key: Resource, config: Config) -> Iterator[str]:
    """Whatever a key has encrypted ends with it."""
    days = key.get("deletionWindowInDays", DELETION_DAYS)
    if days < config["days"]:
        yield f"deletionWindowInDays is {days}; at least {config['days']:g} are asked for"


@RULES.rule(
    "key-policy-closed",
    "A key's policy names who may use it.",
    Severity.CRITICAL,
    security_hub("KMS.5"),
    KEY,
    REPLICA_KEY,
    KEY_POLICY,
    *EXTERNAL_KEYS,
)
def key_closed(key: Resource, _: Config) -> Iterator[str]:
    """A condition on the calling account closes it. Without a policy AWS gives the key to its account."""
    yield from _open(key)


@RULES.rule(
    "secret-policy-closed",
    "A secret's policy names who may read it.",
    Severity.CRITICAL,
    well_architected("SEC03-BP07", "sec_permissions_analyze_cross_account"),
    SECRET,
    SECRET_POLICY,
)
def secret_closed(secret: Resource, _: Config) -> Iterator[str]:
    """Without a policy, IAM alone decides."""
    yield from _open(secret)


@RULES.rule(
    "topic-policy-closed",
    "A topic's policy names who may use it.",
    Severity.HIGH,
    security_hub("SNS.4"),
    TOPIC,
    TOPIC_POLICY,
)
def topic_closed(topic: Resource, _: Config) -> Iterator[str]:
    """AWS's own policy has everybody, on condition that the account is the owner's."""
    yield from _open(topic)


@RULES.rule(
    "queue-policy-closed",
    "A queue's policy names who may use it.",
    Severity.HIGH,
    security_hub("SQS.3"),
    QUEUE,
    QUEUE_POLICY,
)
def queue_closed(queue: Resource, _: Config) -> Iterator[str]:
    """A queue without a policy is its account's."""
    yield from _open(queue)


def _open(resource: Resource) -> Iterator[str]:
    if resource.has("policy") and any(everyone(each) for each in statements(resource.get("policy"))):
        yield 'policy allows Principal "*"; name accounts, or set a condition on the account that must hold'


@RULES.rule("queue-encrypted", "A queue is encrypted.", Severity.MEDIUM, security_hub("SQS.1"), QUEUE)
def queue_encrypted(queue: Resource, _: Config) -> Iterator[str]:
    """On where nothing is said.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-sqs-sse-queue.html
    """
    if not queue.has("kmsMasterKeyId") and queue.get("sqsManagedSseEnabled", True) is False:
        yield "sqsManagedSseEnabled is off, and kmsMasterKeyId missing"


@RULES.stack_rule(
    "topic-key-lets-alarms-in",
    "A topic of alarms is encrypted with a key that lets CloudWatch in.",
    Severity.HIGH,
    well_architected("REL06-BP03", "rel_monitor_aws_resources_notification_monitor"),
    TOPIC,
)
def lets_alarms_in(topic: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """SNS's own key shuts CloudWatch out: the alarm goes off, and nobody hears of it.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    actions = ("alarmActions", "okActions", "insufficientDataActions")
    alarms = any(stack.referring_to(topic, METRIC_ALARM, *actions))
    if alarms and is_known(topic, "kmsMasterKeyId") and topic.get("kmsMasterKeyId").endswith(SNS_KEY):
        yield f"kmsMasterKeyId is {SNS_KEY}, which CloudWatch can't use; alarms are lost"
