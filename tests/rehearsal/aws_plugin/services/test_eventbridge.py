"""EventBridge in the emulated plugin: rules on a schedule, and the functions that they invoke."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls.context import CallError, Context
from rehearsal.aws_plugin.provider.comparison import between
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.rehearsal.aws_plugin.lambda_function import put_up_function, put_up_role
from tests.rehearsal.aws_plugin.rehearsed import Program

pytestmark = pytest.mark.xdist_group("emulator")


@pytest.fixture
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture
def role(program: Program, unique: str) -> str:
    return put_up_role(program, unique)


def test_a_schedule_invokes_a_function_that_lets_it(program: Program, aws: Client, unique: str, role: str) -> None:
    target = put_up_function(program, unique, role)
    rule = program.up(
        "aws:cloudwatch/eventRule:EventRule", unique, scheduleExpression="rate(1 minute)", state="ENABLED"
    )
    permission = program.up(
        "aws:lambda/permission:Permission",
        unique,
        action="lambda:InvokeFunction",
        function=target.state["name"],
        principal="events.amazonaws.com",
        sourceArn=rule.state["arn"],
        statementId="schedule",
    )
    aim = program.up(
        "aws:cloudwatch/eventTarget:EventTarget",
        unique,
        rule=rule.state["name"],
        arn=target.state["arn"],
        targetId="failover",
        input='{"action": "watch"}',
    )
    once = program.up(
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        unique,
        functionName=target.state["name"],
        maximumEventAgeInSeconds=60,
        maximumRetryAttempts=0,
    )
    assert [each.settled() for each in (rule, permission, aim, once)] == [True] * 4
    policy = json.loads(aws("lambda").get_policy(FunctionName=target.state["name"])["Policy"])
    assert [s["Principal"] for s in policy["Statement"]] == [{"Service": "events.amazonaws.com"}]
    [found] = aws("events").list_targets_by_rule(Rule=rule.state["name"])["Targets"]
    assert (found["Arn"], found["Input"]) == (target.state["arn"], '{"action": "watch"}')
    assert rule.update(state="DISABLED") == {"state": "UPDATE"}
    assert aws("events").describe_rule(Name=rule.state["name"])["State"] == "DISABLED"
    for each in (aim, once, permission, rule):
        each.delete()
        assert each.gone()


RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"


def test_a_rule_that_no_longer_says_whether_it_is_on_stays_as_it_is() -> None:
    old = {"name": "a", "eventBusName": "default", "scheduleExpression": "rate(1 minute)", "state": "DISABLED"}
    new = {name: value for name, value in old.items() if name != "state"}
    assert between(registry.type_of(RULE), old, {}, new, REGION, {}).inputs == {}


def test_a_target_that_aws_reports_as_failed_fails(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = {"FailedEntryCount": 1, "FailedEntries": [{"TargetId": "a", "ErrorMessage": "no such bus"}]}
    monkeypatch.setattr(Context, "call", lambda *_, **__: failed)
    target = {"rule": "a", "targetId": "a", "arn": "arn:aws:sns:eu-west-1:123456789012:a"}
    with pytest.raises(CallError, match="PutTargets: no such bus"):
        program.up("aws:cloudwatch/eventTarget:EventTarget", **target)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("{", "is no JSON"),
        (json.dumps({"source": ["x" * 4090]}), "4096"),
        (json.dumps({"source": ["a"]}) + " " * 5000, ""),
    ],
    ids=["no JSON", "long", "long by blanks"],
)
def test_a_pattern_is_json_of_4096_characters_without_blanks(program: Program, pattern: str, why: str) -> None:
    refused = program.resource(RULE).refusals({"eventPattern": pattern})
    assert [(place, why in reason) for place, reason in refused] == ([("eventPattern", True)] if why else [])


TEXT = '"<group> fails."\n"Runbook: docs/runbooks/release.md"'


def test_a_targets_text_is_kept_and_changed(program: Program, aws: Client, unique: str) -> None:
    topic = aws("sns").create_topic(Name=unique)["TopicArn"]
    rule = program.up(RULE, unique, eventPattern=json.dumps({"source": ["aws.autoscaling"]}))
    text = {"inputPaths": {"group": "$.detail.AutoScalingGroupName"}, "inputTemplate": TEXT}
    target = program.up(TARGET, unique, rule=rule.state["name"], arn=topic, targetId="notices", inputTransformer=text)
    assert target.settled()

    def kept() -> dict[str, Any]:
        [found] = aws("events").list_targets_by_rule(Rule=rule.state["name"])["Targets"]
        return dict(found["InputTransformer"])

    assert kept() == {"InputPathsMap": text["inputPaths"], "InputTemplate": TEXT}
    changed = {**text, "inputTemplate": '"<group> failed."'}
    assert target.update(inputTransformer=changed) == {"inputTransformer.inputTemplate": "UPDATE"}
    assert kept()["InputTemplate"] == '"<group> failed."'
    assert target.settled()
    for each in (target, rule):
        each.delete()


@pytest.mark.parametrize(
    ("paths", "template", "place", "why"),
    [
        ({}, "x" * 8193, "inputTransformer.inputTemplate", "8192"),
        ({f"f{number}": "$.id" for number in range(101)}, '"x"', "inputTransformer.inputPaths", "100"),
    ],
    ids=["long", "many"],
)
def test_a_text_has_8192_characters_and_100_fields(
    program: Program, paths: dict[str, str], template: str, place: str, why: str
) -> None:
    given = {"rule": "a", "targetId": "a", "arn": "arn:aws:sns:eu-west-1:123456789012:a"}
    text = {"inputPaths": paths, "inputTemplate": template}
    [(refused, reason)] = program.resource(TARGET).refusals({**given, "inputTransformer": text})
    assert (refused, why in reason) == (place, True)
