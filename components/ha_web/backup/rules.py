"""The rules of backup plans, checked against the vault's lock. No SDK here.

AWS Backup reports a rule that the lock refuses only when a job fails, at night; these checks do so at preview.
"""

import re
from typing import NotRequired, TypedDict

DAYS_IN_COLD_STORAGE = 90
"""Shortest time in cold storage.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html"""

COOLING_OFF_DAYS = 3
"""Fewest days before a compliance lock becomes final.
https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"""

LONGEST_DAYS = 36_500
"""Longest retention of a vault lock (same page)."""

COLD_AFTER_DAYS = 90
"""Days after which a monthly recovery point moves to cold storage, where it costs a fifth: it is rarely read by then. https://aws.amazon.com/backup/pricing/"""

CONTINUOUS_DAYS = 35
"""Longest retention of a continuous backup.
https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html"""

AIR_GAPPED_DAYS = 7
"""Shortest retention of a logically air-gapped vault.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateLogicallyAirGappedBackupVault.html"""

AIR_GAPPED_MOST_DAYS = 3_650
"""Longest retention of our air-gapped vaults: ten years (our choice), since nobody can end it earlier."""

SHORTEST_START_WINDOW = 60
"""Fewest minutes within which a job must start:
https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html"""

LONGEST_COMPLETION_WINDOW = 7 * 24 * 60
"""Minutes within which a job must end: AWS Backup's own default, 7 days (same page). It is always given, because the
provider sends 180 minutes where a program gives none, and a first backup of many files takes longer than that."""


class BackupRuleArgs(TypedDict):
    """A rule of a backup plan: schedule, retention and copies."""

    name: str
    """Name of the rule, unique in the plan: up to 50 letters, digits, `-`, `_` or `.`."""
    schedule: str
    """Schedule as an AWS cron expression in UTC: `cron(0 5 * * ? *)`. At most once an hour."""
    retention_days: int
    """Days until a recovery point is deleted; within the lock's limits."""
    cold_storage_after_days: NotRequired[int]
    """Days until it moves to cold storage, for resources that have it (EFS and others); at least 90 days before
    `retention_days`. Default: never."""
    continuous: NotRequired[bool]
    """True for continuous backups where the service supports them (Aurora, RDS, S3, SAP HANA): they can be restored to
    any second of the last `retention_days`, at most 35, except the last minutes (RDS 5, S3 15). `schedule` then says
    how often AWS Backup maintains them and makes the copies, which are snapshots. Other resources get a snapshot. At
    most one rule of a plan. Default false."""
    copies: NotRequired[list[str]]
    """AWS Regions, of `region` and `copy_region`, whose vaults get a copy of each recovery point, with the same
    lifecycle; a backup's own region is left out. Default: both."""
    air_gapped: NotRequired[bool]
    """True to copy recovery points to the logically air-gapped vault of their own region, too. Needs 7
    `retention_days` at least; copies there don't move to cold storage. Default false."""
    start_window_minutes: NotRequired[int]
    """Minutes within which a job must start, at least 60. Default 60, AWS Backup's least: with its own default of 8
    hours an hourly backup could be 8 hours late without an alarm."""
    completion_window_minutes: NotRequired[int]
    """Minutes within which a job must end, or it is cancelled and reported. Default 10080, AWS Backup's own 7 days."""


class BackupLockArgs(TypedDict):
    """Lock of a vault, which refuses shorter or longer retention, and deletion before a recovery point expires.

    In governance mode (the default) a principal with the IAM permission may still remove the lock. With
    `changeable_for_days` it is in compliance mode: after these days of grace nobody can, not even AWS, and a vault with
    recovery points can't be deleted until they have expired. Its limits are final then, too, so they must be given.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
    """

    min_retention_days: NotRequired[int]
    """Days; jobs with a shorter retention fail. Default: the shortest retention of the rules; required in
    compliance mode."""
    max_retention_days: NotRequired[int]
    """Days; jobs with a longer retention fail. Default: the longest retention of the rules; required in
    compliance mode."""
    changeable_for_days: NotRequired[int]
    """Days of grace after which the lock is final (compliance mode), at least 3. Default: governance mode."""


