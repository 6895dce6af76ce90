"""Backup plans and what they select."""

from collections.abc import Iterator

from resilience.aws.parts import parts
from resilience.aws.schedules import longest_gap
from resilience.aws.types import (
    BACKUP_PLAN,
    BACKUP_SELECTION,
    RESTORE_TESTING_PLAN,
    RESTORE_TESTING_SELECTION,
)
from resilience.aws.vaults import copies_of, destinations, limits, regions_of_copies, retention, rules_of, targets
from resilience.known import has_items, known_items
from resilience.reference import well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

IDENTIFIED = well_architected("REL09-BP01", "rel_backing_up_data_identified_backups_data")
AUTOMATED = well_architected("REL09-BP03", "rel_backing_up_data_automated_backups_data")
TESTED = well_architected("REL09-BP04", "rel_backing_up_data_periodic_recovery_testing_data")
SECURED = well_architected("REL09-BP02", "rel_backing_up_data_secured_backups_data")
RECOVERY = well_architected("REL13-BP02", "rel_planning_for_recovery_disaster_recovery")

DAILY = "cron(0 5 ? * * *)"
"""AWS's default. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html"""

IN_COLD_STORAGE = 90
"""Days, at the least. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html"""

CONTINUOUS = 35
"""Days, at the most. https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html"""


