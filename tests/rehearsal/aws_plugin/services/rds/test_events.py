"""Subscriptions to RDS's events: what the real provider asks for, and how they go by on the emulated AWS."""

from __future__ import annotations

import pytest

from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.asked import of_creation, of_update
from tests.rehearsal.aws_plugin.rehearsed import Program

TOKEN = "aws:rds/eventSubscription:EventSubscription"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:notices"
GIVEN = {
    "name": "web",
    "snsTopic": TOPIC,
    "sourceType": "db-cluster",
    "sourceIds": ["a", "b"],
    "eventCategories": ["failure"],
    "enabled": True,
}


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator, {"project": "rehearsed"})


def test_a_new_one_is_asked_for_in_one_call() -> None:
    [asked] = of_creation(TOKEN, GIVEN)
    assert asked["call"] == "CreateEventSubscription"
    assert (asked["SubscriptionName"], asked["SnsTopicArn"], asked["Enabled"]) == ("web", TOPIC, True)
    assert (asked["SourceIds"], asked["EventCategories"]) == (["a", "b"], ["failure"])


def test_a_change_says_whether_it_is_enabled_and_of_categories_also_the_type() -> None:
    [asked] = of_update(TOKEN, GIVEN, eventCategories=["failure", "failover"])
    assert asked["call"] == "ModifyEventSubscription"
    assert (asked["Enabled"], asked["SourceType"]) == (True, "db-cluster")
    assert asked["EventCategories"] == ["failure", "failover"]
    assert "SnsTopicArn" not in asked


def test_other_sources_are_added_and_removed_one_by_one() -> None:
    asked = of_update(TOKEN, GIVEN, sourceIds=["b", "c", "d"])
    assert sorted((each["call"], each["SourceIdentifier"]) for each in asked) == [
        ("AddSourceIdentifierToSubscription", "c"),
        ("AddSourceIdentifierToSubscription", "d"),
        ("RemoveSourceIdentifierFromSubscription", "a"),
    ]


def test_one_is_made_read_changed_and_deleted(program: Program, aws: Client, unique: str) -> None:
    topic = aws("sns").create_topic(Name=unique)["TopicArn"]
    given = {"name": unique, "snsTopic": topic, "tags": {"a": "b"}, "eventCategories": ["failure"]}
    made = program.up(TOKEN, unique, **given, sourceType="db-instance")
    assert made.settled()
    made.update(eventCategories=["failure", "maintenance"], sourceType="db-cluster")
    [kept] = aws("rds").describe_event_subscriptions(SubscriptionName=unique)["EventSubscriptionsList"]
    assert (kept["EventCategoriesList"], kept["SourceType"]) == (["failure", "maintenance"], "db-cluster")
    assert made.settled()
    made.delete()
    assert made.gone()


def test_a_topic_and_a_source_that_there_are_not_are_refused(program: Program, aws: Client, unique: str) -> None:
    with pytest.raises(CallError, match="SNSTopicArnNotFound"):
        program.up(TOKEN, unique, name=unique, snsTopic=TOPIC)
    topic = aws("sns").create_topic(Name=unique)["TopicArn"]
    with pytest.raises(CallError, match="SourceNotFound"):
        program.up(TOKEN, unique, name=unique, snsTopic=topic, sourceType="db-cluster", sourceIds=["none"])
    with pytest.raises(CallError, match="InvalidParameterCombination"):
        program.up(TOKEN, unique, name=unique, snsTopic=topic, sourceIds=["none"])
