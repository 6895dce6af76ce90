"""The command that runs others."""

import sys
from pathlib import Path

import botocore.utils
import pytest

from rehearsal import __main__ as rehearsal
from rehearsal.account import Account
from rehearsal.aws_plugin.calls.clients import Clients
from rehearsal.emulator import process
from rehearsal.home import LOOPBACK, Home
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


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"])
@pytest.mark.parametrize("unproxied", ["", "corp.example"])
def test_a_proxy_is_never_asked_for_the_loopback_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, unproxied: str
) -> None:
    """Where the user has one, for what the user has it: the rehearsal's clients and what it runs ask it nothing."""
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", unproxied)
    emulator = process.Emulator(pid=0, port=1, key="key")
    environment = Home(tmp_path, Cli(Path(sys.executable), "0", "test")).environment(emulator)
    assert environment["NO_PROXY"] == environment["no_proxy"] == ",".join(filter(None, [unproxied, *LOOPBACK]))
    assert environment[name] == "http://127.0.0.1:1"
    for client in (
        Account(emulator).client("sts", "eu-west-1"),
        Clients(emulator.endpoint, emulator.key, "eu-west-1").client("sts", "eu-west-1"),
    ):
        assert client._endpoint.http_session._proxy_config.proxy_url_for(emulator.endpoint) is None
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    assert botocore.utils.get_environ_proxies(emulator.endpoint) == {}


def test_an_account_that_runs_already_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process.start(tmp_path)
    try:
        assert run(tmp_path, sys.executable, "-c", ASK, monkeypatch=monkeypatch) == 0
        assert process.running(tmp_path)
    finally:
        process.stop(tmp_path)
