"""Restores in the emulated account: what is made exists beside what was backed up, and a job that can't fails."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Client, Network
from tests.rehearsal.emulator.corrections.backup.test_recovery_points import Vault

pytestmark = pytest.mark.xdist_group("emulator-operations")


@pytest.fixture
def vault(aws: Client, unique: str) -> Vault:
    return Vault(aws, unique)


def restore(vault: Vault, **metadata: str) -> Any:
    """The job that restores the vault's only recovery point."""
    [point] = vault.points()
    named = {"BackupVaultName": vault.name, "RecoveryPointArn": point["RecoveryPointArn"]}
    known = vault.api.get_recovery_point_restore_metadata(**named)["RestoreMetadata"]
    given = {"RecoveryPointArn": point["RecoveryPointArn"], "IamRoleArn": vault.role}
    started = vault.api.start_restore_job(**given, Metadata={**known, **metadata})["RestoreJobId"]
    assert vault.api.get_restore_job_metadata(RestoreJobId=started)["Metadata"] == {**known, **metadata}
    return vault.api.describe_restore_job(RestoreJobId=started)


def backed_up_cluster(vault: Vault, aws: Client, network: Network) -> Any:
    rds = aws("rds")
    rds.create_db_subnet_group(DBSubnetGroupName=vault.name, DBSubnetGroupDescription="test", SubnetIds=network.subnets)
    made = {"Engine": "aurora-postgresql", "MasterUsername": "u", "MasterUserPassword": "password"}
    placed = {"DBSubnetGroupName": vault.name, "StorageEncrypted": True}
    cluster = rds.create_db_cluster(DBClusterIdentifier=vault.name, **made, **placed)["DBCluster"]
    vault.back_up(cluster["DBClusterArn"])
    return cluster


def test_a_cluster_is_restored_without_instances_beside_its_source(vault: Vault, aws: Client, network: Network) -> None:
    cluster = backed_up_cluster(vault, aws, network)
    job = restore(vault, DBClusterIdentifier=f"{vault.name}-r")
    assert (job["Status"], job["ResourceType"]) == ("COMPLETED", "Aurora")
    assert job["SourceResourceArn"] == cluster["DBClusterArn"]
    [found] = aws("rds").describe_db_clusters(DBClusterIdentifier=f"{vault.name}-r")["DBClusters"]
    assert found["DBClusterArn"] == job["CreatedResourceArn"]
    assert (found["MasterUsername"], found["StorageEncrypted"], found["DBClusterMembers"]) == ("u", True, [])
    listed = vault.api.list_restore_jobs(ByStatus="COMPLETED")["RestoreJobs"]
    assert job["RestoreJobId"] in {each["RestoreJobId"] for each in listed}


def test_a_job_that_cannot_make_it_fails_after_it_was_started(vault: Vault, aws: Client, network: Network) -> None:
    backed_up_cluster(vault, aws, network)
    job = restore(vault)  # its name is taken
    assert job["Status"] == "FAILED"
    assert "already exists" in job["StatusMessage"]
    assert "CreatedResourceArn" not in job


def test_files_are_restored_into_a_new_file_system_or_into_their_own(vault: Vault, aws: Client) -> None:
    made = aws("efs").create_file_system(CreationToken=vault.name, Encrypted=True)
    vault.back_up(made["FileSystemArn"])
    fresh = restore(vault, newFileSystem="true", CreationToken=f"{vault.name}-r")["CreatedResourceArn"]
    [found] = aws("efs").describe_file_systems(CreationToken=f"{vault.name}-r")["FileSystems"]
    assert found["FileSystemArn"] == fresh != made["FileSystemArn"]
    assert found["Encrypted"]
    assert restore(vault, newFileSystem="false")["CreatedResourceArn"] == made["FileSystemArn"]


def test_what_is_not_there_is_refused(vault: Vault, refused: Callable[..., str]) -> None:
    start = vault.api.start_restore_job
    assert refused(start, RecoveryPointArn="arn:none", Metadata={}) == "ResourceNotFoundException"
    vault.back_up()
    [point] = vault.points()
    given = {"RecoveryPointArn": point["RecoveryPointArn"], "IamRoleArn": vault.role}
    assert refused(start, **given, Metadata={}) == "InvalidParameterValueException"  # of buckets nothing is rehearsed
    assert refused(vault.api.describe_restore_job, RestoreJobId="none") == "ResourceNotFoundException"
