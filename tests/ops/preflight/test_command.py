"""The command as people and pipelines call it."""

import json
import os
import subprocess
import sys

import pytest

from ops.preflight.command import NO_CREDENTIALS
from ops.preflight.facts import Unanswered
from rehearsal.emulator.process import Emulator
from rehearsal.home import CHECKOUT


def run(*arguments: str, key: str = "rehearsal") -> subprocess.CompletedProcess[str]:
    files = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    nothing = {**files, "AWS_EC2_METADATA_DISABLED": "true"}
    keys = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "rehearsal"} if key else {}
    clean = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    return subprocess.run(
        [sys.executable, "-m", "ops", *arguments],
        cwd=CHECKOUT,
        env={**clean, **nothing, **keys},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_rehearsals_stack_is_checked_against_the_emulated_account(emulator: Emulator) -> None:
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


def test_the_policy_is_printed_without_credentials() -> None:
    ended = run("preflight", "--stack", "local", "--policy", key="")
    assert ended.returncode == 0
    assert "sts:GetCallerIdentity" in json.loads(ended.stdout)["Statement"][0]["Action"]


def test_without_credentials_and_without_a_stack_one_line_says_so() -> None:
    ended = run("preflight", "--stack", "local", key="")
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"error: {NO_CREDENTIALS}\n")
    ended = run("preflight", "--stack", "nowhere")
    assert ended.returncode == 2
    assert ended.stderr.startswith("error: there is no Pulumi.nowhere.yaml")


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("--help",), 0), (("fly",), 2)])
def test_operations_are_listed(arguments: tuple[str, ...], code: int) -> None:
    ended = run(*arguments)
    assert ended.returncode == code
    assert "  preflight   what the first" in ended.stdout


def test_help_names_every_exit_code() -> None:
    shown = run("preflight", "--help").stdout
    assert all(f"{code} " in shown for code in (0, 1, 2))


def test_the_public_dns_is_not_asked_about_an_emulated_account() -> None:
    from ops.preflight.command import nowhere

    with pytest.raises(Unanswered, match="emulated"):
        nowhere("example.com", "NS")
