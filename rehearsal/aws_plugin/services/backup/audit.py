"""AWS Backup: report plans, and what is recorded only for want of an emulator: audits, restore tests, settings."""

from __future__ import annotations

from rehearsal.aws_plugin.calls.model import RefusedError, is_unknown
from rehearsal.aws_plugin.entry import AutoName, Call, Hook, HookContext, Read, Tags, Type
from rehearsal.aws_plugin.services.backup.plans import tags_of

ARN = "arn:{partition}:backup:{region}:{account}"

UNDERLINED = AutoName(maximum=50)
"""Names of the audit's parts, in which AWS takes no hyphen: the program has to give them."""


def refuse_hyphen(context: HookContext) -> None:
    """Refuse a name that AWS refuses: of letters, digits and underscores, beginning with a letter.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateFramework.html
    """
    name = context.args.get("name")
    if isinstance(name, str) and "-" in name:
        raise RefusedError("name", f'"{name}" has a hyphen; AWS Backup takes letters, digits and underscores')


def refuse_two_choices(context: HookContext) -> None:
    """Refuse a selection by ARNs and by conditions, or by neither: AWS Backup takes both, the provider exactly one."""
    given = [name for name in ("protectedResourceArns", "protectedResourceConditions") if context.args.get(name)]
    if len(given) != 1:
        which = " and ".join(given) or "neither"
        raise RefusedError(
            "protectedResourceArns", f"exactly one of it and protectedResourceConditions; given: {which}"
        )


def refuse_air_gap(context: HookContext) -> None:
    """Refuse limits that AWS refuses.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateLogicallyAirGappedBackupVault.html
    """
    low, high = (context.args.get(name) for name in ("minRetentionDays", "maxRetentionDays"))
    if low is not None and not is_unknown(low) and low < 7:
        raise RefusedError("minRetentionDays", f"{low} is less than 7 days")
    if low is not None and high is not None and not is_unknown([low, high]) and low > high:
        raise RefusedError("minRetentionDays", f"{low} is above maxRetentionDays {high}")


def recorded_tags(kind: str) -> Tags:
    """Tags of what is recorded only."""
    return Tags("TagResource", "UntagResource", {"ResourceArn": f"{ARN}:{kind}:{{id}}"}, recorded=True)


NAMED = Hook(refuse_hyphen, dry=True)

FRAMEWORK = {
    "name": "FrameworkName",
    "description": "FrameworkDescription",
    "controls": "FrameworkControls",
    "controls.name": "ControlName",
    "controls.inputParameters": "ControlInputParameters",
    "controls.inputParameters.name": "ParameterName",
    "controls.inputParameters.value": "ParameterValue",
    "controls.scope": "ControlScope",
}
REPORT = {"name": "ReportPlanName", "description": "ReportPlanDescription"}
TEST = {"name": "RestoreTestingPlan.RestoreTestingPlanName"}
TESTED = {"name": "RestoreTestingSelection.RestoreTestingSelectionName"}


