"""BackupPlan: its resources and refusals."""

import json
from typing import Any, cast

import pytest
from ha_web import BACKUP_TAG, BackupPlan, BackupPlanArgs, ConfigurationError

from tests.components.made import Made, Resource, make

VAULT = "aws:backup/vault:Vault"
PLAN = "aws:backup/plan:Plan"
HERE, THERE = "eu-west-1", "eu-central-1"
GLOBAL = ("aws:iam/",)
CONTINUOUS = {"name": "pitr", "schedule": "cron(0 5 * * ? *)", "retention_days": 14, "continuous": True}
GAPPED = {"name": "daily", "schedule": "cron(0 5 * * ? *)", "retention_days": 400, "cold_storage_after_days": 90}
GAPPED["air_gapped"] = True
GAP = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"


def backups(preview: bool = False, **args: Any) -> Made[BackupPlan]:
    full = cast(BackupPlanArgs, {"region": HERE, "copy_region": THERE, **args})
    return make(lambda: BackupPlan("site", full), preview=preview)


def one_region(**args: Any) -> Made[BackupPlan]:
    return make(lambda: BackupPlan("site", cast(BackupPlanArgs, {"region": HERE, **args})))


def rules(made: Made[BackupPlan], plan: str = "site-plan") -> dict[str, dict[str, Any]]:
    return {rule["ruleName"]: rule for rule in made.named(plan)["rules"]}


def statements(resource: Resource) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], json.loads(resource["policy"])["Statement"])


def test_each_region_has_a_vault_with_a_key_of_its_own() -> None:
    made = backups()
    vaults = {vault["region"]: vault for vault in made.all(VAULT)}
    assert set(vaults) == {HERE, THERE}
    for region, name in ((HERE, "site-vault"), (THERE, "site-copy-vault")):
        key = made.named(f"{name}-key")
        assert (key["region"], key["enableKeyRotation"]) == (region, True)
        assert vaults[region]["kmsKeyArn"] == key.state["arn"]


def test_the_jobs_roles_may_use_the_vaults_keys() -> None:
    made = backups()
    roles = [made.named(name).state["arn"] for name in ("site-role", "site-restore-role")]
    for name in ("site-vault-key", "site-copy-vault-key"):
        allowed = [s for s in statements(made.named(name)) if s["Principal"] == {"AWS": roles}]
        actions = {action for statement in allowed for action in statement["Action"]}
        assert {"kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"} <= actions
        [lent] = [s for s in allowed if "kms:CreateGrant" in s["Action"]]
        assert lent["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_both_vaults_are_locked_in_governance_mode_for_what_the_rules_need() -> None:
    for lock in backups().all("aws:backup/vaultLockConfiguration:VaultLockConfiguration"):
        assert (lock["minRetentionDays"], lock["maxRetentionDays"]) == (7, 365)
        assert "changeableForDays" not in lock


def test_a_lock_with_days_to_change_it_is_in_compliance_mode() -> None:
    made = backups(lock={"changeable_for_days": 3.0, "min_retention_days": 1, "max_retention_days": 400})
    for lock in made.all("aws:backup/vaultLockConfiguration:VaultLockConfiguration"):
        found = (lock["changeableForDays"], lock["minRetentionDays"], lock["maxRetentionDays"])
        assert found == (3, 1, 400)


def test_nobody_deletes_recovery_points_or_vaults() -> None:
    for policy in backups().all("aws:backup/vaultPolicy:VaultPolicy"):
        [statement] = statements(policy)
        assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
        assert {
            "backup:DeleteRecoveryPoint",
            "backup:UpdateRecoveryPointLifecycle",
            "backup:DisassociateRecoveryPoint",
            "backup:DeleteBackupVault",
            "backup:DeleteBackupVaultLockConfiguration",
            "backup:DeleteBackupVaultNotifications",
        } <= set(statement["Action"])
        assert "backup:DeleteBackupVaultAccessPolicy" not in statement["Action"]  # or the stack could never leave


def test_a_vaults_policy_is_what_the_control_of_manual_deletion_asks_for() -> None:
    """https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html"""
    asked = {"backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle", "backup:PutBackupVaultAccessPolicy"}
    for policy in backups().all("aws:backup/vaultPolicy:VaultPolicy"):
        [statement] = statements(policy)
        assert (statement["Principal"], statement["Resource"]) == ("*", "*")
        assert asked <= set(statement["Action"])


def test_a_changed_policy_is_put_after_the_old_one_is_deleted_because_that_denies_its_change() -> None:
    for policy in backups().all("aws:backup/vaultPolicy:VaultPolicy"):
        assert policy.options["replace_on_changes"] == ["policy"]
        assert policy.options["delete_before_replace"] is True


LOSS = {"kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:DeleteImportedKeyMaterial"}


def denials(made: Made[BackupPlan]) -> list[dict[str, Any]]:
    keys = [made.named(name) for name in ("site-vault-key", "site-copy-vault-key")]
    return [s for key in keys for s in statements(key) if s["Effect"] == "Deny"]


def test_nobody_deletes_the_keys_that_recovery_points_are_read_with() -> None:
    first, second = denials(backups())
    assert (first["Principal"], set(first["Action"])) == ({"AWS": "*"}, LOSS)
    assert first == second
    assert "Condition" not in first


def test_a_role_for_emergencies_may_delete_the_keys_and_whoever_turned_protection_off() -> None:
    arn = "arn:aws:iam::123456789012:role/break-glass"
    for statement in denials(backups(break_glass_arns=[arn])):
        assert statement["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": [arn]}}
    assert denials(backups(deletion_protection=False)) == []


