"""Checks of a site's recovery: strategy, objectives, data in two regions, backups, the edge."""

from ha_web.backup.rules import is_principal, plan_problems
from ha_web.cloudflare.rules import CloudflarePlan, Monitor, identifier_problems, monitor_problems
from ha_web.core.wording import quoted
from ha_web.database.rules import (
    DEFAULT_RETENTION_DAYS,
    ENGINE_VERSION,
    TIME_FORM,
    database_problems,
    global_problems,
    is_cluster_snapshot,
    is_restore_time,
    restored_name_problem,
)
from ha_web.failover.switch import mover_problems
from ha_web.recovery.facts import Edge, Failback, Failover
from ha_web.recovery.readiness import RegionFacts, readiness_problems
from ha_web.recovery.strategy import Strategy, default_load, has_cluster, strategy_problems
from ha_web.resilience_hub.declaration import NOTHING, declaration
from ha_web.sessions.elasticache_rules import global_datastore_problem, store_problems
from ha_web.sessions.limits import DEFAULT_MAINTENANCE_WINDOW, DEFAULT_SNAPSHOT_WINDOW
from ha_web.sessions.memorydb_rules import durable_problems, multi_region_problems
from ha_web.site.checks import needs, relay
from ha_web.site.facts import assumptions, facts_of, measured_problems
from ha_web.site.groups import Cloudflare
from ha_web.site.model import Settings
from ha_web.site.reader import Problems

WINDOWS = (DEFAULT_SNAPSHOT_WINDOW, DEFAULT_MAINTENANCE_WINDOW)
"""Snapshot and maintenance window of a session store: the components' defaults, which no setting changes."""


@needs("standby", "strategy", "servers", "sessions", "zones", "failback", "database", "storage")
def strategy_can_work(site: Settings, problems: Problems) -> None:
    """Refuse a strategy that lacks a second region, servers or data stores that it needs."""
    if problems.any_bad("servers"):
        return
    lines = strategy_problems(
        Strategy(site.strategy) if site.strategy else site.recovery,
        standby=site.standby is not None,
        durable=site.sessions.durable,
        promotes=site.promotes,
        minimum=site.servers.minimum,
        maximum=site.servers.maximum,
        load=site.servers.load or default_load(site.servers.minimum, site.zones),
        standby_servers=site.standby.servers if site.standby else None,
        automatic_failback=site.failback == Failback.AUTOMATIC,
    )
    relay(problems, "", lines)


@needs("standby", "strategy", "failover")
def somewhere_to_fail_over_to(site: Settings, problems: Problems) -> None:
    """Refuse an automatic failover without a cluster in the standby region."""
    if site.failover != Failover.MANUAL and not has_cluster(site.recovery):
        reason = "there is no cluster in the standby region; use pilot-light or more, or failover manual"
        problems.add("failover", f"is {site.failover}; {reason}")


@needs("failoverRoles")
def movers_are_roles(site: Settings, problems: Problems) -> None:
    """Refuse what is no role: nobody could move the switch by hand."""
    for line in mover_problems(site.failover_roles):
        problems.add("failoverRoles", line)


@needs("standby", "strategy", "failback", "sessions", "database", "storage")
def failback_can_be_automatic(site: Settings, problems: Problems) -> None:
    """Refuse automatic failback of a pilot light: what starts its servers also moves the switch, which is a latch."""
    if site.failback == Failback.AUTOMATIC and site.recovery is Strategy.PILOT_LIGHT:
        reason = "a failover starts a pilot light and latches the switch; use failback manual, or strategy warm-standby"
        problems.add("failback", f"is automatic; {reason}")


@needs("servers", "primary", "standby")
def images_are_where_they_are_used(site: Settings, problems: Problems) -> None:
    """Refuse an image of another region: the primary's is copied unless the standby has its own."""
    if site.standby is None:
        return
    image = site.primary.image or site.servers.image
    primary = RegionFacts(site.primary.region, "primary", image=image)
    standby = RegionFacts(site.standby.region, "standby", image=site.standby.image, image_is_copied=True)
    relay(problems, "", readiness_problems(primary, standby))


@needs("sessions", "standby", "strategy", "primary")
def session_store_is_valid(site: Settings, problems: Problems) -> None:
    """Refuse nodes, node types and snapshots that ElastiCache or MemoryDB would refuse, in either region."""
    store, node_type = site.sessions, site.node_type
    regions = [place.region for place in site.roles.values()]
    if store.durable:
        lines = durable_problems("primary", store.nodes, store.snapshot_retention_days, *WINDOWS, node_type)
        if site.standby:
            lines += multi_region_problems(regions, node_type)
        relay(problems, "sessions.", [line.replace("regions has", "durable is true; regions has") for line in lines])
        return
    relay(problems, "sessions.", store_problems(store.nodes, store.snapshot_retention_days, *WINDOWS, node_type))
    if has_cluster(site.recovery):
        relay(problems, "sessions.", [global_datastore_problem(node_type)])


