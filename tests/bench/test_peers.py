import json
import subprocess
from pathlib import Path

import pytest

from bench import peers
from bench.peers import VERSION, PeerError, check_node, count


def fake_node(folder: Path, version: str) -> str:
    node = folder / "node"
    node.write_text(f"#!/bin/sh\necho {version}\n")
    node.chmod(0o755)
    return str(node)


def test_without_node_the_message_says_what_to_do() -> None:
    with pytest.raises(
        PeerError, match=r"AWS CDK, which runs on Node\.js.*no `node` on PATH: install it, or leave PEERS"
    ):
        check_node(lambda _: None)


@pytest.mark.parametrize("version", ["v16.20.0", ""])
def test_a_node_that_is_too_old_or_does_not_run_is_refused_by_its_version(tmp_path: Path, version: str) -> None:
    node = fake_node(tmp_path, version)

    with pytest.raises(PeerError, match=version or "not running"):
        check_node(lambda _: node)


def test_a_node_that_is_new_enough_is_taken(tmp_path: Path) -> None:
    node = fake_node(tmp_path, "v24.1.0")

    check_node(lambda _: node)


def test_an_installation_that_fails_tells_the_version_and_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(command: list[str], **_: object) -> None:
        raise subprocess.CalledProcessError(1, command, stderr="No matching distribution")

    monkeypatch.setattr(peers, "check_node", lambda: None)
    monkeypatch.setattr(subprocess, "run", fails)

    with pytest.raises(PeerError, match=f"aws-cdk-lib {VERSION} can't be installed: No matching distribution"):
        peers.ready(tmp_path)


def test_an_installation_is_kept_by_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(peers, "check_node", lambda: None)

    def installs(command: list[str]) -> None:
        commands.append(command)
        if "venv" in command:
            Path(command[-1]).mkdir(parents=True)

    monkeypatch.setattr(peers, "_run", installs)
    first, second = peers.ready(tmp_path), peers.ready(tmp_path)

    assert first == second
    assert VERSION in str(first.python)
    assert [f"aws-cdk-lib=={VERSION}" in command for command in commands] == [False, True]


def test_an_app_that_fails_is_told_with_what_it_printed(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho no module named aws_cdk >&2; exit 1\n")
    python.chmod(0o755)

    with pytest.raises(PeerError, match="no module named aws_cdk"):
        peers.Cdk(python).resources()


def test_the_cdks_own_metadata_is_not_counted(tmp_path: Path) -> None:
    resources = {"A": {"Type": "AWS::EC2::VPC"}, "B": {"Type": "AWS::CDK::Metadata"}}
    (tmp_path / "one.template.json").write_text(json.dumps({"Resources": resources}))
    (tmp_path / "two.template.json").write_text(json.dumps({"Resources": {"C": {"Type": "AWS::S3::Bucket"}}}))

    assert count(tmp_path) == 2
