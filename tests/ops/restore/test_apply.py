"""Restores after damage: of the database by the program, of files by AWS Backup in the emulated account."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from ops.core.operate import operator
from ops.core.terminal import Terminal
from ops.restore.calls import policy_of_apply, policy_of_serve
from ops.restore.command import main, parser, restore
from tests.ops.backup.protected import ProtectedStack, bare_outputs
from tests.ops.restore.fake_pulumi import FakePulumi, step

Types = Callable[..., tuple[int, str]]


@pytest.fixture
def pulumi(stack: ProtectedStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    """The program of a stack whose `up` finds the restored cluster made already."""
    rds = stack.aws("rds")
    assert stack.database
    made = {"Engine": "aurora-postgresql", "MasterUsername": "u", "MasterUserPassword": "password"}
    placed = {"DBSubnetGroupName": stack.name, "StorageEncrypted": True}
    rds.create_db_cluster(DBClusterIdentifier=f"{stack.name}-r1", **made, **placed)
    names = {"DBInstanceIdentifier": f"{stack.name}-r1-1", "DBClusterIdentifier": f"{stack.name}-r1"}
    rds.create_db_instance(**names, DBInstanceClass="db.r7g.large", Engine="aurora-postgresql")
    found = FakePulumi(tmp_path, {"first": f"{stack.name}.cluster-x", "r1": f"{stack.name}-r1.cluster-x"})
    monkeypatch.setenv("PATH", str(found.bin), prepend=":")
    return found


@pytest.fixture
def types(stack: ProtectedStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Types:
    """Runs a command under exactly its policy: its exit code, and what it printed."""
    file = str(stack.outputs(tmp_path))
    for name, value in stack.role_with(policy_of_apply(), policy_of_serve()).items():
        monkeypatch.setenv(name, value)
    me = operator(parser().parse_args(["serve", "r1", "--outputs", file]))

    def run(*arguments: str) -> tuple[int, str]:
        printed = StringIO()
        me.options, me.terminal = parser().parse_args([*arguments, "--outputs", file]), Terminal(printed)
        return restore(me), printed.getvalue()

    return run


def test_a_database_is_restored_beside_and_then_serves(stack: ProtectedStack, pulumi: FakePulumi, types: Types) -> None:
    cluster = stack.aws("rds").describe_db_clusters(DBClusterIdentifier=stack.name)["DBClusters"][0]
    to = cluster["LatestRestorableTime"].strftime("%Y-%m-%dT%H:%M:%SZ")
    assert types("apply", "database", "--to", to, "--dry-run")[0] == 0
    assert pulumi.asked() == []

    # Something else waits to be deployed: the setting stays, and nothing is updated.
    made = step("create", "aws:rds/cluster:Cluster", "r1")
    pulumi.keep(steps=[made, step("update", "aws:autoscaling/group:Group", "g")])
    code, said = types("apply", "database", "--to", to, "--yes")
    assert (code, pulumi.asked()) == (1, ["config", "preview"])
    assert "`pulumi up` would also update g (aws:autoscaling/group:Group): look at `pulumi preview`" in said

    pulumi.keep(steps=[made], asked=[])
    code, said = types("apply", "database", "--to", to, "--yes")
    assert (code, pulumi.asked()) == (0, ["preview", "up"])
    assert f"{stack.name}-r1, {stack.name}-r1-1 available; aurora-postgresql" in said
    assert "r1 stands already" in types("apply", "database", "--to", to, "--yes")[1]

    pulumi.keep(steps=[step("replace", "aws:rds/cluster:Cluster", "first")], asked=[])
    code, said = types("serve", "r1", "--yes")
    assert (code, pulumi.asked()) == (1, ["config", "preview"])
    pulumi.keep(steps=[step("update", "aws:autoscaling/group:Group", "g")])
    code, said = types("serve", "r1", "--yes")
    assert code == 0
    assert f"servers use {stack.name}-r1.cluster-x" in said
    assert "Nothing is left to do." in types("serve", "r1", "--yes")[1]


def test_files_are_restored_into_a_directory_beside_them(stack: ProtectedStack, types: Types) -> None:
    backup = stack.aws("backup")
    given = {"BackupVaultName": stack.name, "ResourceArn": stack.files, "IamRoleArn": stack.role}
    backup.start_backup_job(**given, Lifecycle={"DeleteAfterDays": 7})
    code, said = types("apply", "files", "--before", "2026-01-01T00:00:00Z", "--yes")
    assert code == 1
    assert "has no recovery point in eu-west-1 that is old enough" in said
    assert types("apply", "files", "--yes")[0] == 0
    jobs = [job for job in backup.list_restore_jobs()["RestoreJobs"] if job["SourceResourceArn"] == stack.files]
    assert [job["CreatedResourceArn"] for job in jobs] == [stack.files]
    assert "was restored within a day" in types("apply", "files", "--yes")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["apply", "database"], "apply database: give --to, a time in UTC or the ARN of a snapshot, and no --before"),
        (["apply", "files", "--name", "r1"], "apply files: give --before, a time in UTC, and neither --to nor --name"),
        (["apply", "files", "--before", "now"], "--before is now; write a time in UTC, like 2026-11-29T10:15:00Z"),
    ],
)
def test_wrong_usage_is_one_line(
    tmp_path: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--outputs", str(bare_outputs(tmp_path))]) == 2
    assert capsys.readouterr().err == f"error: {said}\n"
