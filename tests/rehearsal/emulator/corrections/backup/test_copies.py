"""Copies of recovery points in the emulated account: there at once, as old as what they copy, and guarded by a lock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Client
from tests.rehearsal.emulator.corrections.backup.test_recovery_points import Vault

pytestmark = pytest.mark.xdist_group("emulator-operations")
AWAY = "eu-central-1"


@pytest.fixture
def vault(aws: Client, unique: str) -> Vault:
    return Vault(aws, unique)


@pytest.fixture
def copy(vault: Vault, aws: Client) -> Callable[..., Any]:
    target = aws("backup", AWAY).create_backup_vault(BackupVaultName=vault.name)["BackupVaultArn"]
    vault.back_up()
    [point] = vault.points()

    def start(**changed: Any) -> Any:
        given = {"RecoveryPointArn": point["RecoveryPointArn"], "SourceBackupVaultName": vault.name}
        given |= {"DestinationBackupVaultArn": target, "IamRoleArn": vault.role}
        return vault.api.start_copy_job(**{**given, "Lifecycle": {"DeleteAfterDays": 7}, **changed})

    return start


def test_a_copy_is_in_the_other_vault_and_as_old_as_its_source(vault: Vault, copy: Any, aws: Client) -> None:
    job = vault.api.describe_copy_job(CopyJobId=copy()["CopyJobId"])["CopyJob"]
    assert (job["State"], job["ResourceArn"], job["ResourceType"]) == ("COMPLETED", vault.bucket, "S3")
    [source], away = vault.points(), aws("backup", AWAY)
    [copied] = away.list_recovery_points_by_backup_vault(BackupVaultName=vault.name)["RecoveryPoints"]
    assert copied["RecoveryPointArn"] == job["DestinationRecoveryPointArn"]
    assert copied["CreationDate"] == source["CreationDate"]
    assert copied["SourceBackupVaultArn"] == source["BackupVaultArn"]
    later = {"BackupVaultName": vault.name, "ByCreatedAfter": datetime.now(UTC) + timedelta(hours=1)}
    assert away.list_recovery_points_by_backup_vault(**later)["RecoveryPoints"] == []
    listed = vault.api.list_copy_jobs(BySourceRecoveryPointArn=source["RecoveryPointArn"], ByState="COMPLETED")
    assert [each["CopyJobId"] for each in listed["CopyJobs"]] == [job["CopyJobId"]]
    assert vault.api.list_copy_jobs(ByResourceArn=vault.bucket, ByState="FAILED")["CopyJobs"] == []


def test_a_copy_that_the_other_vaults_lock_refuses_fails_and_leaves_nothing(
    vault: Vault, copy: Any, aws: Client
) -> None:
    away = aws("backup", AWAY)
    away.put_backup_vault_lock_configuration(BackupVaultName=vault.name, MinRetentionDays=30)
    job = vault.api.describe_copy_job(CopyJobId=copy()["CopyJobId"])["CopyJob"]
    assert (job["State"], job["StatusMessage"]) == (
        "FAILED",
        "Retention of 7 days is less than the vault's minimum of 30",
    )
    assert away.list_recovery_points_by_backup_vault(BackupVaultName=vault.name)["RecoveryPoints"] == []


def test_what_is_not_there_is_refused(vault: Vault, copy: Any, refused: Callable[..., str]) -> None:
    absent = f"arn:aws:backup:{AWAY}:123456789012:backup-vault:none"
    assert refused(copy, DestinationBackupVaultArn=absent) == "ResourceNotFoundException"
    assert refused(copy, RecoveryPointArn="arn:none") == "ResourceNotFoundException"
    assert refused(copy, IamRoleArn="arn:aws:iam::123456789012:role/none") == "InvalidParameterValueException"
    assert refused(vault.api.describe_copy_job, CopyJobId="none") == "ResourceNotFoundException"
