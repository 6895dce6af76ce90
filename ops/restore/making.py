"""Makes and removes what restore tests restore: clusters of Aurora, and file systems. It removes nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ops.backup.facts import short
from ops.backup.jobs import Waiting
from ops.backup.look import Place
from ops.core.errors import OpsError
from ops.restore.metadata import of_cluster, of_file_system
from ops.restore.names import is_ours

NO_CLUSTER, NO_INSTANCE, NO_FILES = "DBClusterNotFoundFault", "DBInstanceNotFound", "FileSystemNotFound"
RUNNING = ("PENDING", "RUNNING")


@dataclass(frozen=True)
class Making:
    """What is made in a region."""

    place: Place
    waiting: Waiting

    def start(self, about: Mapping[str, str], role: str) -> str:
        """Start to restore something under a name, and return the job's id."""
        backup = self.place.client("backup")
        named = {"BackupVaultName": self.place.vault, "RecoveryPointArn": about["point"]}
        known = backup.get_recovery_point_restore_metadata(**named).get("RestoreMetadata", {})
        if about["kind"] == "Aurora":
            metadata = of_cluster(known, self.cluster(short(about["arn"])) or {}, about["name"])
        else:
            [source] = self.place.client("efs").describe_file_systems(FileSystemId=short(about["arn"]))["FileSystems"]
            metadata = of_file_system(known, source, about["name"])
        given = {"RecoveryPointArn": about["point"], "IamRoleArn": role, "ResourceType": about["kind"]}
        return str(backup.start_restore_job(**given, Metadata=metadata)["RestoreJobId"])

    def instance(self, name: str, source: str) -> str:
        """Start an instance in a restored cluster, like its source's writer: AWS Backup makes none."""
        rds, like = self.place.client("rds"), self.cluster(source) or {}
        members = sorted(like.get("DBClusterMembers", []), key=lambda member: not member["IsClusterWriter"])
        if not members:
            return "none: the source has none"
        [writer] = rds.describe_db_instances(DBInstanceIdentifier=members[0]["DBInstanceIdentifier"])["DBInstances"]
        kind = str(writer["DBInstanceClass"])
        if kind == "db.serverless":
            return "none: a serverless one needs limits that a backup doesn't have"
        made = f"{name}-1"
        try:
            rds.create_db_instance(
                DBInstanceIdentifier=made, DBClusterIdentifier=name, DBInstanceClass=kind, Engine=like["Engine"]
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "DBInstanceAlreadyExists":
                raise

        def runs() -> bool:
            [found] = rds.describe_db_instances(DBInstanceIdentifier=made)["DBInstances"]
            return bool(found["DBInstanceStatus"] == "available")

        self.waiting.until(f"{made} runs", runs)
        return kind

    def cluster(self, name: str) -> dict[str, Any] | None:
        """Return a cluster; None if there is none."""
        try:
            found = self.place.client("rds").describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
        except ClientError as error:
            if error.response["Error"]["Code"] != NO_CLUSTER:
                raise
            return None
        return found[0] if found else None

    def files(self, name: str) -> dict[str, Any] | None:
        """Return a file system that a restore test has made; None if there is none."""
        found = self.place.client("efs").describe_file_systems(CreationToken=name)["FileSystems"]
        return found[0] if found else None

    def left(self) -> list[str]:
        """Return the names of what interrupted tests have left, also of what is being restored still."""
        rds, efs = self.place.client("rds"), self.place.client("efs")
        clusters = rds.get_paginator("describe_db_clusters").paginate()
        found = {each["DBClusterIdentifier"] for page in clusters for each in page["DBClusters"]}
        systems = efs.get_paginator("describe_file_systems").paginate()
        found |= {each.get("CreationToken", "") for page in systems for each in page["FileSystems"]}
        return sorted({name for name in (*found, *self._running()) if is_ours(name, self.place.vault)})

    def _running(self) -> Iterator[str]:
        """Yield the names of what restore jobs restore still."""
        backup = self.place.client("backup")
        for status in RUNNING:
            for job in self.place.pages("list_restore_jobs", "RestoreJobs", ByStatus=status):
                given = backup.get_restore_job_metadata(RestoreJobId=job["RestoreJobId"]).get("Metadata", {})
                lower = {key.lower(): value for key, value in given.items()}
                yield lower.get("dbclusteridentifier") or lower.get("creationtoken", "")

    def remove(self, name: str, *, wait: bool = True) -> str:
        """Remove what a restore test has made, and wait until it is gone. Raises OpsError for anything else.

        wait: False to leave what AWS Backup is restoring still, which can't be stopped.
        """
        if not is_ours(name, self.place.vault):
            raise OpsError(f"{name} is not of a restore test of this stack and is not removed")
        if name in self._running() and not wait:
            raise OpsError(f"AWS Backup restores {name} still; `restore test --remove` removes it afterwards")
        self.waiting.until(f"{name} can be removed", lambda: name not in self._running())
        self._remove_cluster(name)
        if files := self.files(name):
            self.place.client("efs").delete_file_system(FileSystemId=files["FileSystemId"])
            self.waiting.until(f"{name} is gone", lambda: self.files(name) is None)
        return "it is gone"

    def _remove_cluster(self, name: str) -> None:
        rds, found = self.place.client("rds"), self.cluster(name)
        if found is None:
            return
        self.waiting.until(f"{name} can be removed", lambda: (self.cluster(name) or {}).get("Status") != "creating")
        for member in found.get("DBClusterMembers", []):
            instance = member["DBInstanceIdentifier"]
            rds.delete_db_instance(DBInstanceIdentifier=instance, SkipFinalSnapshot=True)
        self.waiting.until(f"{name} has no instance", lambda: not (self.cluster(name) or {}).get("DBClusterMembers"))
        rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
        self.waiting.until(f"{name} is gone", lambda: self.cluster(name) is None)