class AirGapArgs(TypedDict):
    """Limits of the logically air-gapped vaults, which are always in compliance mode and can't be changed afterwards.

    Nobody in the account can delete their recovery points, which can be restored from another account, too.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html
    """

    min_retention_days: NotRequired[int]
    """Days; copies with a shorter retention fail. Default 7, AWS Backup's least."""
    max_retention_days: NotRequired[int]
    """Days; copies with a longer retention fail. Default 3650."""


DEFAULT_HOURLY_DAYS, DEFAULT_DAILY_DAYS, DEFAULT_MONTHLY_DAYS, DEFAULT_CONTINUOUS_DAYS = 7, 35, 365, 14


def usual_rules(
    hourly_days: int = DEFAULT_HOURLY_DAYS,
    daily_days: int = DEFAULT_DAILY_DAYS,
    monthly_days: int = DEFAULT_MONTHLY_DAYS,
    continuous_days: int = DEFAULT_CONTINUOUS_DAYS,
    air_gapped: bool = False,
) -> list[BackupRuleArgs]:
    """Return continuous, hourly, daily and monthly rules, each with its days of retention.

    Once an hour is AWS Backup's highest frequency: at most an hour of work is lost, and a week of hours is enough to
    find the backup before a bad change. 35 days and a year, and the hour, are those of AWS Backup's own plans
    Daily-35day-Retention and Daily-Monthly-1yr-Retention. Where the windows of rules overlap, AWS Backup runs the rule
    with the longer retention: so continuous backups are kept longer than hourly ones, and have an hour of their own,
    whose copy (a snapshot) takes the place of the hourly one's.

    Args:
        continuous_days: retention of the continuous rule; 0 leaves the rule out.
        air_gapped: True to copy daily and monthly backups to an air-gapped vault, too.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
    """
    daily: BackupRuleArgs = {"name": "daily", "schedule": "cron(0 5 * * ? *)", "retention_days": daily_days}
    monthly: BackupRuleArgs = {"name": "monthly", "schedule": "cron(0 5 1 * ? *)", "retention_days": monthly_days}
    if monthly_days >= COLD_AFTER_DAYS + DAYS_IN_COLD_STORAGE:
        monthly["cold_storage_after_days"] = COLD_AFTER_DAYS
    if air_gapped:
        daily["air_gapped"] = monthly["air_gapped"] = True
    rules: list[BackupRuleArgs] = [
        {"name": "hourly", "schedule": "cron(0 * * * ? *)", "retention_days": hourly_days},
        daily,
        monthly,
    ]
    if continuous_days:
        continuous: BackupRuleArgs = {
            "name": "continuous",
            "schedule": "cron(0 4 * * ? *)",
            "retention_days": continuous_days,
            "continuous": True,
        }
        return [continuous, *rules]
    return rules


def usual_database_rules(
    hourly_days: int = DEFAULT_HOURLY_DAYS,
    daily_days: int = DEFAULT_DAILY_DAYS,
    monthly_days: int = DEFAULT_MONTHLY_DAYS,
    continuous_days: int = DEFAULT_CONTINUOUS_DAYS,
    air_gapped: bool = False,
    copied_to: list[str] | None = None,
) -> list[BackupRuleArgs]:
    """Return the rules for Aurora, DocumentDB and Neptune: continuous, daily and monthly, each with days of retention.

    A snapshot of such a cluster is charged with the cluster's whole size once it is older than point-in-time recovery
    goes back, and a copy to another region is a full one, however little has changed. So daily and monthly backups are
    copied, and no others: hourly copies would be 24 transfers of the whole database a day, and one that takes longer
    than an hour would keep the next ones waiting. Between two days point-in-time recovery takes the place of hourly
    backups; without it (`continuous_days` 0) there are hourly ones, which are not copied. There is no cold storage.

    Args:
        continuous_days: days of point-in-time recovery; 0 leaves it out.
        air_gapped: True to copy daily and monthly backups to an air-gapped vault, too (full copies again).
        copied_to: AWS Regions that daily and monthly backups are copied to; None for all that have a vault. With a
            global database one direction is enough: name the standby.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-copy-snapshot.html
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-storage-backup.html
    """
    rules = usual_rules(hourly_days, daily_days, monthly_days, continuous_days, air_gapped)
    kept = [rule for rule in rules if rule["name"] != "hourly" or not continuous_days]
    for rule in kept:
        rule.pop("cold_storage_after_days", None)
        if rule["name"] in ("continuous", "hourly"):
            rule["copies"] = []
        elif copied_to is not None:
            rule["copies"] = [*copied_to]
    return kept


