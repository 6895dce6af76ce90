"""The environment of a function, and what is made of its end."""

import asyncio
import json
from pathlib import Path
from typing import Any

from rehearsal.live.functions.model import Function
from rehearsal.live.functions.runner import Result, Runner, environment

FUNCTION = Function(
    *("eu-central-1", "f", "arn:f", "role", "h.run", "python3.13", "digest"),
    timeout=2,
    environment={"OWN": "1"},
)


class Process:
    def __init__(self, ends: bool) -> None:
        self.ends, self.killed = ends, False

    async def wait(self) -> int:
        await asyncio.sleep(0 if self.ends else 3600)
        return 0

    def kill(self) -> None:
        self.killed = True


class Host:
    """A host whose processes write an answer, or don't end."""

    def __init__(self, answer: dict[str, Any] | None) -> None:
        self.answer, self.env = answer, dict[str, str]()
        self.process = Process(answer is not None)

    async def start(self, command: list[str], *, env: dict[str, str], log: Path, **_: Any) -> Process:
        spec = json.loads(Path(command[-1]).read_text())
        self.env = env
        log.write_text("one\ntwo\n")
        if self.answer is not None:
            Path(spec["answer"]).write_text(json.dumps(self.answer))
        return self.process


def run(tmp_path: Path, host: Any, speed: float = 1) -> Result:
    runner = Runner(tmp_path / "runs", "http://127.0.0.1:1", tmp_path / "bundle.pem")
    return asyncio.run(runner.run(host, FUNCTION, tmp_path, "{}", {"AWS_ACCESS_KEY_ID": "k"}, speed=speed))


def test_lambdas_own_variables_the_roles_keys_and_the_functions_settings() -> None:
    found = environment(FUNCTION, {"AWS_ACCESS_KEY_ID": "k"}, "http://127.0.0.1:1", "s")
    assert found["AWS_LAMBDA_FUNCTION_NAME"] == "f"
    assert found["AWS_REGION"] == "eu-central-1"
    assert (found["OWN"], found["AWS_ACCESS_KEY_ID"]) == ("1", "k")
    assert found["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"


def test_what_the_handler_answered_is_the_result_with_its_log(tmp_path: Path) -> None:
    result = run(tmp_path, Host({"ok": True, "payload": '{"a": 1}', "seconds": 1.5}))
    assert (result.ok, result.said, result.seconds, result.log) == (True, '{"a": 1}', 1.5, ("one", "two"))
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_function_that_does_not_end_is_ended_at_its_time_limit(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("rehearsal.live.functions.runner.INIT_SECONDS", 0.0)
    host = Host(None)
    result = run(tmp_path, host, speed=20)
    assert host.process.killed
    assert not result.ok
    assert "Task timed out after 2.00 seconds" in result.said


def test_an_error_is_said_in_a_few_words() -> None:
    assert Result(False, '{"errorType": "ValueError", "errorMessage": "no"}', 0.0).said == "ValueError: no"
    assert Result(True, "not json", 0.0).said == "not json"
