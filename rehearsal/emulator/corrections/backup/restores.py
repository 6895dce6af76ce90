"""AWS Backup's restores of Aurora and EFS: what is made exists, is like its resource was, and is as empty as it.

https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-aur.html: the cluster is restored, without instances.
"""

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from rehearsal.emulator import ACCOUNT, corrections, emulators
from rehearsal.emulator.corrections import corrects, implements
from rehearsal.emulator.corrections.backup.plans import API, invalid, missing, vault_of
from rehearsal.emulator.corrections.backup.recovery_points import (
    AS_IT_WAS,
    POINTS,
    REHEARSED,
    point_of,
    role_is_missing,
    those_wanted,
)
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call, Response

RESTORES: dict[tuple[str, str], dict[str, Any]] = {}
"""By region and id."""

METADATA = "_metadata"
"""Of a job: what it was given."""

UNSAID = "as-it-was-in-the-backup"
"""The password, which nobody can read."""


@on_reset
def forget() -> None:
    """Forget the jobs."""
    RESTORES.clear()


@implements("backup", "GetRecoveryPointRestoreMetadata", see=f"{API}GetRecoveryPointRestoreMetadata.html")
def metadata(call: Call) -> dict[str, Any]:
    """What a restore needs to know, as the resource was."""
    point = point_of(call)
    known = KNOWN.get(point["ResourceType"])
    return {
        "BackupVaultArn": vault_of(call)["BackupVaultArn"],
        "RecoveryPointArn": point["RecoveryPointArn"],
        "RestoreMetadata": known(point[AS_IT_WAS]) if known else {},
        "ResourceType": point["ResourceType"],
    }


def _of_cluster(was: Mapping[str, Any]) -> dict[str, str]:
    groups = [each["VpcSecurityGroupId"] for each in was.get("VpcSecurityGroups", [])]
    names = ("DBClusterIdentifier", "Engine", "EngineVersion", "DatabaseName", "KmsKeyId")
    own = {name: str(was[name]) for name in names if was.get(name)}
    return {**own, "DBSubnetGroupName": str(was.get("DBSubnetGroup", "")), "VpcSecurityGroupIds": json.dumps(groups)}


def _of_file_system(was: Mapping[str, Any]) -> dict[str, str]:
    own = {name: str(was[name]) for name in ("KmsKeyId", "PerformanceMode") if was.get(name)}
    return {"file-system-id": was["FileSystemId"], "Encrypted": str(was.get("Encrypted", False)).lower(), **own}


KNOWN = {"Aurora": _of_cluster, "EFS": _of_file_system}


@corrects("backup", "StartRestoreJob", see=f"{API}StartRestoreJob.html")
async def start(call: Call) -> Response:
    """Make what a recovery point says; a job that can't fails, as at AWS, after it was started."""
    given = call.parameters
    points = [found for (region, _), each in POINTS.items() if region == call.region for found in each.values()]
    point = next((each for each in points if each["RecoveryPointArn"] == given["RecoveryPointArn"]), None)
    if point is None:
        raise missing(f"Recovery point {given['RecoveryPointArn']} not found")
    if role_is_missing(given["IamRoleArn"]):
        raise invalid(f"IAM Role {given['IamRoleArn']} is not found")
    if point["ResourceType"] not in RESTORED:
        raise invalid(f"Restores of {point['ResourceType']} are not rehearsed")
    now = time.time()
    job = {
        "AccountId": ACCOUNT,
        "RestoreJobId": str(uuid.uuid4()).upper(),
        "RecoveryPointArn": point["RecoveryPointArn"],
        "RecoveryPointCreationDate": point["CreationDate"],
        "SourceResourceArn": point["ResourceArn"],
        "BackupVaultArn": point["BackupVaultArn"],
        "ResourceType": point["ResourceType"],
        "IamRoleArn": given["IamRoleArn"],
        "CreationDate": now,
        "CompletionDate": now,
        "Status": "COMPLETED",
        "StatusMessage": REHEARSED,
        "PercentDone": "100.00%",
        "IsParent": False,
        METADATA: given["Metadata"],
    }
    try:
        lower = {key.lower(): value for key, value in given["Metadata"].items()}
        job["CreatedResourceArn"] = await RESTORED[point["ResourceType"]](call.region, point, lower)
    except AwsError as error:
        job |= {"Status": "FAILED", "StatusMessage": error.message, "PercentDone": "0.00%"}
    RESTORES[call.region, job["RestoreJobId"]] = job
    return call.answer({"RestoreJobId": job["RestoreJobId"]})