@needs("database", "standby", "strategy")
def database_is_valid(site: Settings, problems: Problems) -> None:
    """Refuse what Aurora, or an Aurora global database, doesn't take."""
    wanted = site.database
    if wanted is None:
        return
    lines = database_problems(
        wanted.instances, wanted.backup_retention_days, wanted.instance_class, ENGINE_VERSION, wanted.name
    )
    if has_cluster(site.recovery):
        forwards = site.recovery is Strategy.ACTIVE_ACTIVE
        lines += global_problems(wanted.instance_class, ENGINE_VERSION, write_forwarding=forwards)
    relay(problems, "database.", [line.replace("database_name is", "name is") for line in lines])


@needs("database")
def restored_databases_are_valid(site: Settings, problems: Problems) -> None:
    """Refuse a restored database without a usable name or backup, and one that is to serve and is not there."""
    wanted = site.database
    if wanted is None:
        return
    for name, backup in wanted.restored.items():
        key = f"database.restored.{name}"
        if restored_name_problem(name):
            problems.add(key, "has a name that can't be used; write 1 to 10 lower-case letters and digits")
        if not is_restore_time(backup) and not is_cluster_snapshot(backup):
            problems.add(key, f"is {quoted(backup)}; {TIME_FORM}, or the ARN of a cluster snapshot")
    if wanted.serving is not None and wanted.serving not in wanted.restored:
        problems.add("database.serving", f"is {quoted(wanted.serving)}, which is not restored")
    if not wanted.keep_first and wanted.serving is None:
        problems.add("database.keepFirst", "is false; name the restored database that serves instead")


@needs("backup")
def backups_fit_the_lock(site: Settings, problems: Problems) -> None:
    """Refuse retention that AWS Backup, or a vault's lock, would refuse only when a job runs."""
    names = {
        "lock.changeable_for_days": "backup.lockAfterDays",
        "lock.min_retention_days": "backup.lockMinimumDays",
        "lock.max_retention_days": "backup.lockMaximumDays",
    }
    found: dict[tuple[str, str], None] = {}  # both plans have most rules, and a line for each is enough
    for line in plan_problems(site.backup.rules, site.backup.lock, database_rules=site.backup.database_rules()):
        argument, _, rest = line.partition(" ")
        rule = argument.removeprefix("database_").removeprefix("rules.").partition(".")[0]
        found[names.get(argument, f"backup.{rule}Days"), rest] = None
    for key, rest in found:
        problems.add(f"{key}", rest)
    for arn in site.backup.break_glass_roles:
        if not is_principal(arn):
            problems.add("backup.breakGlassRoles", f"has {quoted(arn)}; write the ARN of an IAM role")


@needs("backup", "database")
def point_in_time_recovery_has_one_length(site: Settings, problems: Problems) -> None:
    """Refuse two numbers of days: a cluster with a continuous backup has AWS Backup's, whatever its own says.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
    """
    days, database = site.backup.continuous_days, site.database
    if database and days and database.backup_retention_days not in (days, DEFAULT_RETENTION_DAYS):
        reason = f"AWS Backup keeps point-in-time recovery for backup.continuousDays, {days}; change that instead"
        problems.add("database.backupRetentionDays", f"is {database.backup_retention_days}; {reason}")


