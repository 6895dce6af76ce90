"""Rules of backup plans, checked against the lock."""

from typing import Any, cast

import pytest
from ha_web.backup.rules import BackupLockArgs, BackupRuleArgs, copy_regions, lock_limits, plan_problems, usual_rules

NO_LOCK = BackupLockArgs()
LIMITS: BackupLockArgs = {"min_retention_days": 7, "max_retention_days": 365}


def rule(**changes: Any) -> BackupRuleArgs:
    return cast(BackupRuleArgs, {"name": "daily", "schedule": "cron(0 5 * * ? *)", "retention_days": 35, **changes})


def problems(lock: BackupLockArgs = NO_LOCK, **changes: Any) -> list[str]:
    return plan_problems([rule(**changes)], lock)


def test_the_usual_rules_keep_seconds_for_two_weeks_hours_for_one_days_for_five_and_months_for_a_year() -> None:
    rules = {rule["name"]: rule for rule in usual_rules()}
    assert {name: rule["retention_days"] for name, rule in rules.items()} == {
        "continuous": 14,
        "hourly": 7,
        "daily": 35,
        "monthly": 365,
    }
    assert rules["monthly"].get("cold_storage_after_days") == 90
    assert plan_problems(usual_rules(), NO_LOCK) == []


@pytest.mark.parametrize(("days", "cold"), [(179, None), (180, 90), (3650, 90)])
def test_monthly_backups_turn_cold_only_when_kept_long_enough(days: int, cold: int | None) -> None:
    monthly = usual_rules(monthly_days=days)[-1]
    assert monthly.get("cold_storage_after_days") == cold
    assert plan_problems([monthly], NO_LOCK) == []


def test_the_lock_takes_what_the_rules_need_unless_told_otherwise() -> None:
    assert lock_limits(NO_LOCK, usual_rules()) == (7, 365)
    assert lock_limits({"max_retention_days": 3650}, usual_rules(hourly_days=2)) == (2, 3650)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            problems({"min_retention_days": 40}),
            [
                "lock.min_retention_days is 40; it must not exceed max_retention_days 35",
                "rules.daily.retention_days is 35; the vault's lock takes 40 to 35",
            ],
        ),
        (
            problems({"min_retention_days": 1, "max_retention_days": 30}),
            ["rules.daily.retention_days is 35; the vault's lock takes 1 to 30"],
        ),
        (
            problems({"min_retention_days": 36, "max_retention_days": 100}),
            ["rules.daily.retention_days is 35; the vault's lock takes 36 to 100"],
        ),
        (problems({"min_retention_days": 0}), ["lock.min_retention_days is 0; it must be at least 1"]),
        (
            problems({"max_retention_days": 36501}),
            ["lock.max_retention_days is 36501; AWS Backup allows at most 36500"],
        ),
        (
            problems({"changeable_for_days": 2, **LIMITS}),
            ["lock.changeable_for_days is 2; AWS Backup needs 3 to 36500"],
        ),
        (
            problems(cold_storage_after_days=30),
            [
                "rules.daily.cold_storage_after_days is 30; AWS keeps at least 90 days in cold storage, "
                "and deletion is after 35"
            ],
        ),
        (
            problems(retention_days=365, cold_storage_after_days=276),
            [
                "rules.daily.cold_storage_after_days is 276; AWS keeps at least 90 days in cold storage, "
                "and deletion is after 365"
            ],
        ),
        (
            problems({"changeable_for_days": 14}),
            [
                "lock.min_retention_days is missing; after 14 days nobody can change it, so it must be given",
                "lock.max_retention_days is missing; after 14 days nobody can change it, so it must be given",
            ],
        ),
        (
            problems(continuous=True, retention_days=36),
            ["rules.daily.retention_days is 36; continuous backups are kept for at most 35"],
        ),
        (
            problems({"min_retention_days": 7, "max_retention_days": 35}, continuous=True, retention_days=6),
            ["rules.daily.retention_days is 6; the vault's lock takes 7 to 35"],
        ),
        (
            problems(air_gapped=True, retention_days=6),
            ["rules.daily.retention_days is 6; the air-gapped vault takes 7 to 3650"],
        ),
        (
            plan_problems([rule(air_gapped=True)], NO_LOCK, {"min_retention_days": 6, "max_retention_days": 36501}),
            [
                "air_gap.min_retention_days is 6; AWS Backup needs at least 7",
                "air_gap.max_retention_days is 36501; AWS Backup allows at most 36500",
            ],
        ),
        (
            plan_problems([rule(air_gapped=True)], NO_LOCK, {"min_retention_days": 36, "max_retention_days": 35}),
            [
                "air_gap.min_retention_days is 36; it must not exceed max_retention_days 35",
                "rules.daily.retention_days is 35; the air-gapped vault takes 36 to 35",
            ],
        ),
        (
            plan_problems([rule()], NO_LOCK, {"min_retention_days": 7}),
            ["air_gap is given, but no rule is air_gapped"],
        ),
        (
            problems(start_window_minutes=59),
            ["rules.daily.start_window_minutes is 59; AWS Backup needs at least 60"],
        ),
        (
            problems(start_window_minutes=120, completion_window_minutes=120),
            ["rules.daily.completion_window_minutes is 120; it must exceed start_window_minutes 120"],
        ),
        (
            problems(schedule="0 5 * * *"),
            ['rules.daily.schedule is "0 5 * * *"; write six fields, as in cron(0 5 * * ? *)'],
        ),
        (
            problems(name="every day"),
            ['rules.every day.name is "every day"; it must be 1 to 50 letters, digits, -, _ or .'],
        ),
    ],
)
def test_what_would_fail_at_night_is_said_at_preview(found: list[str], text: list[str]) -> None:
    assert found == text


