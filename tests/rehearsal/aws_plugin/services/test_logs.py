"""CloudWatch Logs in the emulated plugin: log groups."""

from __future__ import annotations

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.provider.comparison import between
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.rehearsal.aws_plugin.asked import calls, of_creation
from tests.rehearsal.aws_plugin.rehearsed import Program

GROUP = "aws:cloudwatch/logGroup:LogGroup"


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


def test_a_log_group_keeps_its_retention_and_says_what_was_recorded_only(
    program: Program, unique: str, aws: Client
) -> None:
    group = program.up(GROUP, name=f"/x/{unique}", retentionInDays=30)
    assert group.settled()
    group.update(retentionInDays=None)
    found = aws("logs").describe_log_groups(logGroupNamePrefix=f"/x/{unique}")["logGroups"][0]
    assert "retentionInDays" not in found
    assert "__recorded" not in group.state
    group.update(kmsKeyId="arn:aws:kms:eu-west-1:123456789012:key/x")
    assert group.state["__recorded"] == ["AssociateKmsKey"]
    assert group.settled()
    group.delete()
    assert group.gone()


def test_what_is_delivered_elsewhere_has_no_retention_of_its_own() -> None:
    given = {"name": "a", "logGroupClass": "DELIVERY", "retentionInDays": 7}
    assert calls(of_creation(GROUP, given)) == ["CreateLogGroup"]
    changed = {**given, "retentionInDays": 30}
    assert between(registry.type_of(GROUP), given, {}, changed, REGION, {}).inputs == {}
    standard = {**given, "logGroupClass": "STANDARD"}
    assert calls(of_creation(GROUP, standard)) == ["CreateLogGroup", "PutRetentionPolicy"]
