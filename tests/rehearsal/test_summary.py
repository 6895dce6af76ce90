"""The summary's lines that come from the account."""

from __future__ import annotations

from rehearsal import summary
from rehearsal.account import Account
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client


def test_addresses_that_nobody_has_confirmed_are_named(emulator: Emulator, aws: Client, unique: str) -> None:
    sns, sqs = aws("sns"), aws("sqs")
    queue = sqs.create_queue(QueueName=unique)["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    waiting, quiet = (sns.create_topic(Name=f"{unique}-{name}")["TopicArn"] for name in ("a", "b"))
    for address in ("ops@example.com", "boss@example.com"):
        sns.subscribe(TopicArn=waiting, Protocol="email", Endpoint=address)
    sns.subscribe(TopicArn=quiet, Protocol="sqs", Endpoint=queue_arn)  # which needs nobody
    resources = [{"type": summary.SUBSCRIPTION, "outputs": {"topic": topic}} for topic in (quiet, waiting, waiting)]
    heading, *rows = summary.alarms(resources, Account(emulator))
    assert heading.strip() == "Alarms"
    assert [row.split(maxsplit=1) for row in rows] == [
        [REGION, f"topic {unique}-a, NOT confirmed: boss@example.com, ops@example.com"],
        [REGION, f"topic {unique}-b"],
    ]


def test_a_stack_without_alarms_has_no_such_section(emulator: Emulator) -> None:
    assert [*summary.alarms([], Account(emulator))] == []