@needs("edge", "cloudflare", "protocol", "failover", "domain", "zone", "sessions", "database", "standby", "strategy")
def edge_is_valid(site: Settings, problems: Problems) -> None:
    """Refuse what Cloudflare can't do, or what hides the primary from the automation."""
    if (site.edge == Edge.CLOUDFLARE) != (site.cloudflare is not None):
        verb = "is missing; edge is cloudflare" if site.cloudflare is None else f"is given; edge is {site.edge}"
        problems.add("cloudflare", verb)
        return
    if site.cloudflare is None:
        return
    if site.behind_cloudflare and site.protocol not in ("https", "http2", "websocket"):
        problems.add("edge", f"is cloudflare; Cloudflare proxies HTTP over TLS only, and protocol is {site.protocol}")
    if site.behind_cloudflare and site.failover == Failover.AUTOMATIC:
        reason = "only Cloudflare reaches the load balancers, so the automation can't check the primary; use manual"
        problems.add("failover", f"is automatic; {reason}")
    if site.behind_cloudflare and site.failover == Failover.REGION_SWITCH:
        reason = "the plan moves Route 53's switch, which Cloudflare doesn't follow; use manual"
        problems.add("failover", f"is region-switch; {reason}")
    if site.behind_cloudflare and _is_ready_too_early(site):
        reason = "with durable sessions both regions pass it, also one whose database takes no writes"
        problems.add("cloudflare.path", f"is {quoted(Monitor.path)}; {reason}: give a path of your own")
    if site.cloudflare.origin_certificate and not site.cloudflare.manage_zone:
        reason = "originCertificate is given, and it is the zone that presents it"
        problems.add("cloudflare.manageZone", f"is false; {reason}")
    if not site.behind_cloudflare and site.cloudflare.parent_zone is None:
        problems.add("cloudflare.parentZone", "is missing; mode delegate adds the hosted zone's NS records to it")
    plan = CloudflarePlan(site.cloudflare.plan)
    lines = identifier_problems(account_id=site.cloudflare.account_id, zone_id=site.cloudflare.zone_id)
    lines += monitor_problems(monitor_of(site.cloudflare), plan) if site.behind_cloudflare else []
    relay(problems, "cloudflare.", [line.removeprefix("monitor.") for line in lines])


@needs("measured")
def measured_times_are_of_assumptions(site: Settings, problems: Problems) -> None:
    """Refuse a measured time that replaces no assumption, or is none."""
    for line in measured_problems(site):
        key, _, rest = line.partition(" ")
        problems.add(key, rest)


@needs("standby", "strategy", "servers")
def capacity_can_be_reserved(site: Settings, problems: Problems) -> None:
    """Refuse capacity that no server would use: there is no fleet, or it can't grow as large."""
    if site.standby is None or site.standby.reserved_servers is None:
        return
    wanted = site.standby.reserved_servers
    if not has_cluster(site.recovery):
        problems.add("standby.reservedServers", f"is {wanted}; {site.recovery} has no fleet there to use them")
    elif wanted > site.servers.maximum:
        reason = f"the fleet has {site.servers.maximum} servers at most (servers.maximum)"
        problems.add("standby.reservedServers", f"is {wanted}; {reason}")


@needs(
    *("standby", "strategy", "failover", "failback", "sessions", "servers", "backup", "edge", "cloudflare"),
    *("healthCheck", "zones", "database", "storage", "nat", "objectives", "primary", "protocol", "failoverAfter"),
    "measured",
)
def objectives_can_be_met(site: Settings, problems: Problems) -> None:
    """Refuse objectives that the settings can't meet in the worst case."""
    if measured_problems(site):
        return
    wanted, lines = site.wanted
    for line in lines or wanted.problems(facts_of(site), assumptions(site)):
        key, _, rest = line.partition(" ")
        problems.add(f"{key}", rest)


def _is_ready_too_early(site: Settings) -> bool:
    """Return whether Cloudflare's monitor would find a standby healthy whose database takes no writes.

    The application's own path writes to the session store only. Durable sessions take writes in both regions; others
    are promoted after the database, so that theirs is the last store to be ready. Active-active forwards writes.
    """
    waits = has_cluster(site.recovery) and site.recovery is not Strategy.ACTIVE_ACTIVE
    path = site.cloudflare.path if site.cloudflare else ""
    return waits and site.sessions.durable and site.database is not None and path == Monitor.path


def monitor_of(cloudflare: Cloudflare) -> Monitor:
    """Return Cloudflare's health check of a region."""
    return Monitor(
        path=cloudflare.path,
        interval=cloudflare.interval,
        timeout=cloudflare.timeout,
        retries=cloudflare.retries,
    )


@needs("resilienceHub", "objectives", "strategy", "standby", "primary", "domain")
def the_hub_is_told_something(site: Settings, problems: Problems) -> None:
    """Refuse a declaration at Resilience Hub that would say nothing."""
    if not site.resilience_hub or site.wanted[1]:
        return
    regions = [place.region for place in site.cluster_roles.values()]
    if not declaration(site.domain, regions, site.recovery, site.objectives).policy:
        problems.add("resilienceHub", f"is true; objectives has {NOTHING}")


RECOVERY_CHECKS = [
    strategy_can_work,
    somewhere_to_fail_over_to,
    movers_are_roles,
    failback_can_be_automatic,
    images_are_where_they_are_used,
    session_store_is_valid,
    database_is_valid,
    restored_databases_are_valid,
    backups_fit_the_lock,
    point_in_time_recovery_has_one_length,
    edge_is_valid,
    measured_times_are_of_assumptions,
    capacity_can_be_reserved,
    objectives_can_be_met,
    the_hub_is_told_something,
]
