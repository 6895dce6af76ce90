"""The command that runs others."""

import sys
from pathlib import Path

import pytest

from rehearsal import __main__ as rehearsal
from rehearsal.emulator import process
from rehearsal.pulumi_cli import Cli

ASK = "import boto3; print(boto3.client('sts', 'eu-west-1').get_caller_identity()['Account'])"


def run(home: Path, *words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["rehearsal", "--home", str(home), "run", *words])
    monkeypatch.setattr(rehearsal, "ensure", lambda: Cli(Path(sys.executable), "0", "test"))
    return rehearsal.main()


def test_a_command_asks_the_emulated_account_and_its_exit_code_is_that_of_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "someone's own")
    assert run(tmp_path, sys.executable, "-c", ASK, monkeypatch=monkeypatch) == 0
    assert capfd.readouterr().out.split() == ["123456789012"]
    assert process.running(tmp_path) is None
    assert run(tmp_path, sys.executable, "-c", "raise SystemExit(3)", monkeypatch=monkeypatch) == 3


def test_an_account_that_runs_already_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process.start(tmp_path)
    try:
        assert run(tmp_path, sys.executable, "-c", ASK, monkeypatch=monkeypatch) == 0
        assert process.running(tmp_path)
    finally:
        process.stop(tmp_path)
