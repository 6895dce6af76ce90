"""AWS Backup in the emulated plugin: vaults and their guards, plans, selections, and what is recorded only."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.model import UNKNOWN
from rehearsal.aws_plugin.provider.recorded import recorded_in
from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.asked import calls, of_deletion, of_reading, of_update, refused
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

VAULT = "aws:backup/vault:Vault"
POLICY = "aws:backup/vaultPolicy:VaultPolicy"
LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
NOTIFICATIONS = "aws:backup/vaultNotifications:VaultNotifications"
PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"
REPORT = "aws:backup/reportPlan:ReportPlan"

HOURLY = {"ruleName": "hourly", "schedule": "cron(0 * * * ? *)", "startWindow": 60, "lifecycle": {"deleteAfter": 7}}
TAGGED = {"type": "STRINGEQUALS", "key": "ha-web:backup", "value": "true"}


def document(action: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": action}]})


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator, {"project": "rehearsed"})


@pytest.fixture
def vault(program: Program, unique: str) -> Resource:
    return program.up(VAULT, unique, tags={"a": "1"})


@pytest.fixture
def plan(program: Program, vault: Resource, unique: str) -> Resource:
    """A plan with two rules, one of which copies."""
    copy = {"destinationVaultArn": vault.state["arn"], "lifecycle": {"deleteAfter": 400, "coldStorageAfter": 90}}
    monthly = {"ruleName": "monthly", "schedule": "cron(0 5 1 * ? *)", "copyActions": [copy]}
    rules = [{**each, "targetVaultName": vault.id} for each in (HOURLY, monthly)]
    return program.up(PLAN, unique, rules=rules, tags={"a": "1"})


@pytest.fixture
def role(aws: Client, unique: str) -> str:
    arn: str = aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument=document("x"))["Role"]["Arn"]
    return arn


def rules_of(aws: Client, plan: Resource) -> dict[str, dict[str, Any]]:
    rules = aws("backup").get_backup_plan(BackupPlanId=plan.id)["BackupPlan"]["Rules"]
    return {each["RuleName"]: each for each in rules}


def test_a_vault_is_made_with_its_key_and_tags(program: Program, aws: Client, unique: str) -> None:
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    vault = program.up(VAULT, unique, kmsKeyArn=key, tags={"a": "1"})
    found = aws("backup").describe_backup_vault(BackupVaultName=vault.id)
    assert found["EncryptionKeyArn"] == key
    assert vault.state["arn"] == found["BackupVaultArn"]
    assert aws("backup").list_tags(ResourceArn=vault.state["arn"])["Tags"] == {"a": "1", "project": "rehearsed"}
    assert vault.settled()


def test_a_vault_changes_its_tags_only(vault: Resource) -> None:
    assert vault.update(tags={"a": "2"}, forceDestroy=True) == {"tags.a": "UPDATE", "forceDestroy": "ADD"}
    assert vault.settled()
    assert vault.changes(kmsKeyArn="arn:aws:kms:eu-west-1:123456789012:key/x") == {"kmsKeyArn": "ADD_REPLACE"}
    assert vault.changes(name="other") == {"name": "UPDATE_REPLACE"}


def test_drift_of_a_vaults_tags_is_read(aws: Client, vault: Resource) -> None:
    aws("backup").tag_resource(ResourceArn=vault.state["arn"], Tags={"a": "9"})
    assert vault.read() == {"tags.a": "UPDATE"}


def test_a_vault_that_is_forced_goes(vault: Resource) -> None:
    vault.update(forceDestroy=True)
    vault.delete()
    assert vault.gone()


def test_a_vaults_policy_is_changed_in_place_and_drift_is_seen(program: Program, aws: Client, vault: Resource) -> None:
    policy = program.up(POLICY, backupVaultName=vault.id, policy=document("backup:DeleteRecoveryPoint"))
    assert policy.state["backupVaultArn"] == vault.state["arn"]
    assert policy.settled()
    assert policy.update(policy=document("backup:DeleteBackupVault")) == {"policy": "UPDATE"}
    found = aws("backup").get_backup_vault_access_policy(BackupVaultName=vault.id)["Policy"]
    assert json.loads(found) == json.loads(document("backup:DeleteBackupVault"))
    aws("backup").put_backup_vault_access_policy(BackupVaultName=vault.id, Policy=document("backup:*"))
    assert policy.read() == {"policy": "UPDATE"}
    policy.delete()
    assert policy.gone()


def test_a_lock_is_replaced_for_other_limits(program: Program, aws: Client, vault: Resource) -> None:
    lock = program.up(LOCK, backupVaultName=vault.id, minRetentionDays=7, maxRetentionDays=365)
    found = aws("backup").describe_backup_vault(BackupVaultName=vault.id)
    assert (found["Locked"], found["MinRetentionDays"], found["MaxRetentionDays"]) == (True, 7, 365)
    assert lock.settled()
    assert lock.changes(minRetentionDays=8) == {"minRetentionDays": "UPDATE_REPLACE"}
    aws("backup").put_backup_vault_lock_configuration(BackupVaultName=vault.id, MinRetentionDays=1)
    assert lock.read() == dict.fromkeys(("maxRetentionDays", "minRetentionDays"), "UPDATE_REPLACE")
    lock.delete()
    assert aws("backup").describe_backup_vault(BackupVaultName=vault.id)["Locked"] is False
    assert lock.read() == dict.fromkeys(("maxRetentionDays", "minRetentionDays"), "UPDATE_REPLACE")  # a lock of no days


@pytest.mark.parametrize(
    ("args", "path"),
    [
        ({"changeableForDays": 2}, "changeableForDays"),
        ({"minRetentionDays": 9, "maxRetentionDays": 8}, "minRetentionDays"),
    ],
)
def test_a_lock_that_aws_refuses_is_refused_at_preview(program: Program, args: dict[str, int], path: str) -> None:
    assert [each[0] for each in program.resource(LOCK).refusals({"backupVaultName": "vault", **args})] == [path]


def test_notifications_are_replaced_for_other_events(program: Program, aws: Client, vault: Resource) -> None:
    topic = aws("sns").create_topic(Name=vault.id)["TopicArn"]
    failures = ["BACKUP_JOB_FAILED", "COPY_JOB_FAILED"]
    notified = program.up(NOTIFICATIONS, backupVaultName=vault.id, snsTopicArn=topic, backupVaultEvents=failures)
    found = aws("backup").get_backup_vault_notifications(BackupVaultName=vault.id)
    assert (found["SNSTopicArn"], set(found["BackupVaultEvents"])) == (topic, set(failures))
    assert notified.settled()
    assert set(notified.changes(backupVaultEvents=failures[:1]).values()) == {"DELETE_REPLACE"}
    aws("backup").put_backup_vault_notifications(
        BackupVaultName=vault.id, SNSTopicArn=topic, BackupVaultEvents=["RESTORE_JOB_FAILED"]
    )
    assert set(notified.read() or {}) == {"backupVaultEvents[0]", "backupVaultEvents[1]"}
    notified.delete()
    assert notified.gone()


def test_an_event_that_aws_does_not_know_is_refused(program: Program) -> None:
    args = {"backupVaultName": "v", "snsTopicArn": "t", "backupVaultEvents": ["NO_EVENT"]}
    assert program.resource(NOTIFICATIONS).refusals(args)[0][0] == "backupVaultEvents"


def test_a_plan_is_at_aws_as_the_program_says(aws: Client, vault: Resource, plan: Resource) -> None:
    found = rules_of(aws, plan)
    assert found["hourly"]["ScheduleExpression"] == "cron(0 * * * ? *)"
    assert (found["hourly"]["StartWindowMinutes"], found["hourly"]["Lifecycle"]) == (60, {"DeleteAfterDays": 7})
    assert found["monthly"]["TargetBackupVaultName"] == vault.id
    assert found["monthly"]["CopyActions"] == [
        {
            "DestinationBackupVaultArn": vault.state["arn"],
            "Lifecycle": {"DeleteAfterDays": 400, "MoveToColdStorageAfterDays": 90},
        }
    ]
    assert plan.state["arn"] == aws("backup").get_backup_plan(BackupPlanId=plan.id)["BackupPlanArn"]
    assert aws("backup").list_tags(ResourceArn=plan.state["arn"])["Tags"] == {"a": "1", "project": "rehearsed"}
    assert plan.settled()


def test_a_plan_gets_another_version_in_place(aws: Client, plan: Resource) -> None:
    before, (hourly, _) = plan.state["version"], plan.inputs["rules"]
    changed = plan.update(rules=[{**hourly, "lifecycle": {"deleteAfter": 8}}], tags={"a": "2"})
    assert changed == {"rules[0].lifecycle.deleteAfter": "UPDATE", "rules[1]": "DELETE", "tags.a": "UPDATE"}
    assert list(rules_of(aws, plan)) == ["hourly"]
    assert plan.state["version"] not in ("", before)
    assert plan.settled()
    assert plan.changes(name="other") == {"name": "UPDATE_REPLACE"}


def test_a_preview_of_an_update_does_not_know_the_version(plan: Resource) -> None:
    rules = [{**plan.inputs["rules"][0], "startWindow": 90}]
    given = (PLAN, plan.name, plan.id, plan.inputs, plan.state, {**plan.inputs, "rules": rules})
    assert "version" not in plan.lifecycle.update(*given, preview=True)


def test_the_order_of_rules_is_no_change(plan: Resource) -> None:
    assert plan.changes(rules=plan.inputs["rules"][::-1]) == {}


def test_drift_of_a_plan_is_read(aws: Client, vault: Resource, plan: Resource) -> None:
    rule = {"RuleName": "hourly", "TargetBackupVaultName": vault.id, "ScheduleExpression": "cron(0 1 * * ? *)"}
    name = plan.state["name"]
    aws("backup").update_backup_plan(BackupPlanId=plan.id, BackupPlan={"BackupPlanName": name, "Rules": [rule]})
    drift = plan.read() or {}
    assert drift["rules[0].schedule"] == "UPDATE"
    assert drift["rules[1]"] == "ADD"


def test_advanced_settings_come_and_go(aws: Client, plan: Resource) -> None:
    plan.update(advancedBackupSettings=[{"resourceType": "EC2", "backupOptions": {"WindowsVSS": "enabled"}}])
    found = aws("backup").get_backup_plan(BackupPlanId=plan.id)["BackupPlan"]["AdvancedBackupSettings"]
    assert found == [{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}]
    assert plan.settled()
    plan.update(advancedBackupSettings=None)
    assert plan.settled()


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"lifecycle": {"deleteAfter": 100, "coldStorageAfter": 90}}, "rules.hourly.lifecycle.deleteAfter"),
        ({"enableContinuousBackup": True, "lifecycle": {"deleteAfter": 36}}, "rules.hourly.lifecycle.deleteAfter"),
        ({"startWindow": 30}, "rules.hourly.startWindow"),
        ({"completionWindow": 60}, "rules.hourly.completionWindow"),
        ({"lifecycle": {"deletAfter": 7}}, "rules[0].lifecycle.deletAfter"),
        ({"targetVaultName": None}, "rules[0].targetVaultName"),
    ],
)
def test_rules_that_aws_refuses_are_refused_at_preview(program: Program, changed: dict[str, Any], path: str) -> None:
    rule = {**HOURLY, "targetVaultName": "vault", **changed}
    assert [each[0] for each in program.resource(PLAN).refusals({"rules": [rule]})] == [path]


def test_a_continuous_rule_is_at_aws_as_the_program_says(program: Program, aws: Client, vault: Resource) -> None:
    rule = {**HOURLY, "targetVaultName": vault.id, "enableContinuousBackup": True, "lifecycle": {"deleteAfter": 35}}
    plan = program.up(PLAN, vault.id, rules=[rule])
    assert rules_of(aws, plan)["hourly"]["EnableContinuousBackup"] is True
    assert plan.settled()
    assert plan.update(rules=[{**rule, "enableContinuousBackup": None}]) == {
        "rules[0].enableContinuousBackup": "UPDATE"
    }
    assert plan.settled()


@pytest.mark.parametrize("limits", [{"minRetentionDays": 6, "maxRetentionDays": 9}, {"minRetentionDays": 9}])
def test_an_air_gapped_vault_that_aws_refuses_is_refused(program: Program, limits: dict[str, int]) -> None:
    token = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"
    refused = program.resource(token).refusals({"maxRetentionDays": 8, **limits})
    assert [each[0] for each in refused] == ["minRetentionDays"]


def test_a_vault_that_is_forced_goes_with_its_recovery_points(
    aws: Client, vault: Resource, role: str, refused: Any
) -> None:
    aws("s3").create_bucket(Bucket=vault.id, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    given = {"BackupVaultName": vault.id, "ResourceArn": f"arn:aws:s3:::{vault.id}", "IamRoleArn": role}
    aws("backup").start_backup_job(**given)
    assert refused(aws("backup").delete_backup_vault, BackupVaultName=vault.id) == "InvalidRequestException"
    vault.update(forceDestroy=True)
    vault.delete()
    assert vault.gone()


def test_rules_of_things_not_made_yet_are_accepted_at_preview(program: Program) -> None:
    rule = {**HOURLY, "targetVaultName": UNKNOWN, "copyActions": [{"destinationVaultArn": UNKNOWN}]}
    assert program.resource(PLAN).refusals({"rules": [rule]}) == []
    assert program.resource(PLAN).refusals({"rules": UNKNOWN}) == []


def test_a_rule_for_a_vault_that_is_not_there_is_refused(program: Program) -> None:
    with pytest.raises(CallError, match="does not exist"):
        program.up(PLAN, rules=[{**HOURLY, "targetVaultName": "nowhere"}])


def test_a_selection_by_tag_is_made_and_replaced_for_anything_else(
    program: Program, aws: Client, plan: Resource, role: str
) -> None:
    selection = program.up(SELECTION, planId=plan.id, iamRoleArn=role, selectionTags=[TAGGED])
    found = aws("backup").get_backup_selection(BackupPlanId=plan.id, SelectionId=selection.id)["BackupSelection"]
    expected = {"ConditionType": "STRINGEQUALS", "ConditionKey": "ha-web:backup", "ConditionValue": "true"}
    assert found["ListOfTags"] == [expected]
    assert selection.settled()
    for changed in (
        {"selectionTags": [{**TAGGED, "value": "yes"}]},
        {"resources": ["*"]},
        {"iamRoleArn": "arn:aws:iam::123456789012:role/other"},
    ):
        assert [kind.partition("_")[2] for kind in selection.changes(**changed).values()] == ["REPLACE"]


def test_a_selection_by_resources_and_conditions(program: Program, aws: Client, plan: Resource, role: str) -> None:
    condition = {
        "stringEquals": [{"key": "aws:ResourceTag/a", "value": "b"}],
        "stringNotLikes": [{"key": "aws:ResourceTag/a", "value": "c*"}],
    }
    skipped = ["arn:aws:ec2:*:*:volume/*"]
    chosen = {"resources": ["*"], "notResources": skipped, "conditions": [condition]}
    selection = program.up(SELECTION, planId=plan.id, iamRoleArn=role, **chosen)
    found = aws("backup").get_backup_selection(BackupPlanId=plan.id, SelectionId=selection.id)["BackupSelection"]
    assert (found["Resources"], found["NotResources"]) == (["*"], skipped)
    assert found["Conditions"]["StringNotLike"] == [{"ConditionKey": "aws:ResourceTag/a", "ConditionValue": "c*"}]
    assert selection.settled()


def test_a_selection_goes_before_its_plan(program: Program, plan: Resource, role: str) -> None:
    selection = program.up(SELECTION, planId=plan.id, iamRoleArn=role, selectionTags=[TAGGED])
    selection.delete()
    assert selection.gone()
    plan.delete()
    assert plan.gone()


def test_a_report_plan_is_made_and_its_updates_are_recorded(program: Program, aws: Client, unique: str) -> None:
    channel, setting = {"s3BucketName": "b", "formats": ["CSV"]}, {"reportTemplate": "BACKUP_JOB_REPORT"}
    report = program.up(REPORT, name=unique, description="a", reportDeliveryChannel=channel, reportSetting=setting)
    found = aws("backup").describe_report_plan(ReportPlanName=report.id)["ReportPlan"]
    assert found["ReportSetting"]["ReportTemplate"] == "BACKUP_JOB_REPORT"
    assert report.settled()
    assert report.update(description="b") == {"description": "UPDATE"}
    assert report.settled()
    assert report.changes(name="other") == {"name": "UPDATE_REPLACE"}
    report.delete()
    assert report.gone()


CONTROL = {"name": "BACKUP_RECOVERY_POINT_ENCRYPTED", "scope": {"complianceResourceTypes": ["EBS"]}}
LATEST = {"algorithm": "LATEST_WITHIN_WINDOW", "includeVaults": ["*"], "recoveryPointTypes": ["SNAPSHOT"]}
TESTED = {"restoreTestingPlanName": "p", "iamRoleArn": "arn:aws:iam::123456789012:role/r"}
WITH_TAG = {"stringEquals": [{"key": "aws:ResourceTag/a", "value": "b"}]}
CHOICES: dict[str, Any] = {"protectedResourceArns": ["*"], "protectedResourceConditions": WITH_TAG}


@pytest.mark.parametrize(
    ("token", "args", "changed", "replaced", "operation"),
    [
        (
            "aws:backup/framework:Framework",
            {"name": "f", "controls": [CONTROL], "tags": {"a": "1"}},
            {"description": "b"},
            {"name": "g"},
            "CreateFramework",
        ),
        (
            "aws:backup/restoreTestingPlan:RestoreTestingPlan",
            {"name": "p", "scheduleExpression": "cron(0 5 * * ? *)", "recoveryPointSelection": LATEST},
            {"startWindowHours": 4},
            {"name": "q"},
            "CreateRestoreTestingPlan",
        ),
        (
            "aws:backup/restoreTestingSelection:RestoreTestingSelection",
            {
                **TESTED,
                "name": "s",
                "protectedResourceType": "EFS",
                "protectedResourceConditions": WITH_TAG,
                "restoreMetadataOverrides": {"fooBar": "x"},
            },
            {"validationWindowHours": 4},
            {"protectedResourceType": "EBS"},
            "CreateRestoreTestingSelection",
        ),
        (
            "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault",
            {"minRetentionDays": 7, "maxRetentionDays": 35},
            {"tags": {"a": "1"}},
            {"maxRetentionDays": 36},
            "CreateLogicallyAirGappedBackupVault",
        ),
        (
            "aws:backup/regionSettings:RegionSettings",
            {"resourceTypeOptInPreference": {"EFS": True}},
            {"resourceTypeManagementPreference": {"EFS": True}},
            {"region": "us-east-1"},
            "UpdateRegionSettings",
        ),
    ],
)
def test_what_nobody_emulates_is_recorded_and_updated_in_the_state(
    program: Program,
    token: str,
    args: dict[str, Any],
    changed: dict[str, Any],
    replaced: dict[str, Any],
    operation: str,
) -> None:
    made = program.up(token, **args)
    assert made.settled()
    assert set(made.update(**changed)) == set(changed)
    assert made.settled()
    assert [kind.partition("_")[2] for kind in made.changes(**replaced).values()] == ["REPLACE"]
    assert operation in recorded_in([{"type": token, "outputs": made.state}])[0].operations
    made.delete()


def test_what_is_recorded_is_validated_all_the_same(program: Program) -> None:
    refused = program.resource("aws:backup/framework:Framework").refusals({"name": "a-b", "controls": [CONTROL]})
    assert refused[0][0] == "name"
    wrong = {"name": "p", "scheduleExpression": "x", "recoveryPointSelection": {**LATEST, "algorithm": "OLDEST"}}
    refused = program.resource("aws:backup/restoreTestingPlan:RestoreTestingPlan").refusals(wrong)
    assert "OLDEST" in refused[0][1]


def test_a_restore_test_chooses_by_arns_or_by_conditions_as_the_real_provider_wants(program: Program) -> None:
    selection = program.resource("aws:backup/restoreTestingSelection:RestoreTestingSelection")
    given = {"name": "s", **TESTED, "protectedResourceType": "EFS"}
    assert selection.refusals({**given, **CHOICES})[0][0] == "protectedResourceArns"
    assert selection.refusals(given)[0][0] == "protectedResourceArns"
    for name, value in CHOICES.items():
        assert selection.refusals({**given, name: value}) == []


DENIED = refused("AccessDeniedException")


@pytest.mark.parametrize("token", [VAULT, "aws:backup/vaultPolicy:VaultPolicy"])
def test_who_may_not_delete_a_vault_is_told_that_it_is_gone(token: str) -> None:
    """As the provider does: what it isn't allowed to delete leaves the stack and stays at AWS."""
    operation = "DeleteBackupVault" if token == VAULT else "DeleteBackupVaultAccessPolicy"
    assert calls(of_deletion(token, {"backupVaultName": "web"}, {operation: DENIED})) == [operation]
    with pytest.raises(CallError):
        of_deletion(token, {"backupVaultName": "web"}, {operation: refused("InvalidRequestException")})


