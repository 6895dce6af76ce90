"""The command against the emulated account: the page, the document, the journal, what can't be read."""

import json
from pathlib import Path
from typing import Any

import pytest

from ops.report.command import main
from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.ops.report.told import ENTRY, drill, result

IRELAND = "eu-west-1"


@pytest.fixture
def outputs(emulator: Emulator, aws: Client, unique: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The outputs of a stack of which only the journal is left."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rehearsal")
    aws("s3").create_bucket(Bucket=unique, CreateBucketConfiguration={"LocationConstraint": IRELAND})
    aws("s3").put_object(Bucket=unique, Key="journal/2026-11-29T10-00-00Z-failover.json", Body=json.dumps(ENTRY))
    names = ("auto_scaling_group_name", "target_group_arn", "load_balancer_arn", "load_balancer_dns_name")
    cluster: dict[str, Any] = {"region": IRELAND, "session_store_id": "gone", **dict.fromkeys(names, "gone")}
    told = {
        "site": "www.example.com",
        "clusters": {"primary": cluster},
        "operations_buckets": {IRELAND: unique, "eu-central-1": f"{unique}-gone"},
    }
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(told))
    return file


def test_the_page_is_written(outputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left = tmp_path / "drill.json"
    left.write_text(json.dumps(drill(result("zone", 70.0))))
    out = tmp_path / "report.html"
    assert main(["--outputs", str(outputs), "--out", str(out), "--drill", str(left)]) == 0
    said = capsys.readouterr().out
    assert "note: the journal in eu-central-1 could not be read" in said
    assert f"{out} is written." in said
    page = out.read_text()
    for text in ("May I lose a zone now? no", "ann@laptop", "drill: zone"):
        assert text in page


def test_the_document_is_printed_and_no_file_written(
    outputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["--outputs", str(outputs), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["what"] for each in told["timeline"]] == ["failover"]
    assert [*tmp_path.glob("*.html")] == []


@pytest.mark.parametrize(
    ("content", "said"), [(None, "No such file or directory"), ("{", "is no JSON"), ("[]", "is no document of a drill")]
)
def test_a_drill_that_cannot_be_read_is_one_line(
    outputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, said: str
) -> None:
    left = tmp_path / "drill.json"
    if content is not None:
        left.write_text(content)
    assert main(["--outputs", str(outputs), "--drill", str(left)]) == 3
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


def test_the_policy_has_the_journal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--policy"]) == 0
    [statement] = json.loads(capsys.readouterr().out)["Statement"]
    assert {"s3:GetObject", "s3:ListBucket", "backup:ListRecoveryPointsByBackupVault"} <= set(statement["Action"])
