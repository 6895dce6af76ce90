"""The function that validates restored resources."""

from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from ha_web.backup.validation import handler
from ha_web.backup.validation.handler import NotReady, ValidationFailed

PLAN = "arn:aws:backup:eu-west-1:123456789012:restore-testing-plan:weekly-1"
CLUSTER = {
    "DBClusterIdentifier": "awsbackup-restore-test-1",
    "Status": "available",
    "Engine": "aurora-postgresql",
    "EngineVersion": "17.5",
    "Endpoint": "awsbackup-restore-test-1.cluster-x.eu-west-1.rds.amazonaws.com",
    "StorageEncrypted": True,
    "DBClusterMembers": [{"DBInstanceIdentifier": "one"}],
}
INSTANCE = {
    "DBInstanceIdentifier": "one",
    "DBInstanceStatus": "available",
    "Engine": "aurora-postgresql",
    "EngineVersion": "17.5",
    "Endpoint": {"Address": "one.x.eu-west-1.rds.amazonaws.com"},
    "StorageEncrypted": True,
    "AllocatedStorage": 20,
}
FILES = {
    "FileSystemId": "fs-1",
    "LifeCycleState": "available",
    "SizeInBytes": {"Value": 0},  # not metered yet
    "Encrypted": True,
}
ARNS = {
    "Aurora": "arn:aws:rds:eu-west-1:123456789012:cluster:awsbackup-restore-test-1",
    "EFS": "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1",
    "RDS": "arn:aws:rds:eu-west-1:123456789012:db:one",
    "S3": "arn:aws:s3:::awsbackup-restore-test-1",
    "EBS": "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1",
}


class Aws:
    """An account with one restored thing of each kind, and what AWS Backup was told."""

    def __init__(self, **changed: Any) -> None:
        self.cluster: dict[str, Any] = {**CLUSTER, **changed.get("cluster", {})}
        self.instance: dict[str, Any] = {**INSTANCE, **changed.get("instance", {})}
        self.files: dict[str, Any] = {**FILES, **changed.get("files", {})}
        self.objects: list[dict[str, Any]] = changed.get("objects", [{"Key": "a", "Size": 3}])
        self.restored: int | None = changed.get("restored", 7000)
        self.validated: str | None = changed.get("validated")
        self.error: str | None = changed.get("error")
        self.told: list[dict[str, Any]] = []
        self.asked: dict[str, Any] = {}

    def __call__(self, _service: str) -> "Aws":
        return self

    def _answer(self, answer: dict[str, Any], **asked: Any) -> dict[str, Any]:
        self.asked |= asked
        if self.error:
            raise ClientError({"Error": {"Code": self.error, "Message": ""}}, "Describe")
        return answer

    def describe_db_clusters(self, **asked: Any) -> dict[str, Any]:
        return self._answer({"DBClusters": [self.cluster]}, **asked)

    def describe_db_instances(self, **asked: Any) -> dict[str, Any]:
        return self._answer({"DBInstances": [self.instance]}, **asked)

    def describe_file_systems(self, **asked: Any) -> dict[str, Any]:
        return self._answer({"FileSystems": [self.files]}, **asked)

    def list_objects_v2(self, **asked: Any) -> dict[str, Any]:
        return self._answer({"Contents": self.objects} if self.objects else {}, **asked)

    def describe_restore_job(self, **_: Any) -> dict[str, Any]:
        job: dict[str, Any] = {"ValidationStatus": self.validated} if self.validated else {}
        return job if self.restored is None else {**job, "BackupSizeInBytes": self.restored}

    def put_restore_validation_result(self, **told: Any) -> None:
        self.told.append(told)


def event(kind: str, **changed: Any) -> dict[str, Any]:
    detail = {
        "restoreJobId": "job-1",
        "status": "COMPLETED",
        "resourceType": kind,
        "createdResourceArn": ARNS[kind],
        "restoreTestingPlanArn": PLAN,
    }
    return {"source": "aws.backup", "detail-type": "Restore Job State Change", "detail": {**detail, **changed}}


@pytest.mark.parametrize(
    ("kind", "asked", "facts"),
    [
        (
            "Aurora",
            {"DBClusterIdentifier": "awsbackup-restore-test-1", "DBInstanceIdentifier": "one"},
            "awsbackup-restore-test-1, one available; aurora-postgresql 17.5, 1 instances",
        ),
        ("RDS", {"DBInstanceIdentifier": "one"}, "one available; aurora-postgresql 17.5, 20 GiB"),
        ("EFS", {"FileSystemId": "fs-1"}, "fs-1 available; recovery point: 7000 bytes"),
        (
            "S3",
            {"Bucket": "awsbackup-restore-test-1", "MaxKeys": 100},
            "awsbackup-restore-test-1 available; 1 objects seen, 3 bytes",
        ),
    ],
)
def test_what_answers_is_reported_as_successful(kind: str, asked: dict[str, Any], facts: str) -> None:
    aws = Aws()
    assert handler.handle(event(kind), None, aws)["validationStatus"] == "SUCCESSFUL"
    assert aws.told == [{"RestoreJobId": "job-1", "ValidationStatus": "SUCCESSFUL", "ValidationStatusMessage": facts}]
    assert aws.asked == asked


