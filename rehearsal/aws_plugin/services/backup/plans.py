"""AWS Backup: vaults with policy, lock and notifications, plans, selections; audits and tests are in `backup_audit`."""

from __future__ import annotations

from typing import Any

from rehearsal.aws_plugin.calls.clients import code
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.model import RefusedError, is_unknown
from rehearsal.aws_plugin.entry import AutoName, Call, Hook, HookContext, Read, Tags, Type

NAME = {"name": "BackupVaultName"}
OF_VAULT = {"BackupVaultName": "{backupVaultName}"}
OF_THE_KIND = "[@][?!VaultType || VaultType == 'BACKUP_VAULT'] | [0]"
"""A vault that isn't an air-gapped one."""


def tags_of(arn: str) -> Tags:
    """The tagging of everything of this service; `arn` is where the creation's answer has the ARN."""
    return Tags("TagResource", "UntagResource", {"ResourceArn": f"{{arn || answer.{arn}}}"}, read="ListTags")


def delete_vault(context: HookContext) -> None:
    """Delete a vault, with `forceDestroy` after its recovery points; who isn't allowed to is told nothing."""
    if context.args.get("forceDestroy") is True:
        empty_vault(context)
    _unless_denied(context, "DeleteBackupVault")


def empty_vault(context: HookContext) -> None:
    """Delete the recovery points that keep a vault from being deleted."""
    request: dict[str, Any] = {"BackupVaultName": context.id}
    while True:
        page = context.call("ListRecoveryPointsByBackupVault", request)
        for point in page.get("RecoveryPoints", []):
            gone = {"BackupVaultName": context.id, "RecoveryPointArn": point["RecoveryPointArn"]}
            context.call("DeleteRecoveryPoint", gone)
        if not page.get("NextToken"):
            return
        request["NextToken"] = page["NextToken"]


def delete_policy(context: HookContext) -> None:
    """Delete a vault's policy; who isn't allowed to is told nothing."""
    _unless_denied(context, "DeleteBackupVaultAccessPolicy")


def _unless_denied(context: HookContext, operation: str) -> None:
    try:
        context.call(operation, {"BackupVaultName": context.id})
    except CallError as error:
        if code(error.cause) not in DENIED:
            raise


DENIED = ("AccessDeniedException",)
"""What AWS Backup answers of a vault that isn't there, and the provider takes for that alone."""

LIFECYCLE = {
    "coldStorageAfter": "MoveToColdStorageAfterDays",
    "deleteAfter": "DeleteAfterDays",
    "optInToArchiveForSupportedResources": "OptInToArchiveForSupportedResources",
}
PLAN = {
    "name": "BackupPlan.BackupPlanName",
    "rules": "BackupPlan.Rules",
    "rules.completionWindow": "CompletionWindowMinutes",
    "rules.schedule": "ScheduleExpression",
    "rules.startWindow": "StartWindowMinutes",
    "rules.targetVaultName": "TargetBackupVaultName",
    "rules.copyActions.destinationVaultArn": "DestinationBackupVaultArn",
    **{
        f"{path}.{name}": to
        for path in ("rules.lifecycle", "rules.copyActions.lifecycle")
        for name, to in LIFECYCLE.items()
    },
}


