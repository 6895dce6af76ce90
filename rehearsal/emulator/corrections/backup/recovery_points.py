"""AWS Backup's jobs and recovery points: made at once, of things that exist, and guarded as AWS guards them.

No data is copied, and every job and recovery point says so. What is true of them: what they are of, where they are,
when they expire, and that a vault that holds any can't be deleted.
"""

import fnmatch
import json
import time
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rehearsal.emulator import ACCOUNT, corrections, emulators, moto
from rehearsal.emulator.corrections import corrects, implements
from rehearsal.emulator.corrections.backup.plans import API, KEPT, invalid, missing, vault_of
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call, Response

DAY = 86_400
REHEARSED = "Rehearsed: no data was copied."
AS_IT_WAS = "_as_it_was"
"""Of a recovery point: the description of its resource at the time, from which it is restored."""

JOBS: dict[tuple[str, str], dict[str, Any]] = {}
"""By region and id."""
POINTS: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
"""By region and vault: recovery points by ARN."""

KINDS = {
    ("rds", "cluster"): ("Aurora", "DescribeDBClusters", "DBClusterIdentifier"),
    ("rds", "db"): ("RDS", "DescribeDBInstances", "DBInstanceIdentifier"),
    ("elasticfilesystem", "file-system"): ("EFS", "DescribeFileSystems", "FileSystemId"),
    ("dynamodb", "table"): ("DynamoDB", "DescribeTable", "TableName"),
    ("s3", ""): ("S3", "HeadBucket", "Bucket"),
    ("ec2", "volume"): ("EBS", "DescribeVolumes", "VolumeIds"),
    ("ec2", "instance"): ("EC2", "DescribeInstances", "InstanceIds"),
}
"""By service and kind of an ARN: the type's name in AWS Backup, and how to ask for one."""


@on_reset
def forget() -> None:
    """Forget jobs and recovery points."""
    JOBS.clear()
    POINTS.clear()


@corrects("backup", "StartBackupJob", see=f"{API}StartBackupJob.html")
async def start(call: Call) -> Response:
    """Make a recovery point of something that exists; fail the job where the vault's lock refuses its retention."""
    given, vault = call.parameters, vault_of(call)
    kind, described = await _described(call, given["ResourceArn"])
    if role_is_missing(given["IamRoleArn"]):
        raise invalid(f"IAM Role {given['IamRoleArn']} is not found")
    now, days = time.time(), given.get("Lifecycle", {}).get("DeleteAfterDays")
    refused = lock_refuses(vault, days)
    job = {
        "AccountId": ACCOUNT,
        "BackupJobId": str(uuid.uuid4()).upper(),
        "BackupVaultName": vault["BackupVaultName"],
        "BackupVaultArn": vault["BackupVaultArn"],
        "ResourceArn": given["ResourceArn"],
        "ResourceType": kind,
        "IamRoleArn": given["IamRoleArn"],
        "CreationDate": now,
        "CompletionDate": now,
        "State": "FAILED" if refused else "COMPLETED",
        "StatusMessage": refused or REHEARSED,
        "PercentDone": "100.0",
        "BackupSizeInBytes": 0,
        "IsParent": False,
    }
    if not refused:
        job["RecoveryPointArn"] = _keep(call.region, vault, job, given, described)
    JOBS[call.region, job["BackupJobId"]] = job
    keys = ("BackupJobId", "RecoveryPointArn", "CreationDate", "IsParent")
    return call.answer({key: job[key] for key in keys if key in job})


