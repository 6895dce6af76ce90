"""Carries restores after damage out: by the stack's own program, and by AWS Backup for files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
from ha_web.backup.validation.handler import NotReady, cluster_verdict

from ops.backup.facts import Point, short
from ops.backup.jobs import Waiting, took
from ops.backup.look import Place
from ops.core.errors import NOT_ASKED, OpsError
from ops.core.operate import Do
from ops.core.plan import Step
from ops.core.stack import Stack
from ops.restore import applying
from ops.restore.making import NO_CLUSTER, RUNNING
from ops.restore.metadata import into_own_file_system
from ops.restore.program import Program, lost, of_servers

Outputs = Callable[[], Mapping[str, Any]]
"""Tells the stack's outputs as they are now."""


def outputs_of(program: Program) -> Mapping[str, Any]:
    """Return the stack's outputs, by the engine."""
    found: Mapping[str, Any] = json.loads(program.told("stack", "output", "--json"))
    return found


def known_of(stack: Stack, place: Place, program: Program, outputs: Mapping[str, Any]) -> applying.Database:
    """Return the database as it is. Raises OpsError without one."""
    endpoint = stack.primary.database
    if not endpoint:
        raise OpsError(f"{stack.site}: the stack has no database", NOT_ASKED)
    told = outputs["clusters"]["primary"]
    standing = told.get("restored_database_endpoints") or {}
    now = str(told.get("database_endpoint") or endpoint)
    try:
        [found] = place.client("rds").describe_db_clusters(DBClusterIdentifier=now.partition(".")[0])["DBClusters"]
    except ClientError as error:
        if error.response["Error"]["Code"] != NO_CLUSTER:
            raise
        raise OpsError(f"{place.region}: there is no cluster {now.partition('.')[0]}", NOT_ASKED) from None
    members = found.get("DBClusterMembers", [])
    return applying.Database(
        settings=program.database(),
        writes=not members or any(member["IsClusterWriter"] for member in members),
        region=place.region,
        earliest=_said(found.get("EarliestRestorableTime")),
        latest=_said(found.get("LatestRestorableTime")),
        standing=tuple(standing),
        serving=next((name for name, each in standing.items() if each == now), ""),
    )


def _said(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


@dataclass(frozen=True)
class ApplyingDatabase:
    """A database that is being restored, or begins to serve."""

    place: Place
    waiting: Waiting
    program: Program
    outputs: Outputs

    def do(self) -> dict[str, Do]:
        """Return what carries each kind of step out."""
        return {
            applying.SETTING: self._set,
            applying.LOSES_NOTHING: self._loses_nothing,
            applying.UP: self._up,
            applying.BESIDE: self._beside,
            applying.SERVES: self._serves,
        }

    def _set(self, step: Step) -> str:
        self.program.set(step.about["path"], step.about["value"])
        return ""

    def _loses_nothing(self, step: Step) -> str:
        """Refuse an update that would lose data, and before a restore also one that would change servers."""
        steps = self.program.preview()
        wrong = [*lost(steps), *(of_servers(steps) if "creates" in step.about else [])]
        if wrong:
            more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
            raise OpsError(f"`pulumi up` would also {'; '.join(wrong[:3])}{more}: look at `pulumi preview`")
        return f"{len(steps)} changes"

    def _up(self, _step: Step) -> str:
        self.program.up()
        return ""

    def _beside(self, step: Step) -> str:
        endpoint = self._standing().get(step.about["name"])
        if not endpoint:
            raise OpsError(f"the outputs have no restored database {step.about['name']}")
        return f"{self._usable(str(endpoint).partition('.')[0])}; endpoint {endpoint}"

    def _serves(self, step: Step) -> str:
        told = self.outputs()["clusters"]["primary"]
        wanted, serves = self._standing().get(step.about["name"]), told.get("database_endpoint")
        if not wanted or serves != wanted:
            raise OpsError(f"servers use {serves}, and {step.about['name']} is {wanted or 'not there'}")
        return f"servers use {serves}"

    def _standing(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.outputs()["clusters"]["primary"].get("restored_database_endpoints") or {}
        return found

    def _usable(self, name: str) -> str:
        """Look at a cluster as restore tests do, and return the facts. Raises OpsError if it can't be used."""
        rds, found = self.place.client("rds"), None

        def ready() -> bool:
            nonlocal found
            [cluster] = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
            names = [member["DBInstanceIdentifier"] for member in cluster.get("DBClusterMembers", [])]
            instances = [rds.describe_db_instances(DBInstanceIdentifier=each)["DBInstances"][0] for each in names]
            try:
                found = cluster_verdict(cluster, instances)
            except NotReady as error:
                self.waiting.show(str(error))
                return False
            return True

        self.waiting.until(f"{name} can be looked at", ready)
        assert found is not None
        if not found.successful:
            raise OpsError(f"{name} is not usable: {found.facts}")
        return found.facts


@dataclass(frozen=True)
class ApplyingFiles:
    """Files that are being restored beside the application's."""

    place: Place
    waiting: Waiting
    role: str
    _jobs: dict[str, str] = field(default_factory=dict)

    def do(self) -> dict[str, Do]:
        """Return what carries each kind of step out."""
        return {applying.START_FILES: self._start, applying.FILES_RESTORED: self._restored}

    def _start(self, step: Step) -> str:
        backup, about = self.place.client("backup"), step.about
        named = {"BackupVaultName": self.place.vault, "RecoveryPointArn": about["point"]}
        known = backup.get_recovery_point_restore_metadata(**named).get("RestoreMetadata", {})
        given = {"RecoveryPointArn": about["point"], "IamRoleArn": self.role, "ResourceType": "EFS"}
        metadata = into_own_file_system(known, short(about["arn"]))
        self._jobs[about["point"]] = backup.start_restore_job(**given, Metadata=metadata)["RestoreJobId"]
        return f"job {self._jobs[about['point']]}"

    def _restored(self, step: Step) -> str:
        job = step.about["job"] or self._jobs[step.about["point"]]
        ask = self.place.client("backup").describe_restore_job
        done = self.waiting.until_ended("restore of files", lambda: ask(RestoreJobId=job))
        return f"after {took(done):.0f} s at AWS, in aws-backup-restore_… at the root of {short(step.about['arn'])}"


def restores_into(place: Place, file_system: str, point: Point | None) -> tuple[dict[str, str], bool]:
    """Return jobs that restore into a file system now, by recovery point; and whether one of the point is done."""
    running, done = {}, False
    since = datetime.now(UTC) - timedelta(days=1)
    for job in place.pages("list_restore_jobs", "RestoreJobs", ByResourceType="EFS", ByCreatedAfter=since):
        if job["Status"] not in (*RUNNING, "COMPLETED") or not _is_into(place, job["RestoreJobId"], file_system):
            continue
        if job["Status"] in RUNNING:
            running[job["RecoveryPointArn"]] = job["RestoreJobId"]
        elif point is not None and job["RecoveryPointArn"] == point.arn:
            done = True
    return running, done


def _is_into(place: Place, job: str, file_system: str) -> bool:
    told = place.client("backup").get_restore_job_metadata(RestoreJobId=job).get("Metadata", {})
    lower = {key.lower(): value for key, value in told.items()}
    return lower.get("newfilesystem") == "false" and lower.get("file-system-id") == short(file_system)