@RULES.stack_rule(
    "backup-plan-copies-to-another-region",
    "A backup plan copies to another region.",
    Severity.HIGH,
    RECOVERY,
    BACKUP_PLAN,
)
def copies_to_another_region(plan: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """One rule of the plan that does so is enough: the most frequent one need not.

    So is another region's plan that copies into this one's vault: of replicated data, copies go one way.
    """
    rules = rules_of(plan)
    if not any(copies_of(plan, rule) for rule in rules) and _receives_copies(plan, stack):
        return
    if not any(copies_of(plan, rule) for rule in rules):
        yield "rules have no copyActions; backups go down with their region"
    elif not any(region != plan.region for rule in rules for region in regions_of_copies(plan, rule)):
        yield f"copyActions stay in {plan.region}; backups go down with their region"


def _receives_copies(plan: Resource, stack: Stack) -> bool:
    """Return whether a plan of another region copies into a vault of this plan."""
    own = {vault.urn for rule in rules_of(plan) for vault in targets(plan, rule, stack)}
    return any(
        vault.urn in own
        for other in stack.of_type(BACKUP_PLAN)
        if other.region != plan.region
        for rule in rules_of(other)
        for copy in copies_of(other, rule)
        for vault in destinations(other, copy, stack)
    )


@RULES.stack_rule(
    "backup-lifecycle-within-lock",
    "Backups are kept for as long as the lock of their vault asks, and no longer than it allows.",
    Severity.HIGH,
    SECURED,
    BACKUP_PLAN,
)
def lifecycle_within_lock(plan: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """A locked vault refuses such jobs, and nobody learns of it before the first one fails, at night."""
    for rule in rules_of(plan):
        yield from _beyond(plan, rule, targets(plan, rule, stack), f"{rule}.targetVaultName", stack)
        for copy in copies_of(plan, rule):
            vaults = destinations(plan, copy, stack)
            yield from _beyond(plan, copy, vaults, f"{copy}.destinationVaultArn", stack)


def _beyond(plan: Resource, path: str, vaults: list[Resource], naming: str, stack: Stack) -> Iterator[str]:
    """The problem, if every vault that may be meant has it; where only some do, which vault it is must be known."""
    days = retention(plan, path)
    problems = [limits(vault, stack).problem(days) for vault in vaults]
    found = [problem for problem in problems if problem]
    if found and len(found) < len(problems):
        plan.get(naming)
    if found:
        kept = "missing, which is forever" if days is None else f"{days} days"
        yield f"{path}.lifecycle.deleteAfter is {kept}; {found[0]}"


@RULES.rule(
    "backup-plan-frequent",
    "A backup plan backs up often.",
    Severity.MEDIUM,
    AUTOMATED,
    BACKUP_PLAN,
    hours=Setting(24, "the longest time between two backups of the most frequent rule, in hours", {"minimum": 1}),
)
def frequent(plan: Resource, config: Config) -> Iterator[str]:
    """A rule without a schedule runs once a day. One that can't be read counts for none."""
    rules = rules_of(plan)
    gaps = [longest_gap(plan.get(f"{rule}.schedule", DAILY)) for rule in rules]
    rarest = min((gap for gap in gaps if gap is not None), default=None)
    if rarest is not None and rarest > config["hours"]:
        yield f"rules back up every {rarest:.0f} hours at best; every {config['hours']:g} hours are asked for"


@RULES.rule(
    "backup-plan-retention",
    "A backup plan keeps backups for long enough to notice what they are needed for.",
    Severity.MEDIUM,
    AUTOMATED,
    BACKUP_PLAN,
    days=Setting(35, "the least retention of the rule that keeps longest, in days", {"minimum": 1}),
)
def kept_for_long(plan: Resource, config: Config) -> Iterator[str]:
    """AWS Backup keeps forever what has no end."""
    days = [retention(plan, rule) for rule in rules_of(plan)]
    longest = max((each for each in days if each is not None), default=None)
    if longest is not None and None not in days and longest < config["days"]:
        yield f"lifecycle.deleteAfter is {longest} days at most; {config['days']:g} days are asked for"


@RULES.rule(
    "backup-cold-storage-long-enough",
    "What moves to cold storage stays there for the 90 days that AWS asks.",
    Severity.MEDIUM,
    AUTOMATED,
    BACKUP_PLAN,
)
def stays_in_cold_storage(plan: Resource, _: Config) -> Iterator[str]:
    """AWS refuses such a plan, but only when it is made."""
    for rule in rules_of(plan):
        for path in (rule, *copies_of(plan, rule)):
            cold, end = plan.get(f"{path}.lifecycle.coldStorageAfter"), retention(plan, path)
            if cold and end is not None and end - cold < IN_COLD_STORAGE:
                least = cold + IN_COLD_STORAGE
                yield f"{path}.lifecycle.deleteAfter is {end}, coldStorageAfter {cold}; delete after {least} at least"


@RULES.rule(
    "backup-continuous-within-limit",
    "A continuous backup is kept for 35 days at most.",
    Severity.MEDIUM,
    AUTOMATED,
    BACKUP_PLAN,
)
def continuous_within_limit(plan: Resource, _: Config) -> Iterator[str]:
    """AWS refuses more, also a rule that says nothing."""
    for rule in rules_of(plan):
        if plan.get(f"{rule}.enableContinuousBackup"):
            days = retention(plan, rule)
            if days is None or days > CONTINUOUS:
                kept = "forever" if days is None else f"{days} days"
                yield f"{rule} is continuous and keeps {kept}; {CONTINUOUS} days are possible"


@RULES.stack_rule(
    "backup-plan-restores-tested",
    "Where there are backups, restores are tested.",
    Severity.MEDIUM,
    TESTED,
    BACKUP_PLAN,
)
def restores_tested(plan: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """By a restore testing plan of the plan's region that has a selection."""
    near = [each for each in stack.of_type(RESTORE_TESTING_PLAN) if each.region == plan.region]
    if not any(parts(stack, each, (RESTORE_TESTING_SELECTION,), "restoreTestingPlanName", "name") for each in near):
        where = f" in {plan.region}" if plan.region else ""
        yield f"no restore testing plan with a selection{where}; nobody knows whether these backups can be restored"


@RULES.rule(
    "backup-selection-one-way",
    "A backup selection goes by tags or by a list, not by both.",
    Severity.MEDIUM,
    IDENTIFIED,
    BACKUP_SELECTION,
)
def one_way(selection: Resource, _: Config) -> Iterator[str]:
    """https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html"""
    if has_items(selection, "selectionTags") and has_items(selection, "resources"):
        yield "selectionTags and resources are both set; AWS takes what fits either, so use conditions for tags"


@RULES.rule(
    "backup-selection-not-everything",
    "A backup selection says what it takes.",
    Severity.LOW,
    IDENTIFIED,
    BACKUP_SELECTION,
)
def not_everything(selection: Resource, _: Config) -> Iterator[str]:
    """Without tags, list or conditions AWS backs up whatever the account has, servers without state included."""
    if any(has_items(selection, path) for path in ("selectionTags", "conditions", "notResources")):
        return
    if not has_items(selection, "resources") or "*" in known_items(selection, "resources"):
        yield 'resources is "*" or missing, without tags or conditions; it takes the whole account'
