"""The command as people and pipelines call it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import boto3
import pytest

from ops.__main__ import main
from ops.core.errors import NOT_ASKED
from ops.preflight.command import NO_CREDENTIALS
from ops.preflight.facts import Unanswered
from rehearsal.emulator.process import Emulator
from rehearsal.home import CHECKOUT

NOBODYS = {
    **dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull),
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""An environment with no AWS login."""

Ended = subprocess.CompletedProcess[str]
Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`python -m ops` in this very process: to load the program anew takes seconds."""

    def called(*arguments: str, key: str = "rehearsal") -> Ended:
        keys = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "rehearsal"} if key else {}
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        for name, value in {**NOBODYS, **keys}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(CHECKOUT)
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        capsys.readouterr()
        try:
            code = main([*arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        return Ended([], code, *capsys.readouterr())

    return called


def test_the_rehearsals_stack_is_checked_against_the_emulated_account(run: Run, emulator: Emulator) -> None:
    ended = run("preflight", "--stack", "local", "--json", "--endpoint-url", emulator.endpoint, key=emulator.key)
    assert ended.stdout, ended.stderr
    report = json.loads(ended.stdout)
    assert report["emulated"] is True
    found = {(line["region"], line["subject"]): line["verdict"] for line in report["lines"]}
    assert found[None, "identity"] == "ok"
    assert found["eu-west-1", "zones"] == found["eu-central-1", "instance type"] == "ok"
    assert found["eu-west-1", "database class"] == "ok"
    assert found[None, "delegation"] == "can't tell"  # the public DNS knows nothing of it
    assert (ended.returncode, ended.stderr) == (int("will fail" in found.values()), "")


def test_the_policy_is_printed_without_credentials(run: Run) -> None:
    ended = run("preflight", "--stack", "local", "--policy", key="")
    assert ended.returncode == 0
    assert "sts:GetCallerIdentity" in json.loads(ended.stdout)["Statement"][0]["Action"]


def test_without_credentials_and_without_a_stack_one_line_says_so(run: Run) -> None:
    ended = run("preflight", "--stack", "local", key="")
    assert (ended.returncode, ended.stdout, ended.stderr) == (NOT_ASKED, "", f"error: {NO_CREDENTIALS}\n")
    ended = run("preflight", "--stack", "nowhere")
    assert ended.returncode == NOT_ASKED
    assert ended.stderr.startswith("error: there is no Pulumi.nowhere.yaml")


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("--help",), 0), (("fly",), 2)])
def test_operations_are_listed(arguments: tuple[str, ...], code: int) -> None:
    command = [sys.executable, "-m", "ops", *arguments]
    ended = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert ended.returncode == code
    assert "  preflight   what the first" in ended.stdout


def test_help_names_every_exit_code(run: Run) -> None:
    shown = run("preflight", "--help").stdout
    assert all(f"{code} " in shown for code in (0, 1, 2, 3, 130))


def test_the_public_dns_is_not_asked_about_an_emulated_account() -> None:
    from ops.preflight.command import nowhere

    with pytest.raises(Unanswered, match="emulated"):
        nowhere("example.com", "NS")
