"""When backups are taken and how long they are kept, checked against the vault's lock. No Pulumi here.

AWS Backup finds a rule that the lock refuses out only when a job fails, at night; so the preview does.
"""

import re
from typing import NotRequired, TypedDict

DAYS_IN_COLD_STORAGE = 90
"""Least days in cold storage.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html"""

COOLING_OFF_DAYS = 3
"""Least days before a compliance lock becomes final.
https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"""

LONGEST_DAYS = 36_500
"""Largest retention of a vault lock (same page)."""

COLD_AFTER_DAYS = 90
"""Days after which a monthly recovery point moves to cold storage, where it costs a fifth: older than a quarter, it is
rarely read. https://aws.amazon.com/backup/pricing/"""

SHORTEST_START_WINDOW = 60
"""Minutes. https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html"""


class BackupRuleArgs(TypedDict):
    """One rule of a backup plan: when, for how long, and whether it is copied to the other region."""

    name: str
    """Name of the rule, unique in the plan: up to 50 letters, digits, `-`, `_` or `.`."""
    schedule: str
    """When, as an AWS cron expression in UTC: `cron(0 5 * * ? *)`. At most once an hour."""
    retention_days: int
    """Days until a recovery point is deleted; within the lock's limits."""
    cold_storage_after_days: NotRequired[int]
    """Days until it moves to cold storage, for resources that have it (EFS and others); at least 90 days before
    `retention_days`. Default: never."""
    copy: NotRequired[bool]
    """Whether recovery points are copied to `copy_region`, with the same lifecycle. Default: true."""
    start_window_minutes: NotRequired[int]
    """Minutes within which a job must start; at least 60. Default 60, AWS Backup's least: its own default of
    8 hours would let an hourly backup be 8 hours late without an alarm."""
    completion_window_minutes: NotRequired[int]
    """Minutes within which a job must end, or it is cancelled and reported. Default: no limit of ours, AWS
    Backup's 7 days."""


class BackupLockArgs(TypedDict):
    """What a vault refuses: shorter or longer retention, and deletion before its time.

    In governance mode (the default) who has the right in IAM may still remove the lock. With
    `changeable_for_days` it is in compliance mode: after these days nobody can, not even AWS, and a vault with
    recovery points can't be deleted until they have expired.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
    """

    min_retention_days: NotRequired[int]
    """Days; jobs with a shorter retention fail. Default: the shortest retention of the rules."""
    max_retention_days: NotRequired[int]
    """Days; jobs with a longer retention fail. Default: the longest retention of the rules."""
    changeable_for_days: NotRequired[int]
    """Days after which the lock is final (compliance mode), at least 3. Default: governance mode."""


def usual_rules(hourly_days: int = 7, daily_days: int = 35, monthly_days: int = 365) -> list[BackupRuleArgs]:
    """Hourly, daily and monthly rules, with days of retention.

    Once an hour is AWS Backup's highest frequency: at most an hour of work is lost, and a week of hours is enough to
    find the one before a bad change. 35 days and a year are those of AWS Backup's own plans Daily-35day-Retention
    and Daily-Monthly-1yr-Retention, at their hour. Where rules meet, AWS Backup keeps the one with the longer
    retention. https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-scheduled-backup.html
    """
    monthly: BackupRuleArgs = {"name": "monthly", "schedule": "cron(0 5 1 * ? *)", "retention_days": monthly_days}
    if monthly_days >= COLD_AFTER_DAYS + DAYS_IN_COLD_STORAGE:
        monthly["cold_storage_after_days"] = COLD_AFTER_DAYS
    return [
        {"name": "hourly", "schedule": "cron(0 * * * ? *)", "retention_days": hourly_days},
        {"name": "daily", "schedule": "cron(0 5 * * ? *)", "retention_days": daily_days},
        monthly,
    ]


def plan_problems(rules: list[BackupRuleArgs], lock: BackupLockArgs) -> list[str]:
    """What AWS Backup, or the lock, would refuse: one sentence each, none when all is well."""
    if not rules:
        return ["rules is empty; a plan without rules backs nothing up"]
    limits = lock_limits(lock, rules)
    names = [rule["name"] for rule in rules]
    problems = _lock_problems(limits, lock.get("changeable_for_days"))
    problems += [f'rules has "{name}" twice; names are unique' for name in sorted(set(names)) if names.count(name) > 1]
    for rule in rules:
        problems += [f"rules.{rule['name']}.{problem}" for problem in _rule_problems(rule, limits)]
    return problems


def lock_limits(lock: BackupLockArgs, rules: list[BackupRuleArgs]) -> tuple[int, int]:
    """Least and most days of retention under the lock: what it says, else what the rules need."""
    days = [rule["retention_days"] for rule in rules]
    return lock.get("min_retention_days", min(days)), lock.get("max_retention_days", max(days))


def _lock_problems(limits: tuple[int, int], changeable_for_days: int | None) -> list[str]:
    low, high = limits
    problems = []
    if low < 1:
        problems.append(f"lock.min_retention_days is {low}; it must be at least 1")
    if high > LONGEST_DAYS:
        problems.append(f"lock.max_retention_days is {high}; AWS Backup allows at most {LONGEST_DAYS}")
    if low > high:
        problems.append(f"lock.min_retention_days is {low}; it must not exceed max_retention_days {high}")
    if changeable_for_days is not None and not COOLING_OFF_DAYS <= changeable_for_days <= LONGEST_DAYS:
        problems.append(
            f"lock.changeable_for_days is {changeable_for_days}; AWS Backup needs {COOLING_OFF_DAYS} to {LONGEST_DAYS}"
        )
    return problems


def _rule_problems(rule: BackupRuleArgs, limits: tuple[int, int]) -> list[str]:
    (low, high), name, schedule, keep = limits, rule["name"], rule["schedule"], rule["retention_days"]
    problems = []
    if not re.fullmatch(r"[a-zA-Z0-9\-_.]{1,50}", name):
        problems.append(f'name is "{name}"; it must be 1 to 50 letters, digits, -, _ or .')
    if not re.fullmatch(r"cron\((\S+ ){5}\S+\)", schedule):
        problems.append(f'schedule is "{schedule}"; write six fields, as in cron(0 5 * * ? *)')
    if not low <= keep <= high:
        problems.append(f"retention_days is {keep}; the vault's lock takes {low} to {high}")
    cold, coldest = rule.get("cold_storage_after_days"), keep - DAYS_IN_COLD_STORAGE
    if cold is not None and not 1 <= cold <= coldest:
        reason = f"AWS keeps at least {DAYS_IN_COLD_STORAGE} days in cold storage, and all go after {keep}"
        problems.append(f"cold_storage_after_days is {cold}; {reason}")
    start, end = rule.get("start_window_minutes", SHORTEST_START_WINDOW), rule.get("completion_window_minutes")
    if start < SHORTEST_START_WINDOW:
        problems.append(f"start_window_minutes is {start}; AWS Backup needs at least {SHORTEST_START_WINDOW}")
    if end is not None and end <= start:
        problems.append(f"completion_window_minutes is {end}; it must exceed start_window_minutes {start}")
    return problems
