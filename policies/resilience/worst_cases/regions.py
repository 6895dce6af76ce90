"""A lost region: what takes over, and what the copies in other regions lack."""

from collections.abc import Iterator

from resilience.aws.failovers import is_role, regions_behind, secondaries_of
from resilience.aws.holding_state import ARNS, follows_another
from resilience.aws.replicas import is_secondary
from resilience.aws.schedules import longest_gap
from resilience.aws.selections import takes
from resilience.aws.stores import in_several_regions
from resilience.aws.tags import needs_no_backup, tags_of
from resilience.aws.types import (
    BACKUP_PLAN,
    BACKUP_SELECTION,
    BACKUP_VAULT,
    BUCKETS,
    DB_CLUSTER,
    DYNAMODB_TABLE,
    FILE_REPLICATION,
    FILE_SYSTEM,
    GLOBAL_CLUSTER,
    HEALTH_CHECK,
    RECORD,
)
from resilience.aws.values import amount
from resilience.known import known
from resilience.resource import Resource, Stack
from resilience.worst_cases.terms import EVERYTHING, HOUR, MINUTE, Chain, Term

TTL = MINUTE
"""Seconds that an alias to a balancer is kept: its TTL is the balancer's."""
TARGETS_HEALTH = 60
"""Seconds until Route 53 takes a balancer without healthy targets for failed; AWS publishes none."""
CHECK_INTERVAL, CHECK_FAILURES = 30, 3
LAG, FILES_LAG = 1, 15 * MINUTE
"""Seconds: a global database and table typically; files by EFS's objective.
https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html"""


def chains(stack: Stack) -> Iterator[Chain]:
    """For each name that fails over: the steps until another region serves it."""
    primaries = [each for each in stack.of_type(RECORD) if is_role(each, "PRIMARY")]
    for primary in primaries:
        here = regions_behind(primary)
        if any(regions_behind(each) - here for each in secondaries_of(primary, stack)):
            yield *_diverted(primary), *_promotions(stack)
        else:
            yield (Term(f"{primary.name} leads to no other region: somebody builds the site anew", None),)
    if not primaries:
        yield (Term("no failover record leads to another region: somebody builds the site anew", None),)


def _diverted(primary: Resource) -> Chain:
    ttl = Term("names are kept", amount(primary, "ttl", TTL), assumed=not primary.has("ttl"))
    checks = primary.linked(HEALTH_CHECK, "healthCheckId")
    if not checks:
        return Term("Route 53 sees no healthy target", TARGETS_HEALTH, assumed=True), ttl
    interval = amount(checks[0], "requestInterval", CHECK_INTERVAL)
    failures = amount(checks[0], "failureThreshold", CHECK_FAILURES)
    return Term(f"{failures:g} health checks of {checks[0].name} at {interval:g} s", failures * interval), ttl


def _promotions(stack: Stack) -> Chain:
    """A follower that takes no writes waits for somebody."""
    followers = [each.name for each in stack.of_type(DB_CLUSTER) if is_secondary(each)]
    return (Term(f"somebody promotes {', '.join(followers)}", None),) if followers else ()


def losses(stack: Stack) -> Iterator[Term]:
    """What is lost of each store with its region."""
    for store in stack.of_type(*ARNS):
        if not follows_another(store, stack) and not any(map(needs_no_backup, tags_of(store))):
            yield _loss(store, stack)


def _loss(store: Resource, stack: Stack) -> Term:
    name = store.name
    if store.type == FILE_SYSTEM and any(stack.referring_to(store, FILE_REPLICATION, "sourceFileSystemId")):
        return Term(f"files of {name}", FILES_LAG, assumed=True)
    if _replicated(store, stack):
        return Term(f"{name}", LAG, assumed=True)
    gaps = [gap for plan in _plans_of(store, stack) if (gap := _copied_every(plan, store))]
    return Term(f"{name}, by its copies" if gaps else f"{name}", min(gaps, default=EVERYTHING))


def _replicated(store: Resource, stack: Stack) -> bool:
    if store.type == DB_CLUSTER:
        return store.has("globalClusterIdentifier") or any(stack.referring_to(store, GLOBAL_CLUSTER))
    if store.type == DYNAMODB_TABLE:
        return bool(store.count("replicas"))
    if store.type in BUCKETS:
        return False
    return in_several_regions(store, stack)


def _plans_of(store: Resource, stack: Stack) -> Iterator[Resource]:
    for selection in stack.of_type(BACKUP_SELECTION):
        if selection.region == store.region and takes(selection, store):
            yield from selection.linked(BACKUP_PLAN, "planId")


def _copied_every(plan: Resource, store: Resource) -> float | None:
    """The most seconds between two backups that a plan copies to another region; None where it copies none."""
    found = []
    for number in range(plan.count("rules")):
        at = f"rules.{number}"
        if not plan.count(f"{at}.copyActions"):
            continue
        vaults = [vault for vault in plan.links.get("rules", ()) if vault.type == BACKUP_VAULT]
        regions = {vault.region for vault in vaults} | {
            str(known(plan, f"{at}.copyActions.{each}.destinationVaultArn") or "::::").split(":")[3]
            for each in range(plan.count(f"{at}.copyActions"))
        }
        gap = longest_gap(str(known(plan, f"{at}.schedule") or "rate(1 day)"))
        if gap and regions - {store.region, ""}:
            found.append(gap * HOUR)
    return min(found, default=None)
