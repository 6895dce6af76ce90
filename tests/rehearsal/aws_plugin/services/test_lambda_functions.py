"""Lambda in the emulated plugin: functions and their code."""

from __future__ import annotations

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.lambda_function import archive, put_up_function, put_up_role
from tests.rehearsal.aws_plugin.rehearsed import Program

pytestmark = pytest.mark.xdist_group("emulator")


@pytest.fixture
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture
def role(program: Program, unique: str) -> str:
    return put_up_role(program, unique)


def test_a_function_has_exactly_the_files_of_its_archive_and_is_updated_in_place(
    program: Program, aws: Client, unique: str, role: str
) -> None:
    made = put_up_function(program, unique, role)
    client = aws("lambda")
    name = made.state["name"]
    assert made.settled()
    found = client.get_function_configuration(FunctionName=name)
    assert (found["Runtime"], found["Timeout"], found["Environment"]["Variables"]) == (
        "python3.13",
        600,
        {"FAILOVER": "{}"},
    )
    assert client.get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"] == 1
    before = found["CodeSha256"]
    assert any("code" in path for path in made.update(code=archive(handler="x = 2")))
    assert client.get_function_configuration(FunctionName=name)["CodeSha256"] != before
    made.update(timeout=300, environment={"variables": {"FAILOVER": "[]"}})
    assert client.get_function_configuration(FunctionName=name)["Timeout"] == 300
    assert made.settled()
    made.delete()
    assert made.gone()