def test_the_policy_that_forbids_deletion_is_the_first_to_go_when_the_stack_is_destroyed() -> None:
    for policy in backups().all("aws:backup/vaultPolicy:VaultPolicy"):
        before = {urn.split("::")[-1] for urn in policy.options["depends_on"]}
        vault = policy.name.removesuffix("-policy")
        assert {f"{vault}-lock", f"{vault}-notifications"} <= before


def test_continuous_hourly_daily_and_monthly_backups_go_to_the_regions_own_vault() -> None:
    found = rules(backups())
    assert {name: (r["schedule"], r["lifecycle"]) for name, r in found.items()} == {
        "continuous": ("cron(0 4 * * ? *)", {"deleteAfter": 14}),
        "hourly": ("cron(0 * * * ? *)", {"deleteAfter": 7}),
        "daily": ("cron(0 5 * * ? *)", {"deleteAfter": 35}),
        "monthly": ("cron(0 5 1 * ? *)", {"deleteAfter": 365, "coldStorageAfter": 90}),
    }
    assert {rule["targetVaultName"] for rule in found.values()} == {"site-vault"}
    assert [name for name, rule in found.items() if rule.get("enableContinuousBackup")] == ["continuous"]


def test_databases_are_copied_once_a_day_because_each_copy_is_a_full_one() -> None:
    made = backups()
    for plan, other in (("site-database-plan", "site-copy-vault"), ("site-copy-database-plan", "site-vault")):
        found = rules(made, plan)
        assert {name: rule["lifecycle"] for name, rule in found.items()} == {
            "continuous": {"deleteAfter": 14},
            "daily": {"deleteAfter": 35},
            "monthly": {"deleteAfter": 365},  # there is no cold storage
        }
        copied = {name: [c["destinationVaultArn"] for c in r.get("copyActions", [])] for name, r in found.items()}
        arn = made.named(other).state["arn"]
        assert copied == {"continuous": [], "daily": [arn], "monthly": [arn]}


def test_rules_that_are_given_are_those_of_databases_too_unless_these_have_their_own() -> None:
    made = backups(rules=[CONTINUOUS])
    assert set(rules(made, "site-database-plan")) == {"pitr"}
    made = backups(rules=[CONTINUOUS], database_rules=[{**CONTINUOUS, "name": "own"}])
    assert (set(rules(made)), set(rules(made, "site-database-plan"))) == ({"pitr"}, {"own"})


def test_a_job_may_take_as_long_as_aws_backup_lets_it_and_not_the_providers_three_hours() -> None:
    made = backups()
    for plan in made.all(PLAN):
        assert {rule["completionWindow"] for rule in plan["rules"]} == {10_080}
    assert rules(backups(rules=[{**CONTINUOUS, "completion_window_minutes": 300}]))["pitr"]["completionWindow"] == 300