@pytest.mark.parametrize("days", [3, 36500])
def test_a_compliance_lock_of_three_days_or_more_is_fine(days: int) -> None:
    assert problems({"changeable_for_days": days, **LIMITS}) == []


@pytest.mark.parametrize(("cold", "keep"), [(1, 91), (275, 365)])
def test_ninety_days_in_cold_storage_are_enough(cold: int, keep: int) -> None:
    assert problems(retention_days=keep, cold_storage_after_days=cold) == []


def test_a_plan_without_rules_and_a_name_used_twice_are_refused() -> None:
    assert plan_problems([], NO_LOCK) == ["rules is empty; a plan without rules makes no backups"]
    assert plan_problems([rule(), rule()], NO_LOCK) == ['rules has "daily" twice; names are unique']


def test_a_resource_has_one_continuous_backup() -> None:
    two = [rule(continuous=True), rule(name="other", continuous=True)]
    assert plan_problems(two, NO_LOCK) == [
        "rules has daily and other as continuous; a resource has one continuous backup"
    ]


def test_continuous_backups_can_be_left_out_and_daily_ones_air_gapped() -> None:
    rules = usual_rules(continuous_days=0, air_gapped=True)
    assert [(rule["name"], rule.get("air_gapped", False)) for rule in rules] == [
        ("hourly", False),
        ("daily", True),
        ("monthly", True),
    ]


def test_a_copy_goes_to_every_other_region_unless_told_otherwise() -> None:
    both = ["a", "b"]
    assert copy_regions(rule(), "a", both) == ["b"]
    assert copy_regions(rule(continuous=True), "a", both) == ["b"]
    assert copy_regions(rule(copies=["a"]), "a", both) == []
    assert copy_regions(rule(copies=["a"]), "b", both) == ["a"]


def test_the_continuous_rule_wins_over_the_hourly_one_that_it_meets_and_meets_no_other() -> None:
    rules = {each["name"]: each for each in usual_rules()}
    hours = {name: each["schedule"].split()[1] for name, each in rules.items()}
    assert rules["continuous"]["retention_days"] > rules["hourly"]["retention_days"]
    assert hours["continuous"] not in (hours["daily"], hours["monthly"])