async def _cluster(region: str, point: Mapping[str, Any], given: Mapping[str, str]) -> str:
    was = point[AS_IT_WAS]
    made = {
        "DBClusterIdentifier": given.get("dbclusteridentifier", ""),
        "Engine": given.get("engine", was["Engine"]),
        "EngineVersion": given.get("engineversion", was["EngineVersion"]),
        "MasterUsername": was.get("MasterUsername") or "postgres",
        "MasterUserPassword": UNSAID,
        "StorageEncrypted": bool(was.get("StorageEncrypted")),
        "DBSubnetGroupName": given.get("dbsubnetgroupname", ""),
        "VpcSecurityGroupIds": json.loads(given.get("vpcsecuritygroupids") or "[]"),
        "KmsKeyId": given.get("kmskeyid", ""),
    }
    call = emulators.request_for("rds", "CreateDBCluster", region, **{key: v for key, v in made.items() if v})
    return str(call.read(await corrections.answer(call))["DBCluster"]["DBClusterArn"])


async def _file_system(region: str, _point: Mapping[str, Any], given: Mapping[str, str]) -> str:
    old = given.get("file-system-id", "")
    if given.get("newfilesystem") != "true":
        call = emulators.request_for("efs", "DescribeFileSystems", region, FileSystemId=old)
        return str(call.read(await corrections.answer(call))["FileSystems"][0]["FileSystemArn"])
    made: dict[str, Any] = {
        "CreationToken": given.get("creationtoken") or str(uuid.uuid4()),
        "Encrypted": given.get("encrypted") == "true",
    }
    names = {"PerformanceMode": "performancemode", "KmsKeyId": "kmskeyid"}
    made |= {name: given[key] for name, key in names.items() if given.get(key)}
    call = emulators.request_for("efs", "CreateFileSystem", region, **made)
    return str(call.read(await corrections.answer(call))["FileSystemArn"])


RESTORED = {"Aurora": _cluster, "EFS": _file_system}
"""By type: makes it in a region of a recovery point and of metadata by keys in lower case, and returns its ARN."""


@implements("backup", "DescribeRestoreJob", see=f"{API}DescribeRestoreJob.html")
def describe(call: Call) -> dict[str, Any]:
    """One job."""
    return _job(call)


@implements("backup", "GetRestoreJobMetadata", see=f"{API}GetRestoreJobMetadata.html")
def given_metadata(call: Call) -> dict[str, Any]:
    """What a job was given."""
    job = _job(call)
    return {"RestoreJobId": job["RestoreJobId"], "Metadata": job[METADATA]}


def _job(call: Call) -> dict[str, Any]:
    job = RESTORES.get((call.region, call.parameters["RestoreJobId"]))
    if job is None:
        raise missing(f"Restore job {call.parameters['RestoreJobId']} not found")
    return job


FILTERS = {"ByStatus": "Status", "ByResourceType": "ResourceType"}


@implements("backup", "ListRestoreJobs", see=f"{API}ListRestoreJobs.html")
def listed(call: Call) -> dict[str, Any]:
    """The region's jobs, by status, type and time; none is of a restore testing plan, whose schedule isn't emulated."""
    if "ByRestoreTestingPlanArn" in call.parameters:
        return {"RestoreJobs": []}
    return {"RestoreJobs": those_wanted([job for (at, _), job in RESTORES.items() if at == call.region], call, FILTERS)}