TYPES = [
    Type(
        "aws:backup/reportPlan:ReportPlan",
        "backup",
        create=Call("CreateReportPlan", rename=REPORT),
        id="ReportPlanName",
        then=(NAMED,),
        update=(
            Call(
                "UpdateReportPlan",
                {"ReportPlanName": "{id}"},
                rename={"description": "ReportPlanDescription"},
                takes=("description", "reportDeliveryChannel", "reportSetting"),
                whole=True,
                cleared={"description": ""},
                recorded=True,
            ),
        ),
        read=Read(
            "DescribeReportPlan",
            {"ReportPlanName": "{id}"},
            "ReportPlan",
            {"description": "ReportPlanDescription", "name": "ReportPlanName"},
        ),
        delete=Call("DeleteReportPlan", {"ReportPlanName": "{id}"}),
        tags=tags_of("ReportPlanArn"),
        outputs={"arn": "ReportPlanArn", "creationTime": "CreationTime", "deploymentStatus": "DeploymentStatus"},
        auto_name=UNDERLINED,
        unread=("description", "reportDeliveryChannel", "reportSetting"),  # their updates are recorded only
    ),
    Type(
        "aws:backup/framework:Framework",
        "backup",
        create=Call("CreateFramework", rename=FRAMEWORK, recorded=True),
        id="{name}",
        then=(NAMED,),
        update=(
            Call(
                "UpdateFramework",
                {"FrameworkName": "{id}"},
                rename=FRAMEWORK,
                takes=("controls", "description"),
                whole=True,
                cleared={"description": ""},
                recorded=True,
            ),
        ),
        delete=Call("DeleteFramework", {"FrameworkName": "{id}"}, recorded=True),
        tags=recorded_tags("framework"),
        busy=("ConflictException",),
        outputs={"arn": f"{ARN}:framework:{{id}}"},
        auto_name=UNDERLINED,
    ),
    Type(
        "aws:backup/restoreTestingPlan:RestoreTestingPlan",
        "backup",
        create=Call("CreateRestoreTestingPlan", rename=TEST, into="RestoreTestingPlan", recorded=True),
        id="{name}",
        then=(NAMED,),
        update=(
            Call(
                "UpdateRestoreTestingPlan",
                {"RestoreTestingPlanName": "{id}"},
                into="RestoreTestingPlan",
                whole=True,
                recorded=True,
            ),
        ),
        delete=Call("DeleteRestoreTestingPlan", {"RestoreTestingPlanName": "{id}"}, recorded=True),
        tags=recorded_tags("restore-testing-plan"),
        outputs={"arn": f"{ARN}:restore-testing-plan:{{id}}"},
        auto_name=UNDERLINED,
    ),
    Type(
        "aws:backup/restoreTestingSelection:RestoreTestingSelection",
        "backup",
        create=Call(
            "CreateRestoreTestingSelection",
            {"RestoreTestingPlanName": "{restoreTestingPlanName}"},
            rename=TESTED,
            into="RestoreTestingSelection",
            recorded=True,
        ),
        id="{restoreTestingPlanName}:{name}",
        then=(NAMED, Hook(refuse_two_choices, dry=True)),
        update=(
            Call(
                "UpdateRestoreTestingSelection",
                {"RestoreTestingPlanName": "{restoreTestingPlanName}", "RestoreTestingSelectionName": "{name}"},
                into="RestoreTestingSelection",
                whole=True,
                recorded=True,
            ),
        ),
        delete=Call(
            "DeleteRestoreTestingSelection",
            {"RestoreTestingPlanName": "{restoreTestingPlanName}", "RestoreTestingSelectionName": "{name}"},
            recorded=True,
        ),
        auto_name=UNDERLINED,
        unsent=("protectedResourceArns",),
    ),
    Type(
        "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault",
        "backup",
        create=Call(
            "CreateLogicallyAirGappedBackupVault",
            rename={"name": "BackupVaultName"},
            recorded=True,
        ),
        id="{name}",
        then=(Hook(refuse_air_gap, dry=True),),
        delete=Call("DeleteBackupVault", {"BackupVaultName": "{id}"}, recorded=True),
        tags=recorded_tags("backup-vault"),
        outputs={"arn": f"{ARN}:backup-vault:{{id}}"},
        auto_name=AutoName(maximum=50),
        local=("timeouts",),
    ),
    Type(
        "aws:backup/regionSettings:RegionSettings",
        "backup",
        create=Call("UpdateRegionSettings", recorded=True),
        id="{region}",
        update=(Call("UpdateRegionSettings", whole=True, recorded=True),),
    ),
    Type(
        "aws:backup/globalSettings:GlobalSettings",
        "backup",
        create=Call("UpdateGlobalSettings", recorded=True),
        id="{account}",
        update=(Call("UpdateGlobalSettings", whole=True, recorded=True),),
    ),
]
