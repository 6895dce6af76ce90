"""Systems Manager in the emulated plugin: parameters."""

from __future__ import annotations

import pytest

from rehearsal.emulator.process import Emulator
from tests.rehearsal.aws_plugin.rehearsed import Program


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


def test_a_secret_parameter_does_not_show_its_value_in_a_plain_output(program: Program, unique: str) -> None:
    hidden = program.up("aws:ssm/parameter:Parameter", unique, type="SecureString", value="hidden")
    assert hidden.state["value"] == "hidden"
    assert "insecureValue" not in hidden.state
    shown = program.up("aws:ssm/parameter:Parameter", f"{unique}-b", type="String", value="shown", tags={"a": "b"})
    assert shown.state["insecureValue"] == "shown"
    assert shown.update(value="other") == {"value": "UPDATE"}
    assert shown.state["version"] == 2
    assert shown.settled()
    shown.delete()
    assert shown.gone()