def test_a_file_system_that_is_not_metered_yet_is_no_failure() -> None:
    for restored in (7000, None):
        aws = Aws(restored=restored)
        assert handler.handle(event("EFS"), None, aws)["validationStatus"] == "SUCCESSFUL"


def test_a_cluster_restored_without_instances_counts_by_itself() -> None:
    aws = Aws(cluster={"DBClusterMembers": []})
    assert handler.handle(event("Aurora"), None, aws)["validationStatus"] == "SUCCESSFUL"


@pytest.mark.parametrize(
    ("kind", "changed", "reason"),
    [
        ("Aurora", {"cluster": {"Status": "failed"}}, "awsbackup-restore-test-1 is failed"),
        ("Aurora", {"cluster": {"Endpoint": None}}, "the cluster has no endpoint"),
        ("Aurora", {"cluster": {"StorageEncrypted": False}}, "the cluster isn't encrypted"),
        ("Aurora", {"instance": {"DBInstanceStatus": "storage-full"}}, "one is storage-full"),
        ("Aurora", {"instance": {"Endpoint": {}}}, "no endpoint: one"),
        ("RDS", {"instance": {"AllocatedStorage": 0}}, "no storage"),
        ("EFS", {"restored": 6144, "files": {"SizeInBytes": {"Value": 6144}}}, "its recovery point is empty"),
        ("EFS", {"files": {"LifeCycleState": "error"}}, "fs-1 is error"),
        ("EFS", {"files": {"Encrypted": False}}, "not encrypted"),
        ("S3", {"objects": []}, "it is empty"),
        ("S3", {"objects": [{"Key": "a", "Size": 0}]}, "all its objects are empty"),
        ("S3", {"error": "NoSuchBucket"}, "arn:aws:s3:::awsbackup-restore-test-1 isn't there"),
        ("Aurora", {"error": "DBClusterNotFoundFault"}, f"{ARNS['Aurora']} isn't there"),
        ("EBS", {}, "no check for EBS; write one, or leave its selection without validation"),
    ],
)
def test_what_does_not_answer_is_reported_as_failed_and_is_an_error_of_the_function(
    kind: str, changed: dict[str, Any], reason: str
) -> None:
    aws = Aws(**changed)
    with pytest.raises(ValidationFailed) as failed:
        handler.handle(event(kind), None, aws)
    assert str(failed.value) == f"{kind} of job-1: {reason}"
    assert aws.told == [{"RestoreJobId": "job-1", "ValidationStatus": "FAILED", "ValidationStatusMessage": reason}]


@pytest.mark.parametrize(
    ("changed", "raised"),
    [
        ({"cluster": {"Status": "creating"}}, NotReady),
        ({"instance": {"DBInstanceStatus": "configuring"}}, NotReady),
        ({"error": "Throttling"}, ClientError),
        ({"error": "AccessDenied"}, ClientError),
    ],
)
def test_a_verdict_that_could_not_be_taken_back_is_not_given_in_doubt(
    changed: dict[str, Any], raised: type[Exception]
) -> None:
    aws = Aws(**changed)
    with pytest.raises(raised):
        handler.handle(event("Aurora"), None, aws)
    assert aws.told == []


@pytest.mark.parametrize("status", ["SUCCESSFUL", "FAILED", "TIMED_OUT"])
def test_a_verdict_is_given_once(status: str) -> None:
    aws = Aws(validated=status)
    assert handler.handle(event("Aurora"), None, aws) == {"restoreJobId": "job-1", "skipped": f"already {status}"}
    assert (aws.told, aws.asked) == ([], {})


@pytest.mark.parametrize("changed", [{"status": "RUNNING"}, {"restoreTestingPlanArn": ""}])
def test_a_restore_that_is_no_completed_test_is_left_alone(changed: dict[str, str]) -> None:
    aws = Aws()
    assert "skipped" in handler.handle(event("S3", **changed), None, aws)
    assert aws.told == []


def test_the_calls_fit_the_services_models() -> None:
    """botocore checks names and types of what the function sends; a stub account would take anything."""
    import boto3
    from botocore.stub import Stubber

    clients = {
        name: boto3.client(
            name, region_name="eu-west-1", aws_access_key_id="rehearsal", aws_secret_access_key="rehearsal"
        )
        for name in ("backup", "efs")
    }
    backup, efs = (Stubber(clients[name]) for name in ("backup", "efs"))
    backup.add_response("describe_restore_job", {"ValidationStatus": "VALIDATING"}, {"RestoreJobId": "job-1"})
    told = {"RestoreJobId": "job-1", "ValidationStatus": "SUCCESSFUL"}
    told["ValidationStatusMessage"] = "fs-1 available; recovery point: unknown"
    backup.add_response("put_restore_validation_result", {}, told)
    full = {**FILES, "OwnerId": "1", "CreationToken": "t", "CreationTime": 0, "NumberOfMountTargets": 0}
    full |= {"PerformanceMode": "generalPurpose", "Tags": []}
    efs.add_response("describe_file_systems", cast(Any, {"FileSystems": [full]}), {"FileSystemId": "fs-1"})
    with backup, efs:
        handler.handle(event("EFS"), None, clients.__getitem__)
    backup.assert_no_pending_responses()