@pytest.mark.parametrize(("plan", "other"), [("site-plan", "site-copy-vault"), ("site-copy-plan", "site-vault")])
def test_every_rule_copies_to_the_other_region_for_as_long(plan: str, other: str) -> None:
    made = backups()
    for rule in rules(made, plan).values():
        [copy] = rule["copyActions"]
        assert copy["destinationVaultArn"] == made.named(other).state["arn"]
        assert copy["lifecycle"] == rule["lifecycle"]


def test_a_rule_copies_where_it_is_told() -> None:
    made = backups(rules=[{**CONTINUOUS, "copies": [THERE]}])
    [copy] = rules(made)["pitr"]["copyActions"]
    assert copy["destinationVaultArn"] == made.named("site-copy-vault").state["arn"]
    assert rules(made, "site-copy-plan")["pitr"].get("copyActions", []) == []


def test_a_backup_starts_within_the_hour_that_it_stands_for() -> None:
    assert {rule["startWindow"] for rule in rules(backups()).values()} == {60}


def test_a_rule_may_stay_at_home() -> None:
    here = {"name": "weekly", "schedule": "cron(0 5 ? * SUN *)", "retention_days": 35.0, "copies": []}
    made = backups(rules=[here])
    assert rules(made)["weekly"].get("copyActions", []) == []
    assert rules(made)["weekly"]["lifecycle"] == {"deleteAfter": 35}


def test_an_air_gapped_rule_copies_into_the_air_gapped_vault_of_its_own_region() -> None:
    made = backups(rules=[GAPPED])
    assert {vault["region"]: vault.state["arn"] for vault in made.all(GAP)} == made.outputs["air_gapped_vault_arns"]
    assert set(made.outputs["air_gapped_vault_arns"]) == {HERE, THERE}
    for plan, region, other in (("site-plan", HERE, "site-copy-vault"), ("site-copy-plan", THERE, "site-vault")):
        across, gapped = rules(made, plan)["daily"]["copyActions"]
        assert across["destinationVaultArn"] == made.named(other).state["arn"]
        assert gapped["destinationVaultArn"] == made.outputs["air_gapped_vault_arns"][region]
        assert gapped["lifecycle"] == {"deleteAfter": 400}  # an air-gapped vault has no cold storage


def test_an_air_gapped_vault_is_never_replaced_for_other_limits() -> None:
    for vault in backups(rules=[GAPPED], air_gap={"max_retention_days": 500.0}).all(GAP):
        assert (vault["minRetentionDays"], vault["maxRetentionDays"]) == (7, 500)
        assert vault.options["ignore_changes"] == ["minRetentionDays", "maxRetentionDays"]


def test_nobody_gets_an_air_gapped_vault_who_did_not_ask() -> None:
    made = backups()
    assert (made.all(GAP), made.outputs["air_gapped_vault_arns"]) == ([], {})


def test_both_regions_are_backed_up_because_after_a_failover_the_standby_holds_the_truth() -> None:
    made = backups()
    assert {plan["region"] for plan in made.all(PLAN)} == {HERE, THERE}
    assert rules(made, "site-copy-plan")["hourly"]["targetVaultName"] == "site-copy-vault"


def test_the_one_tag_selects_and_nothing_else_does() -> None:
    selections = backups().all("aws:backup/selection:Selection")
    assert {selection["region"] for selection in selections} == {HERE, THERE}
    for selection in selections:
        tagged = [{"key": f"aws:ResourceTag/{BACKUP_TAG}", "value": "true"}]
        assert selection["conditions"] == [{"stringEquals": tagged}]
        assert not {"selectionTags", "notResources"} & selection.inputs.keys()  # AWS Backup joins tags by "or"


def test_a_plan_for_databases_and_one_for_all_else_share_no_type() -> None:
    made = backups()
    chosen = {each.name: each["resources"] for each in made.all("aws:backup/selection:Selection")}
    assert chosen["site-database-plan-selection"] == ["arn:aws:rds:eu-west-1:123456789012:cluster:*"]
    assert chosen["site-copy-database-plan-selection"] == ["arn:aws:rds:eu-central-1:123456789012:cluster:*"]
    others = chosen["site-plan-selection"]
    assert "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/*" in others
    assert "arn:aws:s3:::*" in others
    assert not set(others) & set(chosen["site-database-plan-selection"])


