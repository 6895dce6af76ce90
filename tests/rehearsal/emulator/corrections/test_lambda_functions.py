"""Lambda: the code can be downloaded, and whoever runs functions runs what is invoked."""

import contextlib
import io
import json
import threading
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rehearsal.emulator import process
from tests.conftest import clients

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[process.Emulator]:
    home = tmp_path_factory.mktemp("living")
    emulator = process.start(home)
    emulator.live(10)
    yield emulator
    process.stop(home)


def made(aws: Callable[..., Any], name: str) -> str:
    role = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        file.writestr("handler.py", "x = 1")
    aws("lambda").create_function(
        FunctionName=name,
        Role=role,
        Runtime="python3.13",
        Handler="handler.x",
        Code={"ZipFile": package.getvalue()},
    )
    return name


def run_for(emulator: process.Emulator, name: str, became: dict[str, Any]) -> list[dict[str, Any]]:
    """Take the invocations of a function, as the live plane does, and report what came of each."""
    found: list[dict[str, Any]] = []

    def work() -> None:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            with contextlib.suppress(process.EmulatorError):
                for wish in emulator.ask("GET", "wishes"):
                    if wish["resource"] == name:
                        found.append(wish)
                        emulator.ask("POST", "observed", {"promoted": [{"wish": wish["number"], **became}]})
            time.sleep(0.05)

    threading.Thread(target=work, daemon=True).start()
    return found


def test_the_code_can_be_downloaded_where_get_function_says(aws: Callable[..., Any], unique: str) -> None:
    location = aws("lambda").get_function(FunctionName=made(aws, unique))["Code"]["Location"]
    with urllib.request.urlopen(location) as answer:
        assert zipfile.ZipFile(io.BytesIO(answer.read())).read("handler.py") == b"x = 1"


def test_what_is_invoked_gets_the_answer_of_who_ran_it(living: process.Emulator, unique: str) -> None:
    aws = clients(living)
    name = made(aws, unique)
    found = run_for(living, unique, {"ok": True, "payload": '{"result": 1}'})
    answer = aws("lambda").invoke(FunctionName=name, Payload=b'{"action": "plan"}')
    assert json.loads(answer["Payload"].read()) == {"result": 1}
    assert "FunctionError" not in answer
    assert (found[0]["resource"], found[0]["details"]["payload"]) == (name, '{"action": "plan"}')


def test_an_error_of_the_function_is_told(living: process.Emulator, unique: str) -> None:
    aws = clients(living)
    run_for(living, unique, {"ok": False, "payload": '{"errorMessage": "no"}'})
    answer = aws("lambda").invoke(FunctionName=made(aws, unique))
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read()) == {"errorMessage": "no"}


def test_more_than_may_run_at_once_is_refused(
    living: process.Emulator, unique: str, refused: Callable[..., str]
) -> None:
    aws = clients(living)
    name = made(aws, unique)
    run_for(living, unique, {"throttled": True})
    assert refused(aws("lambda").invoke, FunctionName=name) == "TooManyRequestsException"


def test_an_asynchronous_invocation_is_accepted_at_once(living: process.Emulator, unique: str) -> None:
    aws = clients(living)
    answer = aws("lambda").invoke(FunctionName=made(aws, unique), InvocationType="Event", Payload=b"{}")
    assert answer["StatusCode"] == 202
    waiting = [wish for wish in living.ask("GET", "wishes") if wish["resource"] == unique]
    assert waiting[0]["details"]["asynchronous"] is True


def test_a_function_that_is_not_there_is_not_found(aws: Callable[..., Any], refused: Callable[..., str]) -> None:
    assert refused(aws("lambda").invoke, FunctionName="none") == "ResourceNotFoundException"
