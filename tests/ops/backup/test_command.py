"""Backups and copies of a stack in the emulated account."""

import json
from pathlib import Path

import pytest

from ops.backup.calls import policy
from ops.backup.command import NEEDS, backups, main, parser
from ops.core.operate import operator
from ops.core.policy import Call
from tests.ops.backup.protected import AWAY, ProtectedStack, bare_outputs

Captured = pytest.CaptureFixture[str]


def test_what_is_missing_is_made_and_copied_and_then_all_is_well(
    stack: ProtectedStack, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(stack.outputs(tmp_path))
    for name, value in stack.role_with(*(policy(f"Backup{each}", NEEDS[each]) for each in NEEDS)).items():
        monkeypatch.setenv(name, value)
    me = operator(parser().parse_args(["status", "--outputs", file]))

    def run(*arguments: str) -> tuple[int, str]:
        me.options = parser().parse_args([*arguments, "--outputs", file])
        return backups(me), capsys.readouterr().out

    code, said = run("status")
    assert code == 1
    assert f"EFS {stack.files.rpartition('/')[2]} has no recovery point in eu-west-1" in said
    assert f"Aurora {stack.name} has no copy in eu-central-1" in said

    assert run("start", "--dry-run")[0] == 0
    assert stack.aws("backup").list_backup_jobs(ByBackupVaultName=stack.name)["BackupJobs"] == []
    assert run("start", "--yes")[0] == 0
    [job, _] = stack.aws("backup").list_backup_jobs(ByBackupVaultName=stack.name)["BackupJobs"]
    assert (job["State"], job["IamRoleArn"]) == ("COMPLETED", stack.role)
    assert run("copy", "--yes")[0] == 0
    assert "has been copied to eu-central-1 already" in run("copy", "--yes")[1]
    code, said = run("status")
    assert (code, said.splitlines()[0]) == (0, "www.example.com: every backup is within its objective.")
    journal = stack.aws("s3", AWAY).list_objects_v2(Bucket=stack.records[AWAY])["Contents"]
    assert [each["Key"].rpartition("Z-")[2] for each in journal] == ["backup-start.json", "backup-copy.json"]

    # A lock that asks for more lets the job fail; it is told until it is a day old.
    stack.aws("backup").put_backup_vault_lock_configuration(BackupVaultName=stack.name, MinRetentionDays=40)
    given = {"BackupVaultName": stack.name, "ResourceArn": stack.files, "IamRoleArn": stack.role}
    stack.aws("backup").start_backup_job(**given, Lifecycle={"DeleteAfterDays": 7})
    code, said = run("status")
    assert code == 1
    assert "eu-west-1: backup of fs-" in said
    assert "failed 0s ago: Retention of 7 days is less than the vault's minimum of 40" in said


def test_a_region_that_can_not_be_asked_stops_not_the_other(
    stack: ProtectedStack, tmp_path: Path, capsys: Captured
) -> None:
    vaults = {**stack.vaults, AWAY: "gone"}
    assert main(["status", "--json", "--outputs", str(stack.outputs(tmp_path, backup_vaults=vaults))]) == 1
    told = json.loads(capsys.readouterr().out)
    assert list(told["vaults"]) == ["eu-west-1"]
    assert "DescribeBackupVault is refused: ResourceNotFoundException" in told["silent"][AWAY]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["copy", "--region", "mars"], "--region is mars; the stack has vaults in eu-west-1, eu-central-1"),
        (["start", "--keep", "0"], "--keep is 0; at least one day"),
    ],
)
def test_wrong_usage_is_one_line(tmp_path: Path, arguments: list[str], said: str, capsys: Captured) -> None:
    assert main([*arguments, "--outputs", str(bare_outputs(tmp_path))]) == 2
    assert capsys.readouterr().err == f"error: {said}\n"


@pytest.mark.parametrize("does", [*NEEDS])
def test_the_policy_is_what_it_calls(does: str, capsys: Captured) -> None:
    assert main([does, "--policy"]) == 0
    statements = json.loads(capsys.readouterr().out)["Statement"]
    actions = {action for each in statements for action in each["Action"]}
    assert {"tag:GetResources", "backup:ListCopyJobs", "rds:DescribeDBClusters"} <= actions
    assert ("iam:PassRole" in actions) is (does != "status")
    assert ("backup:StartCopyJob" in actions) is (does == "copy")
    assert Call("backup", "delete_recovery_point") not in NEEDS[does]
