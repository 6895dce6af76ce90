"""Starts backups and copies, and waits for them."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ops.backup.facts import Facts, short
from ops.backup.jobs import Waiting, took
from ops.backup.look import Place
from ops.backup.planning import BACKED_UP, BACKUP, COPIED, COPY
from ops.core.account import Account
from ops.core.errors import OpsError
from ops.core.operate import Do
from ops.core.plan import Step

RUNNING = ("CREATED", "PENDING", "RUNNING")


@dataclass(frozen=True)
class Carrying:
    """Backups under way."""

    account: Account
    facts: Facts
    waiting: Waiting

    _jobs: dict[str, str] = field(default_factory=dict)
    """Ids of jobs, by resource."""

    def do(self) -> dict[str, Do]:
        """Return what carries each kind of step out."""
        return {BACKUP: self._backup, COPY: self._copy, BACKED_UP: self._backed_up, COPIED: self._copied}

    def _place(self, region: str) -> Place:
        return Place(self.account, region, self.facts.vaults[region].name)

    def _backup(self, step: Step) -> str:
        place, about = self._place(step.about["region"]), step.about
        role = role_of(place, about["arn"])
        given = {"BackupVaultName": place.vault, "ResourceArn": about["arn"], "IamRoleArn": role}
        keep = {"DeleteAfterDays": about["days"]}
        job = place.client("backup").start_backup_job(**given, Lifecycle=keep)["BackupJobId"]
        self._jobs[about["arn"]] = job
        return f"job {job}"

    def _backed_up(self, step: Step) -> str:
        backup, arn = self._place(step.about["region"]).client("backup"), step.about["arn"]
        job = step.about["job"] or self._jobs[arn]
        ask = partial(backup.describe_backup_job, BackupJobId=job)
        return f"after {took(self.waiting.until_ended(f'backup of {short(arn)}', ask)):.0f} s at AWS"

    def _copy(self, step: Step) -> str:
        place, about = self._place(step.about["from"]), step.about
        given = {
            "RecoveryPointArn": about["point"],
            "SourceBackupVaultName": place.vault,
            "DestinationBackupVaultArn": self.facts.vaults[about["to"]].arn,
            "IamRoleArn": role_of(place, about["arn"]),
        }
        keep = {"DeleteAfterDays": about["days"]}
        self._jobs[about["arn"]] = place.client("backup").start_copy_job(**given, Lifecycle=keep)["CopyJobId"]
        return f"job {self._jobs[about['arn']]}"

    def _copied(self, step: Step) -> str:
        backup, arn = self._place(step.about["from"]).client("backup"), step.about["arn"]
        job = step.about["job"] or self._jobs[arn]
        what = f"copy of {short(arn)}"
        done = self.waiting.until_ended(what, lambda: backup.describe_copy_job(CopyJobId=job)["CopyJob"])
        return f"after {took(done):.0f} s at AWS"


def running_backups(place: Place) -> dict[str, str]:
    """Return the backup jobs that run into the region's vault, by resource."""
    return {
        job["ResourceArn"]: job["BackupJobId"]
        for state in RUNNING
        for job in place.pages("list_backup_jobs", "BackupJobs", ByState=state, ByBackupVaultName=place.vault)
    }


def copies(place: Place, target: str) -> dict[str, tuple[str, str]]:
    """Return id and state of the region's copy jobs into a vault, by recovery point; none of those that failed."""
    found = {}
    for job in place.pages("list_copy_jobs", "CopyJobs", ByDestinationVaultArn=target):
        if job["State"] in (*RUNNING, "COMPLETED"):
            found[job["SourceRecoveryPointArn"]] = (job["CopyJobId"], job["State"])
    return found


def role_of(place: Place, resource: str) -> str:
    """Return the role with which the stack's plans back a resource up. Raises OpsError if no plan has it."""
    found: list[tuple[str, str]] = []
    for plan in place.pages("list_backup_plans", "BackupPlansList"):
        told = place.client("backup").get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]
        if all(rule["TargetBackupVaultName"] != place.vault for rule in told["Rules"]):
            continue
        selections: Any = place.pages(
            "list_backup_selections", "BackupSelectionsList", BackupPlanId=plan["BackupPlanId"]
        )
        found += [(told["BackupPlanName"], each["IamRoleArn"]) for each in selections]
    if not found:
        raise OpsError(f"{place.region}: no backup plan writes into {place.vault}, so no role may back {resource} up")
    # A site's plans have one role.
    return found[0][1]
