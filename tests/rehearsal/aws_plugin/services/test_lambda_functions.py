"""Lambda in the emulated plugin: functions and their code."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.entry import Read
from rehearsal.aws_plugin.provider.refusals import of_entry
from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.asked import calls, of_creation, of_update
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


FUNCTION = "aws:lambda/function:Function"
ZIP = {"name": "f", "role": "role", "handler": "a.b", "runtime": "python3.13", "code": archive(a="")}


@pytest.mark.parametrize(
    ("inputs", "refused"),
    [
        ({"handler": "a.b", "runtime": "python3.13"}, []),
        ({"runtime": "python3.13"}, ["handler"]),
        ({"handler": "a.b", "packageType": "Zip"}, ["runtime"]),
        ({"packageType": "Image"}, []),
    ],
)
def test_a_zip_file_has_a_handler_and_a_runtime(inputs: dict[str, str], refused: list[str]) -> None:
    assert [each.path for each in of_entry(registry.type_of(FUNCTION).refuse, inputs)] == refused


def test_a_functions_configuration_changes_before_its_code() -> None:
    made = of_update(FUNCTION, ZIP, code=archive(a="1"), timeout=10)
    assert calls(made) == ["UpdateFunctionConfiguration", "UpdateFunctionCode"]
    assert calls(of_update(FUNCTION, ZIP, sourceCodeHash="another")) == ["UpdateFunctionCode"]


@pytest.mark.parametrize(
    ("old", "cleared"),
    [
        ({"environment": {"variables": {"ON": "1"}}}, {"Environment": {"Variables": {}}}),
        (
            {"deadLetterConfig": {"targetArn": "arn:aws:sqs:eu-west-1:123456789012:a"}},
            {"DeadLetterConfig": {"TargetArn": ""}},
        ),
        ({"memorySize": 512}, {"MemorySize": 128}),
        ({"timeout": 60}, {"Timeout": 3}),
        ({"vpcConfig": {"subnetIds": ["a"]}}, {"VpcConfig": {"SecurityGroupIds": [], "SubnetIds": []}}),
    ],
)
def test_a_setting_that_is_removed_is_set_to_none(old: dict[str, Any], cleared: dict[str, Any]) -> None:
    removed: dict[str, Any] = dict.fromkeys(old)
    [made] = of_update(FUNCTION, {**ZIP, **old}, **removed)
    assert made == {"call": "UpdateFunctionConfiguration", "FunctionName": "it", **cleared}


def test_the_environment_goes_along_with_a_new_key() -> None:
    [made] = of_update(
        FUNCTION,
        {**ZIP, "environment": {"variables": {"ON": "1"}}},
        kmsKeyArn="arn:aws:kms:eu-west-1:123456789012:key/1",
    )
    assert made["Environment"] == {"Variables": {"ON": "1"}}


@pytest.mark.parametrize("none", [-1, None])
def test_a_reservation_that_is_given_up_is_deleted(none: int | None) -> None:
    old = {**ZIP, "reservedConcurrentExecutions": 1}
    assert calls(of_update(FUNCTION, old, reservedConcurrentExecutions=none)) == ["DeleteFunctionConcurrency"]
    assert calls(of_update(FUNCTION, ZIP, reservedConcurrentExecutions=0)) == ["PutFunctionConcurrency"]


def test_a_reservation_and_a_permission_that_were_changed_beside_the_program_are_seen(
    program: Program, aws: Client, unique: str, role: str
) -> None:
    made = put_up_function(program, unique, role)
    name = made.state["name"]
    aws("lambda").delete_function_concurrency(FunctionName=name)
    assert made.read() == {"reservedConcurrentExecutions": "UPDATE"}
    given = {"action": "lambda:InvokeFunction", "function": name, "principal": "events.amazonaws.com"}
    arn = "arn:aws:events:eu-west-1:123456789012:rule/a"
    permission = program.up("aws:lambda/permission:Permission", unique, **given, sourceArn=arn)
    assert permission.settled()
    aws("lambda").remove_permission(FunctionName=name, StatementId=permission.id)
    principal = {"Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com"}
    aws("lambda").add_permission(FunctionName=name, StatementId=permission.id, **principal)
    assert permission.read() == {"principal": "UPDATE_REPLACE", "sourceArn": "UPDATE_REPLACE"}


def test_the_treatment_of_invocations_may_be_of_an_alias() -> None:
    token = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
    [made] = of_creation(token, {"functionName": "f", "qualifier": "live", "maximumRetryAttempts": 0})
    [read] = registry.type_of(token).reads
    assert isinstance(read, Read)
    assert (made["Qualifier"], read.params["Qualifier"]) == ("live", "{qualifier}")
