"""Plans, selections and vaults in the emulated account."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("emulator-operations")


class Backups:
    """AWS Backup with a vault and a role."""

    def __init__(self, aws: Callable[..., Any], name: str) -> None:
        self.api, self.name = aws("backup"), name
        self.vault_arn = self.api.create_backup_vault(BackupVaultName=name)["BackupVaultArn"]
        trust = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        self.role = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]

    def rule(self, **settings: Any) -> dict[str, Any]:
        given = {
            "RuleName": "daily",
            "TargetBackupVaultName": self.name,
            "ScheduleExpression": "cron(0 5 * * ? *)",
            "Lifecycle": {"DeleteAfterDays": 35},
        }
        return {**given, **settings}

    def create(self, *rules: dict[str, Any]) -> str:
        plan = {"BackupPlanName": self.name, "Rules": list(rules)}
        made: str = self.api.create_backup_plan(BackupPlan=plan, BackupPlanTags={"a": "b"})["BackupPlanId"]
        return made

    def select(self, plan: str, role: str | None = None) -> str:
        tag = {"ConditionType": "STRINGEQUALS", "ConditionKey": "ha-web:backup", "ConditionValue": "true"}
        wanted = {"SelectionName": "tagged", "IamRoleArn": role or self.role, "ListOfTags": [tag]}
        made: str = self.api.create_backup_selection(BackupPlanId=plan, BackupSelection=wanted)["SelectionId"]
        return made


@pytest.fixture
def backups(aws: Callable[..., Any], unique: str) -> Backups:
    return Backups(aws, unique)


def test_a_plan_with_copies_is_made_changed_and_read_back(backups: Backups) -> None:
    copy = {
        "DestinationBackupVaultArn": "arn:aws:backup:eu-central-1:123456789012:backup-vault:other",
        "Lifecycle": {"DeleteAfterDays": 35},
    }
    plan = backups.create(backups.rule(CopyActions=[copy]))
    changed = backups.rule(CopyActions=[copy], Lifecycle={"DeleteAfterDays": 70})
    backups.api.update_backup_plan(BackupPlanId=plan, BackupPlan={"BackupPlanName": backups.name, "Rules": [changed]})
    found = backups.api.get_backup_plan(BackupPlanId=plan)["BackupPlan"]["Rules"][0]
    assert found["Lifecycle"]["DeleteAfterDays"] == 70
    assert found["CopyActions"] == [copy]


def test_rules_that_cannot_work_are_refused(backups: Backups, refused: Callable[..., str]) -> None:
    def create(**settings: Any) -> str:
        return refused(lambda **_: backups.create(backups.rule(**settings)))

    assert create(TargetBackupVaultName="none") == "InvalidParameterValueException"
    cold = {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 60}
    assert create(Lifecycle=cold) == "InvalidParameterValueException"
    assert create(Lifecycle={**cold, "DeleteAfterDays": 120}) == ""


def test_a_plan_stays_while_it_selects(backups: Backups, refused: Callable[..., str]) -> None:
    plan = backups.create(backups.rule())
    missing = "arn:aws:iam::123456789012:role/none"
    assert refused(lambda **_: backups.select(plan, missing)) == "InvalidParameterValueException"
    selection = backups.select(plan)
    found = backups.api.get_backup_selection(BackupPlanId=plan, SelectionId=selection)["BackupSelection"]
    assert found["ListOfTags"][0]["ConditionKey"] == "ha-web:backup"
    assert refused(backups.api.delete_backup_plan, BackupPlanId=plan) == "InvalidRequestException"
    backups.api.delete_backup_selection(BackupPlanId=plan, SelectionId=selection)
    assert refused(backups.api.delete_backup_plan, BackupPlanId=plan) == ""


def test_a_vault_keeps_its_policy_notifications_and_lock(backups: Backups, refused: Callable[..., str]) -> None:
    api, vault = backups.api, {"BackupVaultName": backups.name}
    assert refused(api.get_backup_vault_access_policy, **vault) == "ResourceNotFoundException"
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    api.put_backup_vault_access_policy(**vault, Policy=policy)
    assert api.get_backup_vault_access_policy(**vault)["Policy"] == policy
    events = ["BACKUP_JOB_FAILED", "COPY_JOB_FAILED"]
    topic = "arn:aws:sns:eu-west-1:123456789012:topic"
    api.put_backup_vault_notifications(**vault, SNSTopicArn=topic, BackupVaultEvents=events)
    assert api.get_backup_vault_notifications(**vault)["BackupVaultEvents"] == events
    api.put_backup_vault_lock_configuration(**vault, MinRetentionDays=7, MaxRetentionDays=365)
    found = api.describe_backup_vault(**vault)
    assert (found["Locked"], found["MinRetentionDays"], found["MaxRetentionDays"]) == (True, 7, 365)
    assert api.list_recovery_points_by_backup_vault(**vault)["RecoveryPoints"] == []
    api.delete_backup_vault(**vault)
    assert refused(api.get_backup_vault_access_policy, **vault) == "ResourceNotFoundException"


def test_tags_of_plans_and_vaults_are_kept_apart(backups: Backups) -> None:
    plan = backups.api.get_backup_plan(BackupPlanId=backups.create(backups.rule()))["BackupPlanArn"]
    backups.api.tag_resource(ResourceArn=backups.vault_arn, Tags={"what": "vault"})
    backups.api.tag_resource(ResourceArn=plan, Tags={"what": "plan"})
    assert backups.api.list_tags(ResourceArn=backups.vault_arn)["Tags"] == {"what": "vault"}
    assert backups.api.list_tags(ResourceArn=plan)["Tags"] == {"a": "b", "what": "plan"}