def test_a_pattern_of_arns_has_its_only_star_at_the_end() -> None:
    """AWS Backup takes no other: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html"""
    for selection in backups().all("aws:backup/selection:Selection"):
        assert all(pattern.index("*") == len(pattern) - 1 for pattern in selection["resources"])
        assert len(selection["resources"]) <= 30


AWS_POLICIES = "arn:aws:iam::aws:policy/"


def attached(made: Made[BackupPlan]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in made.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment"):
        found.setdefault(each["role"], set()).add(each["policyArn"].removeprefix(AWS_POLICIES))
    return found


def test_the_role_that_backs_up_every_night_cannot_restore_and_neither_reaches_buckets() -> None:
    made = backups()
    assert attached(made) == {
        "site-role": {"service-role/AWSBackupServiceRolePolicyForBackup"},
        "site-restore-role": {"service-role/AWSBackupServiceRolePolicyForRestores"},
    }
    for role in made.all("aws:iam/role:Role"):
        [trust] = json.loads(role["assumeRolePolicy"])["Statement"]
        assert trust["Principal"] == {"Service": "backup.amazonaws.com"}
    [runs] = {selection["iamRoleArn"] for selection in made.all("aws:backup/selection:Selection")}
    assert runs == made.outputs["role_arn"]


def test_buckets_are_reached_where_some_are_backed_up() -> None:
    assert attached(backups(s3=True)) == {
        "site-role": {"service-role/AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup"},
        "site-restore-role": {
            "service-role/AWSBackupServiceRolePolicyForRestores",
            "AWSBackupServiceRolePolicyForS3Restore",
        },
    }


def test_failed_jobs_of_both_regions_reach_a_topic_there() -> None:
    made = backups()
    told = made.all("aws:backup/vaultNotifications:VaultNotifications")
    assert {t["region"]: t["snsTopicArn"] for t in told} == made.outputs["topic_arns"]
    deprecated = {"BACKUP_JOB_FAILED", "RESTORE_JOB_FAILED", "BACKUP_JOB_SUCCESSFUL", "BACKUP_JOB_EXPIRED"}
    for events in (set(t["backupVaultEvents"]) for t in told):
        assert {"BACKUP_JOB_COMPLETED", "COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED"} <= events
        assert not events & deprecated  # AWS accepts these and never sends them


def test_aws_backup_may_publish_and_encrypt_what_it_publishes() -> None:
    made = backups()
    service = {"Service": ["backup.amazonaws.com"]}
    for policy in made.all("aws:sns/topicPolicy:TopicPolicy"):
        [allowed] = [s for s in statements(policy) if s["Principal"] == service]
        assert (allowed["Effect"], allowed["Action"], allowed["Resource"]) == ("Allow", "sns:Publish", policy["arn"])
    for name in ("site-vault-jobs-key", "site-copy-vault-jobs-key"):
        [allowed] = [s for s in statements(made.named(name)) if s["Principal"] == service]
        assert set(allowed["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}


def test_only_failures_are_mailed() -> None:
    mails = backups(notify=["ops@example.com"]).all("aws:sns/topicSubscription:TopicSubscription")
    assert {mail["region"] for mail in mails} == {HERE, THERE}
    for mail in mails:
        assert json.loads(mail["filterPolicy"]) == {"State": [{"anything-but": ["COMPLETED"]}, {"exists": False}]}


def test_a_vault_with_recovery_points_outlives_the_stack_unless_told_otherwise() -> None:
    assert {vault["forceDestroy"] for vault in backups().all(VAULT)} == {False}
    assert {vault["forceDestroy"] for vault in backups(force_destroy=True).all(VAULT)} == {True}


def test_without_a_second_region_there_are_no_copies() -> None:
    made = one_region()
    assert [vault.name for vault in made.all(VAULT)] == ["site-vault"]
    assert all(rule.get("copyActions", []) == [] for rule in rules(made).values())
    assert made.outputs["copy_vault_arn"] is made.outputs["copy_vault_name"] is made.outputs["copy_plan_id"] is None
    assert set(made.outputs["topic_arns"]) == {HERE}


def test_every_child_is_in_the_region_that_its_name_says() -> None:
    for child in backups(notify=["ops@example.com"], rules=[GAPPED]).children:
        if not child.type.startswith(GLOBAL):
            assert child["region"] == (THERE if child.name.startswith("site-copy-") else HERE), child.name


def test_policies_and_roles_are_those_of_the_partition() -> None:
    made = make(lambda: BackupPlan("site", {"region": "cn-north-1"}))
    arns = {a["policyArn"].split(":")[1] for a in made.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")}
    assert arns == {"aws-cn"}
    assert statements(made.named("site-vault-key"))[0]["Principal"]["AWS"].startswith("arn:aws-cn:iam::")


def test_the_outputs_name_vaults_plans_and_role() -> None:
    made = backups()
    assert (made.outputs["vault_name"], made.outputs["copy_vault_name"]) == ("site-vault", "site-copy-vault")
    assert (made.outputs["plan_id"], made.outputs["copy_plan_id"]) == ("site-plan-id", "site-copy-plan-id")
    both = (made.outputs["database_plan_id"], made.outputs["copy_database_plan_id"])
    assert both == ("site-database-plan-id", "site-copy-database-plan-id")
    assert made.outputs["role_arn"] == made.named("site-role").state["arn"]
    assert made.outputs["restore_role_arn"] == made.named("site-restore-role").state["arn"]
    [registered] = [outputs for urn, outputs in made.registered.items() if urn.endswith("BackupPlan::site")]
    assert set(registered) == set(BackupPlan.__annotations__)
    assert {child.parent.split("::")[-1] for child in made.children} == {"site"}


def test_a_first_preview_knows_what_is_to_be_made() -> None:
    assert len(backups(preview=True).all(PLAN)) == 4


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"copy_region": HERE}, 'copy_region is "eu-west-1"; a copy must be in another region'),
        (
            {"lock": {"max_retention_days": 100}},
            "rules.monthly.retention_days is 365; the vault's lock takes 7 to 100\n"
            'BackupPlan "site": database_rules.monthly.retention_days is 365; the vault\'s lock takes 7 to 100',
        ),
        (
            {"lock": {"changeable_for_days": 1, "min_retention_days": 1, "max_retention_days": 400}},
            "lock.changeable_for_days is 1; AWS Backup needs 3 to 36500",
        ),
        (
            {"rules": [{**CONTINUOUS, "copies": ["us-east-1"]}]},
            'rules.pitr.copies has "us-east-1"; there is no vault there, only in eu-west-1 or eu-central-1',
        ),
        (
            {"rules": [{**GAPPED, "retention_days": 4000}]},
            "rules.daily.retention_days is 4000; the air-gapped vault takes 7 to 3650",
        ),
        ({"rules": [{**CONTINUOUS, "copy": True}]}, "rules[0].copy is unknown; the nearest known one is copies"),
        (
            {"lock": {"changable_for_days": 3}},
            "lock.changable_for_days is unknown; the nearest known one is changeable_for_days",
        ),
        ({"rules": []}, "rules is empty; a plan without rules makes no backups"),
        ({"rules": [{"name": "daily", "schedule": "cron(0 5 * * ? *)"}]}, "rules[0].retention_days is missing"),
        ({"notify": ["ops@example"]}, 'notify has "ops@example"; write an e-mail address'),
        (
            {"break_glass_arns": ["break-glass"]},
            'break_glass_arns has "break-glass"; write the ARN of an IAM role or user',
        ),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_registered(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        backups(**args)
    assert str(refused.value) == f'BackupPlan "site": {message}'


def test_vaults_tell_the_topics_that_they_are_given() -> None:
    given = {region: f"arn:aws:sns:{region}:123456789012:notices" for region in (HERE, THERE)}
    made = backups(topic_arns=given)
    assert made.all("aws:sns/topic:Topic") == []
    told = made.all("aws:backup/vaultNotifications:VaultNotifications")
    assert {t["region"]: t["snsTopicArn"] for t in told} == made.outputs["topic_arns"] == given


def test_a_topic_where_no_vault_is_is_refused() -> None:
    with pytest.raises(ConfigurationError, match='topic_arns has "us-east-1"; no vault is there'):
        backups(topic_arns={"us-east-1": "arn:aws:sns:us-east-1:123456789012:notices"})


def test_the_keys_of_both_vaults_can_be_watched() -> None:
    made = backups()
    assert made.outputs["key_arns"] == {vault["region"]: vault["kmsKeyArn"] for vault in made.all(VAULT)}
