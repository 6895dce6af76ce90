"""Restore tests in the emulated account: measured, in the journal, and nothing is left of them."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from ha_web.backup.validation.handler import Verdict

from ops.core.errors import OpsError
from ops.core.operate import Operator, operator
from ops.core.terminal import Terminal
from ops.restore.calls import policy_of_test
from ops.restore.command import main, on_trial, parser
from ops.restore.measured import read
from ops.restore.names import BEGINS, name_of
from tests.ops.backup.protected import AWAY, HOME, ProtectedStack


@pytest.fixture
def printed() -> StringIO:
    return StringIO()


@pytest.fixture
def me(stack: ProtectedStack, tmp_path: Path, printed: StringIO, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Somebody who may do what the command's policy says, and no more."""
    for name, value in stack.role_with(policy_of_test()).items():
        monkeypatch.setenv(name, value)
    made = operator(parser().parse_args(["test", "--yes", "--outputs", str(stack.outputs(tmp_path))]))
    for arn in (stack.database, stack.files):
        given = {"BackupVaultName": stack.name, "ResourceArn": arn, "IamRoleArn": stack.role}
        stack.aws("backup").start_backup_job(**given, Lifecycle={"DeleteAfterDays": 7})
    made.terminal = Terminal(printed)
    return made


def left(stack: ProtectedStack) -> list[str]:
    """What restore tests of the stack have left."""
    names = [each["DBClusterIdentifier"] for each in stack.aws("rds").describe_db_clusters()["DBClusters"]]
    names += [each["DBInstanceIdentifier"] for each in stack.aws("rds").describe_db_instances()["DBInstances"]]
    names += [each["CreationToken"] for each in stack.aws("efs").describe_file_systems()["FileSystems"]]
    ours = (name_of(stack.name, stack.database), name_of(stack.name, stack.files))
    return [name for name in names if name.startswith(ours)]


def test_a_restore_is_measured_and_in_the_journal_and_gone(
    stack: ProtectedStack, me: Operator, printed: StringIO
) -> None:
    assert on_trial(me) == 0
    said = printed.getvalue()
    name = name_of(stack.name, stack.database)
    assert f"{name}, {name}-1 available; aurora-postgresql" in said
    assert left(stack) == []
    bucket = stack.aws("s3", AWAY)
    [key] = [each["Key"] for each in bucket.list_objects_v2(Bucket=stack.records[AWAY])["Contents"]]
    entry = json.loads(bucket.get_object(Bucket=stack.records[AWAY], Key=key)["Body"].read())
    checks = [step for step in entry["steps"] if step["kind"] == "check"]
    assert [step["text"].split()[1] for step in checks] == ["EFS", "Aurora"]
    assert all(read(step["outcome"]) is not None for step in checks)
    with pytest.raises(ClientError, match="AccessDenied"):
        me.account.client("rds", HOME).delete_db_cluster(DBClusterIdentifier=stack.name, SkipFinalSnapshot=True)


@pytest.mark.parametrize("how", ["unusable", "interrupted"])
def test_nothing_is_left_of_one_that_does_not_end_well(
    stack: ProtectedStack, me: Operator, printed: StringIO, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(*_: Any) -> Verdict:
        if how == "interrupted":
            assert len(left(stack)) == 3  # cluster, instance, file system
            raise KeyboardInterrupt
        return Verdict(False, "it is empty")

    me.options.resources = ["database", "files"]
    monkeypatch.setattr("ops.restore.testing.look", look)
    assert on_trial(me) == (130 if how == "interrupted" else 1)
    said = printed.getvalue()
    assert ("failed: it is not usable: it is empty" in said) is (how == "unusable")
    assert f"removing {name_of(stack.name, stack.files)}" in said
    assert left(stack) == []


def test_what_a_killed_one_has_left_is_removed_and_nothing_else(stack: ProtectedStack, me: Operator) -> None:
    mine, theirs = name_of(stack.name, stack.files), name_of(f"{stack.name}-other", stack.files)
    for token in (mine, theirs):
        stack.aws("efs").create_file_system(CreationToken=token)
    me.options.remove = True
    assert on_trial(me) == 0
    assert left(stack) == []
    tokens = {each["CreationToken"] for each in stack.aws("efs").describe_file_systems()["FileSystems"]}
    assert {theirs, stack.name} <= tokens
    me.options.dry_run = True
    assert on_trial(me) == 0


def test_the_policy_deletes_only_what_tests_make(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "--policy"]) == 0
    statements = json.loads(capsys.readouterr().out)["Statement"]
    [own] = [each for each in statements if "rds:DeleteDBCluster" in each["Action"]]
    deletable = [each for each in own["Resource"] if ":cluster:" in each or ":db:" in each]
    assert all(each.rpartition(":")[2] == f"{BEGINS}*" for each in deletable)
    [files] = [each for each in statements if "elasticfilesystem:DeleteFileSystem" in each["Action"]]
    assert files["Condition"] == {"StringNotEquals": {"aws:ResourceTag/ha-web:backup": "true"}}


def test_another_region_is_refused_before_anything_is_asked(me: Operator) -> None:
    me.options.region = "mars"
    with pytest.raises(OpsError, match=f"--region is mars; the stack has vaults in {HOME}, {AWAY}"):
        on_trial(me)