def test_a_vault_is_emptied_only_with_force() -> None:
    points = {"ListRecoveryPointsByBackupVault": {"RecoveryPoints": [{"RecoveryPointArn": "arn:aws:ec2:eu-west-1::a"}]}}
    forced = ["ListRecoveryPointsByBackupVault", "DeleteRecoveryPoint", "DeleteBackupVault"]
    assert calls(of_deletion(VAULT, {"name": "web", "forceDestroy": True}, points)) == forced
    assert calls(of_deletion(VAULT, {"name": "web"}, points)) == ["DeleteBackupVault"]


@pytest.mark.parametrize(
    ("kind", "found"), [("BACKUP_VAULT", True), (None, True), ("LOGICALLY_AIR_GAPPED_BACKUP_VAULT", False)]
)
def test_an_air_gapped_vault_is_no_vault_of_the_other_type(kind: str | None, found: bool) -> None:
    described = {"DescribeBackupVault": {"BackupVaultName": "web", **({"VaultType": kind} if kind else {})}}
    assert (of_reading(VAULT, {"name": "web"}, described) is not None) is found


@pytest.mark.parametrize("kind", ["vaultPolicy:VaultPolicy", "vaultNotifications:VaultNotifications"])
def test_what_one_may_not_read_of_a_vault_is_gone(kind: str) -> None:
    answers = dict.fromkeys(("GetBackupVaultAccessPolicy", "GetBackupVaultNotifications"), DENIED)
    assert of_reading(f"aws:backup/{kind}", {"backupVaultName": "web"}, answers) is None


