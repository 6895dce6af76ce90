"""Looks at what a restore test has restored and tells AWS Backup whether it answers for its kind.

Runs on AWS Lambda (Python 3.13, boto3 only), for each `Restore Job State Change` with status COMPLETED of a restore
testing plan. A verdict can't be taken back, so it is given for facts alone: what can't be asked now (throttled, not
ready yet) is raised, and Lambda asks twice more. A verdict FAILED is raised, too, after it was given: that is what the
alarm counts. Once a day it also looks whether each kind has passed a test lately (`lately.py`).

https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-validation.html
"""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError

from .lately import look_back

GONE = ("DBClusterNotFoundFault", "DBInstanceNotFound", "FileSystemNotFound", "NoSuchBucket", "404")
"""Codes that say that what was restored isn't there."""

UNDER_WAY = ("creating", "configuring", "backing-up", "modifying", "updating", "rebooting", "starting", "upgrading")
"""States on the way to available."""


EMPTY_FILE_SYSTEM = 6144
"""Bytes that EFS meters for a file system without files.
https://docs.aws.amazon.com/efs/latest/ug/metered-sizes.html"""


class ValidationFailed(Exception):
    """What was restored doesn't answer; AWS Backup has been told."""


class NotReady(Exception):
    """It can't be told yet; Lambda tries again."""


@dataclass(frozen=True)
class Verdict:
    """Whether it answers, and the facts."""

    successful: bool
    facts: str


def cluster_verdict(cluster: dict[str, Any], instances: list[dict[str, Any]]) -> Verdict:
    """Of an Aurora cluster: available, encrypted, and with all its instances available behind an endpoint.

    A restore test restores the cluster, in which the data is, and may make no instance; then the cluster alone counts.
    """
    states = {cluster["DBClusterIdentifier"]: cluster["Status"]}
    states |= {each["DBInstanceIdentifier"]: each["DBInstanceStatus"] for each in instances}
    silent = [each["DBInstanceIdentifier"] for each in instances if not each.get("Endpoint", {}).get("Address")]
    return _of_states(
        states,
        {
            "the cluster has no endpoint": not cluster.get("Endpoint"),
            "the cluster isn't encrypted": not cluster.get("StorageEncrypted"),
            f"no endpoint: {', '.join(silent)}": bool(silent),
        },
        f"{cluster['Engine']} {cluster['EngineVersion']}, {len(instances)} instances",
    )


def instance_verdict(instance: dict[str, Any]) -> Verdict:
    """Of an RDS instance: available, encrypted, with an endpoint and storage."""
    return _of_states(
        {instance["DBInstanceIdentifier"]: instance["DBInstanceStatus"]},
        {
            "no endpoint": not instance.get("Endpoint", {}).get("Address"),
            "not encrypted": not instance.get("StorageEncrypted"),
            "no storage": not instance.get("AllocatedStorage"),
        },
        f"{instance['Engine']} {instance['EngineVersion']}, {instance.get('AllocatedStorage')} GiB",
    )


def file_system_verdict(found: dict[str, Any], restored: int | None = None) -> Verdict:
    """Of an EFS file system: available, encrypted, and restored from a recovery point that isn't empty.

    Its own size is no fact yet: EFS meters it hours later, and says 0 until then.
    https://docs.aws.amazon.com/efs/latest/ug/API_FileSystemSize.html

    Args:
        restored: bytes that the job restored, the recovery point's size; None where AWS Backup doesn't say.
    """
    empty = restored is not None and restored <= EMPTY_FILE_SYSTEM
    wrong = {"its recovery point is empty": empty, "not encrypted": not found.get("Encrypted")}
    size = "unknown" if restored is None else f"{restored} bytes"
    return _of_states({found["FileSystemId"]: found["LifeCycleState"]}, wrong, f"recovery point: {size}")


def bucket_verdict(bucket: str, objects: list[dict[str, Any]]) -> Verdict:
    """Of an S3 bucket: it has objects, and some of them aren't empty."""
    size = sum(each["Size"] for each in objects)
    wrong = {"it is empty": not objects, "all its objects are empty": bool(objects) and not size}
    return _of_states({bucket: "available"}, wrong, f"{len(objects)} objects seen, {size} bytes")


def _of_states(states: dict[str, str], wrong: dict[str, bool], facts: str) -> Verdict:
    """The verdict of states and of what is wrong. Raises NotReady while any is under way."""
    on_the_way = [f"{name} is {state}" for name, state in states.items() if state in UNDER_WAY]
    if on_the_way:
        raise NotReady("; ".join(on_the_way))
    bad = [f"{name} is {state}" for name, state in states.items() if state != "available"]
    bad += [reason for reason, holds in wrong.items() if holds]
    return Verdict(False, "; ".join(bad)) if bad else Verdict(True, f"{', '.join(states)} available; {facts}")


def look(kind: str, arn: str, clients: Any = boto3.client, restored: int | None = None) -> Verdict:
    """Ask the service about what was restored. Kinds that aren't known are left to who wrote the plan."""
    name = arn.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
    try:
        if kind in ("Aurora", "DocumentDB", "Neptune"):
            return _look_at_cluster(clients("rds"), name)
        if kind == "RDS":
            return instance_verdict(clients("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0])
        if kind == "EFS":
            found = clients("efs").describe_file_systems(FileSystemId=name)["FileSystems"][0]
            return file_system_verdict(found, restored)
        if kind == "S3":
            return bucket_verdict(name, clients("s3").list_objects_v2(Bucket=name, MaxKeys=100).get("Contents", []))
    except ClientError as error:
        if error.response["Error"]["Code"] in GONE:
            return Verdict(False, f"{arn} isn't there")
        raise
    return Verdict(False, f"no check for {kind}; write one, or leave its selection without validation")


def _look_at_cluster(rds: Any, name: str) -> Verdict:
    cluster = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
    names = [member["DBInstanceIdentifier"] for member in cluster.get("DBClusterMembers", [])]
    instances = [rds.describe_db_instances(DBInstanceIdentifier=each)["DBInstances"][0] for each in names]
    return cluster_verdict(cluster, instances)


def handle(event: dict[str, Any], _context: object = None, clients: Any = boto3.client) -> dict[str, Any]:
    """Lambda's entry: look, and tell AWS Backup; with a plan's name, look back at its tests.

    Raises NotReady, ValidationFailed, NotTested, or what the services raise.
    """
    if "planName" in event:
        return look_back(event, clients("backup"))
    detail, backup = event["detail"], clients("backup")
    job = detail["restoreJobId"]
    if detail.get("status") != "COMPLETED" or not detail.get("restoreTestingPlanArn"):
        return {"restoreJobId": job, "skipped": "not a completed restore test"}
    described = backup.describe_restore_job(RestoreJobId=job)
    known = described.get("ValidationStatus")
    if known in ("SUCCESSFUL", "FAILED", "TIMED_OUT"):
        return {"restoreJobId": job, "skipped": f"already {known}"}
    restored = described.get("BackupSizeInBytes")
    verdict = look(detail["resourceType"], detail["createdResourceArn"], clients, restored)
    status = "SUCCESSFUL" if verdict.successful else "FAILED"
    backup.put_restore_validation_result(
        RestoreJobId=job, ValidationStatus=status, ValidationStatusMessage=verdict.facts
    )
    if not verdict.successful:
        raise ValidationFailed(f"{detail['resourceType']} of {job}: {verdict.facts}")
    return {"restoreJobId": job, "validationStatus": status, "facts": verdict.facts}