def _known(value: Any) -> list[dict[str, Any]]:
    """The blocks of a list that are known."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def refuse_lifecycles(context: HookContext) -> None:
    """Refuse lifecycles that AWS Backup refuses: 90 days at least in cold storage, windows of an hour, 35 days at most
    of continuous backup.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
    https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
    """
    for rule in _known(context.args.get("rules")):
        where = f"rules.{rule.get('ruleName')}"
        kept = next(iter(_known([rule.get("lifecycle")])), {}).get("deleteAfter")
        if rule.get("enableContinuousBackup") is True and kept and not is_unknown(kept) and kept > 35:
            raise RefusedError(
                f"{where}.lifecycle.deleteAfter", f"{kept} days are more than 35, of a continuous backup"
            )
        for holder in (rule, *_known(rule.get("copyActions"))):
            lifecycle = next(iter(_known([holder.get("lifecycle")])), {})
            cold, end = lifecycle.get("coldStorageAfter"), lifecycle.get("deleteAfter")
            if cold and end and not is_unknown([cold, end]) and end < cold + 90:
                raise RefusedError(
                    f"{where}.lifecycle.deleteAfter", f"{end} is not 90 days after coldStorageAfter {cold}"
                )
        start, done = rule.get("startWindow"), rule.get("completionWindow")
        if start is not None and not is_unknown(start) and start < 60:
            raise RefusedError(f"{where}.startWindow", f"{start} minutes is less than an hour")
        if start and done and not is_unknown([start, done]) and done <= start:
            raise RefusedError(f"{where}.completionWindow", f"{done} is not after startWindow {start}")


CONDITIONS = {"stringEquals": "StringEquals", "stringLikes": "StringLike"}
CONDITIONS |= {"stringNotEquals": "StringNotEquals", "stringNotLikes": "StringNotLike"}
SELECTION = {
    "name": "BackupSelection.SelectionName",
    "conditions": "BackupSelection.Conditions",
    "selectionTags": "BackupSelection.ListOfTags",
    "selectionTags.type": "ConditionType",
    "selectionTags.key": "ConditionKey",
    "selectionTags.value": "ConditionValue",
    **{f"conditions.{name}": to for name, to in CONDITIONS.items()},
    **{f"conditions.{name}.key": "ConditionKey" for name in CONDITIONS},
    **{f"conditions.{name}.value": "ConditionValue" for name in CONDITIONS},
}


def refuse_lock(context: HookContext) -> None:
    """Refuse a lock that AWS Backup refuses. https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"""
    args = context.args
    low, high, change = (args.get(f"{name}") for name in ("minRetentionDays", "maxRetentionDays", "changeableForDays"))
    if change is not None and not is_unknown(change) and change < 3:
        raise RefusedError("changeableForDays", f"{change} is less than 3 days")
    if low is not None and high is not None and not is_unknown([low, high]) and low > high:
        raise RefusedError("minRetentionDays", f"{low} is above maxRetentionDays {high}")


TYPES = [
    Type(
        "aws:backup/vault:Vault",
        "backup",
        create=Call("CreateBackupVault", rename={**NAME, "kmsKeyArn": "EncryptionKeyArn"}),
        id="{name}",
        read=Read("DescribeBackupVault", {"BackupVaultName": "{id}"}, OF_THE_KIND),
        delete=Hook(delete_vault),
        tags=tags_of("BackupVaultArn"),
        outputs={"arn": "BackupVaultArn", "recoveryPoints": "NumberOfRecoveryPoints || `0`"},
        auto_name=AutoName(maximum=50),
        local=("forceDestroy",),
    ),
    Type(
        "aws:backup/vaultPolicy:VaultPolicy",
        "backup",
        create=Call("PutBackupVaultAccessPolicy", OF_VAULT),
        id="{backupVaultName}",
        update=(Call("PutBackupVaultAccessPolicy", OF_VAULT),),
        read=Read("GetBackupVaultAccessPolicy", {"BackupVaultName": "{id}"}, gone=DENIED),
        delete=Hook(delete_policy),
        outputs={"backupVaultArn": "BackupVaultArn"},
    ),
    Type(
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        "backup",
        create=Call("PutBackupVaultLockConfiguration", OF_VAULT),
        id="{backupVaultName}",
        then=(Hook(refuse_lock, dry=True),),
        read=Read(  # a vault without a lock has one of no days
            "DescribeBackupVault",
            {"BackupVaultName": "{id}"},
            OF_THE_KIND,
            {name: f"{name[:1].upper()}{name[1:]} || `0`" for name in ("minRetentionDays", "maxRetentionDays")},
        ),
        delete=Call("DeleteBackupVaultLockConfiguration", {"BackupVaultName": "{id}"}),
        outputs={"backupVaultArn": "BackupVaultArn"},
    ),
    Type(
        "aws:backup/vaultNotifications:VaultNotifications",
        "backup",
        create=Call("PutBackupVaultNotifications", OF_VAULT),
        id="{backupVaultName}",
        read=Read("GetBackupVaultNotifications", {"BackupVaultName": "{id}"}, gone=DENIED),
        delete=Call("DeleteBackupVaultNotifications", {"BackupVaultName": "{id}"}),
        outputs={"backupVaultArn": "BackupVaultArn"},
    ),
    Type(
        "aws:backup/plan:Plan",
        "backup",
        create=Call("CreateBackupPlan", rename=PLAN, into="BackupPlan"),
        id="BackupPlanId",
        then=(Hook(refuse_lifecycles, dry=True),),
        update=(Call("UpdateBackupPlan", {"BackupPlanId": "{id}"}, rename=PLAN, into="BackupPlan", whole=True),),
        read=Read(
            "GetBackupPlan",
            {"BackupPlanId": "{id}"},
            "[@][?!DeletionDate] | [0]",
            {
                "advancedBackupSettings": "BackupPlan.AdvancedBackupSettings",
                "name": "BackupPlan.BackupPlanName",
                "rules": "BackupPlan.Rules",
                "scanSettings": "BackupPlan.ScanSettings",
            },
        ),
        delete=Call("DeleteBackupPlan", {"BackupPlanId": "{id}"}),
        tags=tags_of("BackupPlanArn"),
        outputs={"arn": "BackupPlanArn", "version": "VersionId"},
        volatile=("version",),
        auto_name=AutoName(maximum=50),
        replace=("name",),
        busy=("Related backup plan selections must be deleted prior to backup",),
        default={
            "rules.completionWindow": 180,
            "rules.enableContinuousBackup": False,
            "rules.scheduleExpressionTimezone": "Etc/UTC",
            "rules.startWindow": 60,
        },
    ),
    Type(
        "aws:backup/selection:Selection",
        "backup",
        create=Call("CreateBackupSelection", {"BackupPlanId": "{planId}"}, rename=SELECTION, into="BackupSelection"),
        id="SelectionId",
        read=Read("GetBackupSelection", {"BackupPlanId": "{planId}", "SelectionId": "{id}"}, "BackupSelection"),
        delete=Call("DeleteBackupSelection", {"BackupPlanId": "{planId}", "SelectionId": "{id}"}),
        auto_name=AutoName(maximum=50),
        gone=("InvalidParameterValueException",),  # the plan has gone, and the selection with it
    ),
]
