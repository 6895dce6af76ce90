"""Leaving a stack whose locked vaults hold recovery points, by the very commands of the README."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rehearsal import vaults
from rehearsal.account import Account
from rehearsal.emulator import process
from rehearsal.home import CHECKOUT
from tests.engine.conftest import Site, stand_up
from tests.engine.test_lifecycle import REGIONS, left_in

pytestmark = [pytest.mark.xdist_group("leaving"), pytest.mark.timeout(900)]
VAULT, KEY, ROLE = "aws:backup/vault:Vault", "aws:kms/key:Key", "aws:iam/role:Role"


@pytest.fixture
def standing(tmp_path: Path) -> Iterator[Site]:
    """The stack `local`, of which each region's vault has a recovery point of the region's database."""
    engine = stand_up(tmp_path)
    try:
        engine.up(capture=True)
        site = Site(engine, Account(engine.emulator))
        for region, vault in engine.outputs()["backup_vaults"].items():
            back_up(site.account, region, vault)
        yield site
    finally:
        process.stop(engine.home.root)


def back_up(account: Account, region: str, vault: str) -> None:
    """Put a recovery point into a vault."""
    [cluster] = account.client("rds", region).describe_db_clusters()["DBClusters"]
    iam = account.client("iam", region)
    role = iam.create_role(RoleName=f"backup-{region}", AssumeRolePolicyDocument="{}")
    backup = account.client("backup", region)
    job = backup.start_backup_job(
        BackupVaultName=vault,
        ResourceArn=cluster["DBClusterArn"],
        IamRoleArn=role["Role"]["Arn"],
        Lifecycle={"DeleteAfterDays": 35},
    )
    assert backup.describe_backup_job(BackupJobId=job["BackupJobId"])["State"] == "COMPLETED"
    iam.delete_role(RoleName=f"backup-{region}")


def the_readmes_commands() -> str:
    """The first block of commands under `How to leave`."""
    [leaving] = re.findall(r"### How to leave\n(.*?)\n## ", (CHECKOUT / "README.md").read_text(), re.S)
    commands: str = re.findall(r"```sh\n(.*?)```", leaving, re.S)[0]
    return commands


def typed(site: Site, commands: str) -> subprocess.CompletedProcess[str]:
    """What a shell in the project answers, where each question of `pulumi` is answered with yes."""
    environment = {**site.engine.environment(), "PULUMI_SKIP_CONFIRMATIONS": "true"}
    return subprocess.run(
        ["sh", "-c", commands],
        cwd=site.engine.project,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def kinds(resources: list[dict[str, Any]]) -> Counter[str]:
    """How many resources of each type of AWS's a state has."""
    return Counter(each["type"] for each in resources if each["type"].startswith("aws:"))


def left(account: Account) -> set[str]:
    """What stands in both regions, of what isn't AWS's own."""
    return {kind for region in REGIONS for kind, found in left_in(account, region).items() if found}


def test_a_stack_with_locked_backups_is_left_by_the_readmes_commands(standing: Site) -> None:
    commands, account = the_readmes_commands(), standing.account
    ended = typed(standing, commands)
    assert ended.returncode != 0
    refused = re.findall(r"DeleteBackupVault.*", ended.stdout + ended.stderr)
    assert len({*refused}) >= len(REGIONS), ended.stdout[-3000:]

    stays = standing.engine.resources()
    names = [each["urn"].rpartition("::")[2] for each in stays]
    assert kinds(stays) == {VAULT: 2, KEY: 2, ROLE: 2}, names  # a key's policy names the roles of jobs
    assert left(account) == {"vaults", "roles"}
    for region in REGIONS:
        readable(account, region)

    # What cannot be had in a test: the last recovery point has expired.
    vaults.empty(account, stays)
    last = commands.strip().splitlines()[-1]
    ended = typed(standing, last)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    assert standing.engine.resources() == []
    assert left(account) == set()
    for region in REGIONS:
        readable(account, region)


def readable(account: Account, region: str) -> None:
    """Final snapshots and recovery points are there, and the keys that they are encrypted with are kept."""
    kms = account.client("kms", region)
    snapshots = account.client("rds", region).describe_db_cluster_snapshots()["DBClusterSnapshots"]
    assert snapshots
    for snapshot in snapshots:
        assert kms.describe_key(KeyId=snapshot["KmsKeyId"])["KeyMetadata"]["KeyState"] == "Enabled"
    backup = account.client("backup", region)
    for vault in backup.list_backup_vaults()["BackupVaultList"]:
        assert kms.describe_key(KeyId=vault["EncryptionKeyArn"])["KeyMetadata"]["KeyState"] == "Enabled"
        points = backup.list_recovery_points_by_backup_vault(BackupVaultName=vault["BackupVaultName"])
        for point in points["RecoveryPoints"]:
            assert kms.describe_key(KeyId=point["EncryptionKeyArn"])["KeyMetadata"]["KeyState"] == "Enabled"
