"""The switch and the failover function, from what AWS answers."""

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops.status.reading import Ask
from ops.status.readings.site import READINGS
from tests.ops.status.readings.answers import MAIN, STACK, Answering

FULL = replace(STACK, switch="bucket", function="failover")
ARN = "arn:aws:lambda:eu-central-1:123456789012:function:failover"


def read(part: str, **answers: Any) -> Any:
    [reading] = [each for each in READINGS if each.part == part]
    assert reading.concerns(FULL, MAIN)
    return reading.read(Ask({name: Answering(name, answers) for name in reading.services}, reading.calls), FULL, MAIN)


@pytest.mark.parametrize(("answer", "moved"), [({}, True), ("404", False), ("NoSuchKey", False)])
def test_the_switch_is_an_object_that_is_there_or_not(answer: Any, moved: bool) -> None:
    assert read("switch", head_object=answer) is moved


def test_a_switch_that_may_not_be_read_is_not_one_that_was_not_moved() -> None:
    with pytest.raises(ClientError):
        read("switch", head_object="403")


def automation(rules: tuple[str, ...] = ("rule",), state: str = "ENABLED", action: str = "watch") -> Any:
    variables = {"FAILOVER": json.dumps({"capacity": {"group": "g", "minimum": 2, "needed": 4}})}
    function = {"FunctionArn": ARN, "State": "Active", "Environment": {"Variables": variables}}
    target = {"Id": "failover", "Arn": ARN, "Input": json.dumps({"action": action})}
    return read(
        "automation",
        get_function_configuration=function,
        list_rule_names_by_target={"RuleNames": [*rules]},
        describe_rule={"State": state},
        list_targets_by_rule={"Targets": [{"Id": "x", "Arn": "another", "Input": "{}"}, target]},
        get_metric_statistics={"Datapoints": [{"Sum": 2.0}, {"Sum": 1.0}]},
    )


def test_the_function_is_known_with_what_starts_it() -> None:
    found = automation()
    assert (found.state, found.schedule, found.acts, found.errors, found.needed) == ("Active", "ENABLED", True, 3, 4)


@pytest.mark.parametrize(
    ("found", "schedule", "acts"),
    [
        (automation(state="DISABLED"), "DISABLED", True),
        (automation(action="note"), "ENABLED", False),
        (automation(rules=()), "", False),
    ],
)
def test_what_is_not_armed_is_told_apart(found: Any, schedule: str, acts: bool) -> None:
    assert (found.schedule, found.acts) == (schedule, acts)
