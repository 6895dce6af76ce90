"""What the runtime does with a function's code."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rehearsal.live.functions import bootstrap

CODE = """
import datetime, os, sys, threading, time

def answer(event, context):
    return {"event": event, "name": context.function_name, "left": context.get_remaining_time_in_millis()}

def fails(event, context):
    print("about to fail")
    raise ValueError("no")

def waits(event, context):
    began, day, real = time.monotonic(), datetime.datetime.now(datetime.timezone.utc), time.time()
    time.sleep(5)
    passed = (datetime.datetime.now(datetime.timezone.utc) - day).total_seconds()
    return [time.monotonic() - began, passed, time.time() - real, context.get_remaining_time_in_millis()]

def lingers(event, context):
    threading.Thread(target=time.sleep, args=(60,)).start()
    return 1

def looks(event, context):
    return [[name for name in sys.modules if name.startswith("rehearsal")], sys.argv, dict(os.environ)]
"""


def ran(tmp_path: Path, handler: str, *, speed: float = 1, broken: bool = False) -> tuple[dict[str, Any], str]:
    code = tmp_path / "code"
    code.mkdir()
    (code / "handler.py").write_text(CODE)
    spec = {
        **{"name": "f", "arn": "arn:f", "memory": 128, "handler": f"handler.{handler}", "timeout": 60, "speed": speed},
        **{"event": '{"a": 1}', "request": "r", "stream": "s", "folder": str(code), "broken": broken},
        "answer": str(tmp_path / "answer"),
    }
    (tmp_path / "spec").write_text(json.dumps(spec))
    done = subprocess.run(
        [sys.executable, "-I", bootstrap.__file__, str(tmp_path / "spec")],
        env={"PATH": "/usr/bin:/bin", "TZ": ":UTC"},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return json.loads((tmp_path / "answer").read_text()), done.stdout + done.stderr


def test_the_handler_gets_event_and_context_and_its_answer_is_kept(tmp_path: Path) -> None:
    answer, _ = ran(tmp_path, "answer")
    payload = json.loads(answer["payload"])
    assert answer["ok"]
    assert payload["event"] == {"a": 1}
    assert 59_000 < payload["left"] <= 60_000


def test_an_error_is_worded_as_lambda_does_and_logged(tmp_path: Path) -> None:
    answer, log = ran(tmp_path, "fails")
    said = json.loads(answer["payload"])
    assert not answer["ok"]
    assert (said["errorType"], said["errorMessage"]) == ("ValueError", "no")
    assert "handler.py" in said["stackTrace"][0]
    assert "about to fail" in log


@pytest.mark.parametrize(("handler", "broken"), [("answer", True), ("missing", False)])
def test_what_cannot_be_imported_fails_before_its_first_line(tmp_path: Path, handler: str, broken: bool) -> None:
    answer, _ = ran(tmp_path, handler, broken=broken)
    assert not answer["ok"]


def test_where_awss_time_passes_faster_so_does_the_functions_clock(tmp_path: Path) -> None:
    answer, _ = ran(tmp_path, "waits", speed=10)
    monotonic, day, real, left = json.loads(answer["payload"])
    assert min(monotonic, day, real) >= 5
    assert answer["seconds"] >= 5
    assert left <= 55_000


def test_threads_that_linger_hold_nobody_up(tmp_path: Path) -> None:
    answer, _ = ran(tmp_path, "lingers")
    assert answer["payload"] == "1"


def test_the_code_cannot_tell_where_it_is_run(tmp_path: Path) -> None:
    answer, _ = ran(tmp_path, "looks")
    modules, arguments, environment = json.loads(answer["payload"])
    assert modules == []
    assert not any("spec" in argument for argument in arguments[1:])
    assert not any("rehearsal" in f"{name}{value}".lower() for name, value in environment.items())
