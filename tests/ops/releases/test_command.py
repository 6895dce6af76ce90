"""The command against the emulated account."""

import json
from typing import Any

import pytest

from ops.releases.command import main
from rehearsal.emulator.process import Emulator
from tests.conftest import Client


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rehearsal")


def exported(name: str) -> dict[str, Any]:
    urn = "urn:pulumi:prod::site::ha-web:index:Release$aws:ssm/parameter:Parameter::release-primary"
    return {"deployment": {"resources": [{"urn": urn, "id": name, "outputs": {"region": "eu-west-1"}}]}}


@pytest.mark.usefixtures("account")
def test_what_was_served_is_read_from_the_parameters_history(
    aws: Client, unique: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in (1, 2, 4):
        value = json.dumps({"group": "web", "launchTemplate": "lt-1", "version": version})
        aws("ssm").put_parameter(Name=unique, Type="String", Value=value, Overwrite=version > 1)
    assert main(["--back", "2"], lambda _: exported(unique)) == 0
    printed = capsys.readouterr().out
    assert "primary (eu-west-1) serves version 4" in printed
    assert "pulumi config set --stack prod --path 'ha-web:release.versions.primary' 1" in printed


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("arguments", "state", "said"),
    [
        ([], {}, "error: the stack prod has no release"),
        (["--back", "0"], {}, "error: --back is 0; it counts from 1"),
        ([], exported("none"), "ParameterNotFound"),
    ],
)
def test_what_cannot_be_told_is_one_line(
    arguments: list[str], state: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, lambda _: state) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1