def is_principal(arn: str) -> bool:
    """Return whether a text is the ARN of an IAM role or user."""
    return re.fullmatch(r"arn:aws[\w-]*:iam::\d{12}:(role|user)/\S+", arn) is not None


def copy_regions(rule: BackupRuleArgs, region: str, regions: list[str]) -> list[str]:
    """Return the regions, of those that have a vault, that a rule copies its backups in `region` to."""
    return [each for each in rule.get("copies", regions) if each != region]


def plan_problems(
    rules: list[BackupRuleArgs],
    lock: BackupLockArgs,
    gap: AirGapArgs | None = None,
    regions: list[str] | None = None,
    database_rules: list[BackupRuleArgs] | None = None,
) -> list[str]:
    """Return a line for each thing that AWS Backup, the lock or the air-gapped vault would refuse.

    Args:
        regions: those with a vault; None skips the check of where copies go.
        database_rules: the rules of databases; None if these are the same.
    """
    every = {"rules": rules} | ({} if database_rules is None else {"database_rules": database_rules})
    empty = [f"{which} is empty; a plan without rules makes no backups" for which, given in every.items() if not given]
    if empty:
        return empty
    limits = lock_limits(lock, [*rules, *(database_rules or [])])
    problems = _lock_problems(limits, lock) + _gap_problems(gap or AirGapArgs(), every)
    for which, given in every.items():
        problems += _rules_problems(which, given, limits, regions)
    return problems


def _rules_problems(
    which: str, rules: list[BackupRuleArgs], limits: tuple[int, int], regions: list[str] | None
) -> list[str]:
    """Return a line for each thing wrong with the rules of one plan."""
    names = [rule["name"] for rule in rules]
    twice = [name for name in sorted(set(names)) if names.count(name) > 1]
    problems = [f'{which} has "{name}" twice; names are unique' for name in twice]
    continuous = [rule["name"] for rule in rules if rule.get("continuous")]
    if len(continuous) > 1:
        problems.append(f"{which} has {' and '.join(continuous)} as continuous; a resource has one continuous backup")
    for rule in rules:
        found = _rule_problems(rule, limits) + _copy_problems(rule, regions)
        problems += [f"{which}.{rule['name']}.{problem}" for problem in found]
    return problems


def lock_limits(lock: BackupLockArgs, rules: list[BackupRuleArgs]) -> tuple[int, int]:
    """Return the shortest and longest retention, in days, of the lock, or else of the rules."""
    days = [rule["retention_days"] for rule in rules]
    return lock.get("min_retention_days", min(days)), lock.get("max_retention_days", max(days))


def gap_limits(gap: AirGapArgs) -> tuple[int, int]:
    """Return the shortest and longest retention, in days, of an air-gapped vault."""
    return gap.get("min_retention_days", AIR_GAPPED_DAYS), gap.get("max_retention_days", AIR_GAPPED_MOST_DAYS)


