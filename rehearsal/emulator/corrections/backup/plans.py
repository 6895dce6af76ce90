"""AWS Backup: one view of moto's vaults and locks and ministack's plans and selections, and what both lack.

Jobs and recovery points are in `backup_points`.
"""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator import emulators, ministack, moto
from rehearsal.emulator.corrections import corrects, implements
from rehearsal.emulator.emulators import client, listed
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_"

KEPT: dict[tuple[str, str, str], dict[str, Any]] = {}
"""Policies and notifications of vaults: by kind, region and vault."""


@on_reset
def forget() -> None:
    """Forget policies and notifications."""
    KEPT.clear()


def vault_of(call: Call) -> dict[str, Any]:
    """The vault that a call names."""
    name = call.parameters["BackupVaultName"]
    try:
        found: dict[str, Any] = client("backup", call.region).describe_backup_vault(BackupVaultName=name)
    except ClientError as error:
        raise missing(f"Backup Vault {name} not found") from error
    return found


def missing(message: str) -> AwsError:
    """The error for what is not there."""
    return AwsError("ResourceNotFoundException", message)


def invalid(message: str) -> AwsError:
    """The error for a value that cannot be."""
    return AwsError("InvalidParameterValueException", message)


def _kept_of_vault(kind: str, put: str, get: str, delete: str, names: tuple[str, ...]) -> None:
    """Register three operations on something that a vault only keeps."""

    @implements("backup", put, see=f"{API}{put}.html")
    def _put(call: Call) -> dict[str, Any]:
        name = vault_of(call)["BackupVaultName"]
        KEPT[kind, call.region, name] = {key: call.parameters[key] for key in names if key in call.parameters}
        return {}

    @implements("backup", get, see=f"{API}{get}.html")
    def _get(call: Call) -> dict[str, Any]:
        vault = vault_of(call)
        kept = KEPT.get((kind, call.region, vault["BackupVaultName"]))
        if kept is None:
            raise missing(f"Backup vault {vault['BackupVaultName']} has no {kind}")
        return {key: vault[key] for key in ("BackupVaultName", "BackupVaultArn")} | kept

    @implements("backup", delete, see=f"{API}{delete}.html")
    def _delete(call: Call) -> dict[str, Any]:
        KEPT.pop((kind, call.region, vault_of(call)["BackupVaultName"]), None)
        return {}


_kept_of_vault(
    "access policy",
    *("PutBackupVaultAccessPolicy", "GetBackupVaultAccessPolicy", "DeleteBackupVaultAccessPolicy"),
    names=("Policy",),
)
_kept_of_vault(
    "notifications",
    *("PutBackupVaultNotifications", "GetBackupVaultNotifications", "DeleteBackupVaultNotifications"),
    names=("SNSTopicArn", "BackupVaultEvents"),
)


@corrects("backup", "CreateBackupPlan", "UpdateBackupPlan", see=f"{API}CreateBackupPlan.html")
async def plan(call: Call) -> Response:
    """Refuse rules for vaults that do not exist, and lifecycles that contradict themselves."""
    vaults = {v["BackupVaultName"] for v in listed("backup", call.region, "list_backup_vaults", "BackupVaultList")}
    for rule in call.parameters["BackupPlan"]["Rules"]:
        if rule["TargetBackupVaultName"] not in vaults:
            raise invalid(f"Backup vault {rule['TargetBackupVaultName']} of rule {rule['RuleName']} does not exist")
        for holder in (rule, *rule.get("CopyActions", [])):
            lifecycle = holder.get("Lifecycle", {})
            cold, end = lifecycle.get("MoveToColdStorageAfterDays"), lifecycle.get("DeleteAfterDays")
            if cold and end and end < cold + 90:
                raise invalid(f"DeleteAfterDays must be 90 days greater than MoveToColdStorageAfterDays: {cold}, {end}")
    return await emulators.ask(call)


@corrects("backup", "CreateBackupSelection", see=f"{API}CreateBackupSelection.html")
async def selection(call: Call) -> Response:
    """Refuse a role that does not exist."""
    role = call.parameters["BackupSelection"]["IamRoleArn"]
    try:
        client("iam", "us-east-1").get_role(RoleName=role.rsplit("/", 1)[-1])
    except ClientError as error:
        raise invalid(f"IAM Role {role} is not found") from error
    return await emulators.ask(call)


@corrects("backup", "DeleteBackupPlan", see=f"{API}DeleteBackupPlan.html")
async def delete_plan(call: Call) -> Response:
    """Refuse a plan that still has selections."""
    wanted = call.parameters["BackupPlanId"]
    asked = emulators.request_for("backup", "ListBackupSelections", call.region, BackupPlanId=wanted)
    response = await emulators.ask(asked)
    if response.status == 200 and asked.read(response).get("BackupSelectionsList"):
        raise AwsError(
            "InvalidRequestException", "Related backup plan selections must be deleted prior to backup plan deletion"
        )
    return await emulators.ask(call)


@corrects("backup", "TagResource", "UntagResource", "ListTags", see=f"{API}TagResource.html")
async def tags(call: Call) -> Response:
    """Ask the emulator that has the resource."""
    if ":backup-plan:" in call.parameters["ResourceArn"]:
        return await ministack.ask(call)
    return moto.ask(call)
