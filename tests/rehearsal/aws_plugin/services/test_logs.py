"""CloudWatch Logs in the emulated plugin: log groups."""

from __future__ import annotations

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.rehearsed import Program


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


def test_a_log_group_keeps_its_retention_and_says_what_was_recorded_only(
    program: Program, unique: str, aws: Client
) -> None:
    group = program.up("aws:cloudwatch/logGroup:LogGroup", name=f"/x/{unique}", retentionInDays=30)
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
