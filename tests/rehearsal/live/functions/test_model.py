"""Functions and what starts them, as the account has them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from rehearsal.live.functions.model import Function, function, starts

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:f"
RULE = "arn:aws:events:eu-central-1:123456789012:rule/every"

GIVEN = {
    "FunctionName": "f",
    "FunctionArn": ARN,
    "Role": "arn:aws:iam::123456789012:role/r",
    "Handler": "a.b",
    "Runtime": "python3.13",
    "CodeSha256": "x",
    "Timeout": 600,
    "Environment": {"Variables": {"A": "1"}},
}


def policy(source: str = RULE, service: str = "events.amazonaws.com") -> str:
    statement = {
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Resource": ARN,
        "Principal": {"Service": service},
        "Condition": {"ArnLike": {"AWS:SourceArn": source}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def made(**more: Any) -> Function:
    return function("eu-central-1", {**GIVEN, **more.pop("given", {})}, **more)


def test_a_function_has_what_the_account_says() -> None:
    found = made(concurrency=4, asynchronous={"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60})
    assert (found.timeout, found.environment, found.concurrency) == (600, {"A": "1"}, 4)
    assert (found.retries, found.oldest) == (0, 60)


def test_without_settings_of_its_own_an_event_is_tried_three_times_within_six_hours() -> None:
    assert (made().retries, made().oldest) == (2, 21600)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (policy(), True),
        (policy(RULE + "-other"), False),
        (policy(service="s3.amazonaws.com"), False),
        ("{}", False),
    ],
)
def test_a_rule_needs_the_functions_permission(given: str, wanted: bool) -> None:
    assert made(policy=given).lets_in(RULE) is wanted


@pytest.mark.parametrize(
    ("given", "trouble"),
    [({}, ""), ({"Runtime": "nodejs22.x"}, "nodejs22.x"), ({"PackageType": "Image"}, "container")],
)
def test_what_cannot_be_run_here_says_why(given: dict[str, Any], trouble: str) -> None:
    assert trouble in made(given=given).trouble
    assert bool(made(given=given).trouble) is bool(trouble)


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ({"State": "ENABLED", "ScheduleExpression": "rate(1 minute)"}, 1),
        ({"State": "DISABLED", "ScheduleExpression": "rate(1 minute)"}, 0),
        ({"State": "ENABLED", "EventPattern": "{}"}, 0),
    ],
)
def test_enabled_schedules_start_functions_and_nothing_else(rule: dict[str, Any], count: int) -> None:
    targets = [{"Id": "1", "Arn": ARN, "Input": '{"action": "watch"}'}, {"Id": "2", "Arn": "arn:aws:sns:x:1:topic"}]
    found = starts("eu-central-1", {"Name": "every", "Arn": RULE, **rule}, targets)
    assert len(found) == count
    assert [each.payload(datetime.now(UTC), "1") for each in found] == ['{"action": "watch"}'] * count


def test_without_an_input_the_event_is_eventbridges_own() -> None:
    rule = {"Name": "every", "Arn": RULE, "State": "ENABLED", "ScheduleExpression": "rate(1 minute)"}
    [found] = starts("eu-central-1", rule, [{"Id": "1", "Arn": ARN}])
    event = json.loads(found.payload(datetime(2026, 11, 29, tzinfo=UTC), "123456789012"))
    assert (event["detail-type"], event["time"], event["resources"]) == (
        "Scheduled Event",
        "2026-11-29T00:00:00Z",
        [RULE],
    )
