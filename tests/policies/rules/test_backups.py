"""The backup rules with AWS's defaults, with several vaults, and with values that aren't known before a deployment."""

from typing import Any

import pytest
from resilience.aws.schedules import longest_gap

from tests.policies.judged import UNKNOWN, judged, resource
from tests.policies.pairs.backups import COPIED, HERE, PLAN, SELECTION, THERE, lock, plan, policy

GAPPED = resource(
    "backup/logicallyAirGappedVault:LogicallyAirGappedVault",
    "gapped",
    arn=UNKNOWN,
    minRetentionDays=7.0,
    maxRetentionDays=3650.0,
)


@pytest.mark.parametrize(
    ("expression", "hours"),
    [
        ("cron(0 * * * ? *)", 1),
        ("cron(0 5 * * ? *)", 24),
        ("cron(0 5,17 ? * * *)", 12),
        ("cron(0 0/6 * * ? *)", 6),
        ("cron(0 8-10 * * ? *)", 22),
        ("cron(0 5 ? * MON-FRI *)", 72),
        ("cron(0 5 ? * 1 *)", 168),
        ("cron(0 5 ? * WED *)", 168),
        ("cron(0 5 1 * ? *)", 31 * 24),
        ("cron(0 5 L * ? *)", 31 * 24),
        ("cron(0 5 ? * 2#1 *)", 31 * 24),
        ("cron(0 5 1 JAN ? *)", 366 * 24),
        ("rate(12 hours)", 12),
        ("rate(1 day)", 24),
        ("at dawn", None),
        ("cron(0 5 ? * XYZ *)", None),
    ],
)
def test_a_schedule_is_as_rare_as_its_longest_pause(expression: str, hours: float | None) -> None:
    assert longest_gap(expression) == hours


def test_a_copy_within_the_region_is_no_copy_to_another() -> None:
    inside = plan(GAPPED, copyActions=[{"destinationVaultArn": UNKNOWN}])

    assert judged("backup-plan-copies-to-another-region", inside).messages == (
        "copyActions stay in eu-west-1; backups go down with their region",
    )


def test_copies_in_one_direction_are_enough_for_a_pair_of_plans() -> None:
    arn = "arn:aws:backup:eu-central-1:123456789012:backup-vault:copies"
    there = resource("backup/vault:Vault", "copies", name="copies", arn=arn, region="eu-central-1")
    receives = resource(PLAN, "receives", region="eu-central-1", rules=[{"targetVaultName": "copies"}])
    sends = resource(PLAN, "sends", region="eu-west-1", rules=[{"copyActions": [{"destinationVaultArn": arn}]}])

    assert judged("backup-plan-copies-to-another-region", receives, there, sends).messages == ()
    assert len(judged("backup-plan-copies-to-another-region", receives, there).messages) == 1


@pytest.mark.parametrize(("region", "found"), [("eu-west-1", 1), ("eu-central-1", 0)])
def test_an_arn_tells_where_a_copy_goes(region: str, found: int) -> None:
    arn = f"arn:aws:backup:{region}:123456789012:backup-vault:copies"
    copied = resource(PLAN, rules=[{"copyActions": [{"destinationVaultArn": arn}]}])

    assert len(judged("backup-plan-copies-to-another-region", copied).messages) == found


def test_a_copy_to_a_vault_that_nobody_knows_yet_cannot_be_told() -> None:
    copied = resource(PLAN, rules=[{"copyActions": [{"destinationVaultArn": UNKNOWN}]}])

    assert judged("backup-plan-copies-to-another-region", copied).unknown == "rules.0.copyActions.0.destinationVaultArn"


def test_a_copy_is_held_against_the_lock_of_every_vault_that_it_may_go_to() -> None:
    short = plan(GAPPED, copyActions=[{"destinationVaultArn": UNKNOWN, "lifecycle": {"deleteAfter": 3.0}}])
    other = plan(THERE, copyActions=[{"destinationVaultArn": UNKNOWN, "lifecycle": {"deleteAfter": 60.0}}])
    neither = plan(THERE, lifecycle={"deleteAfter": 14.0}, copyActions=[COPIED])

    in_both = judged("backup-lifecycle-within-lock", short, HERE, GAPPED, lock())
    assert [message for message in in_both.messages if "copyActions.0.lifecycle.deleteAfter is 3 days" in message]
    in_one = judged("backup-lifecycle-within-lock", other, HERE, THERE, lock(1.0, 400.0), second_lock())
    assert in_one.unknown == "rules.0.copyActions.0.destinationVaultArn"
    assert judged("backup-lifecycle-within-lock", neither, HERE, THERE, lock()).messages == ()


def second_lock() -> Any:
    return resource(
        "backup/vaultLockConfiguration:VaultLockConfiguration",
        "second",
        links={"backupVaultName": [THERE]},
        region="eu-central-1",
        minRetentionDays=7.0,
        maxRetentionDays=35.0,
    )


def test_forever_is_longer_than_any_lock_allows() -> None:
    assert "missing, which is forever" in judged("backup-lifecycle-within-lock", plan(), HERE, lock()).messages[0]


def test_a_lock_of_the_same_name_in_another_region_is_another_vault_s() -> None:
    elsewhere = resource(
        "backup/vaultLockConfiguration:VaultLockConfiguration",
        "lock",
        backupVaultName="vault",
        region="eu-central-1",
        minRetentionDays=7.0,
    )

    assert judged("backup-vault-locked", HERE, elsewhere).messages


def test_a_plan_without_schedule_runs_daily() -> None:
    assert judged("backup-plan-frequent", plan()).messages == ()
    assert judged("backup-plan-frequent", plan(), hours=12.0).messages == (
        "rules back up every 24 hours at best; every 12 hours are asked for",
    )


def test_backups_without_an_end_are_kept_for_long() -> None:
    assert judged("backup-plan-retention", plan()).messages == ()


def test_the_bound_of_a_retention_is_allowed() -> None:
    assert judged("backup-plan-retention", plan(lifecycle={"deleteAfter": 35.0}), days=35.0).messages == ()


def test_conditions_narrow_a_selection_of_everything() -> None:
    narrowed = resource(
        SELECTION, resources=["*"], conditions=[{"stringEquals": [{"key": "aws:ResourceTag/b", "value": "y"}]}]
    )

    assert judged("backup-selection-not-everything", narrowed).messages == ()
    assert judged("backup-selection-not-everything", resource(SELECTION)).messages
    assert judged("backup-selection-one-way", narrowed).messages == ()


def test_an_empty_list_of_tags_is_none() -> None:
    listed = resource(SELECTION, selectionTags=[], resources=[UNKNOWN])

    assert judged("backup-selection-one-way", listed).messages == ()


def test_an_alarm_on_failed_jobs_tells_of_them_too() -> None:
    alarm = resource(
        "cloudwatch/metricAlarm:MetricAlarm",
        "failed",
        metricName="NumberOfBackupJobsFailed",
        dimensions={"BackupVaultName": "vault"},
    )

    assert judged("backup-vault-failures-told", HERE, alarm).messages == ()


def test_a_policy_that_is_not_known_yet_cannot_be_told() -> None:
    verdict = judged("backup-vault-policy-keeps", resource("backup/vaultPolicy:VaultPolicy", policy=UNKNOWN))

    assert verdict.unknown == "policy"


def test_a_policy_may_allow_copying_in() -> None:
    named = policy("Allow", {"AWS": "arn:aws:iam::210987654321:root"}, "backup:CopyIntoBackupVault")

    assert judged("backup-vault-policy-keeps", named).messages == ()
    assert judged("backup-vault-policy-closed", named).messages == ()
