"""AWS Backup's copies of recovery points into another vault: made at once, and guarded by that vault's lock."""

import time
import uuid
from typing import Any

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.backup.plans import API, invalid, missing, vault_of
from rehearsal.emulator.corrections.backup.recovery_points import (
    DAY,
    POINTS,
    REHEARSED,
    lock_refuses,
    point_of,
    role_is_missing,
    those_wanted,
)
from rehearsal.emulator.emulators import client
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import Call

COPIES: dict[tuple[str, str], dict[str, Any]] = {}
"""By region and id: a copy job is one of the region that is copied from."""


@on_reset
def forget() -> None:
    """Forget the jobs."""
    COPIES.clear()


@implements("backup", "StartCopyJob", see=f"{API}StartCopyJob.html")
def start(call: Call) -> dict[str, Any]:
    """Put a recovery point into another vault, too; fail the job where that vault's lock refuses its retention."""
    given = call.parameters
    source = vault_of(_naming(call, given["SourceBackupVaultName"]))
    point = point_of(_naming(call, given["SourceBackupVaultName"]))
    if role_is_missing(given["IamRoleArn"]):
        raise invalid(f"IAM Role {given['IamRoleArn']} is not found")
    arn, now, lifecycle = given["DestinationBackupVaultArn"], time.time(), given.get("Lifecycle", {})
    region, name = arn.split(":")[3], arn.rpartition(":")[2]
    vaults = client("backup", region).list_backup_vaults()["BackupVaultList"]
    target = next((vault for vault in vaults if vault["BackupVaultArn"] == arn), None)
    if target is None:
        raise missing(f"Backup Vault {name} not found")
    refused = lock_refuses(target, lifecycle.get("DeleteAfterDays"))
    job = {
        "AccountId": ACCOUNT,
        "CopyJobId": str(uuid.uuid4()).upper(),
        "SourceBackupVaultArn": source["BackupVaultArn"],
        "SourceRecoveryPointArn": point["RecoveryPointArn"],
        "DestinationBackupVaultArn": arn,
        "ResourceArn": point["ResourceArn"],
        "ResourceType": point["ResourceType"],
        "IamRoleArn": given["IamRoleArn"],
        "CreationDate": now,
        "CompletionDate": now,
        "State": "FAILED" if refused else "COMPLETED",
        "StatusMessage": refused or REHEARSED,
        "IsParent": False,
    }
    if not refused:
        copied = f"arn:aws:backup:{region}:{ACCOUNT}:recovery-point:{uuid.uuid4()}"
        job["DestinationRecoveryPointArn"] = copied
        kept = {**point, "RecoveryPointArn": copied, "BackupVaultName": name, "BackupVaultArn": arn}
        kept |= {"SourceBackupVaultArn": source["BackupVaultArn"], "CompletionDate": now, "Lifecycle": lifecycle}
        kept |= {"EncryptionKeyArn": target["EncryptionKeyArn"]} if "EncryptionKeyArn" in target else {}
        days = lifecycle.get("DeleteAfterDays")
        kept["CalculatedLifecycle"] = {"DeleteAt": point["CreationDate"] + days * DAY} if days else {}
        POINTS.setdefault((region, name), {})[copied] = kept
    COPIES[call.region, job["CopyJobId"]] = job
    return {key: job[key] for key in ("CopyJobId", "CreationDate", "IsParent")}


def _naming(call: Call, vault: str) -> Call:
    """The call as one that names a vault by the usual parameter."""
    named = Call(call.service, call.operation, call.region, call.request)
    named.__dict__["parameters"] = {**call.parameters, "BackupVaultName": vault}
    return named


@implements("backup", "DescribeCopyJob", see=f"{API}DescribeCopyJob.html")
def describe(call: Call) -> dict[str, Any]:
    """One job."""
    job = COPIES.get((call.region, call.parameters["CopyJobId"]))
    if job is None:
        raise missing(f"Copy job {call.parameters['CopyJobId']} not found")
    return {"CopyJob": job}


FILTERS = {
    "ByState": "State",
    "ByResourceArn": "ResourceArn",
    "ByResourceType": "ResourceType",
    "ByDestinationVaultArn": "DestinationBackupVaultArn",
    "BySourceRecoveryPointArn": "SourceRecoveryPointArn",
}


@implements("backup", "ListCopyJobs", see=f"{API}ListCopyJobs.html")
def listed(call: Call) -> dict[str, Any]:
    """The region's jobs, by state, resource, type, vault and time."""
    return {"CopyJobs": those_wanted([job for (at, _), job in COPIES.items() if at == call.region], call, FILTERS)}
