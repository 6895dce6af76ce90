"""One command at a time, and a state that can be read."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rehearsal import __main__ as rehearsal
from rehearsal import turns
from rehearsal.home import CHECKOUT

HOLD = """
import sys
from pathlib import Path
from rehearsal import turns
with turns.turn(Path(sys.argv[1]), "up"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_command_is_told_of_the_first_and_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=CHECKOUT, text=True, **pipes) as first:  # type: ignore[call-overload]
        assert first.stdout.readline() == "held\n"
        monkeypatch.setattr(sys, "argv", ["rehearsal", "--home", str(tmp_path), "up"])
        assert rehearsal.main() == 1
        assert capsys.readouterr().err == (
            f"error: `up` (process {first.pid}) is running in {tmp_path}; wait for it or end it\n"
        )
        first.kill()
    with turns.turn(tmp_path, "down"):  # a killed command holds nothing
        pass


def stack_file(home: Path, content: str) -> Path:
    file = home / "state" / ".pulumi" / "stacks" / "ha-web" / "local.json"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    return file


def with_resources(*resources: Any) -> str:
    return json.dumps({"version": 3, "checkpoint": {"stack": "local", "latest": {"resources": resources}}})


WHOLE = {"urn": "urn:pulumi:local::ha-web::aws:ec2/vpc:Vpc::net", "type": "aws:ec2/vpc:Vpc"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "it isn't JSON"),
        ('{"checkpoint": ', "it isn't JSON"),
        ("[]", "it has no checkpoint"),
        (with_resources(WHOLE, {"urn": "x"}), "resource 1 has no type"),
        (with_resources({**WHOLE, "urn": ""}), "resource 0 has no urn"),
        (with_resources("text"), "resource 0 has no urn"),
    ],
)
@pytest.mark.parametrize("command", ["up", "down", "preview"])
def test_a_damaged_state_is_told_with_the_way_to_start_over(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str,
    why: str,
    command: str,
) -> None:
    file = stack_file(tmp_path, content)
    monkeypatch.setattr(sys, "argv", ["rehearsal", "--home", str(tmp_path), command])
    assert rehearsal.main() == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"error: {file} can't be used: {why}")
    assert "`make reset` puts the state aside" in line


@pytest.mark.parametrize("content", [with_resources(), with_resources(WHOLE), '{"checkpoint": {"latest": null}}'])
def test_a_state_as_the_engine_writes_it_is_taken(tmp_path: Path, content: str) -> None:
    stack_file(tmp_path, content)
    turns.check_state(tmp_path)


def test_starting_over_keeps_the_old_state_and_the_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stack_file(tmp_path, "damaged")
    (tmp_path / "review").mkdir()
    monkeypatch.setattr(sys, "argv", ["rehearsal", "--home", str(tmp_path), "reset"])
    assert rehearsal.main() == 0
    [aside] = tmp_path.glob("aside-*")
    assert (aside / "state" / ".pulumi" / "stacks" / "ha-web" / "local.json").read_text() == "damaged"
    assert (tmp_path / "review").exists()
    assert not (tmp_path / "state").exists()
    turns.check_state(tmp_path)
    assert f"The state is kept in {aside}; `make up` starts over." in capsys.readouterr().out
    assert rehearsal.main() == 0
    assert "There is no state; `make up` starts over." in capsys.readouterr().out
