"""Templates of experiments in the emulated plugin."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.rehearsed import Program

TEMPLATE = "aws:fis/experimentTemplate:ExperimentTemplate"
ROLE = "arn:aws:iam::123456789012:role/game-day"
ALARM = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:nobody-served"


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


def instances(zone: str) -> list[dict[str, Any]]:
    return [
        {
            "name": "servers",
            "resourceType": "aws:ec2:instance",
            "selectionMode": "ALL",
            "resourceTags": [{"key": "stack", "value": "prod"}],
            "filters": [{"path": "Placement.AvailabilityZone", "values": [zone]}],
        }
    ]


STOP = {
    "name": "stop",
    "actionId": "aws:ec2:stop-instances",
    "parameters": [{"key": "startInstancesAfterDuration", "value": "PT10M"}],
    "target": {"key": "Instances", "value": "servers"},
}


def test_a_template_is_created_read_changed_and_deleted(program: Program, aws: Client) -> None:
    template = program.up(
        TEMPLATE,
        description="A zone",
        roleArn=ROLE,
        actions=[STOP],
        targets=instances("eu-west-1a"),
        stopConditions=[{"source": "aws:cloudwatch:alarm", "value": ALARM}],
        tags={"stack": "prod"},
    )
    fis = aws("fis")
    made = fis.get_experiment_template(id=template.id)["experimentTemplate"]
    assert made["actions"]["stop"]["targets"] == {"Instances": "servers"}
    assert made["actions"]["stop"]["parameters"] == {"startInstancesAfterDuration": "PT10M"}
    assert made["targets"]["servers"]["resourceTags"] == {"stack": "prod"}
    assert made["tags"] == {"stack": "prod"}
    assert template.settled()

    template.update(targets=instances("eu-west-1b"))
    made = fis.get_experiment_template(id=template.id)["experimentTemplate"]
    assert made["targets"]["servers"]["filters"] == [{"path": "Placement.AvailabilityZone", "values": ["eu-west-1b"]}]
    assert template.settled()
    assert template.changes(tags={"stack": "dev"}) == {"tags.stack": "UPDATE_REPLACE"}

    fis.update_experiment_template(id=template.id, description="Somebody was here")
    assert template.read() == {"description": "UPDATE"}
    template.delete()
    assert template.gone()