def _keep(
    region: str, vault: Mapping[str, Any], job: Mapping[str, Any], given: Mapping[str, Any], described: Any
) -> str:
    """Put a recovery point into the vault; its ARN."""
    arn = f"arn:aws:backup:{region}:{ACCOUNT}:recovery-point:{uuid.uuid4()}"
    days = given.get("Lifecycle", {}).get("DeleteAfterDays")
    same = ("BackupVaultName", "BackupVaultArn", "ResourceArn", "ResourceType", "IamRoleArn", "CreationDate")
    point = {key: job[key] for key in (*same, "CompletionDate", "BackupSizeInBytes", "IsParent", "StatusMessage")}
    point |= {
        "RecoveryPointArn": arn,
        "Status": "COMPLETED",
        "IsEncrypted": True,
        "Lifecycle": given.get("Lifecycle", {}),
        AS_IT_WAS: described,
    }
    if "EncryptionKeyArn" in vault:
        point["EncryptionKeyArn"] = vault["EncryptionKeyArn"]
    if days:
        point["CalculatedLifecycle"] = {"DeleteAt": job["CreationDate"] + days * DAY}
    POINTS.setdefault((region, job["BackupVaultName"]), {})[arn] = point
    return arn


async def _described(call: Call, arn: str) -> tuple[str, dict[str, Any]]:
    """The type of a resource, as AWS Backup names it, and its description; refuse one that isn't there."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        raise invalid(f"{arn} is not an ARN")
    service, region, rest = parts[2], parts[3] or call.region, parts[5]
    head, identity = ("", rest) if service == "s3" else rest.replace("/", ":").split(":", 1)
    if (service, head) not in KINDS:
        raise invalid(f"{service} {head} is not a resource type that AWS Backup takes here")
    kind, operation, argument = KINDS[service, head]
    names = {"elasticfilesystem": "efs"}
    asked = emulators.request_for(
        names.get(service, service), operation, region, **{argument: [identity] if argument.endswith("s") else identity}
    )
    response = await corrections.answer(asked)
    if response.status != 200:
        raise missing(f"Resource {arn} is not found")
    answer = asked.read(response)
    return kind, next((value[0] for value in answer.values() if isinstance(value, list) and value), answer)


def role_is_missing(arn: str) -> bool:
    """Whether the account has no such role."""
    roles = emulators.listed("iam", "us-east-1", "list_roles", "Roles")
    return arn not in {role["Arn"] for role in roles}


def lock_refuses(vault: Mapping[str, Any], days: int | None) -> str:
    """Why the vault's lock refuses a retention; empty when it doesn't. https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"""
    low, high = vault.get("MinRetentionDays"), vault.get("MaxRetentionDays")
    if not vault.get("Locked"):
        return ""
    if low and days is not None and days < low:
        return f"Retention of {days} days is less than the vault's minimum of {low}"
    if high and (days is None or days > high):
        return f"Retention of {days or 'unlimited'} days is more than the vault's maximum of {high}"
    return ""


@implements("backup", "DescribeBackupJob", see=f"{API}DescribeBackupJob.html")
def describe_job(call: Call) -> dict[str, Any]:
    """One job."""
    job = JOBS.get((call.region, call.parameters["BackupJobId"]))
    if job is None:
        raise missing(f"Backup job {call.parameters['BackupJobId']} not found")
    return job


FILTERS = {
    "ByState": "State",
    "ByResourceArn": "ResourceArn",
    "ByBackupVaultName": "BackupVaultName",
    "ByResourceType": "ResourceType",
}
"""What lists are filtered by, and what it is called in their items."""


def those_wanted(items: Iterable[dict[str, Any]], call: Call, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    """The items of a list that a call asks for, also by when they were made."""
    given = call.parameters
    wanted = {to: given[name] for name, to in filters.items() if name in given}
    after, before = (_seconds(given.get(name)) for name in ("ByCreatedAfter", "ByCreatedBefore"))
    return [
        item
        for item in items
        if wanted.items() <= item.items()
        and (after is None or item["CreationDate"] > after)
        and (before is None or item["CreationDate"] < before)
    ]


def _seconds(given: Any) -> float | None:
    if isinstance(given, str):
        given = datetime.fromisoformat(given.replace("Z", "+00:00"))
    return given.timestamp() if isinstance(given, datetime) else given


@implements("backup", "ListBackupJobs", see=f"{API}ListBackupJobs.html")
def list_jobs(call: Call) -> dict[str, Any]:
    """The region's jobs, by state, resource, type, vault and time."""
    jobs = [job for (region, _), job in JOBS.items() if region == call.region]
    return {"BackupJobs": those_wanted(jobs, call, FILTERS)}


