"""Recovery points in the emulated account: made of what exists, guarded as at AWS, emptied by the rehearsal alone."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal import vaults
from rehearsal.account import Account
from rehearsal.emulator.process import Emulator

pytestmark = pytest.mark.xdist_group("emulator-operations")
DENY = {"Effect": "Deny", "Principal": "*", "Action": ["backup:DeleteRecoveryPoint", "backup:DeleteBackupVault"]}


class Vault:
    """A vault, a role and a bucket."""

    def __init__(self, aws: Callable[..., Any], name: str) -> None:
        self.api, self.name = aws("backup"), name
        self.api.create_backup_vault(BackupVaultName=name)
        trust = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        self.role = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        place = {"LocationConstraint": "eu-west-1"}
        aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
        self.bucket = f"arn:aws:s3:::{name}"

    def back_up(self, arn: str = "", days: int = 7, **changed: Any) -> Any:
        given = {"BackupVaultName": self.name, "ResourceArn": arn or self.bucket, "IamRoleArn": self.role}
        return self.api.start_backup_job(**{**given, "Lifecycle": {"DeleteAfterDays": days}, **changed})

    def points(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.list_recovery_points_by_backup_vault(BackupVaultName=self.name)[
            "RecoveryPoints"
        ]
        return found

    def count(self) -> int:
        return int(self.api.describe_backup_vault(BackupVaultName=self.name)["NumberOfRecoveryPoints"])

    def deny(self) -> None:
        policy = json.dumps({"Version": "2012-10-17", "Statement": [DENY]})
        self.api.put_backup_vault_access_policy(BackupVaultName=self.name, Policy=policy)


@pytest.fixture
def vault(aws: Callable[..., Any], unique: str) -> Vault:
    return Vault(aws, unique)


def test_a_job_makes_a_recovery_point_that_says_that_no_data_was_copied(vault: Vault) -> None:
    job = vault.api.describe_backup_job(BackupJobId=vault.back_up()["BackupJobId"])
    assert (job["State"], job["ResourceType"], job["BackupSizeInBytes"]) == ("COMPLETED", "S3", 0)
    [point] = vault.points()
    assert point["RecoveryPointArn"] == job["RecoveryPointArn"]
    assert point["StatusMessage"] == "Rehearsed: no data was copied."
    assert (point["CalculatedLifecycle"]["DeleteAt"] - point["CreationDate"]).days == 7
    described = vault.api.describe_recovery_point(
        BackupVaultName=vault.name, RecoveryPointArn=point["RecoveryPointArn"]
    )
    assert described["ResourceArn"] == vault.bucket
    assert vault.count() == 1
    listed = vault.api.list_backup_jobs(ByBackupVaultName=vault.name, ByState="COMPLETED")["BackupJobs"]
    assert [each["BackupJobId"] for each in listed] == [job["BackupJobId"]]
    assert vault.api.list_backup_jobs(ByBackupVaultName=vault.name, ByState="FAILED")["BackupJobs"] == []


def test_only_what_exists_is_backed_up(vault: Vault, refused: Callable[..., str]) -> None:
    assert refused(vault.back_up, arn=f"{vault.bucket}x") == "ResourceNotFoundException"
    absent = "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-12345678"
    assert refused(vault.back_up, arn=absent) == "ResourceNotFoundException"
    role = "arn:aws:iam::123456789012:role/none"
    assert refused(vault.back_up, IamRoleArn=role) == "InvalidParameterValueException"
    assert refused(vault.back_up, arn="arn:aws:ec2:eu-west-1:1:vpc/vpc-1") == "InvalidParameterValueException"
    assert refused(vault.back_up, BackupVaultName="none") == "ResourceNotFoundException"
    assert vault.points() == []


def test_databases_and_file_systems_have_their_types(aws: Callable[..., Any], vault: Vault) -> None:
    files = aws("efs").create_file_system(CreationToken=vault.name)["FileSystemArn"]
    made = {"Engine": "aurora-postgresql", "MasterUsername": "u", "MasterUserPassword": "password"}
    cluster = aws("rds").create_db_cluster(DBClusterIdentifier=vault.name, **made)["DBCluster"]["DBClusterArn"]
    vault.back_up(files)
    vault.back_up(cluster)
    assert {point["ResourceType"] for point in vault.points()} == {"EFS", "Aurora"}


def test_a_job_whose_retention_the_lock_refuses_fails_and_leaves_nothing(vault: Vault) -> None:
    vault.api.put_backup_vault_lock_configuration(BackupVaultName=vault.name, MinRetentionDays=7, MaxRetentionDays=35)
    for days in (6, 36):
        job = vault.api.describe_backup_job(BackupJobId=vault.back_up(days=days)["BackupJobId"])
        assert job["State"] == "FAILED"
        assert str(days) in job["StatusMessage"]
    assert vault.points() == []


def test_a_vault_with_recovery_points_is_not_deleted(vault: Vault, refused: Callable[..., str]) -> None:
    point = vault.back_up()["RecoveryPointArn"]
    gone = {"BackupVaultName": vault.name}
    assert refused(vault.api.delete_backup_vault, **gone) == "InvalidRequestException"
    vault.api.delete_recovery_point(**gone, RecoveryPointArn=point)
    assert refused(vault.api.delete_recovery_point, **gone, RecoveryPointArn=point) == "ResourceNotFoundException"
    assert refused(vault.api.delete_backup_vault, **gone) == ""


def test_policy_and_lock_keep_recovery_points(vault: Vault, refused: Callable[..., str]) -> None:
    point = {"BackupVaultName": vault.name, "RecoveryPointArn": vault.back_up()["RecoveryPointArn"]}
    vault.api.put_backup_vault_lock_configuration(BackupVaultName=vault.name, MinRetentionDays=7)
    assert refused(vault.api.delete_recovery_point, **point) == "InvalidRequestException"
    vault.deny()
    assert refused(vault.api.delete_recovery_point, **point) == "AccessDeniedException"
    assert refused(vault.api.delete_backup_vault, BackupVaultName=vault.name) == "AccessDeniedException"
    assert vault.count() == 1


def test_the_rehearsal_empties_the_stacks_vaults_and_no_other(
    aws: Callable[..., Any], emulator: Emulator, unique: str, refused: Callable[..., str]
) -> None:
    mine, other = Vault(aws, unique), Vault(aws, f"{unique}-other")
    for vault in (mine, other):
        vault.back_up()
        vault.api.put_backup_vault_lock_configuration(BackupVaultName=vault.name, MinRetentionDays=7)
        vault.deny()
    outputs = {"region": "eu-west-1", "name": mine.name}
    absent = {"region": "eu-west-1", "name": f"{unique}-absent"}
    resources = [{"type": vaults.VAULT, "outputs": each} for each in (outputs, absent)]
    resources.append({"type": "aws:s3/bucket:Bucket", "outputs": {}})
    assert vaults.empty(Account(emulator), resources) == 1
    assert (mine.count(), other.count()) == (0, 1)
    assert refused(mine.api.delete_backup_vault, BackupVaultName=mine.name) == ""
