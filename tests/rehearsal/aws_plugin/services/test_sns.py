"""Topics, their policies and subscriptions in the emulated plugin."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.provider.refusals import of_entry
from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.asked import of_update
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

TOPIC = "aws:sns/topic:Topic"
POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"


def policy(topic: str, service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sns:Publish", "Resource": topic}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture
def topic(program: Program, unique: str) -> Resource:
    return program.up(TOPIC, unique, displayName="Alarms", kmsMasterKeyId="alias/aws/sns", tags={"a": "b"})


@pytest.fixture
def queue(aws: Client, unique: str) -> str:
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=unique)["QueueUrl"]
    return str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])


def attributes(aws: Client, topic: Resource) -> dict[str, str]:
    found: dict[str, str] = aws("sns").get_topic_attributes(TopicArn=topic.id)["Attributes"]
    return found


def test_a_topics_settings_are_told_one_by_one_and_put_back(topic: Resource, aws: Client) -> None:
    assert attributes(aws, topic)["DisplayName"] == "Alarms"
    assert topic.state["arn"] == topic.id
    assert topic.settled()
    topic.update(displayName=None, httpSuccessFeedbackSampleRate=50, tags=None)
    assert attributes(aws, topic)["DisplayName"] == ""
    assert attributes(aws, topic)["HTTPSuccessFeedbackSampleRate"] == "50"
    assert attributes(aws, topic)["KmsMasterKeyId"] == "alias/aws/sns"
    assert aws("sns").list_tags_for_resource(ResourceArn=topic.id)["Tags"] == []
    assert topic.settled()


def test_a_topics_drift_is_read_and_its_name_is_its_own(topic: Resource, aws: Client) -> None:
    aws("sns").set_topic_attributes(TopicArn=topic.id, AttributeName="DisplayName", AttributeValue="other")
    assert topic.read() == {"displayName": "UPDATE"}
    assert topic.changes(name="other") == {"name": "UPDATE_REPLACE"}
    topic.delete()
    assert topic.gone()


def test_a_fifo_topic_is_called_one(program: Program, unique: str, aws: Client) -> None:
    topic = program.up(TOPIC, name=f"{unique}.fifo", fifoTopic=True, contentBasedDeduplication=True)
    assert attributes(aws, topic)["ContentBasedDeduplication"] == "true"
    assert topic.settled()
    refused = [("name", f'"{unique}" must end with .fifo')]
    assert program.resource(TOPIC).refusals({"name": unique, "fifoTopic": True}) == refused
    refused = [("archivePolicy", "only FIFO topics have it")]
    assert program.resource(TOPIC).refusals({"name": unique, "archivePolicy": "{}"}) == refused


def test_a_policy_lets_a_service_publish_and_leaves_the_default_behind(
    program: Program, topic: Resource, aws: Client
) -> None:
    made = program.up(POLICY, arn=topic.id, policy=policy(topic.id, "cloudwatch.amazonaws.com"))
    assert made.settled()
    assert made.update(policy=policy(topic.id, "backup.amazonaws.com")) == {"policy": "UPDATE"}
    assert json.loads(attributes(aws, topic)["Policy"]) == json.loads(policy(topic.id, "backup.amazonaws.com"))
    drift = policy(topic.id, "other.amazonaws.com")
    aws("sns").set_topic_attributes(TopicArn=topic.id, AttributeName="Policy", AttributeValue=drift)
    assert made.read() == {"policy": "UPDATE"}
    assert made.changes(arn="arn:aws:sns:eu-west-1:123456789012:other") == {"arn": "UPDATE_REPLACE"}
    made.delete()
    assert json.loads(attributes(aws, topic)["Policy"])["Id"] == "__default_policy_ID"
    assert topic.settled()


def test_a_mail_subscription_waits_for_a_person(program: Program, topic: Resource, aws: Client) -> None:
    given = {"topic": topic.id, "protocol": "email", "endpoint": "on-call@example.com"}
    subscription = program.up(SUBSCRIPTION, **given)
    assert subscription.id.startswith(f"{topic.id}:")
    assert subscription.state["arn"] == subscription.id
    assert subscription.state["pendingConfirmation"] is True
    assert subscription.state["confirmationWasAuthenticated"] is False
    listed = aws("sns").list_subscriptions_by_topic(TopicArn=topic.id)["Subscriptions"]
    assert [each["SubscriptionArn"] for each in listed] == ["PendingConfirmation"]
    assert subscription.settled()
    subscription.delete()
    topic.delete()
    assert subscription.gone()


def test_a_queue_is_subscribed_at_once_and_its_settings_change_in_place(
    program: Program, topic: Resource, queue: str, aws: Client
) -> None:
    given: dict[str, Any] = {"topic": topic.id, "protocol": "sqs", "endpoint": queue}
    wanted = json.dumps({"kind": ["alarm"]})
    subscription = program.up(SUBSCRIPTION, **given, rawMessageDelivery=True, filterPolicy=wanted)
    assert subscription.state["pendingConfirmation"] is False
    assert subscription.settled()
    subscription.update(rawMessageDelivery=None)
    found = aws("sns").get_subscription_attributes(SubscriptionArn=subscription.id)["Attributes"]
    assert (found["RawMessageDelivery"], json.loads(found["FilterPolicy"])) == ("false", {"kind": ["alarm"]})
    assert subscription.settled()
    aws("sns").set_subscription_attributes(
        SubscriptionArn=subscription.id, AttributeName="FilterPolicy", AttributeValue='{"kind": ["other"]}'
    )
    assert subscription.read() == {"filterPolicy": "UPDATE"}
    assert subscription.changes(endpoint=f"{queue}2") == {"endpoint": "UPDATE_REPLACE"}
    subscription.delete()
    assert subscription.gone()


@pytest.mark.parametrize(("name", "refused"), [("a_b-9", 0), ("a.b", 1), ("a b", 1), ("a" * 257, 1)])
def test_a_topics_name_has_letters_digits_and_lines(program: Program, name: str, refused: int) -> None:
    assert len(program.resource(TOPIC).refusals({"name": name})) == refused


def test_a_scope_belongs_to_a_filter() -> None:
    refuse = registry.type_of(SUBSCRIPTION).refuse
    scope = {"filterPolicyScope": "MessageBody"}
    assert [each.path for each in of_entry(refuse, scope)] == ["filterPolicyScope"]
    assert of_entry(refuse, {**scope, "filterPolicy": "{}"}) == []


def test_a_queue_for_the_dead_is_taken_back_by_no_value_at_all() -> None:
    old = {"topic": "arn", "protocol": "sqs", "endpoint": "arn", "redrivePolicy": "{}"}
    [made] = of_update(SUBSCRIPTION, old, redrivePolicy=None)
    assert made == {"call": "SetSubscriptionAttributes", "SubscriptionArn": "it", "AttributeName": "RedrivePolicy"}
