"""Reads vaults, recovery points, what is protected, and jobs that failed. A region that is silent stops no other."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from ha_web.recovery.durations import parse_duration

from ops.backup.facts import FOLLOWS, Facts, Job, Point, Protected, Vault, kind_of, short
from ops.core.account import Account
from ops.core.errors import explained
from ops.core.stack import Stack

RECENT = timedelta(days=1)
"""How far back jobs that failed are of interest; whatever failed is tried again within a day."""

GOOD = ("COMPLETED", "AVAILABLE")
"""Statuses of a recovery point that can be restored; those of continuous backups are AVAILABLE."""

BACKUP_TAG, STACK_TAG = "ha-web:backup", "ha-web:stack"

FAILED = {
    "backup": ("list_backup_jobs", "BackupJobs", "ByState", ("FAILED", "EXPIRED", "ABORTED", "PARTIAL")),
    "copy": ("list_copy_jobs", "CopyJobs", "ByState", ("FAILED", "PARTIAL")),
    "restore": ("list_restore_jobs", "RestoreJobs", "ByStatus", ("FAILED", "ABORTED")),
}
"""By what is tried: how failed jobs are listed, and in which states they end."""


@dataclass(frozen=True)
class Place:
    """A region and its vault."""

    account: Account
    region: str
    vault: str

    def client(self, service: str) -> Any:
        """Return a client of the region."""
        return self.account.client(service, self.region)

    def pages(self, operation: str, key: str, **given: Any) -> Iterator[dict[str, Any]]:
        """Yield what AWS Backup lists, page after page."""
        token: dict[str, str] = {}
        while True:
            answer = getattr(self.client("backup"), operation)(**given, **token)
            yield from answer.get(key, [])
            if not answer.get("NextToken"):
                return
            token = {"NextToken": answer["NextToken"]}


def look(stack: Stack, account: Account, *, now: Callable[[], float] = time.time) -> Facts:
    """Return what is known of a stack's backups."""
    facts = Facts(
        stack.site,
        now(),
        stack.primary.region,
        objective=_data_loss(stack, "corruption"),
        copy_objective=_data_loss(stack, "region") if stack.strategy == "backup-restore" else None,
    )
    for region, name in stack.vaults.items():
        place = Place(account, region, name)
        try:
            vault = read_vault(place)
            protected = tuple(read_protected(place, vault))
            points, failed = tuple(read_points(place)), tuple(read_failed(place, protected, stack.restore_role))
        except (ClientError, BotoCoreError) as error:
            facts = replace(facts, silent={**facts.silent, region: explained(error)})
            continue
        facts = replace(
            facts,
            vaults={**facts.vaults, region: vault},
            protected=(*facts.protected, *protected),
            points=(*facts.points, *points),
            failed=(*facts.failed, *failed),
        )
    return facts


def _data_loss(stack: Stack, failure: str) -> float | None:
    """Return what a failure may cost: as declared, else what the settings lead to at worst."""
    declared = stack.objectives.get(failure, {})
    text = declared.get("data_loss") or declared.get("dataLoss")
    worst = stack.recovery.get(failure, {}).get("data_loss", {}).get("seconds")
    return parse_duration(text) if text else None if worst is None else float(worst)


def read_vault(place: Place) -> Vault:
    """Return the region's vault."""
    told = place.client("backup").describe_backup_vault(BackupVaultName=place.vault)
    ends = told.get("LockDate")
    lock = "none" if not told.get("Locked") else "compliance" if ends else "governance"
    return Vault(
        *(place.region, place.vault, told["BackupVaultArn"], int(told.get("NumberOfRecoveryPoints", 0)), lock),
        locked_from=ends.timestamp() if ends else None,
        shortest=told.get("MinRetentionDays"),
        longest=told.get("MaxRetentionDays"),
    )


def read_protected(place: Place, vault: Vault) -> Iterator[Protected]:
    """Yield what the region's plans back up: resources of the vault's stack with the tag."""
    owner = place.client("backup").list_tags(ResourceArn=vault.arn).get("Tags", {}).get(STACK_TAG)
    wanted = [{"Key": BACKUP_TAG, "Values": ["true"]}, *([{"Key": STACK_TAG, "Values": [owner]}] if owner else [])]
    pages = place.client("resourcegroupstaggingapi").get_paginator("get_resources").paginate(TagFilters=wanted)
    for arn in sorted(each["ResourceARN"] for page in pages for each in page["ResourceTagMappingList"]):
        kind = kind_of(arn)
        if kind == "Aurora":
            yield _cluster(place, arn)
        elif kind == "EFS":
            yield _file_system(place, arn)
        elif kind:
            yield Protected(arn, place.region, kind)


def _cluster(place: Place, arn: str) -> Protected:
    """Return a cluster: until when it can be restored to any time, and whether it is another's replica."""
    [found] = place.client("rds").describe_db_clusters(DBClusterIdentifier=arn)["DBClusters"]
    latest = found.get("LatestRestorableTime")
    members = found.get("DBClusterMembers", [])
    # In a secondary of a global database no instance is a writer.
    if members and not any(member["IsClusterWriter"] for member in members):
        return Protected(arn, place.region, "Aurora", FOLLOWS)
    return Protected(arn, place.region, "Aurora", restorable=latest.timestamp() if latest else None)


def _file_system(place: Place, arn: str) -> Protected:
    """Return a file system; one that EFS keeps like another's is read-only, and no backup of it is needed."""
    told = place.client("efs").describe_file_systems(FileSystemId=short(arn))["FileSystems"][0]
    follows = told.get("FileSystemProtection", {}).get("ReplicationOverwriteProtection") == "REPLICATING"
    return Protected(arn, place.region, "EFS", FOLLOWS if follows else "")


def read_points(place: Place, **only: str) -> Iterator[Point]:
    """Yield the vault's recovery points that can be restored.

    only: filters of AWS Backup: `ByResourceArn`.
    """
    given = {"BackupVaultName": place.vault, **only}
    for each in place.pages("list_recovery_points_by_backup_vault", "RecoveryPoints", **given):
        if each.get("Status", GOOD[0]) in GOOD:
            yield Point(
                *(each["RecoveryPointArn"], each["ResourceArn"], each.get("ResourceType", "")),
                *(place.region, each["CreationDate"].timestamp(), is_continuous(each["RecoveryPointArn"])),
            )


def is_continuous(arn: str) -> bool:
    """Return whether a recovery point is that of a continuous backup, which is written on and on.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
    """
    return ":continuous:" in arn


def read_failed(place: Place, protected: tuple[Protected, ...], restore_role: str) -> Iterator[Job]:
    """Yield jobs that failed lately: of this vault, of what is protected here, or by the stack's restore role."""
    mine, since = {each.arn for each in protected}, datetime.now(UTC) - RECENT
    for what, (operation, key, by, states) in FAILED.items():
        for state in states:
            for job in place.pages(operation, key, **{by: state}, ByCreatedAfter=since):
                resource = job.get("ResourceArn") or job.get("SourceResourceArn") or job.get("RecoveryPointArn", "")
                own = resource in mine or job.get("BackupVaultName") == place.vault
                if own or (what == "restore" and restore_role and job.get("IamRoleArn") == restore_role):
                    at = job["CreationDate"].timestamp()
                    yield Job(what, short(resource), place.region, at, state, job.get("StatusMessage", ""))