def _lock_problems(limits: tuple[int, int], lock: BackupLockArgs) -> list[str]:
    (low, high), grace = limits, lock.get("changeable_for_days")
    problems = []
    if low < 1:
        problems.append(f"lock.min_retention_days is {low}; it must be at least 1")
    if high > LONGEST_DAYS:
        problems.append(f"lock.max_retention_days is {high}; AWS Backup allows at most {LONGEST_DAYS}")
    if low > high:
        problems.append(f"lock.min_retention_days is {low}; it must not exceed max_retention_days {high}")
    if grace is None:
        return problems
    if not COOLING_OFF_DAYS <= grace <= LONGEST_DAYS:
        problems.append(f"lock.changeable_for_days is {grace}; AWS Backup needs {COOLING_OFF_DAYS} to {LONGEST_DAYS}")
    for key in ("min_retention_days", "max_retention_days"):
        if key not in lock:
            problems.append(f"lock.{key} is missing; after {grace} days nobody can change it, so it must be given")
    return problems


def _gap_problems(gap: AirGapArgs, every: dict[str, list[BackupRuleArgs]]) -> list[str]:
    low, high = gap_limits(gap)
    problems = []
    if low < AIR_GAPPED_DAYS:
        problems.append(f"air_gap.min_retention_days is {low}; AWS Backup needs at least {AIR_GAPPED_DAYS}")
    if high > LONGEST_DAYS:
        problems.append(f"air_gap.max_retention_days is {high}; AWS Backup allows at most {LONGEST_DAYS}")
    if low > high:
        problems.append(f"air_gap.min_retention_days is {low}; it must not exceed max_retention_days {high}")
    if gap and not any(rule.get("air_gapped") for rules in every.values() for rule in rules):
        problems.append("air_gap is given, but no rule is air_gapped")
    return problems + [
        f"{which}.{rule['name']}.retention_days is {rule['retention_days']}; the air-gapped vault takes {low} to {high}"
        for which, rules in every.items()
        for rule in rules
        if rule.get("air_gapped") and not low <= rule["retention_days"] <= high
    ]


def _copy_problems(rule: BackupRuleArgs, regions: list[str] | None) -> list[str]:
    if regions is None:
        return []
    known = " or ".join(regions)
    return [
        f'copies has "{region}"; there is no vault there, only in {known}'
        for region in rule.get("copies", [])
        if region not in regions
    ]


def _rule_problems(rule: BackupRuleArgs, limits: tuple[int, int]) -> list[str]:
    (low, high), name, schedule, keep = limits, rule["name"], rule["schedule"], rule["retention_days"]
    problems = []
    if not re.fullmatch(r"[a-zA-Z0-9\-_.]{1,50}", name):
        problems.append(f'name is "{name}"; it must be 1 to 50 letters, digits, -, _ or .')
    if not re.fullmatch(r"cron\((\S+ ){5}\S+\)", schedule):
        problems.append(f'schedule is "{schedule}"; write six fields, as in cron(0 5 * * ? *)')
    if not low <= keep <= high:
        problems.append(f"retention_days is {keep}; the vault's lock takes {low} to {high}")
    if rule.get("continuous") and keep > CONTINUOUS_DAYS:
        problems.append(f"retention_days is {keep}; continuous backups are kept for at most {CONTINUOUS_DAYS}")
    cold, coldest = rule.get("cold_storage_after_days"), keep - DAYS_IN_COLD_STORAGE
    if cold is not None and not 1 <= cold <= coldest:
        reason = f"AWS keeps at least {DAYS_IN_COLD_STORAGE} days in cold storage, and deletion is after {keep}"
        problems.append(f"cold_storage_after_days is {cold}; {reason}")
    start = rule.get("start_window_minutes", SHORTEST_START_WINDOW)
    end = rule.get("completion_window_minutes", LONGEST_COMPLETION_WINDOW)
    if start < SHORTEST_START_WINDOW:
        problems.append(f"start_window_minutes is {start}; AWS Backup needs at least {SHORTEST_START_WINDOW}")
    if end <= start:
        problems.append(f"completion_window_minutes is {end}; it must exceed start_window_minutes {start}")
    return problems
