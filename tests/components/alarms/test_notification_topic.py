"""The topic of a region: who may publish to it, and which messages are mailed."""

import json

import pytest
from ha_web import ConfigurationError, NotificationTopic
from ha_web.alarms.notification_topic import PUBLISHERS

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

ADDRESSES = ["ops@example.com", "night@example.com"]


def topic() -> Made[NotificationTopic]:
    return make(lambda: NotificationTopic("primary", {"notify": ADDRESSES, "region": "eu-west-1"}))


def test_alarms_backups_and_rules_may_publish_and_encrypt_what_they_publish() -> None:
    made = topic()
    for policy, actions in (
        (made.one("aws:sns/topicPolicy:TopicPolicy"), "sns:Publish"),
        (made.one("aws:kms/key:Key"), ["kms:Decrypt", "kms:GenerateDataKey*"]),
    ):
        [allowed] = [s for s in json.loads(policy["policy"])["Statement"] if s["Sid"] == "ServicesPublish"]
        assert (allowed["Principal"], allowed["Action"]) == ({"Service": PUBLISHERS}, actions)


def test_its_outputs_are_the_topic_and_the_key_that_encrypts_it() -> None:
    made = topic()
    assert made.outputs["topic_arn"] == made.one("aws:sns/topic:Topic").state["arn"]
    assert made.outputs["key_arn"] == made.one("aws:kms/key:Key").state["arn"]


def test_each_address_has_one_subscription_without_the_jobs_that_succeeded() -> None:
    mails = topic().all("aws:sns/topicSubscription:TopicSubscription")
    assert sorted(mail["endpoint"] for mail in mails) == sorted(ADDRESSES)
    for mail in mails:
        assert json.loads(mail["filterPolicy"]) == {"State": [{"anything-but": ["COMPLETED"]}, {"exists": False}]}


def test_an_address_that_sns_would_refuse_is_refused_at_preview() -> None:
    with pytest.raises(ConfigurationError, match='notify has "ops"; write an e-mail address'):
        make(lambda: NotificationTopic("primary", {"notify": ["ops"]}))


def test_its_region_reaches_all_of_it() -> None:
    assert_region_reaches_everything(
        lambda region: NotificationTopic("primary", {"notify": ADDRESSES, **({"region": region} if region else {})})
    )
