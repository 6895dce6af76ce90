"""EventBridge: what a target is given of an event."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Client

pytestmark = pytest.mark.xdist_group("emulator-operations")

EVENT = {"Source": "tests", "DetailType": "Failed"}


@pytest.fixture
def received(aws: Client, unique: str) -> Callable[..., dict[str, Any]]:
    """What a queue behind a topic gets of an event, by the text of the rule's target."""
    events, sns, sqs = aws("events"), aws("sns"), aws("sqs")
    topic = sns.create_topic(Name=unique)["TopicArn"]
    queue = sqs.create_queue(QueueName=unique)["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:eu-west-1:123456789012:{unique}")
    events.put_rule(Name=unique, EventPattern=json.dumps({"detail": {"of": [unique]}}))

    def send(template: str, paths: dict[str, str], **detail: Any) -> dict[str, Any]:
        text = {"InputPathsMap": paths, "InputTemplate": template}
        events.put_targets(Rule=unique, Targets=[{"Id": "notices", "Arn": topic, "InputTransformer": text}])
        events.put_events(Entries=[{**EVENT, "Detail": json.dumps({"of": unique, **detail})}])
        [message] = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return dict(json.loads(message["Body"]))

    return send


@pytest.mark.parametrize(
    ("template", "detail", "text"),
    [
        ('"Of <a>."\n"Then <b>."', {"a": "x", "list": [{"b": "y"}]}, '"Of x."\n"Then y."'),
        ('"Of <a>."', {}, '"Of ."'),
        ('"Of <a>."', {"a": 'a "b"'}, '"Of a "b"."'),
        ('{"a": <a>, "all": <all>}', {"a": "x", "list": [{"b": "y"}, {"b": "z"}]}, '{"a": "x", "all": ["y", "z"]}'),
        ('"<aws.events.rule-name> of <kind>"', {}, '"RULE of Failed"'),
    ],
    ids=["lines and lists", "no such field", "unescaped", "JSON", "AWS's own"],
)
def test_fields_of_an_event_stand_in_the_text(
    received: Callable[..., dict[str, Any]], unique: str, template: str, detail: dict[str, Any], text: str
) -> None:
    paths = {"a": "$.detail.a", "b": "$.detail.list[0].b", "all": "$.detail.list[*].b", "kind": "$.detail-type"}
    message = received(template, paths, **detail)
    assert message["Message"] == text.replace("RULE", unique)
    assert not message.get("Subject")


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("<group> failed", "ValidationException"),
        ('"a"\nb', "ValidationException"),
        ('{"a": "<group>', "ValidationException"),
        ('"a"\n"b"', ""),
        ('{"a": <group>}', ""),
    ],
)
def test_a_text_is_json_or_strings_in_quotes(
    aws: Client, unique: str, refused: Callable[..., str], template: str, code: str
) -> None:
    events = aws("events")
    events.put_rule(Name=unique, EventPattern=json.dumps({"source": ["a"]}))
    text = {"InputPathsMap": {"group": "$.detail.group"}, "InputTemplate": template}
    target = {"Id": "a", "Arn": "arn:aws:sns:eu-west-1:123456789012:a", "InputTransformer": text}
    assert refused(events.put_targets, Rule=unique, Targets=[target]) == code