OF_POINTS = ("ByResourceArn", "ByResourceType")


@implements("backup", "ListRecoveryPointsByBackupVault", see=f"{API}ListRecoveryPointsByBackupVault.html")
def list_points(call: Call) -> dict[str, Any]:
    """The recovery points in a vault."""
    name = vault_of(call)["BackupVaultName"]
    points = POINTS.get((call.region, name), {}).values()
    return {"RecoveryPoints": those_wanted(points, call, {key: FILTERS[key] for key in OF_POINTS})}


@implements("backup", "DescribeRecoveryPoint", see=f"{API}DescribeRecoveryPoint.html")
def describe_point(call: Call) -> dict[str, Any]:
    """One recovery point."""
    return point_of(call)


@implements("backup", "DeleteRecoveryPoint", see=f"{API}DeleteRecoveryPoint.html")
def delete_point(call: Call) -> dict[str, Any]:
    """Delete a recovery point, unless the vault's policy or its lock forbids it."""
    vault, point = vault_of(call), point_of(call)
    forbid(call)
    if vault.get("Locked"):
        raise AwsError("InvalidRequestException", "Backup vault is locked: its recovery points can't be deleted")
    del POINTS[call.region, vault["BackupVaultName"]][point["RecoveryPointArn"]]
    return {}


def point_of(call: Call) -> dict[str, Any]:
    """The recovery point that a call names."""
    arn = call.parameters["RecoveryPointArn"]
    found = POINTS.get((call.region, vault_of(call)["BackupVaultName"]), {}).get(arn)
    if found is None:
        raise missing(f"Recovery point {arn} not found")
    return found


def forbid(call: Call) -> None:
    """Refuse a call that the vault's access policy denies to everybody."""
    kept = KEPT.get(("access policy", call.region, call.parameters["BackupVaultName"]), {})
    for statement in json.loads(kept.get("Policy") or "{}").get("Statement", []):
        actions = statement.get("Action", [])
        actions = [actions] if isinstance(actions, str) else actions
        everybody = statement.get("Principal") in ("*", {"AWS": "*"})
        denied = any(fnmatch.fnmatchcase(f"backup:{call.operation}", action) for action in actions)
        if statement.get("Effect") == "Deny" and everybody and denied and not statement.get("Condition"):
            raise AwsError("AccessDeniedException", f"backup:{call.operation} is denied by the vault's policy", 403)


@corrects("backup", "DescribeBackupVault", "ListBackupVaults", see=f"{API}DescribeBackupVault.html")
async def describe_vault(call: Call) -> Response:
    """Say how many recovery points a vault holds."""
    response = moto.ask(call)
    if response.status != 200:
        return response
    answer = call.read(response)
    for vault in answer.get("BackupVaultList", [answer]):
        vault["NumberOfRecoveryPoints"] = len(POINTS.get((call.region, vault["BackupVaultName"]), {}))
    return call.answer(answer)


@corrects("backup", "DeleteBackupVault", see=f"{API}DeleteBackupVault.html")
async def delete_vault(call: Call) -> Response:
    """Refuse a vault that holds recovery points, or whose policy forbids it; forget what it kept with it."""
    forbid(call)
    name = call.parameters["BackupVaultName"]
    held = len(POINTS.get((call.region, name), {}))
    if held:
        raise AwsError(
            "InvalidRequestException", f"Backup vault {name} can't be deleted: it has {held} recovery points"
        )
    response = await emulators.ask(call)
    for kind in ("access policy", "notifications"):
        KEPT.pop((kind, call.region, name), None)
    return response
