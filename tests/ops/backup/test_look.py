"""What is read of a region's backups, from what AWS answers."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from ops.backup.carrying import role_of
from ops.backup.facts import FOLLOWS, Vault
from ops.backup.look import Place, read_failed, read_points, read_protected, read_vault
from ops.core.account import Account
from ops.core.errors import OpsError
from tests.ops.backup.test_verdict import DATABASE, FILES, HOME
from tests.ops.status.readings.answers import Answering

NOW = datetime.now(UTC)
VAULT = Vault(HOME, "vault", "arn:aws:backup:eu-west-1:123456789012:backup-vault:vault", 0, "governance")


class Paged(Answering):
    """A client whose only paginator has one page."""

    def get_paginator(self, operation: str) -> Any:
        call = getattr(self, operation)

        class Pages:
            def paginate(self, **given: Any) -> list[Any]:
                return [call(**given)]

        return Pages()


class Region:
    """An account of one region that answers each operation with what it was given."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers

    def client(self, service: str, _region: str) -> Any:
        return Paged(service, self._answers)


def place(**answers: Any) -> Place:
    return Place(cast(Account, Region(**answers)), HOME, "vault")


def tagged(*arns: str) -> dict[str, Any]:
    tags = {"list_tags": {"Tags": {"ha-web:stack": "prod"}}}
    return {**tags, "get_resources": {"ResourceTagMappingList": [{"ResourceARN": arn} for arn in arns]}}


@pytest.mark.parametrize(
    ("members", "note"),
    [([True, False], ""), ([False, False], FOLLOWS), ([], "")],
    ids=["writer", "replica", "without instances"],
)
def test_a_cluster_without_a_writer_follows_another(members: list[bool], note: str) -> None:
    told = {"DBClusterMembers": [{"IsClusterWriter": each} for each in members], "LatestRestorableTime": NOW}
    [found] = read_protected(place(**tagged(DATABASE), describe_db_clusters={"DBClusters": [told]}), VAULT)
    assert (found.kind, found.note) == ("Aurora", note)
    assert found.restorable == (None if note else NOW.timestamp())


@pytest.mark.parametrize(("protection", "note"), [("ENABLED", ""), ("REPLICATING", FOLLOWS)])
def test_a_file_system_that_is_written_by_efs_follows_another(protection: str, note: str) -> None:
    told = {"FileSystemProtection": {"ReplicationOverwriteProtection": protection}}
    required = {"OwnerId": "1", "CreationToken": "t", "FileSystemId": "fs-1", "CreationTime": NOW, "Tags": []}
    size = {"LifeCycleState": "available", "NumberOfMountTargets": 0, "SizeInBytes": {"Value": 0}}
    answer = {"FileSystems": [{**required, **size, "PerformanceMode": "generalPurpose", **told}]}
    [found] = read_protected(place(**tagged(FILES), describe_file_systems=answer), VAULT)
    assert (found.kind, found.note) == ("EFS", note)


def test_copies_with_the_tag_are_no_resources() -> None:
    snapshot = "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:awsbackup:job-1"
    assert [*read_protected(place(**tagged(snapshot)), VAULT)] == []


@pytest.mark.parametrize(
    ("told", "lock"),
    [({}, "none"), ({"Locked": True}, "governance"), ({"Locked": True, "LockDate": NOW}, "compliance")],
)
def test_a_lock_with_a_date_is_one_of_compliance(told: dict[str, Any], lock: str) -> None:
    assert read_vault(place(describe_backup_vault={"BackupVaultArn": VAULT.arn, **told})).lock == lock


def test_points_that_can_not_be_restored_are_none_and_continuous_ones_are_marked() -> None:
    def point(arn: str, **more: Any) -> dict[str, Any]:
        return {"RecoveryPointArn": arn, "ResourceArn": DATABASE, "CreationDate": NOW, "Status": "COMPLETED", **more}

    arns = ("arn:aws:backup:eu-west-1:1:recovery-point:continuous:cluster-1", "arn:one")
    told = [*map(point, arns), point("arn:two", Status="PARTIAL")]
    found = [*read_points(place(list_recovery_points_by_backup_vault={"RecoveryPoints": told}))]
    assert [(each.arn, each.continuous) for each in found] == [(arns[0], True), (arns[1], False)]


def test_only_the_stacks_own_failed_jobs_are_told() -> None:
    mine, others = DATABASE, FILES.replace("fs-1", "fs-9")
    at = {"CreationDate": NOW - timedelta(hours=1)}
    answers = {
        "list_backup_jobs": {"BackupJobs": [{"ResourceArn": others, "BackupVaultName": "other", **at}]},
        "list_copy_jobs": {"CopyJobs": [{"ResourceArn": mine, "StatusMessage": "no key", **at}]},
        "list_restore_jobs": {"RestoreJobs": [{"SourceResourceArn": others, "IamRoleArn": "role", **at}]},
    }
    [protected] = read_protected(
        place(**tagged(DATABASE), describe_db_clusters={"DBClusters": [{"DBClusterMembers": []}]}), VAULT
    )
    found = [*read_failed(place(**answers), (protected,), "role")]
    assert {(job.what, job.resource) for job in found} == {("copy", "site-db"), ("restore", "fs-9")}


def test_what_no_plan_backs_up_has_no_role() -> None:
    plan = {"BackupPlanName": "theirs", "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "other"}]}
    listed = {
        "list_backup_plans": {"BackupPlansList": [{"BackupPlanId": "1"}]},
        "get_backup_plan": {"BackupPlan": plan},
    }
    with pytest.raises(OpsError, match="no backup plan writes into vault, so no role may back site-db up"):
        role_of(place(**listed), "site-db")