def test_a_selection_goes_with_its_plan() -> None:
    gone = {"GetBackupSelection": refused("InvalidParameterValueException", "Cannot find Backup plan with ID p")}
    assert of_reading("aws:backup/selection:Selection", {"planId": "p", "name": "s"}, gone) is None


def test_a_rule_has_the_providers_windows_where_it_has_none(program: Program) -> None:
    rule = {"ruleName": "r", "targetVaultName": "web"}
    inputs = program.resource(PLAN).checked({"name": "p", "rules": [rule]})
    windows = {"startWindow": 60, "completionWindow": 180}
    assert inputs["rules"] == [
        {**rule, **windows, "scheduleExpressionTimezone": "Etc/UTC", "enableContinuousBackup": False}
    ]
    [wrong] = program.resource(PLAN).refusals({"name": "p", "rules": [{**rule, "startWindow": 240}]})
    assert wrong == ("rules.r.completionWindow", "180 is not after startWindow 240")


def test_other_arns_alone_are_not_sent_of_a_restore_test() -> None:
    token = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
    old = {"name": "s", "restoreTestingPlanName": "p", "protectedResourceArns": ["*"], "validationWindowHours": 1}
    old["iamRoleArn"] = "arn:aws:iam::123456789012:role/r"
    other = ["arn:aws:rds:eu-west-1:123456789012:cluster:a"]
    assert of_update(token, old, protectedResourceArns=other) == []
    [asked] = of_update(token, old, protectedResourceArns=other, validationWindowHours=2)
    assert asked["RestoreTestingSelection"]["ProtectedResourceArns"] == other
