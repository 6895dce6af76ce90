"""The file of a stack in the emulated account."""

import json
from pathlib import Path

import pytest

from ops.evidence.command import CALLS, main
from tests.ops.backup.protected import AWAY, ProtectedStack
from tests.ops.evidence.told import TRIAL

Captured = pytest.CaptureFixture[str]


def test_the_file_is_written_with_what_the_account_and_the_journal_have(
    stack: ProtectedStack, tmp_path: Path, capsys: Captured
) -> None:
    outputs = stack.outputs(tmp_path)
    given = {"BackupVaultName": stack.name, "ResourceArn": stack.database, "IamRoleArn": stack.role}
    stack.aws("backup").start_backup_job(**given, Lifecycle={"DeleteAfterDays": 7})
    key = "journal/2027-01-15T06-00-00.000Z-restore-test.json"
    stack.aws("s3", AWAY).put_object(Bucket=stack.records[AWAY], Key=key, Body=json.dumps(TRIAL))
    out = tmp_path / "evidence.html"
    assert main(["--outputs", str(outputs), "--out", str(out)]) == 1
    said = capsys.readouterr().out
    assert "not shown, or not kept: EFS: no restore test passed within 30 days" in said
    assert "Aurora: no restore test" not in said
    text = out.read_text()
    for each in (stack.name, "123456789012", "1d4h", "trial available"):
        assert each in text


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--days", "0"], 2, "--days is 0; at least one day"),
        (["--drill", "gone.json"], 3, "--drill gone.json: No such file or directory"),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], code: int, said: str, capsys: Captured) -> None:
    assert main(arguments) == code
    assert capsys.readouterr().err == f"error: {said}\n"


def test_it_only_reads() -> None:
    reads = ("describe_", "list_", "get_")
    assert [call for call in CALLS if not call.operation.startswith(reads)] == []
